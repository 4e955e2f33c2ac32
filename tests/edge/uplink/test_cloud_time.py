"""The cloud's time at a station: told by receipts, carried on by the clock that does not jump."""

from edge.uplink.cloud_time import CloudTime


class _Clock:
    boot = "b" * 32

    def __init__(self) -> None:
        self.wall = 0
        self.uptime = 1_000

    def wall_ms(self) -> int:
        return self.wall

    def uptime_ms(self) -> int:
        return self.uptime


def test_before_the_cloud_has_told_it_nobody_knows() -> None:
    assert CloudTime(_Clock()).now_ms() is None


def test_it_goes_on_with_the_monotonic_clock_whatever_the_wall_clock_does() -> None:
    clock = _Clock()
    time = CloudTime(clock)
    time.learn(1_780_000_000_000)
    clock.uptime += 250
    clock.wall += 3_600_000
    assert time.now_ms() == 1_780_000_000_250


def test_the_latest_word_counts() -> None:
    clock = _Clock()
    time = CloudTime(clock)
    time.learn(5_000)
    time.learn(9_000)
    assert time.now_ms() == 9_000
