"""Everything that changes an incident, each in one transaction with its event, its command and its calls.

All of it is called within `Store.writing()`; ring the bell after the commit.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Final

from sqlalchemy import Connection, bindparam, insert, select, tuple_

from cloud.sos.action import Action, decide
from cloud.sos.alarm import is_due, sound
from cloud.sos.errors import RefusedCode, RefusedError
from cloud.sos.incident import (
    JOIN_WITHIN_MS,
    Change,
    Incident,
    State,
    joins,
    open_incident,
    press_again,
    see,
    show,
)
from cloud.sos.plan import Plan
from cloud.store import accounts, audit, changes, commands, notifications, presence, stations
from cloud.store.cards import ActionRefusedError, CardRow, require_card
from cloud.store.engine import take_turn
from cloud.store.errors import MissingError
from cloud.store.roster import Roster
from cloud.store.schema import PRESS
from wire.messages import Outcome, Reply, ShowSos

MAX_ALARMS: Final = 500
"""So many incidents are looked at in one transaction, so that nobody waits long for his turn."""

_CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class NewPress:
    """One entry of lane `sos` that is a press: its key, what it says, when it was sent and received.

    `at_ms` and `sent_at_ms` are by the station's clock, `received_at_ms` by the cloud's.
    """

    station: str
    journal: str
    seq: int
    button: str
    source: str
    drill: bool
    at_ms: int
    ago_ms: int
    sent_at_ms: int
    received_at_ms: int

    @property
    def key(self) -> tuple[str, str, int]:
        """Station, journal, sequence: the press for ever."""
        return self.station, self.journal, self.seq


def record_presses(
    connection: Connection, presses: Sequence[NewPress], *, now_ms: int, plan: Plan
) -> list[str]:
    """Keep presses and open incidents or join them to open ones; return the ids of the incidents that changed.

    Idempotent: a press that is kept already changes nothing. A station that nobody has configured is made known, in no
    ward, so that the city desk answers for it. `plan` becomes that of the incidents that are opened.
    """
    take_turn(connection)
    fresh = _fresh(connection, presses)
    if not fresh:
        return []
    names = sorted({press.station for press in fresh})
    wards = stations.wards_of(connection, names)
    since_ms = min(press.received_at_ms for press in fresh) - JOIN_WITHIN_MS
    log = _PressLog(changes.load_joinable(connection, names, since_ms), plan, now_ms)
    for press in fresh:
        log.add(press, wards[press.station])
    changes.write(connection, log.changes, now_ms)
    connection.execute(_KEEP, log.rows)
    return list(dict.fromkeys(change.incident.id for change in log.changes))


def act(
    connection: Connection, identity: str, action: Action, *, idempotency_key: str, now_ms: int
) -> CardRow:
    """Do what an officer wants and return the card as it is then; a repetition (same key) changes nothing.

    MissingError when there is no such incident; ActionRefusedError, with the fresh card, when the rules refuse it.
    Whether the officer may act in this ward is the caller's question.
    """
    take_turn(connection)
    incident = _require(connection, identity)
    if not changes.is_done(connection, identity, idempotency_key):
        try:
            _require_names(connection, incident, action)
            change = decide(incident, action, now_ms)
        except RefusedError as error:
            raise ActionRefusedError(error.code, require_card(connection, identity)) from error
        changes.write(connection, [change], now_ms, idempotency_key=idempotency_key)
        if change.tells:
            notifications.drop_pending(connection, identity)
        detail = {"version": change.incident.version, "resolution": action.resolution}
        audit.append(connection, action.by, f"incident.{action.verb}", identity, detail, now_ms)
    return require_card(connection, identity)


def mark_seen(connection: Connection, identity: str, login: str, now_ms: int) -> bool:
    """Note that somebody has the incident before his eyes; False when that is not the first time."""
    take_turn(connection)
    change = see(_require(connection, identity), login, now_ms)
    if change is not None:
        changes.write(connection, [change], now_ms)
    return change is not None


def mark_shown(connection: Connection, reply: Reply, now_ms: int) -> commands.Settled | None:
    """Settle the command that a station answers; what it shows of an incident now, is noted there.

    Returns None when the answer is to no open command of that station; any command may be answered here.
    """
    take_turn(connection)
    settled = commands.settle(connection, reply, now_ms)
    if settled is not None and settled.outcome is Outcome.DONE and isinstance(settled.body, ShowSos):
        told = settled.body
        change = show(_require(connection, told.incident), told.stage, told.version, now_ms)
        if change is not None:
            changes.write(connection, [change], now_ms)
    return settled


def alarms_due(connection: Connection, now_ms: int) -> bool:
    """Whether `sound_alarms` has something to do; cheap, and takes no turn."""
    watched = presence.armed_counts(connection, now_ms).keys() - {presence.CITY}
    return changes.any_due(connection, now_ms, watched)


def sound_alarms(
    connection: Connection, roster: Roster, now_ms: int, *, limit: int = MAX_ALARMS
) -> list[Change]:
    """Do what the clock demands of up to `limit` incidents, the most overdue first, and write the calls.

    The turn makes sure that of several processes one does it.
    """
    take_turn(connection)
    due = [
        (incident, reachable)
        for incident in changes.load_due(connection, now_ms, roster.watched_wards, limit)
        if is_due(incident, reachable := roster.reachable(incident.plan, incident.ward), now_ms)
    ]
    sounded = [sound(incident, reachable, now_ms) for incident, reachable in due]
    if sounded:
        changes.write(connection, sounded, now_ms)
        notifications.call(connection, sounded, roster, now_ms)
    for change in sounded:
        if change.incident.state is State.RESOLVED:
            notifications.drop_pending(connection, change.incident.id)
    return sounded


def _require(connection: Connection, identity: str) -> Incident:
    incident = changes.load(connection, identity)
    if incident is None:
        raise MissingError("incident: there is none of this id")
    return incident


def _require_names(connection: Connection, incident: Incident, action: Action) -> None:
    """Whoever and whatever the action names, must be there and be able to."""
    if action.to is not None and not accounts.may_answer(connection, action.to, incident.ward):
        raise RefusedError(RefusedCode.INVALID, "action: nobody of this login may take over here")
    if action.duplicate_of is not None and changes.load(connection, action.duplicate_of) is None:
        raise RefusedError(RefusedCode.INVALID, "action: duplicate of an incident that is not there")


class _PressLog:
    """Sorts presses to incidents, one after the other, and collects what is to be written."""

    def __init__(self, open_incidents: Sequence[Incident], plan: Plan, now_ms: int) -> None:
        self._latest = {(incident.station, incident.drill): incident for incident in open_incidents}
        self._plan = plan
        self._now_ms = now_ms
        self.changes: list[Change] = []
        self.rows: list[dict[str, object]] = []

    def add(self, press: NewPress, ward: str) -> None:
        latest = self._latest.get((press.station, press.drill))
        if latest is not None and joins(latest, drill=press.drill, received_at_ms=press.received_at_ms):
            change = press_again(latest, received_at_ms=press.received_at_ms, now_ms=self._now_ms)
        else:
            change = self._open(press, ward)
        self._latest[press.station, press.drill] = change.incident
        self.changes.append(change)
        kept = {name: getattr(press, name) for name in _PRESS_FIELDS}
        self.rows.append({**kept, "incident": change.incident.id, "committed_at_ms": self._now_ms})

    def _open(self, press: NewPress, ward: str) -> Change:
        return open_incident(
            secrets.token_hex(16),
            station=press.station,
            ward=ward,
            drill=press.drill,
            plan=self._plan,
            received_at_ms=press.received_at_ms,
            now_ms=self._now_ms,
        )


def _fresh(connection: Connection, presses: Sequence[NewPress]) -> list[NewPress]:
    """Return the presses that are not kept yet, each once, in their order."""
    unique = {press.key: press for press in presses}
    keys = list(unique)
    for start in range(0, len(keys), _CHUNK):
        for row in connection.execute(_KEPT, {"keys": keys[start : start + _CHUNK]}):
            del unique[row[0], row[1], row[2]]
    return list(unique.values())


_PRESS_FIELDS: Final = tuple(column.name for column in fields(NewPress))
_PRESS_KEY: Final = tuple_(PRESS.c.station, PRESS.c.journal, PRESS.c.seq)
_KEPT: Final = select(PRESS.c.station, PRESS.c.journal, PRESS.c.seq).where(
    _PRESS_KEY.in_(bindparam("keys", expanding=True))
)
_KEEP: Final = insert(PRESS)
