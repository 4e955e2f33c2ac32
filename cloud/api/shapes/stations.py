"""Stations and how they are."""

from typing import Self

from cloud.api.shapes.base import Shape, WardNames, place_fields
from cloud.store.stations import StationRow


class StationPlace(Shape):
    """Where a station stands, and whether it is connected."""

    id: str
    name: str
    address: str
    block: str
    floor: str
    lat: float | None
    lon: float | None
    state: str


class Device(Shape):
    """One device of a station."""

    device: str
    state: str
    seen_at_ms: int | None
    detail: str
    calibration_overdue: bool


class LaneState(Shape):
    """How full one lane of a station's journal is."""

    lane: str
    depth: int
    oldest_age_ms: int
    aside: int
    dropped: int


class Station(StationPlace):
    """A station and how it is."""

    ward: str
    ward_name: str
    seen_at_ms: int | None
    release: str | None
    devices: tuple[Device, ...]
    lanes: tuple[LaneState, ...]
    problems: tuple[str, ...]

    @classmethod
    def of(cls, row: StationRow, names: WardNames) -> Self:
        """Arrange a row of the store."""
        return cls.model_validate(
            {
                **place_fields(row.place),
                "state": row.state.value,
                "ward": row.place.ward,
                "ward_name": names.get(row.place.ward, row.place.ward),
                "seen_at_ms": row.seen_at_ms,
                "release": row.release,
                "devices": [Device.model_validate(device, from_attributes=True) for device in row.devices],
                "lanes": [LaneState.model_validate(lane, from_attributes=True) for lane in row.lanes],
                "problems": [problem.value for problem in row.problems],
            }
        )


class StationList(Shape):
    """All stations that somebody sees."""

    stations: tuple[Station, ...]
