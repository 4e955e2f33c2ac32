"""What is wrong with a station: each sign alone, and all at once with the gravest first."""

import pytest

from cloud.store.problems import SILENT_AFTER_MS, SOS_WAITS_AFTER_MS, Problem, StationState, problems_of
from wire.entries import DeviceState
from wire.messages import DeviceHealth, LaneHealth
from wire.topics import Lane


def judge(
    state: StationState = StationState.ONLINE,
    *,
    ward: str = "27097",
    silent_ms: int = 0,
    lane: LaneHealth | None = None,
    device: DeviceState = DeviceState.OK,
    reserve_used: bool = False,
) -> tuple[Problem, ...]:
    return problems_of(
        state=state,
        ward=ward,
        silent_ms=silent_ms,
        lanes=() if lane is None else (lane,),
        devices=(DeviceHealth(device="board", state=device),),
        reserve_used=reserve_used,
    )


def waiting(lane: Lane, age_ms: int, aside: int = 0) -> LaneHealth:
    return LaneHealth(lane=lane, depth=1, oldest_age_ms=age_ms, aside=aside)


def test_a_healthy_station_has_none() -> None:
    assert judge() == ()


@pytest.mark.parametrize(
    ("state", "silent_ms", "expected"),
    [
        (StationState.ONLINE, SILENT_AFTER_MS, ()),
        (StationState.ONLINE, SILENT_AFTER_MS + 1, (Problem.SILENT,)),
        (StationState.OFFLINE, 10**9, (Problem.OFFLINE,)),
        (StationState.UNKNOWN, 10**9, ()),
    ],
)
def test_silence_counts_only_of_who_is_connected(
    state: StationState, silent_ms: int, expected: tuple[Problem, ...]
) -> None:
    assert judge(state, silent_ms=silent_ms) == expected


@pytest.mark.parametrize(
    ("lane", "expected"),
    [
        (waiting(Lane.SOS, SOS_WAITS_AFTER_MS), ()),
        (waiting(Lane.SOS, SOS_WAITS_AFTER_MS + 1), (Problem.SOS_WAITS,)),
        (waiting(Lane.TELEMETRY, 10**9), ()),
        (waiting(Lane.TELEMETRY, 0, aside=1), (Problem.SET_ASIDE,)),
    ],
)
def test_only_an_sos_that_waits_is_alarming(lane: LaneHealth, expected: tuple[Problem, ...]) -> None:
    assert judge(lane=lane) == expected


def test_the_gravest_comes_first() -> None:
    assert judge(
        StationState.OFFLINE,
        ward="",
        lane=waiting(Lane.SOS, 10**9, aside=2),
        device=DeviceState.LOST,
        reserve_used=True,
    ) == (
        Problem.SOS_WAITS,
        Problem.OFFLINE,
        Problem.DEVICE_LOST,
        Problem.RESERVE_USED,
        Problem.SET_ASIDE,
        Problem.UNCONFIGURED,
    )
