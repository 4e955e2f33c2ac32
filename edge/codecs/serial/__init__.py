"""What the cabin's wired instruments speak, as pure protocol machines: bytes in, events and bytes out.

Never here: ports, clocks, and what a measurement is worth.
"""
