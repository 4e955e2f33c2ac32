"""What is sent next, and when again: the pure part of the uplink.

A lane sends from its lowest waiting entry upwards, a bounded number of batches ahead of the receipts. When a receipt does
not come in time, the lane begins again at its lowest entry, each time later; after a reconnect all begin again at once. All
lanes but `sos` have one batch on its way and so keep their order whatever the broker drops. A press never waits: neither
for the receipt of the one before it nor behind more of the other lanes than one batch, whose size follows the line's speed.

Times are integer milliseconds of one monotonic clock, handed in.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from edge.journal.records import Tally
from wire.messages import MAX_BATCH_ENTRIES
from wire.topics import Lane


@dataclass(frozen=True, slots=True)
class Plan:
    """How one lane is sent: batches on their way, entries in each, and the waits before it is sent again."""

    window: int
    max_entries: int
    first_retry_ms: int
    max_retry_ms: int


PRESS_BYTES: Final = 16_000
"""A batch of presses: more would only make the first of them wait."""
_BULK: Final = Plan(window=1, max_entries=MAX_BATCH_ENTRIES, first_retry_ms=4_000, max_retry_ms=60_000)
PLANS: Final[Mapping[Lane, Plan]] = MappingProxyType(
    dict.fromkeys(Lane, _BULK)
    | {Lane.SOS: Plan(window=8, max_entries=16, first_retry_ms=1_500, max_retry_ms=8_000)}
)
REFUSED_RETRY_MS: Final = 500
"""The broker said that nobody got it (no subscriber yet, no right yet): that is soon over, or lasts."""

MIN_BULK_BYTES: Final = 8_000
MAX_BULK_BYTES: Final = 110_000
FIRST_BULK_BYTES: Final = 32_000
FAST_MS: Final = 100
SLOW_MS: Final = 250
"""A batch that took the broker longer to acknowledge makes the next one half as large, so that a press behind it waits less."""


@dataclass(frozen=True, slots=True)
class Fetch:
    """Read this much of a lane from the journal and publish it."""

    lane: Lane
    after_seq: int
    max_entries: int
    max_bytes: int


@dataclass(slots=True, eq=False)
class Parcel:
    """A batch on its way: up to which sequence, when the lane is to begin again without its receipt."""

    lane: Lane
    last_seq: int
    size_bytes: int
    sent_at_ms: int
    due_ms: int


@dataclass(slots=True)
class _LaneState:
    sent_to: int = 0
    attempt: int = 0
    parcels: deque[Parcel] = field(default_factory=deque)

    def begin_again(self) -> None:
        self.sent_to = 0
        self.parcels.clear()


class Schedule:
    """Decides for all lanes of one journal. `chance` gives uniform numbers in [0, 1) for the jitter."""

    def __init__(self, chance: Callable[[], float]) -> None:
        self._chance = chance
        self._lanes = {lane: _LaneState() for lane in Lane}
        self._bulk: Parcel | None = None
        self._bulk_bytes = FIRST_BULK_BYTES

    def connected(self) -> None:
        """Begin anew with a new connection: nothing is on its way, everything that waits is due now."""
        self._bulk = None
        for state in self._lanes.values():
            state.begin_again()
            state.attempt = 0

    def next(self, tallies: Mapping[Lane, Tally], now_ms: int) -> Fetch | None:
        """Say what to publish now, highest lane first; None when there is nothing to do before `due_ms()` or news."""
        for lane, state in self._lanes.items():
            tally = tallies[lane]
            self._advance(state, tally, now_ms)
            if tally.first_seq is None or tally.last_seq <= state.sent_to:
                continue
            plan = PLANS[lane]
            if len(state.parcels) < plan.window and (lane is Lane.SOS or self._bulk is None):
                size = PRESS_BYTES if lane is Lane.SOS else self._bulk_bytes
                return Fetch(lane, state.sent_to, plan.max_entries, size)
        return None

    def published(self, fetch: Fetch, last_seq: int, size_bytes: int, now_ms: int) -> Parcel:
        """Note that the entries of `fetch` up to `last_seq` were handed to the connection."""
        state, plan = self._lanes[fetch.lane], PLANS[fetch.lane]
        wait_ms = min(plan.first_retry_ms << state.attempt, plan.max_retry_ms)
        parcel = Parcel(fetch.lane, last_seq, size_bytes, now_ms, now_ms + self._jittered(wait_ms))
        state.sent_to = last_seq
        state.parcels.append(parcel)
        if fetch.lane is not Lane.SOS:
            self._bulk = parcel
        return parcel

    def found_nothing(self, fetch: Fetch, tally: Tally) -> None:
        """Note that nothing of `fetch` waits any more: receipts were faster."""
        self._lanes[fetch.lane].sent_to = tally.last_seq

    def acknowledged(self, parcel: Parcel, now_ms: int, *, delivered: bool) -> None:
        """Note the broker's answer. It is no receipt, but it frees the line, and a refusal need not be waited out."""
        if parcel is self._bulk:
            self._bulk = None
            self._pace(parcel, now_ms)
        if not delivered:
            wait_ms = min(
                REFUSED_RETRY_MS << self._lanes[parcel.lane].attempt, PLANS[parcel.lane].max_retry_ms
            )
            parcel.due_ms = min(parcel.due_ms, now_ms + self._jittered(wait_ms))

    def due_ms(self) -> int | None:
        """When to call `next` again if nothing happens before: the first receipt that is overdue then."""
        return min(
            (parcel.due_ms for state in self._lanes.values() for parcel in state.parcels), default=None
        )

    def _advance(self, state: _LaneState, tally: Tally, now_ms: int) -> None:
        """Take leave of what has its receipt, and begin again where one is overdue."""
        while state.parcels and (tally.first_seq is None or state.parcels[0].last_seq < tally.first_seq):
            state.parcels.popleft()
            state.attempt = 0
        if any(parcel.due_ms <= now_ms for parcel in state.parcels):
            state.begin_again()
            state.attempt = min(state.attempt + 1, 16)

    def _pace(self, parcel: Parcel, now_ms: int) -> None:
        took_ms = now_ms - parcel.sent_at_ms
        if took_ms > SLOW_MS:
            self._bulk_bytes = max(MIN_BULK_BYTES, self._bulk_bytes // 2)
        elif took_ms < FAST_MS and parcel.size_bytes > self._bulk_bytes // 2:
            self._bulk_bytes = min(MAX_BULK_BYTES, self._bulk_bytes * 2)

    def _jittered(self, wait_ms: int) -> int:
        return int(wait_ms * (0.75 + 0.5 * self._chance()))
