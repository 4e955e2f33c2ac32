"""Putting a slip on paper for whoever asked, and what to say when it does not come out."""

from http import HTTPStatus

from msgspec import Struct

from edge.drivers.printer.driver import NoPaperError, PrinterBusyError, PrinterError, PrinterFaultError
from edge.drivers.printer.slip import Slip
from edge.kiosk.context import Context
from edge.kiosk.ports import PrintDesk
from edge.kiosk.problems import Problem
from edge.kiosk.words import Language
from edge.logs import Log

_log = Log(__name__)


class PrintOrder(Struct, frozen=True, forbid_unknown_fields=True):
    """The language that the paper is printed in."""

    language: Language


def printer_of(here: Context) -> PrintDesk:
    """Return the printer; Problem 503 `no-printer`."""
    if here.printer is None:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "no-printer")
    return here.printer


async def put_out(printer: PrintDesk, slip: Slip) -> None:
    """Return when the slip is out; Problem 503 says why it is not."""
    try:
        await printer.print(slip)
    except PrinterError as error:
        _log.warning("not printed", reason=str(error))
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, _name(error)) from error


def _name(error: PrinterError) -> str:
    match error:
        case NoPaperError():
            return "no-paper"
        case PrinterBusyError():
            return "printer-busy"
        case PrinterFaultError():
            return "printer-fault"
        case _:
            return "printer-silent"
