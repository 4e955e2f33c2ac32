"""The payment's part of the kiosk, over a real server: from bills to a code, and what is refused."""

from edge.paying.paying import Paying
from edge.paying.session import Answer, Question
from edge.paying.view import Page
from tests.edge.cabin.conftest import HeldClock
from tests.edge.kiosk.conftest import Rig, RunKiosk, take
from tests.edge.paying.answers import BILL, BILLS, DUE, stands
from tests.edge.waiting import eventually
from wire.asking import AskBills


async def answer(question: Question) -> Answer:
    return BILLS if isinstance(question, AskBills) else stands("00020101021238570010A000000727")


async def test_a_bill_is_chosen_and_its_code_is_shown(rig: Rig, run_kiosk: RunKiosk) -> None:
    paying = Paying(answer, HeldClock())
    async with run_kiosk(paying=paying) as browser:
        paying.begin(DUE)
        await eventually(lambda: paying.view.page is Page.BILLS)
        chosen = await browser.post("/api/paying/orders", json={"action": "choose", "bill": BILL.bill})
        assert (chosen.status_code, chosen.json()["page"]) == (200, "opening")
        await eventually(lambda: paying.view.page is Page.PAY)
        code = await browser.get("/api/paying/codes/bank")
        assert (code.status_code, code.headers["content-type"]) == (200, "image/svg+xml")
        async with rig.listening() as events:
            assert (await take(events, "paying")).data["amount_dong"] == BILL.amount_dong
        paying.end()
        assert (await browser.get("/api/paying/codes/bank")).json()["problem"] == "no-code"


async def test_what_is_not_offered_is_refused_with_what_is(run_kiosk: RunKiosk) -> None:
    async with run_kiosk(paying=Paying(answer, HeldClock())) as browser:
        refused = await browser.post("/api/paying/orders", json={"action": "done"})
        assert (refused.status_code, refused.json()["reason"]) == (409, "not-now")
        assert refused.json()["view"]["page"] == "none"


async def test_a_station_without_services_takes_no_payment(run_kiosk: RunKiosk) -> None:
    async with run_kiosk() as browser:
        refused = await browser.post("/api/paying/orders", json={"action": "done"})
        assert (refused.status_code, refused.json()["problem"]) == (404, "no-paying")
