"""One session with every kind of measurement, as the store gives it."""

from typing import Final

from cloud.store.vitals import CabinSession, Vital
from tests.cloud.cabin import KEEP_MS, RAW, SESSION
from wire.entries import ConsentScope, Flag, Quantity, SessionOutcome, VitalKind

AT_MS: Final = 1_795_313_730_250
"""2026-11-22 09:15:30.250 in Vietnam."""

FULL: Final[dict[VitalKind, dict[str, float]]] = {
    VitalKind.BLOOD_PRESSURE: {
        "systolic-pressure": 132.0,
        "diastolic-pressure": 84.0,
        "mean-arterial-pressure": 99.8,
        "pulse-rate": 71.0,
    },
    VitalKind.OXYGEN: {"oxygen-saturation": 97.0, "pulse-rate": 70.0, "perfusion-index": 4.3},
    VitalKind.TEMPERATURE: {"body-temperature": 36.6},
    VitalKind.HEART_RATE: {"pulse-rate": 72.0},
    VitalKind.WEIGHT: {"body-weight": 61.35, "body-fat": 22.4, "body-mass-index": 22.5},
    VitalKind.HEIGHT: {"body-height": 165.2},
    VitalKind.GLUCOSE: {"glucose": 5.4},
}


def vital(
    kind: VitalKind, values: dict[str, float], *, number: int = 1, flags: tuple[Flag, ...] = ()
) -> Vital:
    """Return a measurement with an id of its own."""
    return Vital(
        measurement=f"{number:032x}",
        station="dkc-01",
        kind=kind,
        quantities=tuple(Quantity(measure=name, value=value) for name, value in values.items()),
        flags=flags,
        sensor="cuff",
        raw=RAW,
        at_ms=AT_MS,
        received_at_ms=AT_MS + 1_500,
    )


def session(*vitals: Vital, pseudonym: str = SESSION) -> CabinSession:
    """Return a session that somebody agreed to."""
    return CabinSession(
        session=SESSION,
        station="dkc-01",
        pseudonym=pseudonym,
        scope=ConsentScope.SHARE,
        text_version="2026-11",
        consented_at_ms=AT_MS - 60_000,
        received_at_ms=AT_MS - 59_000,
        withdrawn_at_ms=None,
        outcome=SessionOutcome.FINISHED,
        ended_at_ms=AT_MS + 60_000,
        keep_until_ms=AT_MS + KEEP_MS,
        vitals=vitals,
    )


def full_session() -> CabinSession:
    """Return a session with one measurement of every kind, each with all that a device can tell."""
    return session(
        *(vital(kind, values, number=number) for number, (kind, values) in enumerate(FULL.items(), start=1))
    )
