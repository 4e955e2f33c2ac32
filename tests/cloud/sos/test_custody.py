"""The custody line: times in order, gaps where hops are missing, late where a goal was missed."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from cloud.sos.custody import Hop, HopName, Trace, custody
from cloud.sos.incident import EventKind

PRESSED_MS = 1_000_000
Event = tuple[EventKind, int, Mapping[str, object]]


def trace(*events: Event, received_after_ms: int = 60) -> Trace:
    return Trace(
        pressed_at_ms=PRESSED_MS,
        recorded_at_ms=PRESSED_MS + 20,
        received_at_ms=PRESSED_MS + received_after_ms,
        committed_at_ms=PRESSED_MS + received_after_ms + 5,
        events=events,
    )


def event(kind: EventKind, after_ms: int, **data: object) -> Event:
    return kind, PRESSED_MS + after_ms, data


def late(hops: tuple[Hop, ...]) -> set[HopName]:
    return {hop.hop for hop in hops if hop.late}


def test_a_good_night() -> None:
    hops = custody(
        trace(
            event(EventKind.OPENED, 65),
            event(EventKind.SEEN, 400),
            event(EventKind.ACKNOWLEDGED, 6_000),
            event(EventKind.SHOWN, 6_100, stage="police-received"),
            event(EventKind.DISPATCHED, 30_000),
            event(EventKind.ON_SCENE, 400_000),
            event(EventKind.RESOLVED, 900_000),
        )
    )
    assert [hop.hop for hop in hops] == list(HopName)
    assert [hop.after_ms for hop in hops] == [None, 20, 40, 5, 335, 5_600, 100, 23_900, 370_000, 500_000]
    assert not late(hops)


def test_only_what_happened_is_on_the_line() -> None:
    assert [hop.hop for hop in custody(trace())] == [
        HopName.PRESSED,
        HopName.RECORDED,
        HopName.RECEIVED,
        HopName.COMMITTED,
    ]


def test_a_station_that_was_cut_off_is_late_at_that_hop() -> None:
    assert late(custody(trace(received_after_ms=600_000))) == {HopName.RECEIVED}


def test_a_gap_is_bridged_and_the_next_hop_counts_from_what_is_known() -> None:
    hops = custody(trace(event(EventKind.DISPATCHED, 10_000)))
    assert hops[-1] == Hop(HopName.DISPATCHED, PRESSED_MS + 10_000, 10_000 - 65, late=False)


def test_a_slow_answer_is_late() -> None:
    assert late(custody(trace(event(EventKind.ACKNOWLEDGED, 21_000)))) == {HopName.ACKNOWLEDGED}


def test_skipping_the_acknowledgement_does_not_hide_a_late_dispatch() -> None:
    assert late(custody(trace(event(EventKind.DISPATCHED, 300_000)))) == {HopName.DISPATCHED}


def test_the_person_is_informed_when_the_station_shows_that_the_police_knows() -> None:
    hops = custody(
        trace(
            event(EventKind.SHOWN, 90, stage="received"),
            event(EventKind.ACKNOWLEDGED, 5_000),
            event(EventKind.SHOWN, 5_080, stage="police-received"),
            event(EventKind.SHOWN, 9_000, stage="on-the-way"),
        )
    )
    informed = [hop for hop in hops if hop.hop is HopName.PERSON_INFORMED]
    assert informed == [Hop(HopName.PERSON_INFORMED, PRESSED_MS + 5_080, 80, late=False)]


def test_the_first_time_counts_when_something_happens_twice() -> None:
    hops = custody(trace(event(EventKind.ACKNOWLEDGED, 1_000), event(EventKind.ACKNOWLEDGED, 500_000)))
    assert hops[-1].at_ms == PRESSED_MS + 1_000


def test_presses_and_notes_are_no_hops() -> None:
    noise = (event(EventKind.PRESSED, 70), event(EventKind.NOTED, 80), event(EventKind.ESCALATED, 90))
    assert len(custody(trace(*noise))) == 4


@given(st.lists(st.tuples(st.sampled_from(list(EventKind)), st.integers(-5_000, 10**7)), max_size=12))
def test_any_history_is_in_order_and_adds_up(history: list[tuple[EventKind, int]]) -> None:
    hops = custody(trace(*(event(kind, after_ms) for kind, after_ms in history)))
    times = [hop.at_ms for hop in hops]
    assert times == sorted(times)
    assert sum(hop.after_ms or 0 for hop in hops) == times[-1] - times[0]
    assert hops[0].after_ms is None
    assert len({hop.hop for hop in hops}) == len(hops)
