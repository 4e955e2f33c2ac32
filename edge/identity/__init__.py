"""The identity session: a citizen lays their chip card on the reader, sees what it says, and decides what leaves.

What is read lives in memory until the card is taken away, the visit ends or nobody touches anything; it is written
nowhere. This package knows no reader and no screen: the card comes by a port, the screen sends orders and gets views.
"""
