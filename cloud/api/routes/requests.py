"""Requests at their desks: the inbox, one in full, what is sealed for the desk, and what officers do."""

import hashlib
from dataclasses import replace
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.encoders import jsonable_encoder

from cloud.api.context import Context, CurrentContext
from cloud.api.desks import answers_at, require_desk, sight_of
from cloud.api.guard import CurrentVisitor, GuardedRoute
from cloud.api.problems import Problem
from cloud.api.refusals import refusals
from cloud.api.request_bodies import (
    AfterQuery,
    DeskQuery,
    PageQuery,
    RequestActionBody,
    RequestPath,
    WardQuery,
    cursor_text,
    read_cursor,
)
from cloud.api.sessions import Visitor
from cloud.api.shapes.requests import (
    Cards,
    RequestCard,
    RequestDetail,
    RequestPage,
    SealedRequest,
)
from cloud.requests.errors import RefusedCode, RefusedError
from cloud.requests.flows import CITIZEN_STATES, DESK_STATES
from cloud.requests.request import Action, Actor, ActorKind, State
from cloud.store import accounts, audit, request_desks, request_lists
from cloud.store.engine import Transaction
from cloud.store.request_desks import DeskRow

router = APIRouter(prefix="/api", route_class=GuardedRoute)

MAX_STATES = 40


class Scope(StrEnum):
    """Which requests: those that are open, or those that ended."""

    OPEN = "open"
    ENDED = "ended"


class Turn(StrEnum):
    """Whose turn it is in an open request."""

    DESK = "desk"
    CITIZEN = "citizen"


StatesQuery = Annotated[list[State] | None, Query(max_length=MAX_STATES)]


@router.get("/requests")
def list_requests(
    context: CurrentContext,
    visitor: CurrentVisitor,
    *,
    scope: Scope = Scope.OPEN,
    state: StatesQuery = None,
    turn: Turn | None = None,
    desk: DeskQuery | None = None,
    ward: WardQuery | None = None,
    overdue: bool = False,
    after: AfterQuery | None = None,
    limit: PageQuery = 50,
) -> RequestPage:
    """Return a page of what the visitor sees: open requests by their promise, ended ones the newest first."""
    sight = sight_of(context, visitor)
    if (desk is not None and sight.desks is not None and desk not in sight.desks) or (
        ward is not None and not visitor.sees(ward)
    ):
        raise Problem(HTTPStatus.FORBIDDEN, "forbidden")
    now_ms = context.clock()
    states = _states(state, turn)
    if turn is not None and not states:
        return RequestPage(requests=(), next=None)
    wanted = replace(
        sight,
        desks=sight.desks if desk is None else {desk},
        wards=sight.wards if ward is None else {ward},
        states=states,
        is_open=scope is Scope.OPEN,
        overdue_at_ms=now_ms if overdue else None,
    )
    with context.store.reading() as connection:
        cursor = None if after is None else read_cursor(after)
        rows = request_desks.inbox(connection, wanted, limit + 1, cursor)
    page, cards = rows[:limit], _cards(context)
    last = cursor_text(request_desks.cursor_of(page[-1])) if len(rows) > limit else None
    return RequestPage(requests=tuple(cards.card(row) for row in page), next=last)


def _states(wanted: list[State] | None, turn: Turn | None) -> frozenset[State]:
    """Return the states to be listed; none: any, or none at all when a turn was asked for."""
    states = frozenset(wanted or ())
    if turn is None:
        return states
    of_turn = DESK_STATES if turn is Turn.DESK else CITIZEN_STATES
    return of_turn & states if states else of_turn


@router.get("/requests/{request}")
def read_request(request: RequestPath, context: CurrentContext, visitor: CurrentVisitor) -> RequestDetail:
    """Return one request with everything that happened to it; that it was looked at is kept."""
    with context.store.reading() as connection:
        row = request_desks.require_row(connection, request)
        require_desk(context, visitor, row)
        events = request_lists.events(connection, request)
    _note(context, visitor, "request.view", row)
    return _cards(context).detail(row, events)


@router.get("/requests/{request}/sealed")
def read_sealed(request: RequestPath, context: CurrentContext, visitor: CurrentVisitor) -> SealedRequest:
    """Return what only the recipients' keys open; that somebody took it is kept before it is handed over."""
    with context.store.reading() as connection:
        row = request_desks.require_row(connection, request)
        require_desk(context, visitor, row)
        kept = request_desks.sealed(connection, request)
    _note(context, visitor, "request.open", row)
    return SealedRequest.of(kept)


@router.post("/requests/{request}/actions", responses=refusals(HTTPStatus.CONFLICT))
def act(
    request: RequestPath, body: RequestActionBody, context: CurrentContext, visitor: CurrentVisitor
) -> RequestCard:
    """Do what the officer wants; 409 with the fresh card when it was wanted of something that is no longer so."""
    actor = Actor(ActorKind.DESK, visitor.login)
    action = body.action_by(actor, _key(visitor.login, body.idempotency_key))
    now_ms = context.clock()
    with context.store.writing() as connection:
        row = request_desks.require_row(connection, request)
        require_desk(context, visitor, row)
        _require_others(context, connection, visitor, row, action)
        try:
            changed = request_desks.act(connection, request, action, context.offices, now_ms)
        except RefusedError as error:
            fresh = replace(row, request=error.fresh or row.request)
            raise _refusal(error.code, _cards(context).card(fresh)) from error
    context.store.ring()
    return _cards(context).card(replace(row, request=changed))


def _require_others(
    context: Context, connection: Transaction, visitor: Visitor, row: DeskRow, action: Action
) -> None:
    """Refuse somebody who does not answer for the desk, and a twin that is not there or not to be seen."""
    if action.assignee is not None:
        chosen = accounts.account(connection, action.assignee)
        duty_desk = context.settings.requests.duty_desk
        if chosen is None or not answers_at(chosen, row.desk, row.request.ward, duty_desk):
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "not-at-this-desk")
    if action.duplicate_of is not None:
        require_desk(context, visitor, request_desks.require_row(connection, action.duplicate_of))


def _refusal(code: RefusedCode, card: RequestCard) -> Problem:
    is_malformed = code is RefusedCode.INVALID
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_malformed else HTTPStatus.CONFLICT
    return Problem(status, code.value, {"card": jsonable_encoder(card)})


def _key(login: str, key: str) -> str:
    """Return a key that no colleague can have used, within the length that events keep."""
    return hashlib.sha256(f"{login}:{key}".encode()).hexdigest()[:48]


def _cards(context: Context) -> Cards:
    return Cards(context.catalogue, context.offices, context.names, context.clock())


def _note(context: Context, visitor: Visitor, purpose: str, row: DeskRow) -> None:
    with context.store.writing() as connection:
        detail = {"version": row.request.version}
        audit.append(connection, visitor.login, purpose, row.request.id, detail, context.clock())
