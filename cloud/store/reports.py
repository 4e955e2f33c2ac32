"""What the shift report is made of."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Final, TypeVarTuple

from sqlalchemy import Connection, RowMapping, Select, bindparam, func, select

from cloud.sos.incident import EventKind, Resolution, State
from cloud.sos.report import Life
from cloud.store.schema import INCIDENT, INCIDENT_EVENT, PRESS

MAX_INCIDENTS: Final = 20_000
"""More than a month of the busiest city; a longer period is reported in parts."""

Columns = TypeVarTuple("Columns")

_E: Final = INCIDENT_EVENT.alias("e")
_ON_SCENE: Final = (
    select(func.min(_E.c.at_ms))
    .where(_E.c.incident == INCIDENT.c.id, _E.c.kind == EventKind.ON_SCENE.value)
    .scalar_subquery()
)
_ESCALATED: Final = (
    select(func.count())
    .where(_E.c.incident == INCIDENT.c.id, _E.c.kind == EventKind.ESCALATED.value)
    .scalar_subquery()
)
_WITHIN: Final = (INCIDENT.c.opened_at_ms >= bindparam("from_ms")) & (
    INCIDENT.c.opened_at_ms < bindparam("to_ms")
)
_LIVES: Final = (
    select(
        INCIDENT.c.id,
        INCIDENT.c.drill,
        INCIDENT.c.state,
        INCIDENT.c.resolution,
        INCIDENT.c.opened_at_ms,
        INCIDENT.c.acknowledged_at_ms,
        _ON_SCENE.label("on_scene_at_ms"),
        _ESCALATED.label("escalations"),
    )
    .where(_WITHIN)
    .order_by(INCIDENT.c.opened_at_ms)
    .limit(MAX_INCIDENTS)
)
# The station's clock may be wrong: what lies between the press and its sending is measured by that clock alone, what
# lies between arrival and commit by ours. The way between is not measured, and takes milliseconds.
_WAYS: Final = (
    select(
        PRESS.c.incident,
        (
            PRESS.c.sent_at_ms
            - PRESS.c.at_ms
            + PRESS.c.ago_ms
            + PRESS.c.committed_at_ms
            - PRESS.c.received_at_ms
        ),
    )
    .join(INCIDENT, INCIDENT.c.id == PRESS.c.incident)
    .where(_WITHIN)
)


def lives(connection: Connection, from_ms: int, to_ms: int, wards: Collection[str] | None) -> list[Life]:
    """Return the incidents opened in [from_ms, to_ms) in these wards; None means all wards."""
    span = {"from_ms": from_ms, "to_ms": to_ms}
    ways: defaultdict[str, list[int]] = defaultdict(list)
    for incident, way_ms in connection.execute(_in_wards(_WAYS, wards), span):
        ways[incident].append(max(0, way_ms))
    rows = connection.execute(_in_wards(_LIVES, wards), span).mappings()
    return [_life(row, ways[row["id"]]) for row in rows]


def _in_wards(statement: Select[*Columns], wards: Collection[str] | None) -> Select[*Columns]:
    return statement if wards is None else statement.where(INCIDENT.c.ward.in_(sorted(wards)))


def _life(row: RowMapping, ways_ms: Sequence[int]) -> Life:
    return Life(
        drill=row["drill"],
        state=State(row["state"]),
        resolution=None if row["resolution"] is None else Resolution(row["resolution"]),
        opened_at_ms=row["opened_at_ms"],
        acknowledged_at_ms=row["acknowledged_at_ms"],
        on_scene_at_ms=row["on_scene_at_ms"],
        escalated=row["escalations"] > 0,
        press_to_store_ms=tuple(ways_ms),
    )
