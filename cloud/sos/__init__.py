"""What becomes of an SOS: the incident's state machine, the escalation plan, the custody line.

Here live rules only, as pure functions of (incident, action, now): no I/O, no asyncio, no logging, no clock.
Never here: SQL, HTTP, or a way to reach anybody; those who call are told whom, and how, and do it themselves.
"""
