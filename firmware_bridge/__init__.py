"""The button board's protocol: frames, messages, the host's end of the link and a model of the board.

Bytes and times in, events and bytes out. Never here: MQTT, asyncio, serial ports, logging, clocks.
"""
