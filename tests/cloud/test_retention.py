"""The hourly sweep: deletes what is due and nothing else, says how much, and holds nobody up."""

import asyncio
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
from structlog.testing import capture_logs

from cloud import retention as retention_module
from cloud.requests.request import State
from cloud.retention import ACTOR, Sweeper
from cloud.sections import DAY_MS, Requests
from cloud.settings import Identity, Settings, Telemetry, Vitals
from cloud.store import audit, identities, readings, request_routes, vitals
from cloud.store.engine import Store
from cloud.store.identities import Tally
from cloud.store.readings import Batch
from cloud.telemetry import HOUR_MS, Point, SqliteTelemetry
from tests.cloud.blobs import PARTS, cut, paper
from tests.cloud.blobs import send as send_parts
from tests.cloud.cabin import KEEP_MS, OTHER, RAW, SESSION, bring, consent, temperature, withdrawal
from tests.cloud.requesting import CONTACT, REQUEST, amended, load, submitted
from tests.cloud.requesting import bring as bring_requests
from tests.cloud.samples import NOW_MS, STATION, open_one
from tests.cloud.sharing import RECIPIENT, SHARE, agreed, sealed, send, shared
from tests.rig.processes import wait_until
from wire.entries import RequestAmended, RequestSubmitted


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now_ms = NOW_MS

    def __call__(self) -> int:
        return self.now_ms


@pytest.fixture
def clock() -> Clock:
    return Clock()


def sweeper(store: Store, clock: Clock, telemetry: Path | None = None) -> Sweeper:
    settings = Settings.model_construct(
        vitals=Vitals(), identity=Identity(), requests=Requests(), telemetry=Telemetry(path=telemetry)
    )
    return Sweeper(settings, store, clock)


async def sweep(store: Store, clock: Clock, telemetry: Path | None = None) -> None:
    await sweeper(store, clock, telemetry).sweep(asyncio.Event())


def audited(store: Store) -> list[tuple[str, str, dict[str, int]]]:
    with store.reading() as connection:
        return [
            (row.actor, row.action, msgspec.json.decode(row.detail))
            for row in audit.entries(connection, 0, 100)
        ]


def kept(store: Store, session: str = SESSION) -> int | None:
    """Return how many measurements a session has; None when nothing is known of it."""
    with store.reading() as connection:
        found = vitals.session(connection, session)
    return None if found is None else len(found.vitals)


async def test_measurements_go_in_time_and_the_audit_says_how_many(store: Store, clock: Clock) -> None:
    bring(store, consent(), temperature(), temperature(number=2))
    bring(store, temperature(OTHER, number=3))
    await sweep(store, clock)
    assert audited(store) == [], "nothing is due, and nothing is said"
    clock.now_ms = NOW_MS + DAY_MS
    await sweep(store, clock)
    clock.now_ms = NOW_MS + KEEP_MS
    await sweep(store, clock)
    assert kept(store) == 0
    assert audited(store) == [
        (ACTOR, "vitals.sweep", {"sessions": 1, "measurements": 1, "unconsented": 1}),
        (ACTOR, "vitals.sweep", {"sessions": 1, "measurements": 2, "unconsented": 0}),
    ]


async def test_the_record_of_the_consent_outlives_them_and_goes_too(store: Store, clock: Clock) -> None:
    bring(store, consent(), temperature(), withdrawal())
    clock.now_ms = NOW_MS + Vitals().consent_days * DAY_MS
    await sweep(store, clock)
    assert kept(store) == 0
    clock.now_ms += 1
    await sweep(store, clock)
    assert kept(store) is None
    assert audited(store) == [(ACTOR, "consent.sweep", {"records": 1})]


async def test_no_word_of_anybody_is_audited_or_logged(store: Store, clock: Clock) -> None:
    subject = "ab" * 16
    bring(store, consent(subject=subject), temperature(value=38.73))
    clock.now_ms = NOW_MS + KEEP_MS
    with capture_logs() as logs:
        await sweep(store, clock)
    with store.reading() as connection:
        told = repr(audit.entries(connection, 0, 10)) + repr(logs)
    for private in (SESSION, subject, "38.73", RAW):
        assert private not in told


