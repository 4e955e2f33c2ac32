"""The services' part of the kiosk, over a real server: what is offered, orders, views by the stream, code and paper."""

import httpx
import msgspec
import pytest

from catalogue.model import Kind, Level, Need
from catalogue.words import Label, Text
from edge.drivers.printer.driver import NoPaperError
from edge.drivers.printer.slip import MAX_TEXT, Code
from edge.drivers.printer.slip import Text as SlipText
from edge.kiosk.app import LIMIT_S, PRINT_LIMIT_S, limit_of
from edge.kiosk.receipt import receipt_slip
from edge.kiosk.words import Language
from edge.paying.show import show
from edge.services.orders import Order
from edge.services.view import Action, IdentityNeed, Page, PaperView, ReceiptView, ServiceCard
from tests.edge.kiosk.conftest import STATION, Rig, RunKiosk, take
from tests.edge.paying.answers import paid_state
from tests.edge.waiting import eventually
from tests.fakes.kiosk_desks import AT_MS, START, ScriptedServices

TRACKING = "K7QM-3VXP-2HFD"
SERVICE = ServiceCard(
    id="report-library",
    version=1,
    kind=Kind.REPORT,
    name=Label("Góp ý thư viện", "Tell the library"),
    summary=Text("Góp ý cho thư viện.", "Tell an invented library."),
    warning=None,
    data_use=Text("Chỉ thư viện nhận.", "Only the library gets it."),
    decides=Label("Thư viện", "Library"),
    answers=[],
    result=Text("Trả lời.", "An answer."),
    identity=IdentityNeed(level=Level.NONE, fields=[]),
    has_card_fields=False,
    papers=[
        PaperView(name=Text("Thẻ thư viện.", "Library card."), optional=False),
        PaperView(name=Text("Đơn " + "x" * 1_000, "Letter " + "x" * 1_000), optional=True),
    ],
)
RECEIPT = ReceiptView(
    tracking=TRACKING,
    word="K7QM3V",
    at_ms=AT_MS,
    is_online=False,
    deadline_words=Text("Ba ngày làm việc.", "Three working days."),
)
DONE = msgspec.structs.replace(
    START,
    version=7,
    page=Page.RECEIPT,
    actions=[Action.END],
    need=Need.SAFETY,
    service=SERVICE,
    receipt=RECEIPT,
    is_submitted=True,
)


def told(answer: httpx.Response) -> tuple[int, object]:
    return answer.status_code, answer.json().get("problem")


async def test_a_station_without_services_says_so(run_kiosk: RunKiosk) -> None:
    async with run_kiosk() as browser:
        assert (await browser.get("/api/kiosk")).json()["has_services"] is False
        for answer in (
            await browser.get("/api/services"),
            await browser.get("/api/services/wards"),
            await browser.get("/api/services/receipt.svg"),
            await browser.post("/api/services/orders", json={"action": "open"}),
            await browser.post("/api/services/print", json={"language": "vi"}),
        ):
            assert told(answer) == (404, "no-services")


async def test_the_screen_learns_what_is_offered_and_where_one_can_live(run_kiosk: RunKiosk) -> None:
    async with run_kiosk(services=ScriptedServices()) as browser:
        assert (await browser.get("/api/kiosk")).json()["has_services"] is True
        assert (await browser.get("/api/services")).json() == {
            "needs": [
                {
                    "need": "safety",
                    "services": [
                        {
                            "id": "report-library",
                            "name": {"vi": "Góp ý thư viện", "en": "Tell the library"},
                            "summary": {
                                "vi": "Góp ý cho thư viện bịa đặt.",
                                "en": "Tell an invented library.",
                            },
                            "kind": "report",
                        }
                    ],
                }
            ]
        }
        wards = await browser.get("/api/services/wards")
        assert wards.json() == {"wards": [{"code": "27097", "name": "Phường Bình Trưng"}]}


async def test_an_order_reaches_the_session_and_its_view_comes_back(run_kiosk: RunKiosk) -> None:
    services = ScriptedServices()
    async with run_kiosk(services=services) as browser:
        answer = await browser.post("/api/services/orders", json={"action": "open", "need": "safety"})
    assert (answer.status_code, answer.json()["version"]) == (200, 2)
    assert answer.headers["cache-control"] == "no-store"
    assert services.orders == [Order(action=Action.OPEN, need=Need.SAFETY)]


async def test_an_order_that_is_not_for_now_is_refused_with_the_view_as_it_is(run_kiosk: RunKiosk) -> None:
    async with run_kiosk(services=ScriptedServices()) as browser:
        answer = await browser.post("/api/services/orders", json={"action": "submit"})
    assert told(answer) == (409, "refused")
    assert (answer.json()["reason"], answer.json()["view"]["page"]) == ("not-now", "home")


async def test_an_answer_may_be_any_json(run_kiosk: RunKiosk) -> None:
    view = msgspec.structs.replace(START, page=Page.QUESTION, actions=[Action.ANSWER])
    services = ScriptedServices(view)
    values: list[object] = [True, 12, "Lê Bịa", {"ward": "27097", "street": "1 Đường Bịa"}, ["a"], None, 1.5]
    async with run_kiosk(services=services) as browser:
        for value in values:
            order = {"action": "answer", "question": "q", "value": value}
            assert (await browser.post("/api/services/orders", json=order)).status_code == 200
    assert [order.value for order in services.orders] == values


