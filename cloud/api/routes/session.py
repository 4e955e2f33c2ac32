"""Logging in and out."""

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from cloud.api.bodies import Credentials
from cloud.api.context import CurrentContext
from cloud.api.guard import CurrentVisitor, GuardedRoute, cookie_name
from cloud.api.sessions import Visitor
from cloud.api.shapes.people import Session, User

router = APIRouter(prefix="/api", route_class=GuardedRoute)


@router.post("/session")
def log_in(body: Credentials, request: Request, response: Response, context: CurrentContext) -> Session:
    """Open a session and set its cookie."""
    address = request.client.host if request.client else ""
    token, visitor = context.door.log_in(body.login, body.password, address)
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
