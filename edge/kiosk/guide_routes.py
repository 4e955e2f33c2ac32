"""What the screen's page asks of the guide: one turn of the conversation for each word or touch. What was said is kept nowhere."""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from edge.guide.errors import OrderRefusedError
from edge.guide.orders import Order
from edge.kiosk.asking import Here, read
from edge.kiosk.problems import Problem, answer

router = APIRouter()


@router.post("/api/guide")
async def talk(request: Request, here: Here) -> Response:
    """Take what the person said or touched, and tell what the guide makes of it."""
    guide = here.guide
    if guide is None:
        raise Problem(HTTPStatus.NOT_FOUND, "no-guide")
    order = await read(request, Order)
    try:
        return answer(await guide.act(order))
    except OrderRefusedError as error:
        raise Problem(HTTPStatus.CONFLICT, "refused", {"reason": error.reason}) from None
