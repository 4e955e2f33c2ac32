"""Which reports anybody may see, on both databases: accepted ones, under a number that leads nowhere else."""

from typing import Any

from cloud.requests.request import State, Verb
from cloud.store import request_public, request_routes
from cloud.store.engine import Store
from cloud.store.request_public import PublicRow, Window
from tests.cloud.requesting import NOW_MS, PERSON, amended, bring, do, submitted
from tests.cloud.requests.samples import DAY_MS
from wire.entries import RequestKind

ALL = Window(from_ms=0, to_ms=NOW_MS + 100 * DAY_MS)
CIVIC = {"service": "report-civic", "request_kind": RequestKind.REPORT, "ward": "27097"}


def report(
    store: Store, number: int, desk: str | None = "civic", *, accept: bool = True, **changed: Any
) -> None:
    """Bring a report, give it to a desk and let that accept it."""
    now_ms = changed.pop("now_ms", NOW_MS)
    bring(store, submitted(number, **(CIVIC | changed)), now_ms=now_ms)
    if desk is not None:
        with store.writing() as connection:
            request_routes.route(connection, [(f"{number:032x}", desk, None)], now_ms)
    if accept:
        do(store, Verb.ACCEPT, request=f"{number:032x}", now_ms=now_ms + 1)


def seen(store: Store, window: Window = ALL, limit: int = 10) -> list[PublicRow]:
    with store.reading() as connection:
        return request_public.public_reports(connection, window, "duty", limit)


def topics(store: Store, **window: Any) -> list[str]:
    values: dict[str, Any] = {"from_ms": ALL.from_ms, "to_ms": ALL.to_ms} | window
    return [row.report.category for row in seen(store, Window(**values))]


def test_only_what_a_desk_has_accepted_is_seen(store: Store) -> None:
    report(store, 1, category="road")
    report(store, 2, accept=False)
    report(store, 3, category="drugs", desk="duty")
    report(store, 4, desk=None)
    report(store, 5)
    do(store, Verb.REFUSE, request=f"{5:032x}", reason="no-matter-of-ours", now_ms=NOW_MS + 9)
    report(store, 6)
    bring(store, amended(request=f"{6:032x}"), now_ms=NOW_MS + 9)
    bring(store, submitted(7))
    assert topics(store) == ["road"]


def test_a_report_is_seen_without_its_maker_its_place_and_its_code(store: Store) -> None:
    report(store, 1, category="road", submitted_by=PERSON, is_named=True)
    (row,) = seen(store)
    assert (row.report.ward, row.report.reported_on, row.report.state) == (
        "27097",
        "2026-11-23",
        State.ACCEPTED,
    )
    for private in (PERSON, f"{1:032x}", submitted(1).tracking):
        assert private not in repr(row)


def test_the_newest_come_first_and_not_more_than_asked_for(store: Store) -> None:
    for number in range(1, 6):
        report(store, number, category=f"topic-{number}")
    assert topics(store) == ["topic-5", "topic-4", "topic-3", "topic-2", "topic-1"]
    assert [row.report.category for row in seen(store, limit=2)] == ["topic-5", "topic-4"]


def test_a_number_finds_its_report_and_no_other(store: Store) -> None:
    report(store, 1, category="road")
    report(store, 2, category="drugs", desk="duty")
    (row,) = seen(store)
    with store.reading() as connection:
        everything = request_public.numbered(connection, range(1, 50), "duty")
        none = request_public.numbered(connection, [row.number + 1], "duty")
    assert everything == [row]
    assert none == []


def test_a_window_of_time_state_and_topic(store: Store) -> None:
    report(store, 1, category="road")
    report(store, 2, category="noise", now_ms=NOW_MS + 2 * DAY_MS)
    report(store, 3, now_ms=NOW_MS + 4 * DAY_MS)
    assert topics(store, from_ms=NOW_MS + DAY_MS) == ["report-civic", "noise"]
    assert topics(store, to_ms=NOW_MS + DAY_MS) == ["road"]
    assert topics(store, to_ms=NOW_MS) == []
    assert topics(store, states=[State.RESOLVED]) == []
    assert len(topics(store, states=[State.ACCEPTED, State.RESOLVED])) == 3
    assert topics(store, topics=[("report-civic", "road")]) == ["road"]
    assert topics(store, topics=[("report-civic", None)]) == ["report-civic"]
    assert topics(store, topics=[("report-civic", "noise"), ("report-civic", "road")]) == ["noise", "road"]
    assert topics(store, topics=[("report-security", "road")]) == []
