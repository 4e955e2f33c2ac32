"""A dossier's road against the portal as a real server, with every loop running."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import httpx
import pytest

from cloud.connectors.guard import Guard
from cloud.connectors.portal import NAME, Portal
from cloud.connectors.simulators.faults import Faults
from cloud.connectors.simulators.manners import READY, SUPPLEMENT
from cloud.connectors.simulators.portal import PortalDesk, create_app
from cloud.connectors.simulators.serving import serving
from cloud.requests.request import State
from cloud.requests.routing import Route, Routing, Target
from cloud.route import run
from cloud.route.messenger import Messenger
from cloud.route.run import Roads, run_routing
from cloud.store.engine import Store
from tests.cloud.requesting import NOW_MS, OFFICES, REQUEST, amended, bring, load, news, submitted
from tests.cloud.route.road import SetClock
from wire.entries import RequestAction

HOUR_MS = 3_600_000
LIMIT_S = 20.0
ROUTING = Routing(
    [Route(target=Target("one-stop", NAME), service="temporary-residence")], catch_all=Target("city-desk")
)


@pytest.fixture
def desk() -> PortalDesk:
    return PortalDesk("token", lambda: NOW_MS)


@pytest.fixture
def url(desk: PortalDesk) -> Iterator[str]:
    with serving(create_app(desk)) as address:
        yield address


async def no_pause(_seconds: float) -> None:
    await asyncio.sleep(0)


@asynccontextmanager
async def running(store: Store, url: str, clock: SetClock) -> AsyncIterator[None]:
    stop = asyncio.Event()
    headers = {"Authorization": "Bearer token"}
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=5, trust_env=False) as client:
        portal = Portal(client, Guard("portal", timeout_s=5.0, pause=no_pause))
        roads = Roads(
            routing=ROUTING,
            offices=OFFICES,
            connectors={portal.name: portal},
            messenger=Messenger(store, OFFICES, clock),
        )
        task = asyncio.create_task(run_routing(store, roads, stop, clock), name="routing")
        try:
            yield
        finally:
            stop.set()
            await asyncio.wait_for(task, LIMIT_S)


async def until(store: Store, is_so: Callable[[], bool]) -> None:
    """Wait for what the loops do by themselves; the bell hurries them."""
    async with asyncio.timeout(LIMIT_S):
        while not is_so():
            store.ring()
            await asyncio.sleep(0.02)


async def test_a_dossier_goes_to_the_portal_and_its_news_come_back_to_the_kiosk(
    store: Store, url: str, desk: PortalDesk
) -> None:
    clock = SetClock()
    desk.desk.faults = Faults(fail_next=1, nonsense_next=1)
    async with running(store, url, clock):
        bring(store, submitted())

        def arrived() -> bool:
            clock.at_ms += 10_000
            return bool(desk.cases)

        await until(store, arrived)
        (case,) = desk.cases.values()
        assert [each.key for each in case.received] == [REQUEST]

        case.status = SUPPLEMENT

        def wanted() -> bool:
            clock.at_ms += HOUR_MS // 10
            return load(store).state is State.SUPPLEMENT_WANTED

        await until(store, wanted)
        bring(store, amended(RequestAction.SUPPLEMENT), now_ms=clock())
        await until(store, lambda: len(case.received) == 2)
        case.status, case.decision = READY, "granted"

        def ready() -> bool:
            clock.at_ms += HOUR_MS // 10
            return load(store).state is State.RESULT_READY

        await until(store, ready)
    assert len(desk.cases) == 1, "no fault made a second case"
    assert load(store).case_number == case.number
    assert [each.state for each in news(store)] == ["result-ready"]


async def test_a_portal_that_is_away_holds_up_no_other_request(
    store: Store, url: str, desk: PortalDesk
) -> None:
    clock = SetClock()
    desk.desk.faults = Faults(fail_next=1_000)
    async with running(store, url, clock):
        bring(store, submitted(), submitted(1, service="report-civic"))

        def on_desks() -> bool:
            with store.reading() as connection:
                rows = connection.exec_driver_sql("SELECT desk FROM request ORDER BY desk").scalars().all()
            return rows == ["city-desk", "one-stop"]

        await until(store, on_desks)
        await until(store, lambda: desk.desk.answered >= 1)
    assert load(store).state is State.SUBMITTED


async def test_it_ends_at_once_when_it_has_nothing_to_do(store: Store, url: str) -> None:
    async with running(store, url, SetClock()):
        await asyncio.sleep(0)
    assert news(store) == []


async def test_a_bell_that_never_stops_ringing_hurries_nobody(
    store: Store, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It rings for every group of readings; with a gap of a minute there is one look at the start and one after it."""
    looks: list[object] = []

    def look(*given: object) -> int:
        looks.append(given)
        return 0

    monkeypatch.setattr(run, "GAP_S", 60.0)
    monkeypatch.setattr(run, "assign", look)
    async with running(store, url, SetClock()):
        await until(store, lambda: len(looks) >= 2)
        for _ in range(20):
            store.ring()
            await asyncio.sleep(0.01)
    assert len(looks) == 2
