"""Stations, their drills, and the map that they stand on."""

from http import HTTPStatus

from fastapi import APIRouter, Response

from cloud.api.assets import topojson
from cloud.api.bodies import DrillBody
from cloud.api.context import CurrentContext, require_sight
from cloud.api.guard import CurrentVisitor, GuardedRoute
from cloud.api.problems import Problem
from cloud.api.refusals import answers, refusals
from cloud.api.shapes.people import Ordered
from cloud.api.shapes.stations import Station, StationList
from cloud.store import audit, commands, stations
from wire.messages import RunDrill

router = APIRouter(prefix="/api", route_class=GuardedRoute)

DRILL_LIFETIME_MS = 120_000
"""A drill that comes later would surprise people who no longer expect it."""


@router.get("/stations")
def list_stations(context: CurrentContext, visitor: CurrentVisitor) -> StationList:
    """Return the stations that the visitor sees."""
    with context.store.reading() as connection:
        rows = stations.list_stations(connection, visitor.wards, context.clock())
    return StationList(stations=tuple(Station.of(row, context.names) for row in rows))


@router.post("/drills", status_code=202, responses=refusals(HTTPStatus.NOT_FOUND))
def run_drill(body: DrillBody, context: CurrentContext, visitor: CurrentVisitor) -> Ordered:
    """Let a station send a press that is marked as a drill, the whole way."""
    now_ms = context.clock()
    with context.store.writing() as connection:
        station = stations.station(connection, body.station, now_ms)
        if station is None:
            raise Problem(HTTPStatus.NOT_FOUND, "not-found")
        require_sight(visitor, station.place.ward)
        command = commands.enqueue(
            connection, body.station, RunDrill(), now_ms, lifetime_ms=DRILL_LIFETIME_MS
        )
        audit.append(connection, visitor.login, "station.drill", body.station, {"command": command}, now_ms)
    context.store.ring()
    return Ordered(command=command)


@router.get(
    "/map",
    response_class=Response,
    responses=answers("application/json") | refusals(HTTPStatus.NOT_FOUND),
)
def read_map(context: CurrentContext, _visitor: CurrentVisitor) -> Response:
    """Return the ward polygons."""
    path = context.settings.api.map_path
    if path is None or not path.is_file():
        raise Problem(HTTPStatus.NOT_FOUND, "no-map")
    return topojson(path)
