"""What people pay at a station: orders, the ledger, QR codes, what providers sign, receipts and the end of the day.

Here live rules and formats only, as pure functions: no I/O, no clock, no secret kept. Never here: a card's data of any
kind (a person pays with the own telephone), SQL, HTTP, or a way by which money moves without a row that says so.
"""
