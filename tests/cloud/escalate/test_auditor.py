"""The auditor: silent when something is wrong, and loud in the log."""

from collections.abc import Callable

import httpx
import pytest
from structlog.testing import capture_logs

from cloud.escalate.auditor import Heart, audit
from cloud.escalate.tick import Ways, tick
from cloud.sos.plan import Channel
from cloud.store import commands, notifications
from cloud.store.engine import Store
from cloud.store.watch import OVERDUE_AFTER_MS, Findings
from tests.cloud.samples import NOW_MS, STATION, add_people, add_station, open_one
from wire.messages import Ping

WAYS = Ways((Channel.PUSH, Channel.SMS))
URL = "https://outside.example/ping/tcds"


@pytest.fixture
def city(store: Store) -> Store:
    with store.writing() as connection:
        add_station(connection)
        add_people(connection)
    return store


def test_a_quiet_city_is_well(city: Store) -> None:
    assert audit(city, NOW_MS) == Findings(0, 0, 0, 0)
    assert audit(city, NOW_MS).is_well


def test_an_incident_that_is_escalated_in_time_is_well(city: Store) -> None:
    open_one(city)
    tick(city, WAYS, NOW_MS)
    assert audit(city, NOW_MS + 9_000).is_well


def test_a_deadline_that_nobody_heeded_is_found(city: Store) -> None:
    open_one(city)
    due_ms = NOW_MS + 20_000
    assert audit(city, due_ms + OVERDUE_AFTER_MS).overdue_incidents == 0
    with capture_logs() as lines:
        findings = audit(city, due_ms + OVERDUE_AFTER_MS + 1)
    assert (findings.overdue_incidents, findings.is_well) == (1, False)
    assert [(line["event"], line["log_level"], line["overdue_incidents"]) for line in lines] == [
        ("audit.failed", "error", 1)
    ]


def test_a_message_that_nobody_sends_is_found(city: Store) -> None:
    open_one(city)
    tick(city, WAYS, NOW_MS)
    findings = audit(city, NOW_MS + OVERDUE_AFTER_MS + 1)
    assert (findings.waiting_messages, findings.is_well) == (1, False)


def test_a_message_that_died_is_found_for_an_hour(city: Store) -> None:
    open_one(city)
    tick(city, WAYS, NOW_MS)
    with city.writing() as connection:
        (notice,) = notifications.claim(connection, Channel.PUSH, NOW_MS, 10, lease_ms=60_000)
        notifications.mark_failed(connection, notice.id, "HTTP 403", again_at_ms=None)
    assert audit(city, NOW_MS + 1_000).dead_messages == 1
    assert audit(city, NOW_MS + 3_600_001).dead_messages == 0


def test_a_command_that_waits_is_told_but_is_the_stations_own_trouble(city: Store) -> None:
    with city.writing() as connection:
        commands.enqueue(connection, STATION, Ping(), NOW_MS)
    findings = audit(city, NOW_MS + OVERDUE_AFTER_MS + 1)
    assert (findings.waiting_commands, findings.is_well) == (1, True)


def client(answer: Callable[[httpx.Request], httpx.Response]) -> httpx.Client:
    return httpx.Client(transport=httpx.MockTransport(answer))


def refuse_connection(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("no route", request=request)


def test_a_heartbeat_is_one_request() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(f"{request.method} {request.url}")
        return httpx.Response(200)

    assert Heart(client(answer), URL).beat()
    assert asked == [f"GET {URL}"]


@pytest.mark.parametrize("answer", [refuse_connection, lambda _: httpx.Response(503)])
def test_an_outside_that_does_not_hear_is_a_warning(
    answer: Callable[[httpx.Request], httpx.Response],
) -> None:
    with capture_logs() as lines:
        assert not Heart(client(answer), URL).beat()
    assert [line["log_level"] for line in lines] == ["warning"]
