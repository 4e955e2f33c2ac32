"""The guide's part of the kiosk, over a real server: from words to a service, and whatever a page may send instead."""

import logging
from collections.abc import Mapping

import httpx
import pytest

from catalogue.load import load_catalogue
from edge.guide.ear import Ear
from edge.guide.embedded import build_understanding
from edge.guide.guide import Guide
from edge.guide.understanding import Understanding
from tests.edge.cabin.conftest import HeldClock
from tests.edge.kiosk.conftest import RunKiosk

SERVICES = load_catalogue().services
SECRET = "079188005678"


@pytest.fixture(scope="module")
def understanding() -> Understanding:
    return build_understanding(SERVICES)


@pytest.fixture
def guide(understanding: Understanding) -> Guide:
    found = Guide(SERVICES, HeldClock())
    found.listen(Ear(understanding))
    return found


async def talk(browser: httpx.AsyncClient, **order: object) -> dict[str, object]:
    answer = await browser.post("/api/guide", json=order)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    told: dict[str, object] = answer.json()
    return told


def told(answer: httpx.Response) -> tuple[int, str, str | None]:
    problem = answer.json()
    return answer.status_code, problem["problem"], problem.get("reason")


def proposed(turn: Mapping[str, object]) -> list[str]:
    proposals = turn["proposals"]
    assert isinstance(proposals, list)
    return [choice["service"] for choice in proposals]


async def test_a_station_without_a_guide_says_so(run_kiosk: RunKiosk) -> None:
    async with run_kiosk() as browser:
        assert (await browser.get("/api/kiosk")).json()["has_guide"] is False
        assert told(await browser.post("/api/guide", json={"event": "start"})) == (404, "no-guide", None)


async def test_it_greets_and_says_what_it_can_do(run_kiosk: RunKiosk, guide: Guide) -> None:
    async with run_kiosk(guide=guide) as browser:
        assert (await browser.get("/api/kiosk")).json()["has_guide"] is True
        turn = await talk(browser, event="start")
    assert set(turn) == {"sentences", "proposals", "service", "answer", "topics", "intents"}
    assert turn["sentences"] == [
        {"vi": "Xin chào! Ông/bà cần làm việc gì?", "en": "Hello! What would you like to do?"},
        turn["sentences"][1],  # type: ignore[index]
    ]


async def test_an_old_woman_comes_from_her_words_to_the_service(run_kiosk: RunKiosk, guide: Guide) -> None:
    """She asks what it costs first, is asked which, is told with the source, and begins."""
    async with run_kiosk(guide=guide) as browser:
        turn = await talk(browser, event="say", text="đăng ký tạm trú cho con tôi")
        assert proposed(turn)[0] == "temporary-residence"
        assert len(proposed(turn)) <= 3
        assert turn["topics"] == ["what", "cost", "time", "need"]
        turn = await talk(browser, event="ask", topic="cost")
        assert proposed(turn)[0] == "temporary-residence"
        turn = await talk(browser, event="choose", service="temporary-residence")
        answer = turn["answer"]
        assert isinstance(answer, dict)
        assert answer["source"] == f"temporary-residence@{SERVICES['temporary-residence'].version}#channels"
        assert set(answer) == {"topic", "text", "source", "confirmed"}
        assert turn["intents"] == []
        turn = await talk(browser, event="choose", service="temporary-residence")
        assert turn["intents"] == [{"kind": "open", "service": "temporary-residence"}]
        assert (await talk(browser, event="leave"))["sentences"] == []


async def test_in_an_emergency_the_button_is_offered_and_nobody_is_called(
    run_kiosk: RunKiosk, guide: Guide
) -> None:
    async with run_kiosk(guide=guide) as browser:
        turn = await talk(browser, event="say", text="chay nha roi, cuu voi")
        assert turn["intents"] == [{"kind": "sos"}]


async def test_what_is_not_understood_twice_leads_to_a_person(run_kiosk: RunKiosk, guide: Guide) -> None:
    async with run_kiosk(guide=guide) as browser:
        assert (await talk(browser, event="say", text="tối nay đội nào đá chung kết"))["intents"] == []
        turn = await talk(browser, event="say", text="kể chuyện cười đi")
        assert turn["intents"] == [{"kind": "person"}]


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        ({"event": "say"}, "text"),
        ({"event": "say", "text": "  "}, "text"),
        ({"event": "choose", "service": "passport"}, "service"),
        ({"event": "ask"}, "topic"),
    ],
)
async def test_an_order_that_cannot_be_carried_out_is_refused_with_its_reason(
    run_kiosk: RunKiosk, guide: Guide, order: dict[str, str], reason: str
) -> None:
    async with run_kiosk(guide=guide) as browser:
        assert told(await browser.post("/api/guide", json=order)) == (409, "refused", reason)


async def test_words_before_it_has_learnt_are_refused(run_kiosk: RunKiosk) -> None:
    async with run_kiosk(guide=Guide(SERVICES, HeldClock())) as browser:
        answer = await browser.post("/api/guide", json={"event": "say", "text": "làm giấy khai sinh"})
    assert told(answer) == (409, "refused", "not-ready")


async def test_the_longest_sentence_is_heard_and_a_longer_one_is_not(
    run_kiosk: RunKiosk, guide: Guide
) -> None:
    async with run_kiosk(guide=guide) as browser:
        await talk(browser, event="say", text="ế" * 400)
        answer = await browser.post("/api/guide", json={"event": "say", "text": "ế" * 401})
    assert told(answer) == (400, "malformed", None)


async def test_what_was_said_is_never_repeated_by_an_error_nor_logged(
    run_kiosk: RunKiosk, guide: Guide, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    said = SECRET.encode()
    senseless = [
        b'{"event": "say", "text": "' + said + b'",}',
        b'{"event": "' + said + b'"}',
        b'{"event": "say", "' + said + b'": 1}',
        b'{"event": "choose", "service": "' + said + b'"}',
        b'{"event": "ask", "topic": "' + said + b'"}',
        b'{"event": "say", "text": "\\ud800' + said + b'"}',
        b'{"event": "say", "text": ' + b"[" * 1_900 + b"]" * 1_900 + b"}",
        b'{"event": "say", "text": "' + said * 40 + b'"}',
        b'{"event": "say", "text": "' + said * 400 + b'"}',
        b"\xff" + said,
        b"",
    ]
    headers = {"Content-Type": "application/json"}
    async with run_kiosk(guide=guide) as browser:
        for order in senseless:
            answer = await browser.post("/api/guide", content=order, headers=headers)
            assert answer.status_code in (400, 409, 413), order[:40]
            assert SECRET not in answer.text
        turn = await browser.post("/api/guide", json={"event": "say", "text": f"khai sinh {SECRET}"})
        assert turn.status_code == 200
        assert SECRET not in turn.text
    assert SECRET not in "".join(str(record.__dict__) for record in caplog.records)


async def test_another_site_learns_nothing_and_does_nothing(run_kiosk: RunKiosk, guide: Guide) -> None:
    strange = {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}
    async with run_kiosk(guide=guide) as browser:
        await talk(browser, event="say", text="làm giấy khai sinh")
        before = guide._state
        answer = await browser.post("/api/guide", json={"event": "leave"}, headers=strange)
        assert told(answer) == (403, "origin", None)
        assert (await browser.get("/api/guide")).status_code in (404, 405)
    assert guide._state == before
