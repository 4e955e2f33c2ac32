"""The chip of the citizen's card: what is said to it, what it answers, and what that proves (ICAO Doc 9303, DG13).

Pure: bytes in, bytes out, over a port of one method; no reader, no clock, no log. What it reads is personal: nothing of it
ever stands in an error, a repr or a log, and only what was asked for leaves this package.
"""
