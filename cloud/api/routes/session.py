"""Logging in and out."""

from functools import partial
from http import HTTPStatus

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from cloud.api.bodies import Credentials
from cloud.api.context import CurrentContext
from cloud.api.guard import CurrentVisitor, GuardedRoute, cookie_name
from cloud.api.refusals import refusals
from cloud.api.sessions import Visitor, throttled
from cloud.api.shapes.people import Session, User

router = APIRouter(prefix="/api", route_class=GuardedRoute)

PARALLEL_LOGINS = 2
"""Each check of a password takes 19 MiB and a core; it also bounds how many guesses pass before one is counted.

They have threads of their own: a flood of guesses must not keep an officer from acknowledging an SOS.
"""

MAX_WAITING_LOGINS = 20


@router.post("/session", responses=refusals(HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS))
async def log_in(body: Credentials, request: Request, response: Response, context: CurrentContext) -> Session:
    """Open a session and set its cookie."""
    address = request.client.host if request.client else ""
    if context.logins.statistics().tasks_waiting >= MAX_WAITING_LOGINS:
        raise throttled(1_000)
    check = partial(context.door.log_in, body.login, body.password, address)
    token, visitor = await to_thread.run_sync(check, limiter=context.logins)
    is_secure = context.settings.api.secure_cookies
    response.set_cookie(
        cookie_name(is_secure=is_secure), token, secure=is_secure, httponly=True, samesite="strict", path="/"
    )
    return _session(visitor)


@router.get("/session")
def current_session(visitor: CurrentVisitor) -> Session:
    """Tell who is logged in."""
    return _session(visitor)


@router.delete("/session", status_code=204)
async def log_out(response: Response, context: CurrentContext, visitor: CurrentVisitor) -> None:
    """Close the session, and its streams at once."""
    await run_in_threadpool(context.door.log_out, visitor)
    context.feed.end_session(visitor.session.token_hash)
    is_secure = context.settings.api.secure_cookies
    response.delete_cookie(
        cookie_name(is_secure=is_secure), secure=is_secure, httponly=True, samesite="strict", path="/"
    )


def _session(visitor: Visitor) -> Session:
    return Session(user=User.of(visitor.account), csrf=visitor.session.csrf)
