"""What becomes of what people submit: dossiers, reports, referrals, bookings; by when, on whose desk, under which number.

Here live rules only, as pure functions of (request, action, now, calendar): no I/O, no asyncio, no logging, no clock.
Never here: SQL, HTTP, texts (they are keys), or anything of a person: what they wrote is sealed and is nobody's business here.
"""
