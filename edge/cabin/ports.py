"""What the cabin asks of the world around it: what can be measured here, begun and cancelled."""

from dataclasses import dataclass
from typing import Final, Protocol

from edge.instrument import Listener, Readiness
from wire.entries import VitalKind

CALM_ORDER: Final = (
    VitalKind.HEIGHT,
    VitalKind.WEIGHT,
    VitalKind.TEMPERATURE,
    VitalKind.OXYGEN,
    VitalKind.HEART_RATE,
    VitalKind.BLOOD_PRESSURE,
    VitalKind.GLUCOSE,
)
"""Standing first, then sitting ever longer: pressure is measured after minutes of rest, blood is taken last."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One kind of measurement that this cabin has an instrument for, usable now or not."""

    kind: VitalKind
    readiness: Readiness
    device: str
    calibration_overdue: bool = False


class Instruments(Protocol):
    """All instruments of a cabin as one; methods never wait, news comes to whoever is attached."""

    def attach(self, listener: Listener) -> None:
        """Tell `listener` everything from now on."""

    def offers(self) -> list[Offer]:
        """Return what can be measured, one offer a kind, in the order of a calm session."""

    def begin(self, kind: VitalKind) -> None:
        """Start one measurement (edge.instrument.Instrument.begin) with the best instrument for it."""

    def cancel(self, kind: VitalKind) -> None:
        """End it at once."""
