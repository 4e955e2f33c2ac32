"""What somebody sees of their dossier at a station where they never were, over real daemons.

Two are submitted at one station and looked up at another by the codes on their receipts. The office does not take one: its
person rates how that went. It wants a paper for the other: its person takes it back, by the word on the receipt and after a
second question. From then on
the second station knows of it without asking anybody.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cloud.connectors.simulators.manners import SUPPLEMENT
from tests.fakes.board import FakeBoard
from tests.rig.broker import running_broker
from tests.rig.cloud import running_cloud, sample_places
from tests.rig.portal import Portal, running_portal
from tests.rig.processes import free_port
from tests.rig.room import screen_section
from tests.rig.screen import Screen
from tests.rig.station import EDGE, StationProcess, write_settings
from tests.rig.submitter import WORD, Submitter
from tests.story.city import until
from wire.entries import RequestAction
from wire.tracking import tracking_code

pytestmark = [pytest.mark.story, pytest.mark.timeout(120)]

NOT_TAKEN = "Không được tiếp nhận"
"""The portal's own word for it (cloud.requests.outside)."""

PATH = "/api/following/orders"


@dataclass(frozen=True, slots=True)
class Scene:
    """The station of the submission, the screen of another, and the office behind the portal."""

    here: Submitter
    screen: Screen
    portal: Portal

    async def step(self, step: str, **more: object) -> dict[str, Any]:
        answer = await self.screen.ask("POST", PATH, step=step, **more)
        assert answer.status_code == 200, answer.text
        view: dict[str, Any] = answer.json()
        return view

    async def seen(self, request: str, code: str, state: str) -> dict[str, Any]:
        """Wait until the station of the submission knows a state; return what the other's screen shows then."""
        await self.here.until(lambda: self.here.state(request) == state, f"{state} is known")
        await self.step("look", code=code)
        page = await self.step("ask")
        assert (page["now"]["state"], page["is_fresh"]) == (state, True)
        return page

    async def official(self, request: str, status: str, **more: Any) -> None:
        await asyncio.to_thread(self.portal.official, request, status, **more)


@asynccontextmanager
async def on_stage(directory: Path) -> AsyncIterator[Scene]:
    async with AsyncExitStack() as stack:
        broker = stack.enter_context(running_broker(directory / "broker"))
        portal = stack.enter_context(running_portal(directory / "portal"))
        places = sample_places(2)
        stack.enter_context(
            running_cloud(
                directory / "cloud", broker, places, has_counter=True, extra=portal.section(first_poll_s=1)
            )
        )
        there, kiosk = places[1].station, free_port()
        config = write_settings(directory, broker, there, extra=screen_section(directory, kiosk))
        await stack.enter_async_context(FakeBoard(directory / "board"))
        daemon = StationProcess(config, program=EDGE)
        await asyncio.to_thread(daemon.__enter__)
        stack.push_async_callback(asyncio.to_thread, daemon.__exit__, None, None, None)
        here = await stack.enter_async_context(Submitter(directory / "here", places[0].station, broker))
        yield Scene(here, await stack.enter_async_context(Screen(kiosk)), portal)


async def test_dossiers_are_followed_rated_and_taken_back_where_they_were_not_submitted(
    tmp_path: Path,
) -> None:
    async with on_stage(tmp_path) as scene:
        here = scene.here
        lacking, refused = await here.submit(), await here.submit()
        lacking_code, refused_code = tracking_code(here.station, 1), tracking_code(here.station, 2)
        await here.until(lambda: all(map(scene.portal.number_of, (lacking, refused))), "at the portal")
        await scene.official(lacking, SUPPLEMENT, reason="document-missing")
        await scene.official(refused, NOT_TAKEN, reason="not-eligible")

        page = await scene.seen(refused, refused_code, "refused")
        assert (page["service"], page["offered"]) == ("temporary-residence", ["rate"])
        await scene.step("prove", word=WORD)
        assert (await scene.step("amend", action="rate", rating=5))["sent"] == "rate"
        await here.until(lambda: RequestAction.RATE not in here.told[refused][-1].allowed, "it is rated")

        page = await scene.seen(lacking, lacking_code, "supplement-wanted")
        assert page["now"]["reason"] == "document-missing"
        assert (page["actions"], page["needed"]) == ([], "word")
        await scene.step("prove", word="222222")
        assert (await scene.step("ask"))["trouble"] == "not-yours"
        await scene.step("prove", word=WORD)
        assert (await scene.step("ask"))["actions"] == ["withdraw"]
        unsure = await scene.screen.ask("POST", PATH, step="amend", action="withdraw")
        assert (unsure.status_code, unsure.json()["reason"]) == (409, "not-sure")
        await scene.step("amend", action="withdraw", is_sure=True)
        await here.until(lambda: here.state(lacking) == "withdrawn", "it is taken back")

        async def is_known() -> bool:
            now = (await scene.step("look", code=lacking_code))["now"]
            return now is not None and now["state"] == "withdrawn"

        await until(is_known, "where it was taken back, it is known without a question")