async def test_what_was_typed_is_never_repeated_by_an_error(run_kiosk: RunKiosk) -> None:
    headers = {"Content-Type": "application/json"}
    senseless = [
        b'{"action": "answer", "value": "0901234567",}',
        b'{"action": "0901234567"}',
        b'{"action": "answer", "question": "' + b"0901234567" * 10 + b'"}',
        b'{"action": "answer", "0901234567": 1}',
        b'{"action": "answer", "value": ' + b"[" * 1_900 + b"]" * 1_900 + b"}",
        b'{"action": "answer", "value": 1e999}',
        b'{"action": "answer", "value": "' + b"0901234567" * 500 + b'"}',
    ]
    async with run_kiosk(services=ScriptedServices()) as browser:
        for order in senseless:
            answer = await browser.post("/api/services/orders", content=order, headers=headers)
            assert answer.status_code in (400, 413)
            assert "0901234567" not in answer.text


async def test_the_stream_tells_services_beside_cabin_and_card(rig: Rig, run_kiosk: RunKiosk) -> None:
    services = ScriptedServices()
    async with run_kiosk(services=services), rig.listening() as events:
        first = {(await take(events, "view", "services")).name for _ in range(2)}
        assert first == {"view", "services"}
        services.show(DONE)
        shown = (await take(events, "services")).data
        assert (shown["page"], shown["receipt"]["tracking"]) == ("receipt", TRACKING)
        assert (shown["question"], shown["trouble"], shown["idle"], shown["rows"]) == (None, None, None, [])
    await eventually(lambda: not services.followers)


async def test_the_receipt_is_shown_as_a_code_while_it_is_on_the_screen(run_kiosk: RunKiosk) -> None:
    services = ScriptedServices()
    async with run_kiosk(services=services) as browser:
        assert told(await browser.get("/api/services/receipt.svg")) == (409, "no-receipt")
        services.show(DONE)
        answer = await browser.get("/api/services/receipt.svg")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.text.startswith("<?xml") or "<svg" in answer.text


async def test_the_receipt_is_printed_in_the_language_that_was_asked_for(
    rig: Rig, run_kiosk: RunKiosk
) -> None:
    async with run_kiosk(services=ScriptedServices(DONE)) as browser:
        assert (await browser.post("/api/services/print", json={"language": "en"})).json() == {
            "printed": True
        }
    (slip,) = rig.printer.slips
    assert "Tell the library" in [block.text for block in slip.blocks if isinstance(block, SlipText)]


async def test_a_receipt_that_cannot_be_printed_says_why(rig: Rig, run_kiosk: RunKiosk) -> None:
    services = ScriptedServices()
    async with run_kiosk(services=services) as browser:
        assert told(await browser.post("/api/services/print", json={"language": "vi"})) == (409, "no-receipt")
        services.show(DONE)
        rig.printer.error = NoPaperError("no paper")
        assert told(await browser.post("/api/services/print", json={"language": "vi"})) == (503, "no-paper")
    async with run_kiosk(services=services, printer=None) as browser:
        assert told(await browser.post("/api/services/print", json={"language": "vi"})) == (503, "no-printer")


@pytest.mark.parametrize("language", list(Language))
def test_the_paper_has_the_code_the_papers_to_bring_and_nobody_s_name(language: Language) -> None:
    slip = receipt_slip(RECEIPT, SERVICE, STATION, language, 80)
    texts = [block.text for block in slip.blocks if isinstance(block, SlipText)]
    assert TRACKING in texts
    assert [block.text for block in slip.blocks if isinstance(block, Code)] == [f"{TRACKING}/K7QM3V"]
    assert any("K7QM3V" in text for text in texts)
    assert [text for text in texts if text in {"Thẻ thư viện", "Library card"}]
    assert all(len(text) <= MAX_TEXT for text in texts)
    assert any("22/11/2026 09:35" in text for text in texts)


def test_a_receipt_that_went_out_at_once_says_nothing_of_a_line() -> None:
    def texts(*, is_online: bool) -> int:
        receipt = msgspec.structs.replace(RECEIPT, is_online=is_online, deadline_words=None)
        service = msgspec.structs.replace(SERVICE, papers=[])
        slip = receipt_slip(receipt, service, STATION, Language.VIETNAMESE, 58)
        return len([block for block in slip.blocks if isinstance(block, SlipText)])

    assert texts(is_online=False) == texts(is_online=True) + 1


def test_paper_may_take_longer_than_other_answers() -> None:
    assert limit_of("/api/services/print") == PRINT_LIMIT_S
    assert limit_of("/api/services/orders") == LIMIT_S


async def test_another_site_is_told_nothing(run_kiosk: RunKiosk) -> None:
    services = ScriptedServices(DONE)
    async with run_kiosk(services=services) as browser:
        strange = {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}
        for answer in (
            await browser.get("/api/services/receipt.svg", headers=strange),
            await browser.post("/api/services/orders", json={"action": "end"}, headers=strange),
        ):
            assert told(answer) == (403, "origin")
    assert services.orders == []


def test_a_paid_bill_s_paper_says_what_was_paid_and_not_whose_it_was() -> None:
    slip = receipt_slip(
        RECEIPT, SERVICE, STATION, Language.VIETNAMESE, 80, paid=show(paid_state("BN00000001"), 1)
    )
    lines = [block.text for block in slip.blocks if isinstance(block, SlipText)]
    assert {"Đã trả: 412.000 đ", "Mã thanh toán: TCDS0000017", "Số biên nhận: BN00000001"} <= set(lines)
    assert not [line for line in lines if "N***" in line or "PE01" in line]
