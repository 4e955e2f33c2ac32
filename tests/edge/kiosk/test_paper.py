"""Printing and the phone's code over a real server, and to a real (fake) printer once."""

from pathlib import Path

import httpx
import pytest

from edge.clock import SystemClock
from edge.drivers.printer.driver import (
    NoPaperError,
    PrinterBusyError,
    PrinterDriver,
    PrinterError,
    PrinterFaultError,
    PrinterSilentError,
)
from edge.drivers.printer.slip import Text
from edge.settings import PrinterSettings
from tests.edge.kiosk.conftest import Rig, RunKiosk
from tests.fakes.kiosk_desks import sheet, sheet_page
from tests.fakes.printer import FakePrinter

VI = {"language": "vi"}


def told(answer: httpx.Response) -> tuple[int, object]:
    return answer.status_code, answer.json().get("problem")


async def test_without_a_sheet_there_is_nothing_to_print_or_take_along(run_kiosk: RunKiosk) -> None:
    async with run_kiosk() as browser:
        assert told(await browser.post("/api/cabin/print", json=VI)) == (409, "no-sheet")
        assert told(await browser.get("/api/cabin/sheet.svg")) == (409, "no-sheet")


async def test_the_sheet_is_printed_in_the_persons_language(rig: Rig, run_kiosk: RunKiosk) -> None:
    rig.cabin.show(sheet_page(sheet()))
    async with run_kiosk() as browser:
        for language in ("vi", "en"):
            answer = await browser.post("/api/cabin/print", json={"language": language})
            assert answer.json() == {"printed": True}
        assert told(await browser.post("/api/cabin/print", json={"language": "fr"})) == (400, "malformed")
    titles = [{block.text for block in slip.blocks if isinstance(block, Text)} for slip in rig.printer.slips]
    assert "Kết quả đo sức khỏe" in titles[0]
    assert "Your measurements" in titles[1]


async def test_the_sheet_can_be_taken_along_as_a_code(rig: Rig, run_kiosk: RunKiosk) -> None:
    rig.cabin.show(sheet_page(sheet()))
    async with run_kiosk() as browser:
        answer = await browser.get("/api/cabin/sheet.svg")
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert answer.headers["cache-control"] == "no-store"
    assert b"<svg" in answer.content


async def test_each_way_in_which_paper_fails_has_its_name(
    rig: Rig, run_kiosk: RunKiosk, caplog: pytest.LogCaptureFixture
) -> None:
    rig.cabin.show(sheet_page(sheet()))
    faults: list[tuple[PrinterError, str]] = [
        (NoPaperError("x"), "no-paper"),
        (PrinterSilentError("x"), "printer-silent"),
        (PrinterFaultError("x"), "printer-fault"),
        (PrinterBusyError("x"), "printer-busy"),
        (PrinterError("x"), "printer-silent"),
    ]
    async with run_kiosk() as browser:
        for error, problem in faults:
            rig.printer.error = error
            assert told(await browser.post("/api/cabin/print", json=VI)) == (503, problem)
    assert "132" not in caplog.text


async def test_a_station_without_a_printer_says_so(rig: Rig, run_kiosk: RunKiosk) -> None:
    rig.cabin.show(sheet_page(sheet()))
    async with run_kiosk(printer=None) as browser:
        assert told(await browser.post("/api/cabin/print", json=VI)) == (503, "no-printer")


async def test_from_the_touch_to_the_paper(rig: Rig, run_kiosk: RunKiosk, tmp_path: Path) -> None:
    rig.cabin.show(sheet_page(sheet(is_high=True)))
    async with FakePrinter(tmp_path / "printer", width=384) as paper:
        settings = PrinterSettings(port=str(paper.path), baud=921_600, width_mm=58)
        printer = PrinterDriver(settings, SystemClock(), rig.notes.append)
        async with run_kiosk(printer=printer) as browser:
            assert (await browser.post("/api/cabin/print", json=VI)).json() == {"printed": True}
            paper.faults.rows_left = 100
            assert told(await browser.post("/api/cabin/print", json=VI)) == (503, "no-paper")
    (slip,) = paper.slips
    assert slip.width == 384
    assert slip.height > 1_000
    assert bytes(paper.unknown) == b""
