"""The way of a station's entries to the cloud and of the cloud's receipts and commands back.

Here live the schedule of what is sent next (pure), the one MQTT connection (aiomqtt's only door) and commands, done once.
Never here: SQL, devices, or a decision about what a receipt or a command means for lamp and siren.
"""
