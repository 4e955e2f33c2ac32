"""The desks themselves: who they are and how they do, the words they need, what was not delivered, and their live feed."""

from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Path, Response
from fastapi.sse import EventSourceResponse

from cloud.api.context import Context, CurrentContext
from cloud.api.desk_stream import events
from cloud.api.desks import answers_at, require_desk, sight_of
from cloud.api.guard import CurrentVisitor, GuardedRoute
from cloud.api.problems import Problem
from cloud.api.refusals import answers
from cloud.api.sessions import Visitor
from cloud.api.shapes.desks import DeadLetter, DeadLetters, Desk, DeskList, ServiceForm
from cloud.api.shapes.people import User
from cloud.api.shapes.requests import Cards, Name, RequestPage
from cloud.store import accounts, audit, errands, request_desks, request_letters, request_pace
from cloud.store.accounts import Account
from cloud.store.engine import take_turn
from cloud.store.request_desks import Load
from wire.tracking import MAX_TYPED_LENGTH, read_tracking

router = APIRouter(prefix="/api", route_class=GuardedRoute)

MOST_LETTERS: Final = 200
PACE_MS: Final = 30 * 86_400_000

_HEADERS: Final = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}

ServicePath = Annotated[str, Path(max_length=48, pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$")]
CodePath = Annotated[str, Path(max_length=MAX_TYPED_LENGTH)]
LetterPath = Annotated[int, Path(ge=1, le=2**53)]


@router.get("/desks")
def list_desks(context: CurrentContext, visitor: CurrentVisitor) -> DeskList:
    """Return the desks that the visitor sees, how they do, and who answers for them."""
    sight, now_ms = sight_of(context, visitor), context.clock()
    with context.store.reading() as connection:
        loads = request_desks.loads(connection, sight, now_ms)
        paces = request_pace.paces(connection, sight, now_ms - PACE_MS)
        people = accounts.list_accounts(connection)
    names = {each.id: Name.of(each.name) for each in context.catalogue.parties.desks}
    seen = sorted(names.keys() | loads.keys() if sight.desks is None else sight.desks)
    return DeskList(
        desks=tuple(
            Desk(
                id=desk,
                name=names.get(desk),
                **loads.get(desk, Load(0, 0))._asdict(),
                ended=paces[desk].ended if desk in paces else 0,
                median_ms=paces[desk].median_ms if desk in paces else None,
                people=_people(context, visitor, people, desk),
            )
            for desk in seen
        )
    )


@router.get("/desks/stream", response_class=Response, responses=answers("text/event-stream"))
async def stream(context: CurrentContext, visitor: CurrentVisitor) -> EventSourceResponse:
    """Send which requests of the visitor's desks have changed, as text/event-stream, until one side ends it."""
    said: AsyncIterator[bytes] = events(context, visitor)
    return EventSourceResponse(said, headers=_HEADERS)


@router.get("/services/{service}")
def read_service(service: ServicePath, context: CurrentContext, _visitor: CurrentVisitor) -> ServiceForm:
    """Return a service's questions and papers in words, by which sealed answers are read."""
    found = context.catalogue.services.get(service)
    if found is None:
        raise Problem(HTTPStatus.NOT_FOUND, "not-found")
    return ServiceForm.of(found)


@router.get("/tracking/{code}")
def find_request(code: CodePath, context: CurrentContext, visitor: CurrentVisitor) -> RequestPage:
    """Return the requests of a tracking code that the visitor sees; Problem `mistyped` when it cannot be one."""
    tracking = read_tracking(code)
    if tracking is None:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "mistyped")
    with context.store.reading() as connection:
        rows = request_desks.tracked(connection, sight_of(context, visitor), tracking)
    cards = _cards(context)
    return RequestPage(requests=tuple(cards.card(row) for row in rows), next=None)


@router.get("/dead-letters")
def list_dead_letters(context: CurrentContext, visitor: CurrentVisitor) -> DeadLetters:
    """Return what could not be carried on of the requests that the visitor sees, newest first."""
    with context.store.reading() as connection:
        found = request_letters.letters(connection, sight_of(context, visitor), MOST_LETTERS)
    cards = _cards(context)
    return DeadLetters(
        letters=tuple(
            DeadLetter(
                number=each.number,
                kind=each.kind.value,
                channel=each.channel,
                attempts=each.attempts,
                ended_at_ms=each.ended_at_ms,
                detail=each.detail,
                request=cards.card(each.row),
            )
            for each in found
        )
    )


@router.post("/dead-letters/{number}/resend", status_code=202)
def resend(number: LetterPath, context: CurrentContext, visitor: CurrentVisitor) -> DeadLetters:
    """Try a dead letter again from the start; return those that are left. 404 when it is none any more."""
    now_ms = context.clock()
    with context.store.writing() as connection:
        take_turn(connection)
        request = request_letters.request_of(connection, number)
        if request is None:
            raise Problem(HTTPStatus.NOT_FOUND, "not-found")
        require_desk(context, visitor, request_desks.require_row(connection, request))
        errands.revive(connection, number, now_ms)
        audit.append(connection, visitor.login, "request.resend", request, {"errand": number}, now_ms)
    context.store.ring()
    return list_dead_letters(context, visitor)


def _people(context: Context, visitor: Visitor, people: list[Account], desk: str) -> tuple[User, ...]:
    wards = frozenset(context.names) if visitor.wards is None else visitor.wards
    duty_desk = context.settings.requests.duty_desk
    return tuple(
        User.of(each) for each in people if any(answers_at(each, desk, ward, duty_desk) for ward in wards)
    )


def _cards(context: Context) -> Cards:
    return Cards(context.catalogue, context.offices, context.names, context.clock())
