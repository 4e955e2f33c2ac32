from edge.codecs.instrument import Live, Wave
from edge.drivers.pace import INTERVAL_MS, MAX_SAMPLES, Allowance, Pace
from wire.entries import VitalKind

ONE = Live(VitalKind.OXYGEN)
OTHER = Live(VitalKind.TEMPERATURE)


def live(progress: int) -> Live:
    return Live(VitalKind.BLOOD_PRESSURE, progress=None, values={"cuff-pressure": None} if progress else {})


def test_what_comes_seldom_goes_at_once() -> None:
    pace = Pace()
    for now_ms in (0, INTERVAL_MS, 3 * INTERVAL_MS):
        pace.hold(ONE)
        pace.hold(Wave((1, 2), 50))
        assert pace.due(now_ms) == [Wave((1, 2), 50), ONE]
    assert pace.next_ms is None


def test_of_a_kind_the_newest_goes_when_it_is_due() -> None:
    pace = Pace()
    pace.hold(live(0))
    assert pace.due(0) == [live(0)]
    for progress in (0, 0, 1):
        pace.hold(live(progress))
    assert pace.due(INTERVAL_MS - 1) == []
    assert pace.next_ms == INTERVAL_MS
    assert pace.due(INTERVAL_MS) == [live(1)]
    assert pace.due(2 * INTERVAL_MS) == []


def test_kinds_do_not_wait_for_one_another() -> None:
    pace = Pace()
    pace.hold(ONE)
    assert pace.due(0) == [ONE]
    pace.hold(ONE)
    pace.hold(OTHER)
    assert pace.due(50) == [OTHER]
    assert pace.due(INTERVAL_MS) == [ONE]


def test_pieces_of_a_wave_are_joined_and_nothing_is_lost() -> None:
    pace = Pace()
    pace.hold(Wave((0,), 60))
    assert pace.due(0) == [Wave((0,), 60)]
    for sample in range(1, 5):
        pace.hold(Wave((sample,), 60))
    assert pace.due(INTERVAL_MS) == [Wave((1, 2, 3, 4), 60)]


def test_a_flood_is_bounded_and_slow() -> None:
    pace = Pace()
    told = []
    for now_ms in range(1_000):
        for _ in range(20):
            pace.hold(Wave(tuple(range(6)), 60))
            pace.hold(ONE)
        told += pace.due(now_ms)
    waves = [event for event in told if isinstance(event, Wave)]
    assert len(waves) == len(told) - len(waves) == 1_000 // INTERVAL_MS
    assert max(len(wave.samples) for wave in waves) == MAX_SAMPLES


def test_what_is_forgotten_is_not_told() -> None:
    pace = Pace()
    pace.hold(ONE)
    pace.hold(OTHER)
    pace.hold(Wave((1,), 60))
    pace.forget(VitalKind.OXYGEN)
    assert pace.due(0) == [OTHER]
    assert pace.next_ms is None


def test_bytes_are_allowed_at_a_rate_and_after_a_pause_a_seconds_worth_at_once() -> None:
    allowance = Allowance(1_000)
    assert allowance.take(600, 0) == 600
    assert allowance.take(600, 0) == 400
    assert allowance.take(600, 0) == 0
    assert allowance.take(600, 100) == 100
    assert allowance.take(5_000, 60_000) == 1_000


def test_what_comes_as_fast_as_the_line_goes_is_never_dropped() -> None:
    allowance = Allowance(1_000)
    assert all(allowance.take(7, now_ms) == 7 for now_ms in range(0, 100_000, 7))
