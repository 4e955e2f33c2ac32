"""What the screen's page asks of the identity session. The only answers of the kiosk that hold what stands on a card."""

import asyncio
from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from edge.identity.errors import OrderRefusedError
from edge.identity.orders import Order
from edge.kiosk.asking import Here, read
from edge.kiosk.context import Context
from edge.kiosk.photo import PhotoError, as_jpeg
from edge.kiosk.ports import IdentityDesk
from edge.kiosk.problems import Problem, answer

router = APIRouter(prefix="/api/identity")


@router.post("/orders")
async def obey(request: Request, here: Here) -> Response:
    """Do what the person wants."""
    identity = _identity(here)
    order = await read(request, Order)
    try:
        return answer(identity.act(order))
    except OrderRefusedError as error:
        members = {"reason": error.reason, "view": identity.view}
        raise Problem(HTTPStatus.CONFLICT, "refused", members) from None


@router.get("/photo")
async def show_photo(here: Here) -> Response:
    """Show the face to its person, while they look at what was read."""
    photo = _identity(here).photo
    if photo is None:
        raise Problem(HTTPStatus.CONFLICT, "no-photo")
    try:
        jpeg = await asyncio.to_thread(as_jpeg, photo)
    except PhotoError as error:
        raise Problem(HTTPStatus.CONFLICT, "no-photo") from error
    return Response(jpeg, media_type="image/jpeg")


def _identity(here: Context) -> IdentityDesk:
    if here.identity is None:
        raise Problem(HTTPStatus.NOT_FOUND, "no-card-reader")
    return here.identity
