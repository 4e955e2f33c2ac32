"""Real parts as context managers, shared by tests, benchmarks and the demo: broker, database, cloud, stations, proxy.

Each starts a real program on a free loopback port below a directory of its own and ends it by its pid.
Never here: expectations; those stand in the tests.
"""
