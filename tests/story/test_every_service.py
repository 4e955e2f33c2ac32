"""Every service of the shipped catalogue at a real touch screen, from the first touch to its far end, in a real browser.

The bills are paid. What is submitted goes with the line cut before it and mended after the receipt, or with the power gone
among the questions, when nothing was submitted and the person begins anew. At each receipt the power goes.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.async_api import async_playwright, expect

from catalogue.load import load_catalogue
from catalogue.model import Kind, Service
from catalogue.routes import Protocol
from tests.browser.kiosk.visitor import Visitor, open_screen
from tests.browser.officer import ARGUMENTS, CHROMIUM
from tests.rig.beyond import Beyond, running_beyond
from tests.rig.broker import Broker, running_broker
from tests.rig.cloud import Cloud, running_cloud, sample_places
from tests.rig.counter import Counter, Holder
from tests.rig.money import Payer
from tests.rig.processes import free_port
from tests.rig.room import screen_section
from tests.rig.screen import Screen
from tests.rig.tower import Station
from tests.story.citizen import Citizen
from tests.story.city import until

pytestmark = [pytest.mark.story, pytest.mark.timeout(300)]

PACE_S: Final = 0.5
CALM_S: Final = 0.1
CATALOGUE: Final = load_catalogue()
BILLS: Final = [each for each in CATALOGUE.services.values() if each.kind is Kind.BILL]
SUBMITTED: Final = [each for each in CATALOGUE.services.values() if each.kind not in {Kind.BILL, Kind.CABIN}]


@dataclass(frozen=True, slots=True)
class Scene:
    """A station with screen and card reader, the centre, everybody beyond, and somebody at the screen."""

    broker: Broker
    cloud: Cloud
    beyond: Beyond
    station: Station
    counter: Counter
    screen: Screen
    visitor: Visitor
    citizen: Citizen

    async def until_rows(self, query: str, expected: list[tuple[Any, ...]]) -> None:
        """Wait until the store answers so."""

        async def is_so() -> bool:
            return await asyncio.to_thread(self.cloud.rows, query) == expected

        await until(is_so, f"{query} gives {expected}", timeout_s=60)

    async def code(self) -> str:
        """Return the code of the receipt on the screen."""
        view = await self.screen.until_services("receipt")
        code = str(view["receipt"]["tracking"])
        await expect(self.visitor.page.get_by_text(code)).to_be_attached()
        return code

    async def cut_power(self) -> None:
        """Let the station's power fail, and come back."""
        await asyncio.to_thread(self.station.daemon.kill)
        await asyncio.to_thread(self.counter.take)
        self.screen.services = {}
        await asyncio.to_thread(self.station.daemon.start)
        await self.screen.until_services("home")
        await self.screen.until_reader()


@asynccontextmanager
async def on_stage(directory: Path) -> AsyncIterator[Scene]:
    async with AsyncExitStack() as stack:
        broker = stack.enter_context(running_broker(directory / "broker"))
        beyond = stack.enter_context(running_beyond(directory, pace_s=PACE_S))
        (place,) = sample_places(1)
        at_centre = running_cloud(
            directory / "cloud", broker, [place], has_counter=True, extra=beyond.section
        )
        cloud = stack.enter_context(at_centre)
        beyond.money.bank.notice_url = f"{cloud.url}/api/pay/bank"
        counter = stack.enter_context(Counter(directory / "counter"))
        kiosk, at = free_port(), directory / place.station
        sections = screen_section(at, kiosk) + counter.section() + counter.services()
        station = await stack.enter_async_context(
            Station(at, place.station, broker, environment=counter.environment, extra=sections)
        )
        screen = await stack.enter_async_context(Screen(kiosk))
        Holder(counter, screen, calm_s=CALM_S)
        Payer(beyond.money, screen, calm_s=CALM_S)
        await screen.until_reader()
        playwright = await stack.enter_async_context(async_playwright())
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        stack.push_async_callback(browser.close)
        visitor = await stack.enter_async_context(open_screen(browser, f"http://127.0.0.1:{kiosk}"))
        citizen = Citizen(visitor, screen, counter.card.person.number)
        yield Scene(broker, cloud, beyond, station, counter, screen, visitor, citizen)


async def test_every_bill_is_paid_and_cleared(tmp_path: Path) -> None:
    """The code on the screen is paid by telephone; whoever bills has cleared it once, and the person has a receipt."""
    async with on_stage(tmp_path) as scene:
        for service in BILLS:
            await scene.citizen.come_to(service)
            assert await scene.citizen.answer_all()
            await scene.citizen.submit()
            await scene.visitor.sees("Chọn hóa đơn muốn trả")
            await scene.visitor.page.get_by_role("listitem").get_by_role("button").first.click()
            await scene.visitor.press("Lấy biên nhận")
            await scene.code()
            await scene.cut_power()
        await scene.until_rows(
            "SELECT service, state FROM request ORDER BY service",
            sorted((each.id, "done") for each in BILLS),
        )


@pytest.mark.parametrize("part", [0, 1])
async def test_what_is_submitted_while_the_line_is_cut_arrives_once(tmp_path: Path, part: int) -> None:
    async with on_stage(tmp_path) as scene:
        codes = {}
        for service in SUBMITTED[part::4]:
            await scene.citizen.come_to(service)
            assert await scene.citizen.answer_all()
            await asyncio.to_thread(scene.broker.kill)
            await scene.screen.until_offline()
            await scene.citizen.submit()
            codes[service.id] = await scene.code()
            await expect(scene.visitor.page.get_by_text("đang chờ mạng")).to_be_visible()
            await asyncio.to_thread(scene.broker.start)
            await scene.cut_power()
        await _arrived(scene, codes)


@pytest.mark.parametrize("part", [2, 3])
async def test_what_is_submitted_before_the_power_goes_arrives_once(tmp_path: Path, part: int) -> None:
    async with on_stage(tmp_path) as scene:
        codes = {}
        for service in SUBMITTED[part::4]:
            await scene.citizen.come_to(service)
            assert not await scene.citizen.answer_all(most=2)
            await scene.cut_power()
            await scene.citizen.come_to(service)
            assert await scene.citizen.answer_all()
            await scene.citizen.submit()
            codes[service.id] = await scene.code()
            await scene.cut_power()
        await _arrived(scene, codes)


async def _arrived(scene: Scene, codes: dict[str, str]) -> None:
    """Wait until each is at the centre once, with its code, and has come to whom it is for."""
    await scene.until_rows("SELECT service, tracking FROM request ORDER BY service", sorted(codes.items()))
    await scene.until_rows("SELECT count(*) FROM errand WHERE state <> 'done'", [(0,)])
    carried = [name for name in codes if not _stays_at_the_desk(CATALOGUE.services[name])]
    assert len(scene.cloud.rows("SELECT DISTINCT request FROM errand")) == len(carried)


def _stays_at_the_desk(service: Service) -> bool:
    return CATALOGUE.parties.protocol(service.connector) is Protocol.DESK
