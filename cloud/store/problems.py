"""What is wrong with a station, judged from what it last said of itself. Pure."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from wire.entries import DeviceState
from wire.messages import DeviceHealth, LaneHealth
from wire.topics import Lane

SILENT_AFTER_MS: Final = 30_000
"""A connected station that said nothing for six heartbeats is not known to work."""

SOS_WAITS_AFTER_MS: Final = 10_000


class StationState(StrEnum):
    """Whether the broker has the station's connection."""

    ONLINE = "online"
    OFFLINE = "offline"
    UNKNOWN = "unknown"


class Problem(StrEnum):
    """What somebody should look after, in order of weight; stable, consoles translate it."""

    SOS_WAITS = "sos-waits"
    OFFLINE = "offline"
    SILENT = "silent"
    DEVICE_LOST = "device-lost"
    DEVICE_FAULT = "device-fault"
    RESERVE_USED = "reserve-used"
    SET_ASIDE = "set-aside"
    UNCONFIGURED = "unconfigured"


def problems_of(
    *,
    state: StationState,
    ward: str,
    silent_ms: int,
    lanes: Sequence[LaneHealth],
    devices: Sequence[DeviceHealth],
    reserve_used: bool,
) -> tuple[Problem, ...]:
    """Return what is wrong, gravest first; `silent_ms` is how long it has said nothing."""
    device_states = {device.state for device in devices}
    waits_ms = max((lane.oldest_age_ms for lane in lanes if lane.lane is Lane.SOS), default=0)
    signs = {
        Problem.SOS_WAITS: waits_ms > SOS_WAITS_AFTER_MS,
        Problem.OFFLINE: state is StationState.OFFLINE,
        Problem.SILENT: state is StationState.ONLINE and silent_ms > SILENT_AFTER_MS,
        Problem.DEVICE_LOST: DeviceState.LOST in device_states,
        Problem.DEVICE_FAULT: DeviceState.FAULT in device_states,
        Problem.RESERVE_USED: reserve_used,
        Problem.SET_ASIDE: any(lane.aside for lane in lanes),
        Problem.UNCONFIGURED: not ward,
    }
    return tuple(problem for problem in Problem if signs[problem])
