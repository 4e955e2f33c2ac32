"""Invented cabin sessions: what a station's journal says of them, and how it reaches the store."""

from collections.abc import Iterable
from typing import Final

from cloud.store import vitals
from cloud.store.engine import Store
from cloud.store.vitals import AnyBody, Heard
from tests.cloud.samples import NOW_MS, STATION
from wire.entries import (
    ConsentGiven,
    ConsentScope,
    ConsentWithdrawn,
    Flag,
    Measured,
    Quantity,
    SessionEnded,
    SessionOutcome,
    VitalKind,
)

SESSION: Final = "5e" * 16
OTHER: Final = "0d" * 16
SUBJECT: Final = "ab" * 16
DAY_MS: Final = 86_400_000
KEEP_MS: Final = 90 * DAY_MS

RAW: Final = "16a7f3c4deadbeefcafef00d"
"""Hex that stands nowhere else, so that a search of a database's file proves something."""


def consent(
    session: str = SESSION, scope: ConsentScope = ConsentScope.KEEP, subject: str | None = None
) -> ConsentGiven:
    """Return a consent to the first text."""
    return ConsentGiven(session=session, scope=scope, text_version="2026-11", subject=subject)


def temperature(session: str = SESSION, *, number: int = 1, value: float = 36.6) -> Measured:
    """Return a measurement with an id of its own."""
    return measured(VitalKind.TEMPERATURE, {"body-temperature": value}, session=session, number=number)


def measured(
    vital: VitalKind,
    values: dict[str, float],
    *,
    session: str = SESSION,
    number: int = 1,
    flags: Iterable[Flag] = (),
    sensor: str = "cuff",
) -> Measured:
    """Return any measurement."""
    return Measured(
        session=session,
        measurement=f"{number:032x}",
        vital=vital,
        values=[Quantity(measure=measure, value=value) for measure, value in values.items()],
        flags=list(flags),
        sensor=sensor,
        raw=RAW,
    )


def withdrawal(session: str = SESSION) -> ConsentWithdrawn:
    """Return the wish to have everything deleted."""
    return ConsentWithdrawn(session=session)


def ended(session: str = SESSION, outcome: SessionOutcome = SessionOutcome.FINISHED) -> SessionEnded:
    """Return the end of a session."""
    return SessionEnded(session=session, outcome=outcome)


def bring(
    store: Store, *bodies: AnyBody, station: str = STATION, received_at_ms: int = NOW_MS, at_ms: int = NOW_MS
) -> None:
    """Let a station's entries arrive, each a second after the one before by the station's clock."""
    heard = [Heard(station, received_at_ms, at_ms + 1_000 * index, body) for index, body in enumerate(bodies)]
    with store.writing() as connection:
        vitals.record(connection, heard, keep_ms=KEEP_MS)
