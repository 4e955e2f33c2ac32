"""What is sent next and when again: decided without a clock, a socket or a journal."""

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from edge.journal.records import Tally
from edge.uplink.schedule import (
    FIRST_BULK_BYTES,
    MAX_BULK_BYTES,
    MIN_BULK_BYTES,
    PLANS,
    PRESS_BYTES,
    Fetch,
    Parcel,
    Schedule,
)
from wire.topics import Lane


def tallies(**waiting: tuple[int, int]) -> dict[Lane, Tally]:
    """Lanes by name with their lowest waiting and last sequence; all others are empty."""
    found = {Lane(name): Tally(last, first, last - first + 1) for name, (first, last) in waiting.items()}
    return dict.fromkeys(Lane, Tally()) | found


def schedule(chance: Callable[[], float] = lambda: 0.5) -> Schedule:
    made = Schedule(chance)
    made.connected()
    return made


def publish(made: Schedule, now_ms: int, last_seq: int, **waiting: tuple[int, int]) -> Parcel:
    fetch = made.next(tallies(**waiting), now_ms)
    assert fetch is not None
    return made.published(fetch, last_seq, fetch.max_bytes, now_ms)


def test_nothing_waits_nothing_is_sent() -> None:
    made = schedule()
    assert made.next(tallies(), 0) is None
    assert made.due_ms() is None


def test_a_press_goes_before_everything() -> None:
    fetch = schedule().next(tallies(event=(1, 900), request=(1, 1), sos=(3, 3)), 0)
    assert fetch == Fetch(Lane.SOS, 0, PLANS[Lane.SOS].max_entries, PRESS_BYTES)


def test_a_press_goes_while_a_large_batch_is_on_its_way() -> None:
    made = schedule()
    publish(made, 0, 500, event=(1, 900))
    assert made.next(tallies(event=(1, 900), vitals=(1, 5)), 1) is None, "the line is busy"
    fetch = made.next(tallies(event=(1, 900), sos=(1, 1)), 1)
    assert fetch is not None
    assert fetch.lane is Lane.SOS


def test_a_second_press_does_not_wait_for_the_firsts_receipt() -> None:
    made = schedule()
    publish(made, 0, 1, sos=(1, 1))
    assert made.next(tallies(sos=(1, 1)), 1) is None
    fetch = made.next(tallies(sos=(1, 2)), 1)
    assert fetch is not None
    assert fetch.after_seq == 1


def test_other_lanes_keep_one_batch_on_its_way_until_its_receipt() -> None:
    made = schedule()
    parcel = publish(made, 0, 500, event=(1, 900))
    made.acknowledged(parcel, 5, delivered=True)
    assert made.next(tallies(event=(1, 900)), 10) is None
    assert made.next(tallies(event=(400, 900)), 10) is None, "half a receipt is none"
    fetch = made.next(tallies(event=(501, 900)), 10)
    assert fetch is not None
    assert fetch.after_seq == 500


def test_without_a_receipt_the_lane_begins_again_each_time_later() -> None:
    made = schedule()
    now_ms, waits = 0, []
    for _ in range(6):
        publish(made, now_ms, 1, sos=(1, 1))
        due_ms = made.due_ms()
        assert due_ms is not None
        assert made.next(tallies(sos=(1, 1)), due_ms - 1) is None
        waits.append(due_ms - now_ms)
        now_ms = due_ms
    assert waits == [1_500, 3_000, 6_000, 8_000, 8_000, 8_000]


def test_jitter_spreads_the_waits() -> None:
    early, late = schedule(lambda: 0.0), schedule(lambda: 1.0)
    publish(early, 0, 1, event=(1, 1))
    publish(late, 0, 1, event=(1, 1))
    assert (early.due_ms(), late.due_ms()) == (3_000, 5_000)


def test_a_receipt_forgives_earlier_attempts() -> None:
    made = schedule()
    publish(made, 0, 1, sos=(1, 1))
    publish(made, 1_500, 1, sos=(1, 1))
    assert made.next(tallies(), 1_600) is None
    publish(made, 2_000, 2, sos=(2, 2))
    assert made.due_ms() == 3_500


def test_a_reconnect_sends_all_at_once_from_the_lowest() -> None:
    made = schedule()
    publish(made, 0, 4, sos=(1, 4))
    publish(made, 0, 500, event=(1, 900))
    made.connected()
    assert made.next(tallies(sos=(1, 4), event=(1, 900)), 1) == Fetch(Lane.SOS, 0, 16, PRESS_BYTES)
    publish(made, 1, 4, sos=(1, 4), event=(1, 900))
    fetch = made.next(tallies(sos=(1, 4), event=(1, 900)), 1)
    assert fetch is not None
    assert (fetch.lane, fetch.after_seq) == (Lane.EVENT, 0)


def test_a_refusal_is_tried_again_soon_but_not_at_once() -> None:
    made = schedule()
    parcel = publish(made, 0, 1, event=(1, 1))
    made.acknowledged(parcel, 10, delivered=False)
    assert made.due_ms() == 510
    assert made.next(tallies(event=(1, 1)), 509) is None
    assert made.next(tallies(event=(1, 1)), 510) is not None


