"""The portal's connector against the portal as a real server: right answers, wrong ones, and none."""

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.connectors.errors import AnswerError, OutOfReachError
from cloud.connectors.guard import Guard
from cloud.connectors.port import Handover, NotTakenError, UnknownNumberError
from cloud.connectors.portal import Portal
from cloud.connectors.simulators.faults import Faults
from cloud.connectors.simulators.manners import DELIVERED, READY, REFUSED, SUPPLEMENT, WITHDRAWN, WORKING
from cloud.connectors.simulators.portal import PortalDesk, Wrong, create_app
from cloud.connectors.simulators.serving import serving
from cloud.requests.outside import NATIONAL_PORTAL
from cloud.requests.request import Decision, State
from tests.cloud.requests.samples import NOW_MS
from tests.cloud.sharing import SECRET, sealed

TOKEN = "portal-token"
FIRST = "H29.13.5-261123-0001"


@pytest.fixture
def desk() -> PortalDesk:
    return PortalDesk(TOKEN, lambda: NOW_MS)


@pytest.fixture
def url(desk: PortalDesk) -> Iterator[str]:
    with serving(create_app(desk)) as address:
        yield address


def client_of(url: str, token: str = TOKEN) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=5, trust_env=False
    )


async def no_pause(_seconds: float) -> None:
    """Retry at once: the pauses are the guard's own tests."""


@pytest.fixture
async def portal(url: str) -> AsyncIterator[Portal]:
    async with client_of(url) as client:
        yield Portal(client, Guard("portal", timeout_s=2.0, pause=no_pause))


def handover(key: str = "6e" * 16, **changed: object) -> Handover:
    values: dict[str, object] = {
        "key": key,
        "tracking": "V68M-8BYZ-746J",
        "service": "temporary-residence",
        "service_version": 3,
        "authority": "ward-police",
        "ward": "27097",
        "recipients": ("ward-police",),
        "fields": ("number", "name"),
        "blobs": (("0f" * 32, 250_000),),
        "sealed": sealed(),
    }
    return Handover(**(values | changed))  # type: ignore[arg-type]  # each test names what it changes


async def test_a_dossier_gets_a_case_number_and_arrives_as_it_was_sealed(
    portal: Portal, desk: PortalDesk
) -> None:
    assert await portal.submit(handover()) == FIRST
    (received,) = desk.cases[FIRST].received
    assert received.service == "temporary-residence"
    assert received.tracking == "V68M-8BYZ-746J"
    assert SECRET not in received.sealed.encode(), "base64"
    assert "number" in received.parts


async def test_the_same_key_again_is_the_same_case(portal: Portal, desk: PortalDesk) -> None:
    assert [await portal.submit(handover()) for _ in range(3)] == [FIRST] * 3
    assert await portal.submit(handover("7f" * 16)) == "H29.13.5-261123-0002"
    assert len(desk.cases) == 2


async def test_an_answer_that_is_lost_makes_no_second_case(portal: Portal, desk: PortalDesk) -> None:
    desk.desk.faults = Faults(fail_next=2)
    assert await portal.submit(handover()) == FIRST
    assert (len(desk.cases), desk.desk.answered) == (1, 3)


async def test_a_portal_that_is_away_is_out_of_reach(portal: Portal, desk: PortalDesk) -> None:
    desk.desk.faults = Faults(fail_next=10)
    with pytest.raises(OutOfReachError):
        await portal.submit(handover())
    with pytest.raises(OutOfReachError):
        await portal.status(FIRST)


async def test_a_slow_portal_is_not_waited_for(url: str, desk: PortalDesk) -> None:
    desk.desk.faults = Faults(latency_s=5)
    async with client_of(url) as client:
        slow = Portal(client, Guard("portal", timeout_s=0.05, pause=no_pause))
        with pytest.raises(OutOfReachError):
            await slow.submit(handover())


async def test_what_is_not_taken_says_why(portal: Portal, desk: PortalDesk) -> None:
    desk.wrong = Wrong(refused={"temporary-residence": "service-moved"})
    with pytest.raises(NotTakenError) as refused:
        await portal.submit(handover())
    assert refused.value.reason == "service-moved"
    assert desk.cases == {}


@pytest.mark.parametrize("word", NATIONAL_PORTAL)
async def test_every_word_of_the_portal_is_a_state_of_ours(
    portal: Portal, desk: PortalDesk, word: str
) -> None:
    number = await portal.submit(handover())
    desk.cases[number].status = word
    standing = await portal.status(number)
    assert (standing.word, standing.state) == (word, NATIONAL_PORTAL[word].state)
    assert standing.case_number == number
    assert await portal.lookup(number) == {"case_number": number, "status": word}


