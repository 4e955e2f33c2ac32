"""The role `route`, put together: which connectors there are, who sends messages, and a sign of life.

Each system has a client and a breaker of its own, so that one that hangs holds up no other.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from typing import Final

import httpx
import structlog

from catalogue.model import Catalogue
from catalogue.routes import Parties, Protocol
from cloud.alive import keep_beating
from cloud.clock import now_ms
from cloud.connectors.dialects import DIALECTS
from cloud.connectors.guard import Guard
from cloud.connectors.port import Connector
from cloud.connectors.portal import Portal
from cloud.notify.contact import AgeContacts, ContactError
from cloud.notify.request_sms import RequestSms
from cloud.requests.errors import RoutingError
from cloud.requests.offices import Offices
from cloud.roads import offices_of, routing_of
from cloud.route.messenger import Messenger
from cloud.route.run import Roads, run_routing
from cloud.secret_files import read_token
from cloud.sections import Requests
from cloud.settings import Settings, SettingsError, Sms
from cloud.store.engine import Store

NAME: Final = "route"
TIMEOUT_S: Final = 10.0

_log = structlog.get_logger(__name__)


async def run_forwarding(
    settings: Settings,
    catalogue: Catalogue,
    store: Store,
    stop: asyncio.Event,
    clock: Callable[[], int] = now_ms,
) -> None:
    """Bring requests to those who decide until `stop` is set; SettingsError when a file that it needs is no good."""
    async with open_roads(settings, catalogue, store, clock) as roads, asyncio.TaskGroup() as group:
        _log.info("route.started", connectors=sorted(roads.connectors))
        group.create_task(run_routing(store, roads, stop, clock), name="routing")
        group.create_task(keep_beating(NAME, store, stop, clock), name="beat")


@asynccontextmanager
async def open_roads(
    settings: Settings, catalogue: Catalogue, store: Store, clock: Callable[[], int] = now_ms
) -> AsyncIterator[Roads]:
    """Open the connectors and the way to people's telephones for as long as the block lasts."""
    chosen = settings.requests
    offices = offices_of(catalogue)
    async with AsyncExitStack() as stack:
        yield Roads(
            routing=routing_of(catalogue, chosen.catch_all_desk),
            offices=offices,
            connectors=await _connect(chosen, catalogue, stack),
            messenger=stack.enter_context(_messenger(settings, store, offices, clock)),
            first_poll_ms=chosen.first_poll_s * 1000,
        )


def mistakes_in(chosen: Requests, catalogue: Catalogue) -> list[str]:
    """Return what is wrong with the section beside the catalogue and the files that it names, a line for each."""
    parties = catalogue.parties
    desks = {each.id for each in parties.desks}
    wrong = _mistakes_in_connectors(chosen, parties)
    wrong += [
        f"requests.{key}: the catalogue has no such desk"
        for key in ("catch_all_desk", "duty_desk")
        if getattr(chosen, key) not in desks
    ]
    try:
        routing_of(catalogue, chosen.catch_all_desk)
    except RoutingError as error:
        wrong.append(f"requests.catalogue: {error}")
    return wrong + _mistakes_in_files(chosen)


def _mistakes_in_connectors(chosen: Requests, parties: Parties) -> list[str]:
    wrong = {
        None: "the catalogue has no such connector",
        Protocol.BILLS: "takes no requests; whoever bills stands under payments.billers",
        Protocol.DESK: "there is no system behind it; its requests stand on the desk's page",
    }
    spoken = {name: parties.protocol(name) for name in chosen.connectors}
    return [
        f"requests.connectors.{name}: {wrong[protocol]}"
        for name, protocol in spoken.items()
        if protocol in wrong
    ]


def _mistakes_in_files(chosen: Requests) -> list[str]:
    wrong: list[str] = []
    for name, connector in chosen.connectors.items():
        try:
            read_token(_token_key(name), connector.token_file)
        except SettingsError as error:
            wrong += error.mistakes
    try:
        _opener(chosen)
    except SettingsError as error:
        wrong += error.mistakes
    return wrong


async def _connect(chosen: Requests, catalogue: Catalogue, stack: AsyncExitStack) -> Mapping[str, Connector]:
    """Open each system in the dialect that the catalogue names; SettingsError when it names none."""
    if mistakes := _mistakes_in_connectors(chosen, catalogue.parties):
        raise SettingsError(mistakes)
    protocols = {each.id: each.protocol for each in catalogue.parties.connectors}
    connectors: dict[str, Connector] = {}
    for name, each in chosen.connectors.items():
        headers = {"Authorization": f"Bearer {read_token(_token_key(name), each.token_file)}"}
        client = httpx.AsyncClient(
            base_url=str(each.url), headers=headers, timeout=TIMEOUT_S, follow_redirects=False
        )
        guard = Guard(name, timeout_s=TIMEOUT_S)
        dialect = DIALECTS[protocols[name]]
        connectors[name] = Portal(await stack.enter_async_context(client), guard, name=name, dialect=dialect)
    return connectors


@contextmanager
def _messenger(
    settings: Settings, store: Store, offices: Offices, clock: Callable[[], int]
) -> Iterator[Messenger]:
    opener, sms = _opener(settings.requests), settings.notify.sms
    if opener is None or sms is None:
        yield Messenger(store, offices, clock)
        return
    teller = _teller(sms)
    try:
        yield Messenger(store, offices, clock, opener, teller)
    finally:
        teller.close()


def _teller(sms: Sms) -> RequestSms:
    return RequestSms(str(sms.url), sms.token.get_secret_value())


def _opener(chosen: Requests) -> AgeContacts | None:
    if chosen.contact_key is None:
        return None
    try:
        return AgeContacts(chosen.contact_key)
    except ContactError as error:
        raise SettingsError([f"requests.contact_key: {error}"]) from error


def _token_key(name: str) -> str:
    return f"requests.connectors.{name}.token_file"
