"""The fleet's own life: certificates, broker configuration; later claims, releases and roll-outs.

Here lives what an administrator's tools decide and write. Pure renderers stand apart from what touches files.
Never here: anything that runs on a station's hot path, or imports edge or cloud.
"""
