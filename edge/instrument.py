"""What an instrument of the cabin is to whoever uses it: the port between the drivers and the cabin.

A driver (edge.drivers) makes one out of a paired device; the cabin begins measurements with it and hears what it says.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from edge.codecs.instrument import About, InstrumentEvent
from wire.entries import VitalKind
from wire.messages import DeviceHealth


class Readiness(StrEnum):
    """Whether an instrument can be used now."""

    READY = "ready"
    """It answers."""
    ASLEEP = "asleep"
    """Wireless, and silent until the person switches it on: quite normal."""
    MISSING = "missing"
    """Lost, broken, or its radio is gone."""


class Absence(StrEnum):
    """Why an instrument that is being used or waited for does not come; each has one thing that the person can do."""

    LOST = "lost"
    """Was there and is gone: out of range, cable pulled, switched off."""
    SILENT = "silent"
    """Has not answered in its time."""
    BOND = "bond"
    """Refuses this station's key (was reset or paired elsewhere); a technician must pair it again."""
    RADIO = "radio"
    """The station's own Bluetooth adapter is gone or restarting."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Something that instrument `device` said since it was begun for this person, and for nobody earlier."""

    device: str
    event: InstrumentEvent


@dataclass(frozen=True, slots=True)
class Gone:
    """Instrument `device`, begun for `kind`, is not there (any more); `Back` or `Heard` ends it."""

    device: str
    kind: VitalKind
    absence: Absence


@dataclass(frozen=True, slots=True)
class Back:
    """Instrument `device` is there, or there again, and waits for the person."""

    device: str
    kind: VitalKind


InstrumentNews = Heard | Gone | Back
Listener = Callable[[InstrumentNews], None]
"""Takes what an instrument says; called from the event loop, must not block or raise."""


class Instrument(Protocol):
    """One paired device. `run` is supervised for as long as it is paired; nothing else waits."""

    @property
    def name(self) -> str:
        """The name that it was paired under, unique in the station."""

    @property
    def kinds(self) -> frozenset[VitalKind]:
        """What it measures."""

    @property
    def readiness(self) -> Readiness:
        """Whether it can be used now."""

    @property
    def health(self) -> DeviceHealth:
        """How it is, for the heartbeat."""

    @property
    def about(self) -> About | None:
        """What it has said of itself, if anything."""

    @property
    def battery(self) -> int | None:
        """Charge of its battery, 0 to 100; None: not told."""

    @property
    def signal_dbm(self) -> int | None:
        """Strength of its radio signal as received; None: wired, or not heard yet."""

    def begin(self, kind: VitalKind) -> None:
        """Start one measurement for the person who sits there now: only what is taken from now on is told.

        A wired module starts at once (inflates, streams); a wireless one is awaited and listened to. Begun again, it
        starts anew. What does not come is told as `Gone`.
        """

    def cancel(self, kind: VitalKind) -> None:
        """End it at once: a cuff deflates. Harmless when nothing runs; nothing is told afterwards."""

    async def run(self) -> None:
        """Keep the device at hand until cancelled; raise EdgeError when it has to be opened anew."""
