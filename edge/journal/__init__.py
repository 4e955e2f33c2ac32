"""The station's journal: the one thing on the edge that must survive a power cut.

Here live the entries of every lane from `append` to the cloud's receipt, on SQLite, with one writer thread.
Never here: MQTT, devices, settings, or an opinion about what an entry means.
"""
