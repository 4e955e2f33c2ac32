"""One look at the clock: whatever incident is due is escalated, by whichever process comes first."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from cloud.sos.incident import Change
from cloud.sos.plan import Channel
from cloud.store import beats, incidents, presence
from cloud.store.changes import next_deadline_ms
from cloud.store.engine import Store
from cloud.store.roster import load_roster

BEAT: Final = "escalate"
"""Name of the sign of life."""

BEAT_EVERY_MS: Final = 1_000

LONGEST_WAIT_S: Final = 1.0
"""Leases run out without a ring, and a ring may be lost."""


@dataclass(frozen=True, slots=True)
class Ways:
    """Ways to reach people that are configured, and telephone numbers that every SMS level calls."""

    channels: Collection[Channel] = field(default=())
    extra_numbers: Collection[str] = field(default=())


def tick(store: Store, ways: Ways, now_ms: int) -> list[Change]:
    """Escalate everything that is due and ring; return what was changed, by this process alone."""
    with store.reading() as connection:
        if not incidents.alarms_due(connection, now_ms):
            return []
    with store.writing() as connection:
        roster = load_roster(connection, now_ms, ways.channels, ways.extra_numbers)
        changes = incidents.sound_alarms(connection, roster, now_ms)
    if changes:
        store.ring()
    return changes


def beat(store: Store, now_ms: int) -> None:
    """Leave a sign of life, and forget the leases that have run out."""
    with store.writing() as connection:
        beats.beat(connection, BEAT, now_ms)
        presence.forget_expired(connection, now_ms)


def wait_s(store: Store, now_ms: int) -> float:
    """Return how long nothing will be due, a second at most."""
    with store.reading() as connection:
        deadline_ms = next_deadline_ms(connection)
    if deadline_ms is None:
        return LONGEST_WAIT_S
    return min(max(deadline_ms - now_ms, 0) / 1000, LONGEST_WAIT_S)
