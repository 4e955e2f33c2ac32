"""The outside systems, one file each, behind small ports; what they sign and mean is read by the pure packages.

Here live HTTP, time-outs, the circuit breaker and the budget of retries. Never here: SQL, a rule, or a request that has
no key in the store yet. `simulators/` are the far ends for tests and the demo, and are never imported by a daemon.
"""
