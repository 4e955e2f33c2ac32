"""The fleet as the cloud knows it: where each station stands, what it last said of itself, what is wrong with it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeVar

import msgspec
from sqlalchemy import Connection, RowMapping, bindparam, select, update

from cloud.store import commands
from cloud.store.problems import Problem, StationState, problems_of
from cloud.store.schema import STATION as T
from cloud.store.schema import STATION_EVENT
from cloud.store.upsert import insert_new, insert_or_set
from wire.messages import Birth, Death, DeviceHealth, Heartbeat, LaneHealth

Said = TypeVar("Said")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a station stands, as configured."""

    station: str
    name: str
    ward: str
    address: str = ""
    block: str = ""
    floor: str = ""
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StationRow:
    """One station; times by the cloud's clock. `ward` is empty when nobody has configured the station."""

    place: Place
    state: StationState
    journal: str | None
    boot: str | None
    release: str | None
    seen_at_ms: int | None
    birth_at_ms: int | None
    devices: tuple[DeviceHealth, ...]
    lanes: tuple[LaneHealth, ...]
    problems: tuple[Problem, ...]


class StationEvent(NamedTuple):
    """One entry that tells something of a station; `body` is its JSON, `at_ms` by the station's clock."""

    station: str
    journal: str
    lane: str
    seq: int
    at_ms: int
    received_at_ms: int
    kind: str
    body: Mapping[str, object]


def configure(connection: Connection, places: Sequence[Place]) -> None:
    """Make stations known, or change where they stand; what they said of themselves stays."""
    if places:
        ordered = sorted(places, key=lambda place: place.station)
        rows = [{name: getattr(place, name) for name in _PLACE} for place in ordered]
        connection.execute(insert_or_set(connection.dialect.name, T, _PLACE[1:]), rows)


def wards_of(connection: Connection, stations: Collection[str]) -> dict[str, str]:
    """Return the ward of each station; one that is not known is made known, in no ward."""
    found = _wards(connection, stations)
    missing = sorted(set(stations) - found.keys())
    if missing:
        _make_known(connection, missing)
        found |= _wards(connection, missing)
    return found


def apply_births(connection: Connection, births: Iterable[tuple[Birth, int]], now_ms: int) -> None:
    """Note who is connected, each with the time it was received; what waits for them is sent at once."""
    latest = {birth.station: (birth, at_ms) for birth, at_ms in births}
    if not latest:
        return
    _make_known(connection, latest)
    connection.execute(_BIRTH, [_birth_row(birth, at_ms) for birth, at_ms in _in_order(latest)])
    commands.hasten(connection, list(latest), now_ms)


def apply_deaths(connection: Connection, deaths: Iterable[Death]) -> None:
    """Note who is gone; the last will of an earlier boot than the one that is connected is passed over."""
    rows = [{"key": name, "the_boot": boot} for name, boot in sorted((d.station, d.boot) for d in deaths)]
    if rows:
        connection.execute(_DEATH, rows)


def apply_heartbeats(connection: Connection, heartbeats: Iterable[tuple[Heartbeat, int]]) -> None:
    """Note who is alive and how, each with the time it was received; the last one of a station counts.

    A station is made known by its birth (which is retained) or its first SOS, not by a heartbeat.
    """
    latest = {heartbeat.station: (heartbeat, at_ms) for heartbeat, at_ms in heartbeats}
    if latest:
        connection.execute(_HEARTBEAT, [_heartbeat_row(beat, at_ms) for beat, at_ms in _in_order(latest)])


def record_events(connection: Connection, events: Sequence[StationEvent]) -> None:
    """Keep what stations tell; an entry that is kept already is passed over."""
    if events:
        connection.execute(
            insert_new(connection.dialect.name, STATION_EVENT), [event._asdict() for event in events]
        )


def latest_events(connection: Connection, station: str, limit: int) -> list[StationEvent]:
    """Return the newest entries of one station, newest first."""
    rows = connection.execute(_EVENTS, {"the_station": station, "most": limit})
    return [StationEvent(*row) for row in rows]


def list_stations(connection: Connection, wards: Collection[str] | None, now_ms: int) -> list[StationRow]:
    """Return the stations of these wards (None: all, also those of no ward), by name."""
    statement = select(T).order_by(T.c.name, T.c.station)
    if wards is not None:
        statement = statement.where(T.c.ward.in_(list(wards)))
    return [_station(row, now_ms) for row in connection.execute(statement).mappings()]


