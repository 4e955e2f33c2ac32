"""One city with a clerk, whose desk's key is made for this run; what people submit comes into the store as from a station."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pyrage
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from catalogue.load import load_catalogue
from cloud.clock import now_ms
from cloud.requests.offices import Offices
from cloud.requests.request import Request
from cloud.roads import offices_of
from cloud.store import request_rows
from cloud.store.engine import Store, open_store
from tests.browser.officer import Officer, open_console
from tests.browser.stage import BINH_TRUNG, PLACES, person
from tests.cloud.requesting import bring, submitted
from tests.rig.broker import running_broker
from tests.rig.cloud import Cloud, Person, running_cloud
from wire.entries import RequestSubmitted

HOA = Person("mot.cua", "Đỗ Thị Hoa", "desk_officer", (BINH_TRUNG,), "mật khẩu của ca này", ("residence",))
BINH = Person("can.bo", "Ngô Văn Bình", "desk_officer", (BINH_TRUNG,), "mật khẩu của ca này", ("residence",))
DESKTOP = {"width": 1440, "height": 900}
ANSWERS = {
    "case": "new",
    "address": {"ward": BINH_TRUNG, "street": "12 hẻm Ven Sông"},
    "since": "2026-12-01",
    "months": 12,
    "dwelling": "rent",
    "children": False,
    "phone": "0901234567",
}


@dataclass
class DeskStage:
    """The cloud, its store, and the desk's key."""

    cloud: Cloud
    store: Store
    key_file: Path
    recipient: Any
    offices: Offices = field(repr=False)
    _number: int = 0

    async def submit(self, *, ago_ms: int = 0, **changed: Any) -> RequestSubmitted:
        """Let somebody submit; return once a desk has been found for it."""
        self._number += 1
        entry = submitted(self._number)
        document = {
            "request": entry.request,
            "tracking": entry.tracking,
            "station": "st-0001",
            "service": entry.service,
            "version": entry.service_version,
            "code": "1.004194",
            "text_version": "2026-11.submit",
            "submitted_at_ms": now_ms(),
            "level": "chip",
            "answers": ANSWERS,
            "card": {
                "fields": {"name": "NGUYỄN VĂN MẪU", "number": "001099000001"},
                "issuer": "verified",
                "clone_check": "chip-authentication",
            },
            "papers": [{"document": "dwelling-proof", "optional": False}],
        }
        sealed = pyrage.encrypt(json.dumps(document | changed).encode(), [self.recipient])
        whole = submitted(self._number, sealed=sealed, fields=["name", "number"])
        await asyncio.to_thread(
            bring, self.store, whole, station="st-0001", now_ms=now_ms() - ago_ms, offices=self.offices
        )
        self.store.ring()
        return whole

    def load(self, request: str) -> Request:
        """Return a request as the store has it."""
        with self.store.reading() as connection:
            found = request_rows.load(connection, request)
        assert found is not None
        return found

    async def until(self, request: str, condition: Callable[[Request], bool]) -> None:
        """Return as soon as something holds of a request."""
        async with asyncio.timeout(10):
            while not condition(await asyncio.to_thread(self.load, request)):  # noqa: ASYNC110  # a store rings no test
                await asyncio.sleep(0.05)


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def desks(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[DeskStage]:
    """The city."""
    async with standing(tmp_path_factory.mktemp("desks")) as stage:
        yield stage


@asynccontextmanager
async def standing(directory: Path) -> AsyncIterator[DeskStage]:
    """Set the stage below a directory."""
    identity = pyrage.x25519.Identity.generate()
    key_file = directory / "residence.key"
    key_file.write_text(f"# khóa của bàn cư trú\n{identity}\n")
    async with AsyncExitStack() as stack:
        broker = await asyncio.to_thread(stack.enter_context, running_broker(directory / "broker"))
        people = (HOA, BINH, person("kiem.toan", "Võ Ngọc Lan", "auditor"))
        starting = running_cloud(directory / "cloud", broker, PLACES, people)
        cloud = await asyncio.to_thread(stack.enter_context, starting)
        store = stack.enter_context(open_store(cloud.database))
        yield DeskStage(cloud, store, key_file, identity.to_public(), offices_of(load_catalogue()))


Sit = Callable[..., Any]


@pytest_asyncio.fixture(loop_scope="session")
async def sit_at_desk(desks: DeskStage, browser: Browser) -> AsyncIterator[Sit]:
    """Open windows at the desk's page; they are closed with the test."""
    async with AsyncExitStack() as stack:

        async def sit(who: Person = HOA, *, theme: str = "day", **options: Any) -> Officer:
            cookies = await _session(desks, who)
            console = open_console(
                browser, desks.cloud.url, who, cookies, theme=theme, **{"viewport": DESKTOP, **options}
            )
            officer = await stack.enter_async_context(console)
            if who.role == "desk_officer":  # lands here by itself
                await officer.page.wait_for_url("**/desk/**")
            else:
                await officer.page.goto(f"{desks.cloud.url}/desk/")
            return await officer.connected()

        yield sit


async def _session(desks: DeskStage, who: Person) -> list[Any]:
    async with httpx.AsyncClient(base_url=desks.cloud.url, timeout=20, trust_env=False) as client:
        body = {"login": who.login, "password": who.password}
        (await client.post("/api/session", json=body)).raise_for_status()
        return [
            {"name": name, "value": value, "url": desks.cloud.url} for name, value in client.cookies.items()
        ]


def row(page: Page, entry: RequestSubmitted) -> Any:
    """The line of a request in whichever list is shown."""
    return page.locator(f'[data-row="{entry.request}"]')


async def open_request(page: Page, entry: RequestSubmitted) -> Any:
    """Open a request from the list; return its card."""
    await row(page, entry).click()
    card = page.get_by_role("article", name=f"Hồ sơ {entry.tracking}", exact=True)
    await expect(card).to_be_visible()
    return card
