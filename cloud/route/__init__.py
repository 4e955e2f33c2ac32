"""From the store to whoever decides, and back: desks, connectors, news of other systems, messages to people.

Here live loops that each may die at any point and be repeated: every errand is claimed, done, and settled, and the other
side takes the same key once. Never here: SQL, HTTP, or a rule about requests.
"""
