"""What the uplink has seen since the daemon started, for logs and health."""

from dataclasses import dataclass


@dataclass(slots=True)
class Counters:
    """Grows only."""

    connections: int = 0
    batches: int = 0
    receipts: int = 0
    unheard: int = 0  # PUBACK 0x10: nobody had subscribed
    denied: int = 0  # any other PUBACK that is not success
    refusals: int = 0  # the cloud could not read a payload of ours
    unreadable: int = 0  # we could not read one of the cloud's
