"""A draft's part of the kiosk, over a real server: the code on paper while it is on the screen, and nowhere else."""

import httpx
import msgspec
import pytest

from edge.drivers.printer.driver import NoPaperError
from edge.drivers.printer.slip import MAX_TEXT
from edge.drivers.printer.slip import Text as SlipText
from edge.kiosk.app import PRINT_LIMIT_S, limit_of
from edge.kiosk.draft_slip import draft_slip
from edge.kiosk.words import Language
from edge.services.draft_view import KeptView
from edge.services.orders import Order
from edge.services.view import Action, Page
from tests.edge.kiosk.conftest import STATION, Rig, RunKiosk
from tests.fakes.kiosk_desks import AT_MS, START, ScriptedServices

CODE = "K7QM-3VXPW-2HFD"
KEPT = KeptView(code=CODE, until_ms=AT_MS)
SHOWN = msgspec.structs.replace(START, version=4, page=Page.KEPT, actions=[Action.END], kept=KEPT)
BY_CARD = msgspec.structs.replace(SHOWN, kept=msgspec.structs.replace(KEPT, code=""))


def told(answer: httpx.Response) -> tuple[int, object]:
    return answer.status_code, answer.json().get("problem")


async def test_the_code_is_printed_while_it_is_on_the_screen(rig: Rig, run_kiosk: RunKiosk) -> None:
    services = ScriptedServices()
    async with run_kiosk(services=services) as browser:

        async def press() -> httpx.Response:
            return await browser.post("/api/services/draft/print", json={"language": "vi"})

        assert told(await press()) == (409, "no-code")
        services.show(BY_CARD)
        assert told(await press()) == (409, "no-code")
        services.show(SHOWN)
        assert (await press()).json() == {"printed": True}
        rig.printer.error = NoPaperError("no paper")
        assert told(await press()) == (503, "no-paper")
    (slip,) = rig.printer.slips
    texts = [block.text for block in slip.blocks if isinstance(block, SlipText)]
    assert "-".join(text for text in texts if text in CODE.split("-")) == CODE


async def test_a_station_without_services_or_printer_says_so(run_kiosk: RunKiosk) -> None:
    async with run_kiosk() as browser:
        answer = await browser.post("/api/services/draft/print", json={"language": "vi"})
        assert told(answer) == (404, "no-services")
    async with run_kiosk(services=ScriptedServices(SHOWN), printer=None) as browser:
        answer = await browser.post("/api/services/draft/print", json={"language": "vi"})
        assert told(answer) == (503, "no-printer")


async def test_a_typed_code_reaches_the_session_and_is_never_repeated(run_kiosk: RunKiosk) -> None:
    view = msgspec.structs.replace(START, page=Page.RESUME, actions=[Action.UNLOCK])
    services = ScriptedServices(view)
    async with run_kiosk(services=services) as browser:
        for code in (CODE, "k7qm 3vxpw"):
            order = {"action": "unlock", "code": code}
            assert (await browser.post("/api/services/orders", json=order)).status_code == 200
        longer = {"action": "unlock", "code": CODE * 10}
        answer = await browser.post("/api/services/orders", json=longer)
    assert (answer.status_code, CODE in answer.text) == (400, False)
    assert services.orders == [
        Order(action=Action.UNLOCK, code=CODE),
        Order(action=Action.UNLOCK, code="k7qm 3vxpw"),
    ]
    assert CODE not in repr(services.orders)


@pytest.mark.parametrize("language", list(Language))
def test_the_paper_says_that_nothing_is_submitted_and_until_when_it_is_kept(language: Language) -> None:
    slip = draft_slip(KEPT, STATION, language, 58)
    texts = [block.text for block in slip.blocks if isinstance(block, SlipText)]
    assert {"CHƯA NỘP", "NOT YET SUBMITTED"} & {*texts}
    assert any("22/11/2026" in text for text in texts)
    assert all(len(text) <= MAX_TEXT for text in texts)


def test_a_printed_code_may_take_as_long_as_other_paper() -> None:
    assert limit_of("/api/services/draft/print") == PRINT_LIMIT_S
