"""What goes wrong between the station and its wireless instruments; the text carries no personal data."""

from enum import StrEnum

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


class PairingProblem(StrEnum):
    """Why a device was not paired; each has one thing that the technician can do."""

    NOT_FOUND = "not-found"
    """It does not advertise: off, out of range, or connected to something else."""
    REFUSED = "refused"
    """The number was wrong, or the device does not want to."""
    NO_INSTRUMENT = "no-instrument"
    """It measures nothing that a cabin knows."""
    BUSY = "busy"
    """Another device is being paired."""
    FAILED = "failed"
    """The connection broke."""


class PairingError(BleError):
    """A device was not paired: it refused, the answer was wrong, or it took too long."""

    def __init__(self, text: str, problem: PairingProblem = PairingProblem.BUSY) -> None:
        super().__init__(text)
        self.problem = problem