def station(connection: Connection, name: str, now_ms: int) -> StationRow | None:
    """Return one station."""
    row = connection.execute(select(T).where(T.c.station == name)).mappings().one_or_none()
    return None if row is None else _station(row, now_ms)


def _station(row: RowMapping, now_ms: int) -> StationRow:
    lanes = msgspec.convert(row["lanes"], tuple[LaneHealth, ...])
    devices = msgspec.convert(row["devices"], tuple[DeviceHealth, ...])
    state = StationState(row["state"])
    problems = problems_of(
        state=state,
        ward=row["ward"],
        silent_ms=now_ms - (row["seen_at_ms"] or 0),
        lanes=lanes,
        devices=devices,
        reserve_used=bool(row["health"].get("reserve_used")),
    )
    return StationRow(
        place=Place(**{name: row[name] for name in _PLACE}),
        state=state,
        **{name: row[name] for name in ("journal", "boot", "release", "seen_at_ms", "birth_at_ms")},
        devices=devices,
        lanes=lanes,
        problems=problems,
    )


def _wards(connection: Connection, stations: Collection[str]) -> dict[str, str]:
    return {row[0]: row[1] for row in connection.execute(_WARDS, {"stations": list(stations)})}


def _make_known(connection: Connection, stations: Iterable[str]) -> None:
    rows = [{"station": name, "name": name, "ward": ""} for name in sorted(stations)]
    connection.execute(insert_new(connection.dialect.name, T), rows)


def _in_order(latest: Mapping[str, Said]) -> list[Said]:
    """Everybody changes stations in the order of their names, so that nobody waits in a circle."""
    return [latest[name] for name in sorted(latest)]


def _birth_row(birth: Birth, at_ms: int) -> dict[str, object]:
    return {
        "key": birth.station,
        "the_journal": birth.journal,
        "the_boot": birth.boot,
        "the_release": birth.release,
        "the_devices": msgspec.to_builtins(birth.devices),
        "at_ms": at_ms,
    }


def _heartbeat_row(heartbeat: Heartbeat, at_ms: int) -> dict[str, object]:
    health = {name: getattr(heartbeat, name) for name in _HEALTH}
    return {
        "key": heartbeat.station,
        "the_boot": heartbeat.boot,
        "the_devices": msgspec.to_builtins(heartbeat.devices),
        "the_lanes": msgspec.to_builtins(heartbeat.lanes),
        "the_health": health,
        "at_ms": at_ms,
    }


_PLACE: Final = ("station", "name", "ward", "address", "block", "floor", "lat", "lon")
_HEALTH: Final = (
    "at_ms",
    "uptime_ms",
    "loop_lag_ms",
    "disk_free_bytes",
    "reserve_used",
    "last_receipt_at_ms",
)
_WARDS: Final = select(T.c.station, T.c.ward).where(T.c.station.in_(bindparam("stations", expanding=True)))
_EVENTS: Final = (
    select(*(STATION_EVENT.c[name] for name in StationEvent._fields))
    .where(STATION_EVENT.c.station == bindparam("the_station"))
    .order_by(STATION_EVENT.c.received_at_ms.desc(), STATION_EVENT.c.seq.desc())
    .limit(bindparam("most"))
)
_BIRTH: Final = (
    update(T)
    .where(T.c.station == bindparam("key"))
    .values(
        state=StationState.ONLINE.value,
        journal=bindparam("the_journal"),
        boot=bindparam("the_boot"),
        release=bindparam("the_release"),
        devices=bindparam("the_devices"),
        seen_at_ms=bindparam("at_ms"),
        birth_at_ms=bindparam("at_ms"),
    )
)
_DEATH: Final = (
    update(T)
    .where(T.c.station == bindparam("key"), T.c.boot == bindparam("the_boot"))
    .values(state=StationState.OFFLINE.value)
)
_HEARTBEAT: Final = (
    update(T)
    .where(T.c.station == bindparam("key"))
    .values(
        state=StationState.ONLINE.value,
        boot=bindparam("the_boot"),
        devices=bindparam("the_devices"),
        lanes=bindparam("the_lanes"),
        health=bindparam("the_health"),
        seen_at_ms=bindparam("at_ms"),
    )
)