async def test_a_decision_and_a_reason_come_along(portal: Portal, desk: PortalDesk) -> None:
    case = desk.cases[await portal.submit(handover())]
    case.status, case.decision = READY, "denied"
    assert (await portal.status(case.number)).decision is Decision.DENIED
    case.status, case.decision, case.reason = REFUSED, None, "incomplete"
    standing = await portal.status(case.number)
    assert (standing.state, standing.reason) == (State.REFUSED, "incomplete")


async def test_a_word_that_nobody_explained_is_no_state(portal: Portal, desk: PortalDesk) -> None:
    case = desk.cases[await portal.submit(handover())]
    case.status = "Chờ ý kiến cấp trên"
    standing = await portal.status(case.number)
    assert (standing.word, standing.state) == ("Chờ ý kiến cấp trên", None)


async def test_what_comes_later_goes_to_its_case(portal: Portal, desk: PortalDesk) -> None:
    number = await portal.submit(handover())
    desk.cases[number].status = SUPPLEMENT
    later = handover("a3" * 16, action="supplement", outside=number)
    assert await portal.submit(later) == number
    assert (desk.cases[number].status, len(desk.cases[number].received)) == (WORKING, 2)
    gone = handover("a4" * 16, action="withdraw", outside=number, sealed=None)
    assert await portal.submit(gone) == number
    assert desk.cases[number].status == WITHDRAWN


async def test_a_number_that_nobody_knows_is_unknown(portal: Portal) -> None:
    for number in (FIRST, "nothing", "0" * 200):
        with pytest.raises(UnknownNumberError):
            await portal.status(number)
    with pytest.raises(AnswerError):
        await portal.submit(handover(action="withdraw", outside=FIRST))


async def test_news_of_another_case_are_not_taken_for_ours(portal: Portal, desk: PortalDesk) -> None:
    mine, other = await portal.submit(handover()), await portal.submit(handover("7f" * 16))
    desk.cases[other].status = DELIVERED
    desk.wrong = Wrong(other_case=other)
    with pytest.raises(AnswerError):
        await portal.status(mine)


async def test_nonsense_is_no_answer(portal: Portal, desk: PortalDesk) -> None:
    for ask in (portal.submit(handover()), portal.status(FIRST)):
        desk.desk.faults = Faults(nonsense_next=1)
        with pytest.raises(AnswerError):
            await ask


async def test_a_stranger_is_turned_away_and_no_error_says_what_was_sent(url: str) -> None:
    async with client_of(url, "wrong") as client:
        with pytest.raises(AnswerError) as refused:
            await Portal(client, Guard("portal", timeout_s=2.0, pause=no_pause)).submit(handover())
    assert "temporary" not in str(refused.value)
    assert TOKEN not in str(refused.value)


@given(
    st.binary(max_size=300) | st.sampled_from([b"{}", b"[]", b'{"key":1}', b'{"known":true}', b"[" * 5_000])
)
async def test_whatever_it_answers_is_a_case_number_or_an_error_of_ours(answer: bytes) -> None:
    transport = httpx.MockTransport(lambda _request: httpx.Response(200, content=answer))
    async with httpx.AsyncClient(transport=transport, base_url="http://portal") as client:
        portal = Portal(client, Guard("portal", timeout_s=2.0, pause=no_pause))
        for ask in (portal.submit(handover()), portal.status(FIRST)):
            with pytest.raises(AnswerError):
                await ask


@pytest.mark.parametrize(
    "answer",
    [
        {"key": "other", "case_number": FIRST},
        {"key": "6e" * 16},
        {"key": "6e" * 16, "case_number": "see attachment"},
        {"key": "6e" * 16, "refused": "NGUYEN VAN AN"},
    ],
)
async def test_an_answer_that_does_not_fit_the_question_is_none(answer: dict[str, str]) -> None:
    transport = httpx.MockTransport(lambda _request: httpx.Response(200, json=answer))
    async with httpx.AsyncClient(transport=transport, base_url="http://portal") as client:
        portal = Portal(client, Guard("portal", timeout_s=2.0, pause=no_pause))
        with pytest.raises(AnswerError) as wrong:
            await portal.submit(handover())
    assert "NGUYEN" not in str(wrong.value)


async def test_an_official_moves_a_case_by_the_control_door(url: str, portal: Portal) -> None:
    number = await portal.submit(handover())
    async with client_of(url) as client:
        moved = await client.post("/control/case", json={"case_number": number, "status": READY})
        missing = await client.post("/control/case", json={"case_number": "none", "status": READY})
        wrong = await client.post("/control/wrong", json={"other_case": None})
    assert (moved.json()["status"], missing.status_code, wrong.status_code) == (READY, 404, 200)
    assert (await portal.status(number)).state is State.RESULT_READY
