"""What the edge and the cloud say to each other: ids, topics, measures, messages.

Here live names, shapes and bounds, as data; pure, on the standard library and msgspec alone.
Never here: sockets, clocks, logging, files, or an opinion about what a message should cause.
"""
