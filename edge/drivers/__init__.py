"""One module per way of touching the world: each opens its device, runs under `supervise`, reports its health.

Drivers write to the journal and call back; they know nothing of the uplink, of one another, or of what a press causes.
"""
