"""The city's side: ingest, store, escalation, feed and the consoles' API.

One natural direction: broker -> ingest -> store -> feed -> console, and back by commands. All SQL lives in store/.
Never here: anything that runs on a station, or knows a button board.
"""
