"""Measurements as FHIR R4: the few resources that are emitted, as own models, and what becomes of each VitalKind.

Pure: rows of the store in, models and their JSON out. Where they go is for others to decide.
Never here: I/O, a clock, reading FHIR of others, or a diagnosis.
"""
