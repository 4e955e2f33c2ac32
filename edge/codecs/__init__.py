"""What devices speak, as pure functions and parsers: bytes in, events and bytes out.

Never here: ports, asyncio, clocks, logging.
"""
