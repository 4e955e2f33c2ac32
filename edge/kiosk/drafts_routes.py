"""What the screen's page asks about a draft besides orders: its code on paper."""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from edge.kiosk.asking import Here, read
from edge.kiosk.draft_slip import draft_slip
from edge.kiosk.paper import PrintOrder, printer_of, put_out
from edge.kiosk.problems import Problem, answer

router = APIRouter(prefix="/api/services/draft")


@router.post("/print")
async def print_code(request: Request, here: Here) -> Response:
    """Print the code while it is on the screen; answered when it is out."""
    order = await read(request, PrintOrder)
    if here.services is None:
        raise Problem(HTTPStatus.NOT_FOUND, "no-services")
    kept = here.services.view.kept
    if kept is None or not kept.code:
        raise Problem(HTTPStatus.CONFLICT, "no-code")
    printer = printer_of(here)
    await put_out(printer, draft_slip(kept, here.station, order.language, printer.width_mm))
    return answer({"printed": True})
