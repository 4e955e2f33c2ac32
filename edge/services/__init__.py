"""The services session: a citizen finds a service of the catalogue, answers one question at a time, checks, and submits.

What is answered lives in memory until it is submitted, ended, or nobody touches anything; it is written nowhere but
sealed. This package knows no screen and no card: the screen sends orders and gets views, what a card gave is handed in.
"""
