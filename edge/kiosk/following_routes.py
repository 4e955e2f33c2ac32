"""What the screen's page asks about requests that are on their way: one step for each touch."""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from edge.following.errors import OrderRefusedError
from edge.following.view import Order
from edge.kiosk.asking import Here, read
from edge.kiosk.problems import Problem, answer

router = APIRouter()


@router.post("/api/following/orders")
async def obey(request: Request, here: Here) -> Response:
    """Take a step, and tell what the page shows after it."""
    following = here.following
    if following is None:
        raise Problem(HTTPStatus.NOT_FOUND, "no-following")
    order = await read(request, Order)
    try:
        return answer(await following.act(order))
    except OrderRefusedError as error:
        raise Problem(HTTPStatus.CONFLICT, "refused", {"reason": error.reason}) from None
