"""The ESC/POS receipt printer: what a slip is, how it becomes dots, and the driver that brings it onto paper.

The one door to python-escpos. What a slip says is decided elsewhere (edge.kiosk).
"""
