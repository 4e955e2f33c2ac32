"""What Bluetooth health devices say, by the SIG's own characteristics: attribute values in, measurements out.

Never here: radios, connections, asyncio, clocks; nor makers' own protocols.
"""
