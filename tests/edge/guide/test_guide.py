"""The guide of a screen: real catalogue, real understanding, a clock that the test holds, and an ear that can be slow."""

import asyncio
import gc
import inspect
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from catalogue.answers import Topic
from catalogue.load import load_catalogue
from edge.guide.ear import Ear
from edge.guide.embedded import build_understanding
from edge.guide.errors import OrderRefusedError, Refusal
from edge.guide.events import State
from edge.guide.guide import FORGET_AFTER_MS, Guide
from edge.guide.opinions import Choice
from edge.guide.orders import Happening, Order
from edge.guide.understanding import Understanding
from edge.guide.view import GuideView, IntentKind
from tests.edge.cabin.conftest import HeldClock
from tests.edge.waiting import eventually

SERVICES = load_catalogue().services
SECRET = "NGUYEN VAN AN 079188005678"
FRESH = State()


class SlowOpinions:
    """Answers when the test lets it."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.may_answer = asyncio.Event()

    async def ask(self, text: str) -> Choice | None:
        self.asked.set()
        await self.may_answer.wait()
        return Choice("birth", Topic.COST) if text else None


@pytest.fixture(scope="module")
def understanding() -> Understanding:
    return build_understanding(SERVICES)


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
def guide(understanding: Understanding, clock: HeldClock) -> Guide:
    found = Guide(SERVICES, clock)
    found.listen(Ear(understanding))
    return found


@asynccontextmanager
async def running(guide: Guide) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(guide.run())
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def does(guide: Guide, event: str, **more: object) -> GuideView:
    return await guide.act(Order(event=Happening(event), **more))  # type: ignore[arg-type]


def proposed(view: GuideView) -> list[str]:
    return [choice.service for choice in view.proposals]


async def refused(guide: Guide, event: str, **more: object) -> Refusal:
    with pytest.raises(OrderRefusedError) as caught:
        await does(guide, event, **more)
    return caught.value.reason


async def test_from_words_to_a_service_that_opens(guide: Guide) -> None:
    greeting = await does(guide, "start")
    assert greeting.sentences[0].vi.startswith("Xin chào")
    assert greeting.topics == []
    view = await does(guide, "say", text="toi muon dong tien dien")
    assert proposed(view)[0] == "bill-electricity"
    assert view.proposals[0].name == SERVICES["bill-electricity"].name
    assert view.sentences[0].vi.startswith("Có phải")
    view = await does(guide, "choose", service="bill-electricity")
    assert [(each.kind, each.service) for each in view.intents] == [(IntentKind.OPEN, "bill-electricity")]
    assert SERVICES["bill-electricity"].name.vi in view.sentences[0].vi


async def test_a_question_touched_before_choosing_is_answered_with_its_source_after_it(guide: Guide) -> None:
    view = await does(guide, "say", text="làm giấy khai sinh")
    assert view.topics == [Topic.WHAT, Topic.COST, Topic.TIME, Topic.NEED]
    view = await does(guide, "ask", topic="cost")
    assert proposed(view)[0] == "birth", "it asks about which of them"
    view = await does(guide, "choose", service="birth")
    assert view.answer is not None
    assert (view.answer.topic, view.answer.source) == (
        Topic.COST,
        f"birth@{SERVICES['birth'].version}#channels",
    )
    assert view.intents == []
    assert view.service is not None
    assert view.service.service == "birth"
    assert [text.vi for text in view.sentences] == ["Ông/bà có muốn bắt đầu không?"]
    view = await does(guide, "choose", service="birth")
    assert view.intents[0].kind is IntentKind.OPEN


async def test_none_of_these_asks_for_other_words_and_then_offers_a_person(guide: Guide) -> None:
    await does(guide, "say", text="đóng tiền nước")
    view = await does(guide, "refuse")
    assert (proposed(view), view.topics, view.intents) == ([], [], [])
    await does(guide, "say", text="đóng tiền nước")
    assert (await does(guide, "refuse")).intents[0].kind is IntentKind.PERSON


async def test_in_danger_there_is_the_button_and_nothing_else(guide: Guide) -> None:
    await does(guide, "say", text="đăng ký tạm trú")
    view = await does(guide, "say", text="cứu với, ông nhà tôi té xuống không thở được")
    assert [each.kind for each in view.intents] == [IntentKind.SOS]
    assert (view.proposals, view.topics, view.service, view.answer) == ([], [], None, None)


async def test_looking_up_a_request_is_understood_and_honestly_not_possible_here(guide: Guide) -> None:
    view = await does(guide, "say", text="hồ sơ của tôi tới đâu rồi")
    assert proposed(view)[0] == "track"
    view = await does(guide, "choose", service="track")
    assert "chưa tra cứu được" in view.sentences[0].vi
    assert [each.kind for each in view.intents] == [IntentKind.PERSON]
    assert guide._state == FRESH


async def test_the_cabin_is_opened_like_a_service(guide: Guide) -> None:
    assert proposed(await does(guide, "say", text="tôi muốn đo huyết áp"))[0] == "cabin"
    view = await does(guide, "choose", service="cabin")
    assert view.intents[0].service == "cabin"


async def test_what_lacks_its_part_is_refused_and_changes_nothing(guide: Guide) -> None:
    await does(guide, "say", text="làm giấy khai sinh")
    before = guide._state
    assert await refused(guide, "say") is Refusal.TEXT
    assert await refused(guide, "say", text=" \n\t") is Refusal.TEXT
    assert await refused(guide, "choose") is Refusal.SERVICE
    assert await refused(guide, "choose", service="passport") is Refusal.SERVICE
    assert await refused(guide, "choose", service="sos") is Refusal.SERVICE
    assert await refused(guide, "ask") is Refusal.TOPIC
    assert guide._state == before


async def test_a_service_that_is_not_offered_here_cannot_be_chosen(clock: HeldClock) -> None:
    guide = Guide({"birth": SERVICES["birth"]}, clock)
    assert await refused(guide, "choose", service="death") is Refusal.SERVICE
    assert (await does(guide, "choose", service="birth")).intents[0].service == "birth"


async def test_before_it_has_learnt_it_understands_no_words_and_does_everything_else(
    clock: HeldClock,
) -> None:
    guide = Guide(SERVICES, clock)
    assert await refused(guide, "say", text="làm giấy khai sinh") is Refusal.NOT_READY
    assert (await does(guide, "start")).sentences
    assert (await does(guide, "choose", service="birth")).intents


async def test_it_forgets_after_a_minute_without_a_word(guide: Guide, clock: HeldClock) -> None:
    async with running(guide):
        await does(guide, "say", text="làm giấy khai sinh")
        clock.now_ms += FORGET_AFTER_MS - 1
        guide._wake.set()
        await asyncio.sleep(0)
        assert guide._state != FRESH
        clock.now_ms += 1
        guide._wake.set()
        await eventually(lambda: guide._state == FRESH)


async def test_whoever_comes_after_a_minute_finds_nothing_of_the_one_before(
    guide: Guide, clock: HeldClock
) -> None:
    """Also where nobody has let time pass meanwhile: "yes" is no answer to a question of a minute ago."""
    await does(guide, "say", text="làm giấy khai sinh")
    clock.now_ms += FORGET_AFTER_MS
    assert (await does(guide, "say", text="phải")).intents == []


async def test_every_word_begins_the_minute_anew(guide: Guide, clock: HeldClock) -> None:
    await does(guide, "say", text="làm giấy khai sinh")
    for _ in range(3):
        clock.now_ms += FORGET_AFTER_MS - 1
        await does(guide, "ask", topic="cost")
    assert (await does(guide, "say", text="phải")).answer is not None


@pytest.mark.parametrize("how", ["leave", "start", "forget", "halt"])
async def test_every_farewell_forgets(guide: Guide, how: str) -> None:
    async with running(guide) as task:
        await does(guide, "say", text="làm giấy khai sinh")
        assert guide._state != FRESH
        match how:
            case "forget":
                guide.forget()
            case "halt":
                await asyncio.sleep(0)
                task.cancel()
                await asyncio.wait([task])
            case _:
                await does(guide, how)
        assert guide._state == FRESH


async def test_words_that_are_overtaken_change_nothing(
    understanding: Understanding, clock: HeldClock
) -> None:
    """The second opinion is slow; meanwhile the person touches something, or somebody else stands there."""
    guide, opinions = Guide(SERVICES, clock), SlowOpinions()
    guide.listen(Ear(understanding, opinions))
    words = asyncio.create_task(does(guide, "say", text="xyzzy plugh"))
    await opinions.asked.wait()
    await does(guide, "choose", service="death")
    state = guide._state
    opinions.may_answer.set()
    with pytest.raises(OrderRefusedError) as caught:
        await words
    assert caught.value.reason is Refusal.OVERTAKEN
    assert guide._state == state
    opinions.asked.clear()
    opinions.may_answer.clear()
    words = asyncio.create_task(does(guide, "say", text="xyzzy plugh"))
    await opinions.asked.wait()
    guide.forget()
    opinions.may_answer.set()
    with pytest.raises(OrderRefusedError):
        await words
    assert guide._state == FRESH


async def test_a_second_opinion_proposes_and_opens_nothing(
    understanding: Understanding, clock: HeldClock
) -> None:
    guide, opinions = Guide(SERVICES, clock), SlowOpinions()
    opinions.may_answer.set()
    guide.listen(Ear(understanding, opinions))
    view = await does(guide, "say", text="xyzzy plugh")
    assert (proposed(view)[0], view.intents) == ("birth", [])


def reachable(root: object) -> Iterator[object]:
    """Everything that hangs on an object; not the program itself."""
    seen: dict[int, object] = {}
    waiting = [root]
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen or inspect.ismodule(thing) or inspect.isclass(thing) or callable(thing):
            continue
        seen[id(thing)] = thing
        yield thing
        waiting += gc.get_referents(thing)


def written_in(directory: Path) -> list[Path]:
    return list(directory.iterdir())


async def test_nothing_that_was_said_is_kept_logged_or_shown(
    guide: Guide, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)
    caplog.set_level(logging.DEBUG)
    orders = [
        Order(event=Happening.SAY, text=f"tôi tên {SECRET}, muốn làm giấy khai sinh"),
        Order(event=Happening.SAY, text=SECRET),
    ]
    for order in orders:
        view = await guide.act(order)
        assert SECRET not in repr(view)
        assert SECRET not in repr(order)
        assert SECRET not in repr(guide._state)
    orders.clear()
    del order
    kept = [thing for thing in reachable(guide) if isinstance(thing, str)]
    assert "birth" in kept, "the conversation is among what was looked at"
    assert not [text for text in kept if "079188005678" in text or "NGUYEN VAN AN" in text.upper()]
    assert "079188005678" not in caplog.text
    assert not written_in(tmp_path)
