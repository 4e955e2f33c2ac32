"""The live feed as server-sent events, and the presence leases of those who watch it."""

from typing import Annotated

from fastapi import APIRouter, Header, Response
from fastapi.sse import EventSourceResponse

from cloud.api.bodies import ConsolePath, PresenceBody
from cloud.api.context import CurrentContext
from cloud.api.guard import CurrentVisitor, GuardedRoute
from cloud.api.refusals import answers
from cloud.api.shapes.people import Lease
from cloud.api.stream import events
from cloud.store import presence

router = APIRouter(prefix="/api", route_class=GuardedRoute)

_HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}


@router.get("/stream", response_class=Response, responses=answers("text/event-stream"))
async def stream(
    context: CurrentContext,
    visitor: CurrentVisitor,
    last_event_id: Annotated[str | None, Header(max_length=100)] = None,
) -> EventSourceResponse:
    """Send what the visitor sees, from the last event on, until the session ends."""
    return EventSourceResponse(events(context, visitor, last_event_id), headers=_HEADERS)


@router.put("/presence")
def arm(body: PresenceBody, context: CurrentContext, visitor: CurrentVisitor) -> Lease:
    """Hold the visitor's wards for a while: an armed console is where an alarm sounds first."""
    now_ms = context.clock()
    lease = presence.Lease(
        console=_plain(body.console),
        login=visitor.login,
        wards=visitor.wards,
        armed=body.armed,
        expires_at_ms=now_ms + presence.LEASE_MS,
    )
    with context.store.writing() as connection:
        before = presence.armed_counts(connection, now_ms)
        presence.renew(connection, lease)
        has_changed = before != presence.armed_counts(connection, now_ms)
    if has_changed:
        context.store.ring()
    return Lease(expires_in_ms=presence.LEASE_MS)


@router.delete("/presence/{console}", status_code=204)
def disarm(console: ConsolePath, context: CurrentContext, visitor: CurrentVisitor) -> None:
    """Give the lease back at once, as a console does that is closed."""
    with context.store.writing() as connection:
        presence.release(connection, _plain(console), visitor.login)
    context.store.ring()


def _plain(console: str) -> str:
    """Return one form of the id, with or without its hyphens."""
    return console.replace("-", "")
