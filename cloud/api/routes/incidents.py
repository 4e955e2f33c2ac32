"""Incidents: the lists, one in full, what officers do to it, and its export."""

from http import HTTPStatus
from urllib.parse import urlsplit

from fastapi import APIRouter, Response
from fastapi.encoders import jsonable_encoder

from cloud.api.bodies import ActionBody, IncidentPath, SeenBody
from cloud.api.context import Context, CurrentContext, require_sight
from cloud.api.guard import CurrentVisitor, GuardedRoute
from cloud.api.problems import Problem
from cloud.api.refusals import answers, refusals
from cloud.api.sessions import Visitor
from cloud.api.shapes.incidents import Card, CardList, Detail
from cloud.cap import MEDIA_TYPE, Bulletin, Place, Step, to_cap
from cloud.sos.action import Action, Verb
from cloud.sos.errors import RefusedCode
from cloud.sos.incident import Resolution
from cloud.store import audit, cards, incidents
from cloud.store.cards import ActionRefusedError, DetailRow, Scope

router = APIRouter(prefix="/api/incidents", route_class=GuardedRoute)

_STATUS = {
    RefusedCode.STALE: HTTPStatus.CONFLICT,
    RefusedCode.NOT_ALLOWED: HTTPStatus.CONFLICT,
    RefusedCode.INVALID: HTTPStatus.UNPROCESSABLE_ENTITY,
}


@router.get("")
def list_incidents(context: CurrentContext, visitor: CurrentVisitor, scope: Scope = Scope.OPEN) -> CardList:
    """Return the cards that the visitor sees, and the event up to which they are certainly true."""
    with context.store.reading() as connection:
        last = cards.last_event_seq(connection)
        rows = cards.cards(connection, scope, visitor.wards, context.clock())
    return CardList(incidents=tuple(Card.of(row, context.names) for row in rows), last_event_id=last)


@router.get("/{incident}")
def read_incident(incident: IncidentPath, context: CurrentContext, visitor: CurrentVisitor) -> Detail:
    """Return everything about one incident; that it was looked at is kept."""
    return Detail.of(_view(context, visitor, incident, "incident.view"), context.names)


@router.get("/{incident}/cap", response_class=Response, responses=answers(MEDIA_TYPE))
def export_incident(incident: IncidentPath, context: CurrentContext, visitor: CurrentVisitor) -> Response:
    """Return the incident as CAP 1.2."""
    row = _view(context, visitor, incident, "incident.export")
    return Response(to_cap(_bulletin(context, row)), media_type=MEDIA_TYPE)


@router.post("/{incident}/actions", responses=refusals(HTTPStatus.CONFLICT))
def act(incident: IncidentPath, body: ActionBody, context: CurrentContext, visitor: CurrentVisitor) -> Card:
    """Do what the officer wants; 409 with the fresh card when it was wanted of something that is no longer so."""
    action = Action(
        verb=Verb(body.action),
        by=visitor.login,
        version=body.version,
        resolution=None if body.resolution is None else Resolution(body.resolution),
        duplicate_of=body.duplicate_of,
        to=body.to,
        note=body.note or "",
    )
    key = f"{visitor.login}:{body.idempotency_key}"
    try:
        with context.store.writing() as connection:
            require_sight(visitor, cards.require_card(connection, incident).ward)
            row = incidents.act(connection, incident, action, idempotency_key=key, now_ms=context.clock())
    except ActionRefusedError as error:
        card = jsonable_encoder(Card.of(error.card, context.names))
        raise Problem(_STATUS[error.code], error.code.value, {"card": card}) from error
    context.store.ring()
    return Card.of(row, context.names)


@router.post("/{incident}/seen", status_code=204)
def see(incident: IncidentPath, _body: SeenBody, context: CurrentContext, visitor: CurrentVisitor) -> None:
    """Note that somebody has the incident before his eyes; only the first time is written."""
    with context.store.reading() as connection:
        card = cards.require_card(connection, incident)
    require_sight(visitor, card.ward)
    if card.seen_at_ms is not None:
        return
    with context.store.writing() as connection:
        incidents.mark_seen(connection, incident, visitor.login, context.clock())
    context.store.ring()


def _view(context: Context, visitor: Visitor, incident: str, purpose: str) -> DetailRow:
    with context.store.reading() as connection:
        row = cards.detail(connection, incident)
    require_sight(visitor, row.card.ward)
    with context.store.writing() as connection:
        detail = {"version": row.card.version}
        audit.append(connection, visitor.login, purpose, incident, detail, context.clock())
    return row


def _bulletin(context: Context, row: DetailRow) -> Bulletin:
    card = row.card
    url = context.settings.api.public_url
    place = Place(
        station=card.station,
        name=card.station_name,
        address=card.address,
        block=card.block,
        floor=card.floor,
        ward=card.ward,
        ward_name=context.names.get(card.ward, card.ward),
        lat=card.lat,
        lon=card.lon,
    )
    return Bulletin(
        sender="tcds" if url is None else urlsplit(str(url)).hostname or "tcds",
        incident=card.id,
        drill=card.drill,
        resolution=None if card.resolution is None else card.resolution.value,
        press_count=card.press_count,
        level=card.level,
        place=place,
        steps=tuple(Step(event.version, event.at_ms, event.kind.value) for event in row.events),
    )
