"""What the screen's page asks of the services session: what is offered, orders, and the receipt as a code and on paper."""

import asyncio
from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from edge.kiosk.asking import Here, read
from edge.kiosk.context import Context
from edge.kiosk.paper import PrintOrder, printer_of, put_out
from edge.kiosk.ports import ServicesDesk
from edge.kiosk.problems import Problem, answer
from edge.kiosk.qr import svg
from edge.kiosk.receipt import code_text, receipt_slip
from edge.paying.view import Page as PayingPage
from edge.paying.view import PayingView
from edge.services.errors import OrderRefusedError
from edge.services.orders import Order
from edge.services.view import ReceiptView, ServiceCard

router = APIRouter(prefix="/api/services")


@router.get("")
async def menu(here: Here) -> Response:
    """Tell what this station offers, by need."""
    return answer(_services(here).menu)


@router.get("/wards")
async def wards(here: Here) -> Response:
    """Tell which wards an address can be in."""
    return answer({"wards": _services(here).wards})


@router.post("/orders")
async def obey(request: Request, here: Here) -> Response:
    """Do what the person wants."""
    services = _services(here)
    try:
        order = await read(request, Order)
    except RecursionError:
        # an answer may be any JSON, so the border cannot bound its depth by shape
        raise Problem(HTTPStatus.BAD_REQUEST, "malformed") from None
    try:
        return answer(services.act(order))
    except OrderRefusedError as error:
        members = {"reason": error.reason, "view": services.view}
        raise Problem(HTTPStatus.CONFLICT, "refused", members) from None


@router.get("/receipt.svg")
async def show_code(here: Here) -> Response:
    """Show the tracking code and the word beside it for the person's own phone."""
    receipt, _ = _receipt(here)
    return Response(
        await asyncio.to_thread(svg, code_text(receipt)),
        media_type="image/svg+xml",
    )


@router.post("/print")
async def print_receipt(request: Request, here: Here) -> Response:
    """Print the receipt; answered when it is out."""
    order = await read(request, PrintOrder)
    receipt, service = _receipt(here)
    printer = printer_of(here)
    slip = receipt_slip(receipt, service, here.station, order.language, printer.width_mm, paid=_paid(here))
    await put_out(printer, slip)
    return answer({"printed": True})


def _paid(here: Context) -> PayingView | None:
    """Return what was paid for what the receipt is of."""
    view = None if here.paying is None else here.paying.view
    return view if view is not None and view.page in {PayingPage.PAID, PayingPage.DONE} else None


def _services(here: Context) -> ServicesDesk:
    if here.services is None:
        raise Problem(HTTPStatus.NOT_FOUND, "no-services")
    return here.services


def _receipt(here: Context) -> tuple[ReceiptView, ServiceCard]:
    view = _services(here).view
    if view.receipt is None or view.service is None:
        raise Problem(HTTPStatus.CONFLICT, "no-receipt")
    return view.receipt, view.service