def test_batches_follow_the_speed_of_the_line() -> None:
    made = schedule()
    sizes, now_ms = [], 0
    for seq, took_ms in enumerate((10, 10, 10, 400, 400, 400, 400, 400, 150), 1):
        fetch = made.next(tallies(event=(seq, 900)), now_ms)
        assert fetch is not None
        sizes.append(fetch.max_bytes)
        parcel = made.published(fetch, seq, fetch.max_bytes, now_ms)
        now_ms += took_ms
        made.acknowledged(parcel, now_ms, delivered=True)
    assert sizes == [32_000, 64_000, 110_000, 110_000, 55_000, 27_500, 13_750, 8_000, 8_000]
    assert min(sizes) == MIN_BULK_BYTES
    assert max(sizes) == MAX_BULK_BYTES


def test_a_small_batch_says_nothing_about_the_line() -> None:
    made = schedule()
    fetch = made.next(tallies(event=(1, 1)), 0)
    assert fetch is not None
    made.acknowledged(made.published(fetch, 1, 100, 0), 1, delivered=True)
    fetch = made.next(tallies(event=(2, 9)), 5)
    assert fetch is not None
    assert fetch.max_bytes == FIRST_BULK_BYTES


def test_what_receipts_took_away_meanwhile_is_not_asked_for_again() -> None:
    made = schedule()
    before = tallies(event=(1, 5))
    fetch = made.next(before, 0)
    assert fetch is not None
    made.found_nothing(fetch, before[Lane.EVENT])
    assert made.next(before, 0) is None


class Exchange(RuleBasedStateMachine):
    """A journal, a line that loses, and a cloud that receipts: whatever happens, nothing is forgotten and order is kept."""

    def __init__(self) -> None:
        super().__init__()
        self.made = schedule()
        self.now_ms = 0
        self.last = dict.fromkeys(Lane, 0)
        self.settled: dict[Lane, int] = dict.fromkeys(Lane, 0)
        self.stored: dict[Lane, list[int]] = {lane: [] for lane in Lane}
        self.air: list[tuple[Parcel, list[int]]] = []

    def waiting(self) -> dict[Lane, Tally]:
        return {
            lane: Tally(last, self.settled[lane] + 1, last - self.settled[lane])
            if self.settled[lane] < last
            else Tally(last)
            for lane, last in self.last.items()
        }

    @rule(lane=st.sampled_from(Lane), count=st.integers(1, 40))
    def append(self, lane: Lane, count: int) -> None:
        self.last[lane] += count

    @rule(size=st.integers(1, 60))
    def send(self, size: int) -> None:
        while fetch := self.made.next(self.waiting(), self.now_ms):
            first = max(fetch.after_seq, self.settled[fetch.lane]) + 1
            last = min(self.last[fetch.lane], first + min(size, fetch.max_entries) - 1)
            parcel = self.made.published(fetch, last, 100 * (last - first + 1), self.now_ms)
            self.air.append((parcel, list(range(first, last + 1))))

    @precondition(lambda self: self.air)
    @rule(has_receipt=st.booleans())
    def arrive(self, *, has_receipt: bool) -> None:
        parcel, sequences = self.air.pop(0)
        known = self.stored[parcel.lane]
        known += [seq for seq in sequences if seq not in known]
        self.made.acknowledged(parcel, self.now_ms, delivered=True)
        if has_receipt and sequences[0] <= self.settled[parcel.lane] + 1:
            self.settled[parcel.lane] = max(self.settled[parcel.lane], sequences[-1])

    @precondition(lambda self: self.air)
    @rule()
    def drop(self) -> None:
        parcel, _ = self.air.pop(0)
        self.made.acknowledged(parcel, self.now_ms, delivered=False)

    @rule(passed_ms=st.integers(0, 70_000))
    def wait(self, passed_ms: int) -> None:
        self.now_ms += passed_ms

    @rule()
    def reconnect(self) -> None:
        self.air.clear()
        self.made.connected()

    @invariant()
    def all_lanes_but_the_presses_keep_their_order(self) -> None:
        for lane, sequences in self.stored.items():
            if lane is not Lane.SOS:
                assert sequences == list(range(1, len(sequences) + 1)), lane

    @invariant()
    def the_windows_hold(self) -> None:
        for lane in Lane:
            mine = self.made._lanes[
                lane
            ].parcels  # a lane that begins again gives up what is still in the air
            fresh = [parcel for parcel in mine if parcel.due_ms > self.now_ms]
            assert len(fresh) <= PLANS[lane].window

    def teardown(self) -> None:
        self.reconnect()
        for _ in range(1_000):
            self.send(60)
            if not self.air:
                break
            self.arrive(has_receipt=True)
        assert self.settled == self.last, "everything arrives as soon as the line works"


TestExchange = Exchange.TestCase
TestExchange.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


@given(st.integers(0, 30), st.floats(0, 0.999))
def test_the_wait_is_always_bounded(attempts: int, chance: float) -> None:
    made = schedule(lambda: chance)
    now_ms = 0
    for _ in range(attempts + 1):
        made.acknowledged(publish(made, now_ms, 1, event=(1, 1)), now_ms + 1, delivered=True)
        due_ms = made.due_ms()
        assert due_ms is not None
        assert now_ms < due_ms <= now_ms + 75_000
        now_ms = due_ms
