"""What the screen's page asks of the station: the cabin, help, voice, paper."""

import asyncio
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from msgspec import Meta, Struct

from edge.cabin.errors import ActionRefusedError
from edge.cabin.orders import Order
from edge.cabin.view import SheetView
from edge.journal.errors import JournalError
from edge.kiosk.asking import Here, OpenStreams, read
from edge.kiosk.context import Context
from edge.kiosk.paper import PrintOrder, printer_of, put_out
from edge.kiosk.ports import CabinDesk
from edge.kiosk.problems import Problem, answer
from edge.kiosk.qr import sheet_text, svg
from edge.kiosk.slips import sheet_slip
from edge.kiosk.speech import MAX_TEXT, VoiceError
from edge.kiosk.words import Language
from edge.logs import Log
from wire.entries import Token
from wire.messages import SosStage

SOS_LIMIT_S: Final = 5.0
"""So long a page waits for the disk; it then repeats the same press, which goes on meanwhile."""

_log: Final = Log(__name__)
router = APIRouter()


class Beat(Struct, frozen=True, forbid_unknown_fields=True):
    """A page's sign of life, and which one it is."""

    page: Annotated[str, Meta(pattern=r"^[a-z0-9-]{0,20}$")] = ""


class Press(Struct, frozen=True, forbid_unknown_fields=True):
    """One touch of the red button; the page minted its id."""

    id: Token


@router.get("/api/kiosk")
async def about(here: Here) -> Response:
    """Tell what this station is and has."""
    station = here.station
    return answer(
        {
            "station": {"id": station.id, "name": station.name, "place": station.place},
            "has_cabin": here.cabin is not None,
            "has_card": here.identity is not None,
            "has_services": here.services is not None,
            "has_guide": here.guide is not None,
            "has_printer": here.printer is not None,
            "has_service": here.has_service,
            "release": here.release,
        }
    )


@router.get("/api/cabin/stream")
async def stream(streams: OpenStreams) -> Response:
    """Tell the page everything, for as long as it listens."""
    return StreamingResponse(streams.events(), media_type="text/event-stream")


@router.post("/api/cabin/orders")
async def obey(request: Request, here: Here) -> Response:
    """Do what the person wants."""
    cabin = _cabin(here)
    order = await read(request, Order)
    try:
        return answer(cabin.act(order))
    except ActionRefusedError as error:
        members = {"reason": error.reason, "view": cabin.view}
        raise Problem(HTTPStatus.CONFLICT, "refused", members) from error


@router.post("/api/sos")
async def press(request: Request, here: Here) -> Response:
    """Call for help; answered when the press is on disk."""
    pressed = await read(request, Press)
    try:
        async with asyncio.timeout(SOS_LIMIT_S):
            await here.sos.press(pressed.id)
    except (JournalError, TimeoutError) as error:
        _log.error("press on the screen not recorded", reason=str(error) or "the disk hangs")
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "not-recorded") from error
    return answer({"stage": SosStage.RECORDED})


@router.post("/api/beat")
async def beat(request: Request, here: Here) -> Response:
    """Take a page's sign of life."""
    here.screen.beat((await read(request, Beat)).page)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.get("/api/speech")
async def speak(here: Here, language: Language, text: Annotated[str, Query(min_length=1)]) -> Response:
    """Speak a text."""
    if len(text) > MAX_TEXT:
        raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large")
    try:
        wav = await here.voice.speak(text, language)
    except VoiceError as error:
        _log.warning("nothing spoken", reason=str(error))
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "no-voice") from error
    return Response(wav, media_type="audio/wav")


@router.post("/api/cabin/print")
async def print_sheet(request: Request, here: Here) -> Response:
    """Print the sheet; answered when it is out."""
    order = await read(request, PrintOrder)
    sheet = _sheet(here)
    printer = printer_of(here)
    await put_out(printer, sheet_slip(sheet, here.station, order.language, printer.width_mm))
    return answer({"printed": True})


@router.get("/api/cabin/sheet.svg")
async def show_code(here: Here) -> Response:
    """Show the sheet as a code for the person's own phone; drawing it takes a tenth of a second."""
    text = sheet_text(_sheet(here), here.station)
    return Response(await asyncio.to_thread(svg, text), media_type="image/svg+xml")


def _cabin(here: Context) -> CabinDesk:
    if here.cabin is None:
        raise Problem(HTTPStatus.NOT_FOUND, "no-cabin")
    return here.cabin


def _sheet(here: Context) -> SheetView:
    sheet = _cabin(here).view.sheet
    if sheet is None:
        raise Problem(HTTPStatus.CONFLICT, "no-sheet")
    return sheet
