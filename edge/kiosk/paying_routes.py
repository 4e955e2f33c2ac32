"""What the screen's page asks about a payment: orders, and the code that the person's own telephone scans."""

import asyncio
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from edge.kiosk.asking import Here, read
from edge.kiosk.context import Context
from edge.kiosk.ports import PayingDesk
from edge.kiosk.problems import Problem, answer
from edge.kiosk.qr import svg
from edge.paying.errors import OrderRefusedError
from edge.paying.orders import Order

router = APIRouter(prefix="/api/paying")

ProviderPath = Annotated[str, Path(max_length=48, pattern=r"^[a-z0-9-]+$")]


@router.post("/orders")
async def obey(request: Request, here: Here) -> Response:
    """Do what the person wants."""
    paying = _paying(here)
    order = await read(request, Order)
    try:
        return answer(paying.act(order))
    except OrderRefusedError as error:
        members = {"reason": error.reason, "view": paying.view}
        raise Problem(HTTPStatus.CONFLICT, "refused", members) from None


@router.get("/codes/{provider}")
async def show_code(provider: ProviderPath, here: Here) -> Response:
    """Show a provider's code, as long as it can be paid."""
    text = _paying(here).code(provider)
    if text is None:
        raise Problem(HTTPStatus.CONFLICT, "no-code")
    return Response(await asyncio.to_thread(svg, text), media_type="image/svg+xml")


def _paying(here: Context) -> PayingDesk:
    if here.paying is None:
        raise Problem(HTTPStatus.NOT_FOUND, "no-paying")
    return here.paying