async def test_what_nobody_fetched_goes_in_time_and_its_record_later(store: Store, clock: Clock) -> None:
    send(store, agreed(), agreed(purpose="card-check"), shared(1), shared(2))
    clock.now_ms = NOW_MS + Identity().share_ms - 1
    await sweep(store, clock)
    assert audited(store) == []
    assert tallied(store, clock) == [(RECIPIENT, 2, 0, 0)]
    clock.now_ms += 1
    await sweep(store, clock)
    assert tallied(store, clock) == [(RECIPIENT, 0, 0, 2)]
    clock.now_ms = NOW_MS + Identity().consent_days * DAY_MS
    await sweep(store, clock)
    assert tallied(store, clock) == [(RECIPIENT, 0, 0, 2)]
    clock.now_ms += 1
    await sweep(store, clock)
    assert tallied(store, clock) == []
    assert audited(store) == [
        (ACTOR, "identity.sweep", {"shares": 2}),
        (ACTOR, "identity.forget", {"consents": 2, "shares": 2}),
    ]


async def test_what_was_fetched_is_swept_as_a_record_only(store: Store, clock: Clock) -> None:
    send(store, shared())
    with store.writing() as connection:
        identities.mark_fetched(connection, [SHARE], NOW_MS)
    clock.now_ms = NOW_MS + Identity().consent_days * DAY_MS + 1
    await sweep(store, clock)
    assert audited(store) == [(ACTOR, "identity.forget", {"consents": 0, "shares": 1})]


async def test_what_was_submitted_goes_long_after_its_end_and_what_became_of_it_stays(
    store: Store, clock: Clock
) -> None:
    submit(store, submitted(contact=CONTACT))
    withdraw(store)
    clock.now_ms = NOW_MS + Requests().sealed_days * DAY_MS
    await sweep(store, clock)
    assert sealed_of(store) == sealed()
    clock.now_ms = NOW_MS + (Requests().sealed_days + 1) * DAY_MS
    await sweep(store, clock)
    assert sealed_of(store) is None
    assert load(store).state is State.WITHDRAWN
    assert audited(store) == [(ACTOR, "request.sweep", {"requests": 1})]


async def test_an_open_request_keeps_what_is_sealed_however_long_it_takes(store: Store, clock: Clock) -> None:
    submit(store, submitted())
    clock.now_ms = NOW_MS + 3_000 * DAY_MS
    await sweep(store, clock)
    assert sealed_of(store) == sealed()
    assert audited(store) == []


async def test_what_was_done_to_a_request_that_never_came_goes_too(store: Store, clock: Clock) -> None:
    withdraw(store)
    clock.now_ms = NOW_MS + Requests().waiting_days * DAY_MS
    await sweep(store, clock)
    assert audited(store) == []
    clock.now_ms += 1
    await sweep(store, clock)
    assert audited(store) == [(ACTOR, "request.sweep_lost", {"amendments": 1})]


async def test_papers_of_a_request_that_never_came_go_too_to_their_last_part(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention_module, "_PARTS", 2)
    send_parts(store, cut(paper()), now_ms=NOW_MS)
    clock.now_ms = NOW_MS + Requests().waiting_days * DAY_MS
    await sweep(store, clock)
    assert audited(store) == []
    clock.now_ms += 1
    await sweep(store, clock)
    assert sum(detail["parts"] for *_, detail in audited(store)) == PARTS + 1


async def test_many_requests_go_in_steps(store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention_module, "_SESSIONS", 2)
    submit(store, *(submitted(number) for number in range(5)))
    for number in range(5):
        withdraw(store, f"{number:032x}")
        withdraw(store, f"f{number:031x}")
    clock.now_ms = NOW_MS + 365 * DAY_MS
    await sweep(store, clock)
    assert [detail for _, action, detail in audited(store) if action == "request.sweep"] == [
        {"requests": 2},
        {"requests": 2},
        {"requests": 1},
    ]
    assert [detail for _, action, detail in audited(store) if action == "request.sweep_lost"] == [
        {"amendments": 2},
        {"amendments": 2},
        {"amendments": 1},
    ]


def withdraw(store: Store, request: str = REQUEST) -> None:
    """Let the person take it back, at the moment it was submitted."""
    submit(store, amended(amendment=request[::-1], request=request))


def sealed_of(store: Store) -> bytes | None:
    with store.reading() as connection:
        return request_routes.submission(connection, REQUEST).sealed


async def test_many_shares_go_in_steps(store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention_module, "_SESSIONS", 2)
    send(store, *(shared(number) for number in range(5)), agreed())
    clock.now_ms = NOW_MS + Identity().consent_days * DAY_MS + 1
    await sweep(store, clock)
    assert [detail["shares"] for _, action, detail in audited(store) if action == "identity.sweep"] == [
        2,
        2,
        1,
    ]
    assert [detail["shares"] for _, action, detail in audited(store) if action == "identity.forget"] == [
        2,
        2,
        1,
    ]


