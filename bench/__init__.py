"""How fast and how lean: each benchmark runs the real thing beside its floor or a peer, in one run.

`python -m bench.NAME` prints one JSON object on its last line; `python -m bench` runs all. The demo lives here too.
Never here: a verdict in a test; a machine's mood is no bug.
"""
