"""The consoles' door: HTTP, JSON, server-sent events, sessions, and who may do what.

Here live thin routes and everything that HTTP needs to be safe.
Never here: SQL, a rule about incidents, MQTT.
"""
