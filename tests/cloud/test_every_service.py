"""Every service of the catalogue once, from its submission to its end: the shipped routes, real far ends, a store."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from catalogue.model import Kind
from catalogue.questions import BillCodeQuestion
from catalogue.routes import Protocol
from cloud.connectors.simulators.manners import MANNERS
from cloud.connectors.simulators.portal import PortalDesk, create_app
from cloud.connectors.simulators.serving import serving_all
from cloud.forwarding import open_roads
from cloud.requests.reasons import TEXTS
from cloud.requests.request import CITIZEN, Decision, Request, State, Verb
from cloud.route.assign import assign
from cloud.route.carrier import Carrier
from cloud.route.run import Roads
from cloud.sections import Requests
from cloud.settings import Notify, Settings
from cloud.store.engine import Store, open_store
from tests.cloud.counter.counting import CATALOGUE, counting
from tests.cloud.requesting import NOW_MS, OFFICER, REQUEST, amended, bring, do, load, submitted
from tests.cloud.route.road import SetClock
from wire.entries import RequestAction, RequestKind

TOKEN: Final = "invented-token"
HOUR_MS: Final = 3_600_000
MOST_STEPS: Final = 20
SPOKEN: Final = {
    name: CATALOGUE.parties.protocol(service.connector)
    for name, service in CATALOGUE.services.items()
    if service.kind is not Kind.CABIN
}
CARRIED: Final = sorted(name for name, spoken in SPOKEN.items() if spoken in MANNERS)
BILLED: Final = sorted(name for name, spoken in SPOKEN.items() if spoken is Protocol.BILLS)
AT_DESKS: Final = sorted(name for name, spoken in SPOKEN.items() if spoken is Protocol.DESK)
GOOD_ENDS: Final = {State.DELIVERED, State.CONFIRMED, State.DONE, State.ATTENDED}
BY_HAND: Final = {
    Kind.REPORT: [Verb.ACCEPT, Verb.ASSIGN, Verb.RESOLVE, Verb.CONFIRM],
    Kind.CONTACT: [Verb.RECEIVE, Verb.CONTACT, Verb.FINISH],
}
CLOCK: Final = SetClock()


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    with open_store(sqlite_url) as opened:
        yield opened


@pytest.fixture(scope="module")
def every_far_end() -> dict[Protocol, PortalDesk]:
    return {protocol: PortalDesk(TOKEN, CLOCK, manner) for protocol, manner in MANNERS.items()}


@pytest.fixture(scope="module")
def urls(every_far_end: dict[Protocol, PortalDesk]) -> Iterator[dict[Protocol, str]]:
    with serving_all({create_app(each): 0 for each in every_far_end.values()}) as addresses:
        yield dict(zip(every_far_end, addresses, strict=True))


@pytest.fixture
def settings(urls: dict[Protocol, str], name: str, tmp_path: Path) -> Settings:
    """The one system of the service of the test, at the far end that speaks as it does."""
    token = tmp_path / "token"
    token.write_text(TOKEN)
    connectors = {
        each.id: {"url": urls[each.protocol], "token_file": token}
        for each in CATALOGUE.parties.connectors
        if each.protocol in urls and each.id == CATALOGUE.services[name].connector
    }
    section = Requests.model_validate({"connectors": connectors})
    return Settings.model_construct(requests=section, notify=Notify())


@pytest.fixture
def far_ends(every_far_end: dict[Protocol, PortalDesk]) -> dict[Protocol, PortalDesk]:
    """The far ends, with nothing in hand."""
    for each in every_far_end.values():
        each.cases.clear()
        each.answers.clear()
    return every_far_end


def submit(store: Store, name: str) -> None:
    service = CATALOGUE.services[name]
    CLOCK.at_ms = NOW_MS
    body = submitted(
        service=name,
        service_version=service.version,
        request_kind=RequestKind(service.kind.value),
        authority=service.authority,
    )
    bring(store, body)


def routed(store: Store, roads: Roads) -> tuple[str, str | None]:
    assert assign(store, roads.routing, roads.connectors, CLOCK()) == 1
    with store.reading() as connection:
        desk, connector = connection.exec_driver_sql("SELECT desk, connector FROM request").one()
    return desk, connector


async def do_the_persons_part(store: Store, request: Request, carrier: Carrier) -> None:
    """Choose a time, come at that time, say that it was put right: whatever the request waits for."""
    if request.state is State.OFFERED:
        chosen = request.slots[1].start_ms
        bring(store, amended(RequestAction.BOOK, slot_start_ms=chosen), now_ms=CLOCK())
    elif request.state is State.BOOKED and request.slot is not None:
        CLOCK.at_ms = max(CLOCK.at_ms, request.slot.end_ms)
    elif request.state is State.RESOLVED:
        bring(store, amended(RequestAction.CONFIRM), now_ms=CLOCK())
    await carrier.carry_due()


@pytest.mark.parametrize("name", CARRIED)
async def test_a_service_reaches_its_far_end_and_comes_to_its_end(
    store: Store, settings: Settings, far_ends: dict[Protocol, PortalDesk], name: str
) -> None:
    service = CATALOGUE.services[name]
    submit(store, name)
    async with open_roads(settings, CATALOGUE, store, CLOCK) as roads:
        assert routed(store, roads)[1] == service.connector
        carrier = Carrier(store, roads.connectors[service.connector], roads.offices, CLOCK, lambda: 0.0)
        assert await carrier.carry_due() == 1
        protocol = SPOKEN[name]
        assert protocol is not None
        (case,) = far_ends[protocol].cases.values()
        assert case.received[0].service == name
        states = [load(store).state]
        while load(store).ended_at_ms is None and len(states) < MOST_STEPS:
            CLOCK.at_ms += HOUR_MS
            await do_the_persons_part(store, load(store), carrier)
            far_ends[protocol].advance(case.number)
            await carrier.poll_due()
            states.append(load(store).state)
    ended = load(store)
    assert ended.state in GOOD_ENDS, states
    assert {each.key for each in case.received} <= {REQUEST, amended().amendment}
    assert ended.reason is None or ended.reason in TEXTS
    assert (ended.decision is Decision.GRANTED) is (service.kind is Kind.DOSSIER)


@pytest.mark.parametrize("name", BILLED)
async def test_a_bill_is_asked_for_paid_and_cleared_by_whoever_bills(store: Store, name: str) -> None:
    (code,) = [each for each in CATALOGUE.services[name].questions if isinstance(each, BillCodeQuestion)]
    async with counting(store, name, code.example) as scene:
        scene.billing.pattern = code.pattern
        scene.submit()
        assert (await scene.stands(await scene.chosen())).ways
        scene.pay()
        await scene.settle_down()
        assert scene.request().state is State.DONE
        assert (await scene.stands()).receipt
    assert list(scene.billing.cleared) == [(code.example, next(iter(scene.billing.cleared))[1])]


@pytest.mark.parametrize("name", AT_DESKS)
async def test_what_has_no_system_stands_at_its_desk_and_is_ended_there(
    store: Store, settings: Settings, name: str
) -> None:
    service = CATALOGUE.services[name]
    submit(store, name)
    async with open_roads(settings, CATALOGUE, store, CLOCK) as roads:
        route = CATALOGUE.routes.find("27097", service.authority, name)
        assert route is not None
        assert routed(store, roads) == (route.desk, None)
    for verb in BY_HAND[service.kind]:
        by = CITIZEN if verb is Verb.CONFIRM else OFFICER
        do(store, verb, by, assignee=OFFICER.name if verb is Verb.ASSIGN else None)
    assert load(store).state in GOOD_ENDS


def test_no_service_that_is_submitted_is_left_out() -> None:
    assert {*CARRIED, *BILLED, *AT_DESKS} == SPOKEN.keys()
    assert len(SPOKEN) == len(CATALOGUE.services) - 1, "the cabin is used, not submitted"
