"""An electricity bill at the kiosk, from the first touch to the cleared bill, over real daemons; and what killing them does."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from cloud.payments.bank import qr_text
from cloud.store import payments
from cloud.store.engine import open_store
from tests.fakes.board import FakeBoard
from tests.rig.broker import running_broker
from tests.rig.cloud import Cloud, running_cloud, sample_places
from tests.rig.money import KEYS, Money, running_money
from tests.rig.processes import free_port
from tests.rig.room import screen_section
from tests.rig.screen import Screen
from tests.rig.station import EDGE, StationProcess, write_settings
from tests.story.city import until

pytestmark = [pytest.mark.story, pytest.mark.timeout(120)]

CUSTOMER = "PE01000123456"


class Street:
    """A station with a screen, its cloud, a bank and a power company."""

    def __init__(self, cloud: Cloud, money: Money, daemon: StationProcess, screen: Screen) -> None:
        self.cloud = cloud
        self.money = money
        self.daemon = daemon
        self.screen = screen

    def row(self, query: str) -> tuple[Any, ...]:
        return next(iter(self.cloud.rows(query)), ())

    async def to_code(self) -> str:
        """Come to the code of the oldest bill; return its text, which a telephone reads from the screen."""
        screen = self.screen
        await screen.touch_services("choose", service="bill-electricity")
        await screen.touch_services("start")
        await screen.touch_services("answer", question="customer", value=CUSTOMER)
        await screen.touch_services("skip", question="phone")
        await screen.touch_services("submit", text_version="service-submit-1")
        bills = (await screen.until_paying("bills"))["bills"]
        chosen = await screen.ask("POST", "/api/paying/orders", action="choose", bill=bills[0]["bill"])
        assert chosen.status_code == 200, chosen.text
        view = await screen.until_paying("pay")
        assert view["amount_dong"] == bills[0]["amount_dong"]
        code = await screen.ask("GET", "/api/paying/codes/bank")
        assert code.headers["content-type"] == "image/svg+xml"
        return await asyncio.to_thread(self._code_of, view["reference"])

    def _code_of(self, reference: str) -> str:
        """Return the text of the code: what is drawn is tested in tests/edge/kiosk."""
        (identity,) = self.row(f"SELECT id FROM payment_order WHERE reference = '{reference}'")
        with open_store(self.cloud.database) as store, store.reading() as connection:
            return qr_text(KEYS, payments.require_payment(connection, identity))

    async def until_done(self) -> None:
        """Wait until the bill is cleared over there, once, and the request knows."""
        await until(
            lambda: asyncio.to_thread(lambda: self.row("SELECT state FROM request") == ("done",)), "cleared"
        )
        assert len(self.money.billing.cleared) == 1


@asynccontextmanager
async def a_street(directory: Path) -> AsyncIterator[Street]:
    async with AsyncExitStack() as stack:
        money = stack.enter_context(running_money(directory / "money"))
        broker = stack.enter_context(running_broker(directory / "broker"))
        places = sample_places(1)
        cloud = stack.enter_context(
            running_cloud(directory / "cloud", broker, places, has_counter=True, extra=money.section())
        )
        money.bank.notice_url = f"{cloud.url}/api/pay/bank"
        kiosk = free_port()
        config = write_settings(
            directory,
            broker,
            places[0].station,
            extra=screen_section(directory, kiosk) + money.station_section(),
        )
        await stack.enter_async_context(FakeBoard(directory / "board"))
        daemon = StationProcess(config, program=EDGE)
        await asyncio.to_thread(daemon.__enter__)
        stack.push_async_callback(asyncio.to_thread, daemon.__exit__, None, None, None)
        screen = await stack.enter_async_context(Screen(kiosk))
        await screen.until_services("home")
        yield Street(cloud, money, daemon, screen)


async def test_a_bill_is_paid_from_the_first_touch_to_the_receipt(tmp_path: Path) -> None:
    async with a_street(tmp_path) as street:
        code = await street.to_code()
        assert await asyncio.to_thread(street.money.transfer, code) == ["204"]
        view = await street.screen.until_paying("paid", timeout_s=5)
        assert view["taken_dong"] == view["amount_dong"]
        await street.until_done()
        await until(lambda: _has_receipt(street.screen), "receipt")
        assert (await street.screen.ask("POST", "/api/paying/orders", action="done")).status_code == 200
        assert street.screen.services["receipt"]["tracking"]


async def test_money_that_comes_while_the_station_is_dead_clears_the_bill(tmp_path: Path) -> None:
    async with a_street(tmp_path) as street:
        code = await street.to_code()
        await asyncio.to_thread(street.daemon.kill)
        assert await asyncio.to_thread(street.money.transfer, code) == ["204"]
        await street.until_done()


async def test_a_counter_that_dies_between_notice_and_settlement_settles_once(tmp_path: Path) -> None:
    async with a_street(tmp_path) as street:
        code = await street.to_code()
        counter = await asyncio.to_thread(_counter_of, street.cloud)
        os.kill(counter, signal.SIGKILL)
        assert await asyncio.to_thread(street.money.transfer, code) == ["204"]
        await street.until_done()
        await street.screen.until_paying("paid")


async def _has_receipt(screen: Screen) -> bool:
    return bool(screen.paying.get("receipt"))


def _counter_of(cloud: Cloud) -> int:
    """Return the process of the counter."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
        except OSError:
            continue
        if b"counter" in words and str(cloud.config).encode() in words:
            return int(path.parent.name)
    raise AssertionError("no counter")
