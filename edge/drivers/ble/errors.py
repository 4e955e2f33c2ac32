"""What goes wrong between the station and its wireless instruments; the text carries no personal data."""

from edge.errors import EdgeError


class BleError(EdgeError):
    """Root of everything that the Bluetooth driver raises on purpose."""


class RadioGoneError(BleError):
    """The adapter or the host's Bluetooth service is not there, or does nothing of what it is asked."""


class LinkError(BleError):
    """One device could not be reached, or its connection broke."""


class BondLostError(BleError):
    """The device refuses this station's key: it was reset, or paired with another."""


class SwappedError(BleError):
    """Another device answers under a paired one's address."""


class PairingError(BleError):
    """A device was not paired: it refused, the answer was wrong, or it took too long."""
