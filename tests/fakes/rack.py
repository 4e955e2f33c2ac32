"""Instruments under a test's hand: it says what they say, and sees what they were told.

Everything that is said goes through, whether the instrument was begun or not: a late word of a cancelled measurement is
exactly what the cabin must withstand.
"""

from dataclasses import dataclass, field

from edge.cabin.ports import Offer
from edge.codecs.instrument import InstrumentEvent
from edge.instrument import Absence, Back, Gone, Heard, InstrumentNews, Listener, Readiness
from wire.entries import VitalKind

ALL_KINDS = tuple(VitalKind)


@dataclass
class FakeRack:
    """One instrument a kind, named after it; `edge.cabin.ports.Instruments`."""

    kinds: tuple[VitalKind, ...] = ALL_KINDS
    readiness: dict[VitalKind, Readiness] = field(default_factory=dict)
    """Of those that are not ready."""
    overdue: set[VitalKind] = field(default_factory=set)
    """Whose calibration should have been renewed."""
    orders: list[tuple[str, VitalKind]] = field(default_factory=list)
    """Every "begin" and "cancel", in order."""
    running: set[VitalKind] = field(default_factory=set)
    listeners: list[Listener] = field(default_factory=list)

    def attach(self, listener: Listener) -> None:
        self.listeners.append(listener)

    def offers(self) -> list[Offer]:
        return [
            Offer(kind, self.readiness.get(kind, Readiness.READY), device_of(kind), kind in self.overdue)
            for kind in self.kinds
        ]

    def begin(self, kind: VitalKind) -> None:
        self.orders.append(("begin", kind))
        self.running.add(kind)

    def cancel(self, kind: VitalKind) -> None:
        self.orders.append(("cancel", kind))
        self.running.discard(kind)

    def say(self, kind: VitalKind, event: InstrumentEvent) -> None:
        """Let the instrument for `kind` say something."""
        self.tell(Heard(device_of(kind), event))

    def lose(self, kind: VitalKind, absence: Absence = Absence.LOST) -> None:
        self.tell(Gone(device_of(kind), kind, absence))

    def find(self, kind: VitalKind) -> None:
        self.tell(Back(device_of(kind), kind))

    def tell(self, news: InstrumentNews) -> None:
        for listener in self.listeners:
            listener(news)


def device_of(kind: VitalKind) -> str:
    """Name of the instrument for `kind`."""
    return f"{kind.value}-1"
