"""The systems beside the portal, each as a real server: what is theirs alone, and that none of them is believed anything."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.routes import Protocol
from cloud.connectors.breaker import Policy
from cloud.connectors.dialects import DIALECTS
from cloud.connectors.errors import AnswerError, BreakerOpenError, ConnectorError, OutOfReachError
from cloud.connectors.guard import Guard
from cloud.connectors.port import NotTakenError
from cloud.connectors.portal import Portal
from cloud.connectors.simulators.faults import Faults
from cloud.connectors.simulators.manners import MANNERS
from cloud.connectors.simulators.portal import Move, PortalDesk, Wrong, create_app
from cloud.requests.request import Decision, Slot, State
from tests.cloud.connectors.test_portal import TOKEN, handover, no_pause
from tests.cloud.requests.samples import DAY_MS, NOW_MS
from tests.cloud.route.road import SetClock

PARTNERS = [each for each in MANNERS if each is not Protocol.CASES]
OTHER_KEY = "7f" * 16


class FarEnd:
    """One system and the way to it, without a socket between."""

    def __init__(self, protocol: Protocol) -> None:
        self.clock = SetClock()
        self.desk = PortalDesk(TOKEN, self.clock, MANNERS[protocol])
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=create_app(self.desk)),
            base_url="http://partner",
            headers={"Authorization": f"Bearer {TOKEN}"},
        )
        guard = Guard("partner", timeout_s=5.0, policy=Policy(failures=6), pause=no_pause)
        self.system = Portal(self.client, guard, name="partner", dialect=DIALECTS[protocol])

    async def go_on(self, number: str) -> State | None:
        """Let a case take a step, and ask how it stands."""
        assert self.desk.advance(number)
        return (await self.system.status(number)).state


@pytest.fixture
def far_end(protocol: Protocol) -> Iterator[FarEnd]:
    far_end = FarEnd(protocol)
    yield far_end
    asyncio.run(far_end.client.aclose())


@asynccontextmanager
async def answering(protocol: Protocol, answer: bytes) -> AsyncIterator[Portal]:
    """Speak to a system that answers one thing to everything."""
    transport = httpx.MockTransport(lambda _request: httpx.Response(200, content=answer))
    async with httpx.AsyncClient(transport=transport, base_url="http://partner") as client:
        guard = Guard("partner", timeout_s=2.0, pause=no_pause)
        yield Portal(client, guard, name="partner", dialect=DIALECTS[protocol])


@pytest.mark.parametrize("protocol", PARTNERS)
async def test_the_same_key_is_one_case_whatever_gets_lost(far_end: FarEnd) -> None:
    far_end.desk.desk.faults = Faults(fail_next=2)
    first = await far_end.system.submit(handover())
    assert await far_end.system.submit(handover()) == first
    assert list(far_end.desk.cases) == [first]
    assert await far_end.system.submit(handover(OTHER_KEY)) != first


@pytest.mark.parametrize("protocol", PARTNERS)
async def test_what_is_taken_back_is_taken_back_there(far_end: FarEnd) -> None:
    number = await far_end.system.submit(handover())
    gone = handover(OTHER_KEY, action="withdraw", outside=number, sealed=None)
    assert await far_end.system.submit(gone) == number
    assert (await far_end.system.status(number)).state in {State.WITHDRAWN, State.CANCELLED}
    assert not far_end.desk.advance(number)


@pytest.mark.parametrize("protocol", PARTNERS)
async def test_a_case_that_is_not_ours_nonsense_and_a_refusal_are_told_apart(far_end: FarEnd) -> None:
    mine, other = await far_end.system.submit(handover()), await far_end.system.submit(handover(OTHER_KEY))
    far_end.desk.wrong = Wrong(other_case=other, refused={"temporary-residence": "not-ours"})
    with pytest.raises(AnswerError, match="another case"):
        await far_end.system.status(mine)
    with pytest.raises(NotTakenError, match="not-ours"):
        await far_end.system.submit(handover("8a" * 16))
    far_end.desk.desk.faults = Faults(nonsense_next=1)
    with pytest.raises(AnswerError, match="not an answer"):
        await far_end.system.status(mine)


@pytest.mark.parametrize("protocol", PARTNERS)
async def test_one_that_fails_too_often_is_left_alone_a_while(far_end: FarEnd) -> None:
    far_end.desk.desk.faults = Faults(fail_next=100)
    for _ in range(2):
        with pytest.raises(OutOfReachError):
            await far_end.system.submit(handover())
    asked = far_end.desk.desk.answered
    with pytest.raises(BreakerOpenError):
        await far_end.system.submit(handover())
    assert far_end.desk.desk.answered == asked


@pytest.mark.parametrize("protocol", [Protocol.INSURANCE])
async def test_of_a_card_that_was_issued_the_person_is_told_its_end(far_end: FarEnd) -> None:
    number = await far_end.system.submit(handover())
    assert [await far_end.go_on(number) for _ in range(3)] == [
        State.RECEIVED,
        State.PROCESSING,
        State.DELIVERED,
    ]
    standing = await far_end.system.status(number)
    assert (standing.decision, standing.note) == (Decision.GRANTED, "Số thẻ: ********0001")


@pytest.mark.parametrize("protocol", [Protocol.INSURANCE])
@pytest.mark.parametrize("card", ["7912345678", "GD4797912345678", "****12345", "*" * 13 + "123", "****12 4"])
async def test_a_card_whose_number_is_not_masked_is_no_answer(far_end: FarEnd, card: str) -> None:
    number = await far_end.system.submit(handover())
    far_end.desk.cases[number].card = card
    with pytest.raises(AnswerError) as refused:
        await far_end.system.status(number)
    assert card not in str(refused.value)
    assert refused.value.__cause__ is None, "the cause would quote it"


@pytest.mark.parametrize("protocol", [Protocol.BOOKINGS])
async def test_a_hospital_offers_times_books_the_chosen_one_and_sees_its_patient(far_end: FarEnd) -> None:
    number = await far_end.system.submit(handover())
    assert await far_end.go_on(number) is State.OFFERED
    slots = (await far_end.system.status(number)).slots
    assert slots == tuple(sorted(set(slots)))
    assert all(NOW_MS + DAY_MS < slot.start_ms < slot.end_ms for slot in slots)
    chosen = slots[1]
    await far_end.system.submit(booking(number, chosen))
    assert (await far_end.system.status(number)).state is State.BOOKED
    assert not far_end.desk.advance(number), "not before that time"
    far_end.clock.at_ms = chosen.end_ms
    assert await far_end.go_on(number) is State.ATTENDED


def booking(number: str, slot: Slot, key: str = "b0" * 16) -> Any:
    return handover(key, action="book", outside=number, sealed=None, slot_start_ms=slot.start_ms)


@pytest.mark.parametrize("protocol", [Protocol.BOOKINGS])
async def test_of_two_who_choose_one_time_the_first_gets_it_and_it_is_offered_no_more(
    far_end: FarEnd,
) -> None:
    first, second = await far_end.system.submit(handover()), await far_end.system.submit(handover(OTHER_KEY))
    for number in (first, second):
        assert await far_end.go_on(number) is State.OFFERED
    slot = (await far_end.system.status(first)).slots[0]
    await far_end.system.submit(booking(first, slot))
    await far_end.system.submit(booking(second, slot, "b1" * 16))
    refused = await far_end.system.status(second)
    assert (refused.state, refused.reason) == (State.CANCELLED, "no-slot")
    assert (await far_end.system.status(first)).state is State.BOOKED
    third = await far_end.system.submit(handover("8a" * 16))
    await far_end.go_on(third)
    assert slot not in (await far_end.system.status(third)).slots


@pytest.mark.parametrize("protocol", [Protocol.REPORTS])
async def test_1022_answers_in_public_and_looks_again_when_it_is_not_true(far_end: FarEnd) -> None:
    number = await far_end.system.submit(handover())
    for _ in range(3):
        await far_end.go_on(number)
    answered = await far_end.system.status(number)
    assert (answered.state, answered.reason) == (State.RESOLVED, "repaired")
    await far_end.system.submit(handover("a5" * 16, action="reopen", outside=number, sealed=None))
    assert (await far_end.system.status(number)).state is State.REOPENED
    assert await far_end.go_on(number) is State.IN_PROGRESS


@pytest.mark.parametrize("protocol", [Protocol.REPORTS])
async def test_1022_names_the_report_that_was_first(far_end: FarEnd) -> None:
    first, second = await far_end.system.submit(handover()), await far_end.system.submit(handover(OTHER_KEY))
    far_end.desk.move(Move(case_number=second, status="Trùng phản ánh", duplicate_of=first))
    standing = await far_end.system.status(second)
    assert (standing.state, standing.duplicate_of) == (State.DUPLICATE, first)
    far_end.desk.move(Move(case_number=second, status="Trùng phản ánh", duplicate_of="?"))
    assert (await far_end.system.status(second)).duplicate_of is None


@pytest.mark.parametrize("protocol", [Protocol.BOOKINGS])
async def test_a_hospital_offers_other_times_for_one_that_was_booked(far_end: FarEnd) -> None:
    number = await far_end.system.submit(handover())
    await far_end.go_on(number)
    first, *_, last = (await far_end.system.status(number)).slots
    await far_end.system.submit(booking(number, first))
    moved = Move(case_number=number, status="Chờ chọn giờ", slots=[(last.start_ms, last.end_ms)])
    far_end.desk.move(moved)
    standing = await far_end.system.status(number)
    assert (standing.state, standing.slots) == (State.OFFERED, (last,))
    await far_end.system.submit(booking(number, last, "b2" * 16))
    assert (await far_end.system.status(number)).state is State.BOOKED


@pytest.mark.parametrize("protocol", [Protocol.REFERRALS])
async def test_a_partner_gets_in_touch_and_is_done_or_declines_and_says_why(far_end: FarEnd) -> None:
    number = await far_end.system.submit(handover())
    assert [await far_end.go_on(number) for _ in range(3)] == [State.RECEIVED, State.CONTACTED, State.DONE]
    await far_end.client.post(
        "/control/case", json={"case_number": number, "status": "Từ chối", "reason": "not-entitled"}
    )
    declined = await far_end.system.status(number)
    assert (declined.state, declined.reason) == (State.DECLINED, "not-entitled")


async def test_a_body_that_never_ends_is_not_waited_for() -> None:
    class Trickle(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield b"{"
            await asyncio.Event().wait()

    transport = httpx.MockTransport(lambda _request: httpx.Response(200, stream=Trickle()))
    async with httpx.AsyncClient(transport=transport, base_url="http://partner") as client:
        slow = Portal(client, Guard("partner", timeout_s=0.02, pause=no_pause), name="partner")
        with pytest.raises(OutOfReachError):
            await slow.submit(handover())


@given(
    st.sampled_from(PARTNERS),
    st.binary(max_size=200)
    | st.fixed_dictionaries(
        {"known": st.booleans(), "case_number": st.text(max_size=50), "status": st.text(max_size=120)},
        optional={
            "slots": st.lists(st.tuples(st.integers(), st.integers()), max_size=15),
            "card": st.text(max_size=20),
            "reason": st.text(max_size=70),
            "duplicate_of": st.text(max_size=50),
        },
    ).map(lambda answer: httpx.Response(200, json=answer).content),
)
async def test_whatever_a_partner_answers_is_a_standing_or_an_error_of_ours(
    protocol: Protocol, answer: bytes
) -> None:
    async with answering(protocol, answer) as system:
        try:
            standing = await system.status("GT-0000001")
        except ConnectorError:
            return
    assert standing.case_number == "GT-0000001"
    assert len(standing.slots) <= 12


async def test_whoever_states_that_much_is_believed_no_more_slots_than_can_be_shown() -> None:
    slots = ",".join(f"[{start},{start + 1}]" for start in range(13))
    answer = f'{{"known":true,"case_number":"BV1234","status":"Chờ chọn giờ","slots":[{slots}]}}'
    async with answering(Protocol.BOOKINGS, answer.encode()) as system:
        with pytest.raises(AnswerError):
            await system.status("BV1234")