def submit(store: Store, *bodies: RequestSubmitted | RequestAmended) -> None:
    bring_requests(store, *bodies, now_ms=NOW_MS)


def tallied(store: Store, clock: Clock) -> list[Tally]:
    with store.reading() as connection:
        return identities.tally(connection, clock())


async def test_a_long_backlog_goes_in_steps_between_which_others_write(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention_module, "_SESSIONS", 2)
    for number in range(5):
        name = f"{number:032x}"
        bring(store, consent(name), temperature(name, number=number))
    clock.now_ms = NOW_MS + KEEP_MS
    each = sweeper(store, clock)
    assert each.sweep_vitals()
    open_one(store)
    await each.sweep(asyncio.Event())
    assert [detail["sessions"] for _, _, detail in audited(store)] == [2, 2, 1]


def keep_batches(store: Store, count: int) -> list[int]:
    """Keep batches of one day each; return their ids."""
    rows = [
        Batch(STATION, "a" * 32, "telemetry", day, day, NOW_MS + day * DAY_MS, b"{}") for day in range(count)
    ]
    with store.writing() as connection:
        readings.keep_batches(connection, rows)
    return batches(store)


def batches(store: Store) -> list[int]:
    with store.reading() as connection:
        return [identity for identity, _ in readings.batches_after(connection, 0, 100)]


@pytest.fixture
def telemetry(tmp_path: Path) -> Iterator[SqliteTelemetry]:
    with SqliteTelemetry(tmp_path / "telemetry.db") as opened:
        yield opened


async def test_raw_batches_go_when_they_are_old_and_telemetry_has_them(
    store: Store, clock: Clock, telemetry: SqliteTelemetry, tmp_path: Path
) -> None:
    path = tmp_path / "telemetry.db"
    ids = keep_batches(store, 4)
    clock.now_ms = NOW_MS + 9 * DAY_MS + 1
    await sweep(store, clock, path)
    assert batches(store) == ids, "telemetry has none of them yet"
    telemetry.write_replay([], batch=ids[1])
    await sweep(store, clock, path)
    assert batches(store) == ids[2:]
    telemetry.write_replay([], batch=ids[3])
    await sweep(store, clock, path)
    assert batches(store) == ids[3:], "the last is younger than seven days"


async def test_without_a_telemetry_store_old_batches_go_all_the_same(store: Store, clock: Clock) -> None:
    ids = keep_batches(store, 3)
    clock.now_ms = NOW_MS + 8 * DAY_MS + 1
    await sweep(store, clock)
    assert batches(store) == ids[2:]


async def test_single_points_go_and_hourly_figures_stay(
    store: Store, clock: Clock, telemetry: SqliteTelemetry, tmp_path: Path
) -> None:
    start_ms = NOW_MS - NOW_MS % HOUR_MS
    telemetry.write([Point(STATION, "loop-lag", start_ms, 1), Point(STATION, "disk-free", start_ms, 2)])
    clock.now_ms = start_ms + Telemetry().point_days * DAY_MS + 1
    await sweep(store, clock, tmp_path / "telemetry.db")
    span = {"since_ms": start_ms, "until_ms": start_ms + HOUR_MS}
    assert telemetry.series(STATION, "loop-lag", **span, step_ms=1_000) == []
    assert len(telemetry.series(STATION, "loop-lag", **span, step_ms=HOUR_MS)) == 1


async def test_it_ends_when_told_and_a_fault_does_not_end_it(
    store: Store, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention_module, "_FIRST_S", (0.0, 0.0))
    monkeypatch.setattr(retention_module, "INTERVAL_S", 0.01)
    broken = tmp_path / "no-such-folder" / "telemetry.db"
    bring(store, consent(), temperature())
    clock.now_ms = NOW_MS + KEEP_MS
    stop = asyncio.Event()
    with capture_logs() as logs:
        running = asyncio.create_task(sweeper(store, clock, broken).run(stop), name="retention")
        await asyncio.to_thread(wait_until, lambda: interruptions(logs) >= 2, "it is tried again")
        stop.set()
        async with asyncio.timeout(10):
            await running
    assert kept(store) == 0, "people's things first, whatever telemetry does"


def interruptions(logs: list[MutableMapping[str, Any]]) -> int:
    return len([line for line in logs if line["event"] == "retention.interrupted"])
