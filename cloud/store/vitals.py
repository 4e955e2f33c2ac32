"""What people had measured in a cabin, under a pseudonym and never without their consent.

A session's row is the record that somebody agreed, and perhaps withdrew; its measurements go with the consent. One that
comes without a consent is kept a day, so that a lost consent can still arrive, and is neither shown nor exported.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final, NamedTuple, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Connection, bindparam, case, delete, func, select, update

from cloud.store.schema import CABIN_SESSION as S
from cloud.store.schema import VITAL as V
from cloud.store.upsert import Insert, insert_new, insert_or_do
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

UNCONSENTED_MS: Final = 86_400_000
"""How long a measurement waits for the consent that should have come before it."""

_CHUNK: Final = 500

AnyBody = ConsentGiven | Measured | ConsentWithdrawn | SessionEnded
Body = TypeVar("Body", ConsentGiven, Measured, ConsentWithdrawn, SessionEnded)


class Heard(NamedTuple):
    """One entry of lane `vitals`: whose, when it arrived (cloud's clock), when it happened (station's clock), what."""

    station: str
    received_at_ms: int
    at_ms: int
    body: AnyBody


@dataclass(frozen=True, slots=True, kw_only=True)
class Vital:
    """One measurement; `at_ms` by the station's clock. What was measured does not show in its repr."""

    measurement: str
    station: str
    kind: VitalKind
    quantities: tuple[Quantity, ...] = field(repr=False)
    flags: tuple[Flag, ...] = field(repr=False)
    sensor: str
    raw: str = field(repr=False)
    at_ms: int
    received_at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CabinSession:
    """A session that somebody agreed to; `is_personal` when the pseudonym is a person's, not only this session's.

    `consented_at_ms` and `ended_at_ms` are by the station's clock. `keep_until_ms` is None once the measurements are
    gone; `vitals` are in the order in which they were made.
    """

    session: str
    station: str
    pseudonym: str
    scope: ConsentScope
    text_version: str
    consented_at_ms: int
    received_at_ms: int
    withdrawn_at_ms: int | None
    outcome: SessionOutcome | None
    ended_at_ms: int | None
    keep_until_ms: int | None
    vitals: tuple[Vital, ...]

    @property
    def is_personal(self) -> bool:
        """Whether the pseudonym ties several sessions of one person together."""
        return self.pseudonym != self.session


def record(connection: Connection, heard: Sequence[Heard], *, keep_ms: int) -> None:
    """Apply entries in their order; repeating any of them changes nothing. Measurements are promised for `keep_ms`.

    Consents first and withdrawals last has the same outcome as one by one, since a withdrawal is final.
    """
    if not heard:
        return
    _give(connection, _bodies(heard, ConsentGiven), keep_ms)
    _measure(connection, _bodies(heard, Measured))
    _withdraw(connection, _bodies(heard, ConsentWithdrawn))
    _end(connection, _bodies(heard, SessionEnded))


def session(connection: Connection, identity: str) -> CabinSession | None:
    """Return one session with what is kept of it; None when nobody is known to have agreed to it."""
    return next(iter(_sessions(connection, [identity])), None)


def exportable(
    connection: Connection, *, since_ms: int, until_ms: int, now_ms: int, shared_only: bool
) -> list[str]:
    """Return the sessions whose consent arrived in [since_ms, until_ms) and holds, oldest first."""
    found = select(S.c.session).where(
        _holds(now_ms, shared_only), S.c.received_at_ms >= since_ms, S.c.received_at_ms < until_ms
    )
    return list(connection.execute(found.order_by(S.c.received_at_ms, S.c.session)).scalars())


def exported(
    connection: Connection, sessions: Sequence[str], *, now_ms: int, shared_only: bool
) -> list[CabinSession]:
    """Return those of up to some hundred sessions whose consent holds at this moment, in the given order."""
    held = select(S.c.session).where(S.c.session.in_(sessions), _holds(now_ms, shared_only))
    holding = set(connection.execute(held).scalars())
    return _sessions(connection, [each for each in sessions if each in holding])


def count_unconsented(connection: Connection) -> int:
    """Return how many measurements wait for a consent."""
    return connection.execute(_UNCONSENTED).scalar_one()


def _bodies(heard: Iterable[Heard], kind: type[Body]) -> list[tuple[Heard, Body]]:
    """Everybody touches sessions in the order of their names, so that nobody waits in a circle."""
    chosen = [(each, each.body) for each in heard if isinstance(each.body, kind)]
    return sorted(chosen, key=lambda pair: pair[1].session)


def _give(connection: Connection, consents: Sequence[tuple[Heard, ConsentGiven]], keep_ms: int) -> None:
    rows = [
        {
            "session": body.session,
            "station": heard.station,
            "pseudonym": body.subject or body.session,
            "scope": body.scope.value,
            "text_version": body.text_version,
            "opened_at_ms": heard.received_at_ms,
            "consented_at_ms": heard.at_ms,
            "received_at_ms": heard.received_at_ms,
            "keep_until_ms": heard.received_at_ms + keep_ms,
        }
        for heard, body in consents
    ]
    if rows:
        connection.execute(_upsert_consent(connection.dialect.name), rows)


def _measure(connection: Connection, measured: Sequence[tuple[Heard, Measured]]) -> None:
    if not measured:
        return
    openings = [
        {
            "session": body.session,
            "station": heard.station,
            "opened_at_ms": heard.received_at_ms,
            "keep_until_ms": heard.received_at_ms + UNCONSENTED_MS,
        }
        for heard, body in measured
    ]
    connection.execute(insert_new(connection.dialect.name, S), openings)
    taking = _taking(connection, [body.session for _, body in measured])
    rows = [_vital_row(heard, body) for heard, body in measured if (body.session, heard.station) in taking]
    if rows:
        connection.execute(insert_new(connection.dialect.name, V), rows)


