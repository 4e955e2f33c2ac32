"""The far ends of the connectors, as real HTTP servers for tests and the demo: they check what the real ones check.

What the real ones would do by themselves, or by a person's hand, is asked for under `/control/`. Never imported by a
daemon.
"""
