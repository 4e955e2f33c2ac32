"""Incidents: the card of a list, and everything about one."""

from collections.abc import Mapping
from typing import Self

from cloud.api.shapes.base import Shape, WardNames, place_fields
from cloud.api.shapes.stations import StationPlace
from cloud.sos.custody import Hop as CustodyHop
from cloud.store.cards import CardRow, DetailRow, EventRow, PressRow
from cloud.store.stations import Place


class Person(Shape):
    """Somebody who did something."""

    login: str
    name: str


class Shown(Shape):
    """What the station confirmed that it shows to the person."""

    stage: str
    at_ms: int

    @classmethod
    def of(cls, row: CardRow) -> Self | None:
        """None while the station has confirmed nothing."""
        if row.shown_stage is None or row.shown_at_ms is None:
            return None
        return cls(stage=row.shown_stage.value, at_ms=row.shown_at_ms)


class Card(Shape):
    """One incident as a list shows it."""

    id: str
    version: int
    state: str
    resolution: str | None
    drill: bool
    ward: str
    ward_name: str
    station: StationPlace
    opened_at_ms: int
    last_press_at_ms: int
    press_count: int
    level: int
    next_deadline_ms: int | None
    owner: Person | None
    shown: Shown | None
    seen_at_ms: int | None
    updated_at_ms: int
    last_event_id: int

    @classmethod
    def of(cls, row: CardRow, names: WardNames) -> Self:
        """Arrange a row of the store."""
        place = Place(
            station=row.station,
            name=row.station_name,
            ward=row.station_ward,
            address=row.address,
            block=row.block,
            floor=row.floor,
            lat=row.lat,
            lon=row.lon,
        )
        return cls(
            id=row.id,
            version=row.version,
            state=row.state.value,
            resolution=row.resolution and row.resolution.value,
            drill=row.drill,
            ward=row.ward,
            ward_name=names.get(row.ward, row.ward),
            station=StationPlace.model_validate({**place_fields(place), "state": row.station_state}),
            opened_at_ms=row.opened_at_ms,
            last_press_at_ms=row.last_press_at_ms,
            press_count=row.press_count,
            level=row.level,
            next_deadline_ms=row.next_deadline_ms,
            owner=None if row.owner is None else Person(login=row.owner, name=row.owner_name or row.owner),
            shown=Shown.of(row),
            seen_at_ms=row.seen_at_ms,
            updated_at_ms=row.updated_at_ms,
            last_event_id=row.last_event_seq,
        )


class CardList(Shape):
    """Cards, and the event up to which they are true."""

    incidents: tuple[Card, ...]
    last_event_id: int


class Hop(Shape):
    """One hop of the custody line."""

    hop: str
    at_ms: int
    after_ms: int | None
    late: bool

    @classmethod
    def of(cls, hop: CustodyHop) -> Self:
        """Say the same in JSON."""
        return cls(hop=hop.hop.value, at_ms=hop.at_ms, after_ms=hop.after_ms, late=hop.late)


class Actor(Shape):
    """Who made an event happen."""

    kind: str
    login: str | None
    name: str | None


class Event(Shape):
    """One thing that happened to an incident."""

    seq: int
    version: int
    at_ms: int
    actor: Actor
    kind: str
    data: Mapping[str, object]

    @classmethod
    def of(cls, row: EventRow) -> Self:
        """Arrange a row of the store."""
        actor = Actor(kind=row.actor_kind, login=row.login, name=row.name)
        kind = row.kind.value
        return cls(seq=row.seq, version=row.version, at_ms=row.at_ms, actor=actor, kind=kind, data=row.data)


class Press(Shape):
    """One press of the button; `at_ms` by the station's clock, which is `clock_offset_ms` behind."""

    seq: int
    button: str
    at_ms: int
    received_at_ms: int
    committed_at_ms: int
    ago_ms: int
    clock_offset_ms: int

    @classmethod
    def of(cls, row: PressRow) -> Self:
        """Arrange a row of the store."""
        return cls.model_validate(row, from_attributes=True)


class Detail(Shape):
    """Everything about one incident."""

    card: Card
    custody: tuple[Hop, ...]
    events: tuple[Event, ...]
    presses: tuple[Press, ...]

    @classmethod
    def of(cls, row: DetailRow, names: WardNames) -> Self:
        """Arrange a row of the store."""
        return cls(
            card=Card.of(row.card, names),
            custody=tuple(Hop.of(hop) for hop in row.custody),
            events=tuple(Event.of(event) for event in row.events),
            presses=tuple(Press.of(press) for press in row.presses),
        )