def _taking(connection: Connection, sessions: Iterable[str]) -> set[tuple[str, str]]:
    """Return the sessions that take measurements, each with the one station that may bring them."""
    wanted = sorted(set(sessions))
    found: set[tuple[str, str]] = set()
    for start in range(0, len(wanted), _CHUNK):
        rows = connection.execute(_TAKING, {"sessions": wanted[start : start + _CHUNK]})
        found.update((row[0], row[1]) for row in rows)
    return found


def _vital_row(heard: Heard, body: Measured) -> dict[str, object]:
    return {
        "measurement": body.measurement,
        "session": body.session,
        "station": heard.station,
        "kind": body.vital.value,
        "quantities": msgspec.to_builtins(body.values),
        "flags": msgspec.to_builtins(body.flags),
        "sensor": body.sensor,
        "raw": body.raw,
        "at_ms": heard.at_ms,
        "received_at_ms": heard.received_at_ms,
    }


def _withdraw(connection: Connection, withdrawn: Sequence[tuple[Heard, ConsentWithdrawn]]) -> None:
    """Note the withdrawal, also of a session that is not known yet, and delete what was measured."""
    rows = [
        {
            "session": body.session,
            "station": heard.station,
            "opened_at_ms": heard.received_at_ms,
            "withdrawn_at_ms": heard.received_at_ms,
            "keep_until_ms": None,
        }
        for heard, body in withdrawn
    ]
    if rows:
        connection.execute(_upsert_withdrawal(connection.dialect.name), rows)
        connection.execute(_FORGET, [{"the_session": row["session"]} for row in rows])


def _end(connection: Connection, ended: Sequence[tuple[Heard, SessionEnded]]) -> None:
    rows = [
        {
            "the_session": body.session,
            "the_station": heard.station,
            "the_outcome": body.outcome.value,
            "at_ms": heard.at_ms,
        }
        for heard, body in ended
    ]
    if rows:
        connection.execute(_ENDED, rows)


def _sessions(connection: Connection, identities: Sequence[str]) -> list[CabinSession]:
    vitals: dict[str, list[Vital]] = {}
    made = select(V).where(V.c.session.in_(identities)).order_by(V.c.at_ms, V.c.measurement)
    for row in connection.execute(made).mappings():
        vital = msgspec.convert({name: row[name] for name in _VITAL}, Vital)
        vitals.setdefault(row["session"], []).append(vital)
    agreed = select(S).where(S.c.session.in_(identities), S.c.scope.is_not(None))
    found: dict[str, CabinSession] = {}
    for row in connection.execute(agreed).mappings():
        fields = {name: row[name] for name in _SESSION} | {"vitals": vitals.get(row["session"], [])}
        found[row["session"]] = msgspec.convert(fields, CabinSession)
    return [found[identity] for identity in identities if identity in found]


@cache
def _upsert_consent(dialect: str) -> Insert:
    """Let a consent that differs replace the one before; it lengthens no promise and undoes no withdrawal."""

    def replace(insert: Insert) -> Insert:
        told = insert.excluded
        is_first = S.c.scope.is_(None) & S.c.withdrawn_at_ms.is_(None)
        same = ("pseudonym", "scope", "text_version", "consented_at_ms", "received_at_ms")
        return insert.on_conflict_do_update(
            index_elements=[S.c.session],
            set_={
                **{name: told[name] for name in same},
                "keep_until_ms": case((is_first, told.keep_until_ms), else_=S.c.keep_until_ms),
            },
            where=(S.c.station == told.station)
            & (S.c.scope.is_(None) | (S.c.consented_at_ms != told.consented_at_ms)),
        )

    return insert_or_do(dialect, S, replace)


@cache
def _upsert_withdrawal(dialect: str) -> Insert:
    def note(insert: Insert) -> Insert:
        told = insert.excluded
        return insert.on_conflict_do_update(
            index_elements=[S.c.session],
            set_={
                "withdrawn_at_ms": func.coalesce(S.c.withdrawn_at_ms, told.withdrawn_at_ms),
                "keep_until_ms": None,
            },
            where=S.c.station == told.station,
        )

    return insert_or_do(dialect, S, note)


def _holds(now_ms: int, shared_only: bool) -> ColumnElement[bool]:  # noqa: FBT001  # one word of a condition
    scopes = [ConsentScope.SHARE.value] if shared_only else [scope.value for scope in ConsentScope]
    return S.c.scope.in_(scopes) & S.c.withdrawn_at_ms.is_(None) & (S.c.keep_until_ms > now_ms)


_VITAL: Final = Vital.__slots__
_SESSION: Final = tuple(name for name in CabinSession.__slots__ if name != "vitals")
_TAKING: Final = (
    select(S.c.session, S.c.station)
    .where(S.c.session.in_(bindparam("sessions", expanding=True)), S.c.keep_until_ms.is_not(None))
    .order_by(S.c.session)
    .with_for_update()
)
_FORGET: Final = delete(V).where(
    V.c.session == bindparam("the_session"),
    select(S.c.session).where(S.c.session == V.c.session, S.c.withdrawn_at_ms.is_not(None)).exists(),
)
_ENDED: Final = (
    update(S)
    .where(S.c.session == bindparam("the_session"), S.c.station == bindparam("the_station"))
    .values(outcome=bindparam("the_outcome"), ended_at_ms=bindparam("at_ms"))
)
_UNCONSENTED: Final = (
    select(func.count()).select_from(V.join(S, S.c.session == V.c.session)).where(S.c.scope.is_(None))
)
