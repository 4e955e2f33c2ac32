"""How long the Bluetooth driver waits for whom, all in one place, so that a test can be quicker than a person."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """All limits in seconds. Every await on the host or a device has one of them."""

    start_s: float = 5.0
    """For the host to begin scanning."""
    stop_s: float = 5.0
    """For the host to end scanning, or a connection."""
    power_cycle_s: float = 12.0
    """For the adapter to go off and on again."""
    quiet_s: float = 120.0
    """Of hearing nobody at all until the adapter is taken for deaf: a tower is full of advertising things."""
    connect_s: float = 20.0
    """For one device to be connected and its services to be found, with all attempts."""
    stale_s: float = 10.0
    """After its last advertisement a device is not tried any more."""
    gatt_s: float = 5.0
    """For one answer of a connected device (ATT itself allows 30)."""
    records_s: float = 20.0
    """For a device to send all records that were asked for."""
    pair_s: float = 120.0
    """For a pairing, with a person who reads and types."""
    answer_s: float = 60.0
    """For a begun instrument to appear at all: a person has to find its switch."""
    measure_s: float = 180.0
    """For a begun and connected instrument to say something: a cuff may first rest and inflate twice."""
    idle_s: float = 60.0
    """Of silence until a connected instrument that nobody waits for is let go, to spare its battery."""
    ask_s: float = 8.0
    """Between two requests for new records, while somebody waits for one."""
    retry_s: float = 1.0
    """After a connect that failed, also while somebody waits."""
    rest_s: float = 30.0
    """Until a device that was let go, or failed, is connected again; none while somebody waits for it."""
    bond_rest_s: float = 30.0
    """Until a device that refused the key is asked again."""
    hold_s: float = 1.5
    """For which a measurement without proof of its age is held back: stored ones come in bursts."""
    pace: float = 1.0
    """Share of the shortest measuring times that is asked for; below 1 for virtual devices that hurry."""
