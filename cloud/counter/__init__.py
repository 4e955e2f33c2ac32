"""The role `counter`: what stations ask while somebody waits, answered at once.

Here live the way questions come in, who answers which, and the limits of both.
Never here: anything that must not be lost. That comes by the journal's lanes and the ingest.
"""
