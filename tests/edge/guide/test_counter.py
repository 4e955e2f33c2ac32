"""The guide as the station runs it: learns by itself, asks a far end only where one is set up, and lets go of it."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from catalogue.load import load_catalogue
from edge.guide import counter as module
from edge.guide.counter import GuideCounter
from edge.guide.embedded import build_understanding
from edge.guide.errors import OrderRefusedError, PhrasesError, Refusal
from edge.guide.orders import Happening, Order
from edge.guide.view import GuideView
from edge.settings import GuideSettings
from tests.edge.cabin.conftest import HeldClock
from tests.edge.guide.stub import Stub, serving
from tests.edge.waiting import eventually

SERVICES = load_catalogue().services
FEW = {name: SERVICES[name] for name in ("birth", "death", "cabin")}


@pytest.fixture
def stub() -> Iterator[Stub]:
    with serving() as found:
        yield found


@asynccontextmanager
async def running(settings: GuideSettings | None = None) -> AsyncIterator[GuideCounter]:
    counter = GuideCounter(settings, FEW, HeldClock())
    ((name, run, _),) = counter.runs()
    assert name == "guide"
    task = asyncio.ensure_future(run())
    try:
        yield counter
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def say(counter: GuideCounter, text: str) -> GuideView:
    return await counter.guide.act(Order(event=Happening.SAY, text=text))


async def understands(counter: GuideCounter) -> None:
    await eventually(lambda: counter.guide._ear is not None, 30)


async def test_it_learns_what_is_offered_and_forgets_it_with_its_end() -> None:
    async with running() as counter:
        with pytest.raises(OrderRefusedError):
            await say(counter, "làm giấy khai sinh")
        await understands(counter)
        view = await say(counter, "làm giấy khai sinh")
        assert view.proposals[0].service == "birth"
    with pytest.raises(OrderRefusedError) as caught:
        await say(counter, "làm giấy khai sinh")
    assert caught.value.reason is Refusal.NOT_READY


async def test_a_far_end_is_asked_for_what_is_not_understood_and_gets_it_masked(
    stub: Stub, tmp_path: Path
) -> None:
    (tmp_path / "key").write_text("sk-invented")
    settings = GuideSettings(url=stub.url, model="small", key_file=tmp_path / "key")
    stub.says({"service": "death", "topic": None})
    async with running(settings) as counter:
        await understands(counter)
        await say(counter, "làm giấy khai sinh")
        assert stub.asked == [], "what is understood leaves the station by no way"
        view = await say(counter, "xyzzy plugh 079203001234")
        assert view.proposals[0].service == "death"
        ((_, headers, _),) = stub.asked
        assert headers["Authorization"] == "Bearer sk-invented"
        assert "079203001234" not in stub.seen


async def test_a_far_end_that_is_set_up_wrongly_is_logged_and_done_without(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = GuideSettings(url="https://127.0.0.1:1/v1", model="small", key_file=tmp_path / "nowhere")
    async with running(settings) as counter:
        await understands(counter)
        assert (await say(counter, "làm giấy khai sinh")).proposals[0].service == "birth"
    assert "no second opinions" in caplog.text


async def test_a_guide_that_cannot_learn_says_so_and_still_opens_services(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_services: object) -> None:
        raise PhrasesError("birth.txt cannot be read as text")

    monkeypatch.setattr(module, "build_understanding", broken)
    async with running() as counter:
        await eventually(lambda: "understands no words" in caplog.text)
        with pytest.raises(OrderRefusedError):
            await say(counter, "làm giấy khai sinh")
        view = await counter.guide.act(Order(event=Happening.CHOOSE, service="birth"))
        assert view.intents


async def test_learning_leaves_the_loop_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    loops: list[bool] = []

    def learn(services: dict[str, object]) -> object:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            loops.append(False)
        return build_understanding(services)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "build_understanding", learn)
    async with running() as counter:
        await understands(counter)
    assert loops == [False]


def test_a_station_without_a_far_end_loads_no_http_client() -> None:
    code = "import sys, edge.services_counter; sys.exit('httpx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=50).returncode == 0
