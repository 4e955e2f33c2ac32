"""A desk's inbox on both databases: whose requests, in which order, page by page, and acting with an audit."""

from typing import Any

import msgspec
import pytest

from cloud.requests.errors import RefusedCode, RefusedError
from cloud.requests.request import Action, Decision, State, Verb
from cloud.store import audit, request_desks, request_retention, request_routes
from cloud.store.engine import Store
from cloud.store.errors import MissingError
from cloud.store.request_desks import Cursor, DeskRow, Load, Sealed, Wanted
from tests.cloud.requesting import (
    NOW_MS,
    OFFICER,
    OFFICES,
    REQUEST,
    STATION,
    amended,
    bring,
    do,
    submitted,
)
from tests.cloud.requests.samples import DAY_MS
from tests.cloud.samples import add_station
from tests.cloud.sharing import SECRET, sealed
from wire.entries import RequestAction, RequestKind

LATER_MS = NOW_MS + 60 * DAY_MS


def name(number: int) -> str:
    return f"{number:032x}"


def fill(store: Store) -> None:
    """Bring five dossiers of two wards, a minute apart, to two desks; the fifth has no desk yet."""
    for number in range(1, 6):
        ward = "27097" if number % 2 else "26740"
        bring(store, submitted(number, ward=ward), now_ms=NOW_MS + number * 60_000)
    desks = {1: "residence", 2: "residence", 3: "residence", 4: "civic"}
    with store.writing() as connection:
        request_routes.route(
            connection, [(name(number), desk, None) for number, desk in desks.items()], NOW_MS
        )


def listed(store: Store, limit: int = 10, after: Cursor | None = None, **wanted: Any) -> list[int]:
    return [int(row.request.id, 16) for row in rows(store, limit, after, **wanted)]


def rows(store: Store, limit: int = 10, after: Cursor | None = None, **wanted: Any) -> list[DeskRow]:
    values: dict[str, Any] = {"desks": None, "wards": None} | wanted
    with store.reading() as connection:
        return request_desks.inbox(connection, Wanted(**values), limit, after)


def test_a_desk_sees_its_own_requests_the_oldest_promise_first(store: Store) -> None:
    fill(store)
    assert listed(store, desks=["residence"]) == [1, 2, 3]
    assert listed(store, desks=["civic", "residence"]) == [1, 2, 3, 4]
    assert listed(store, desks=["residence"], wards=["27097"]) == [1, 3]
    assert listed(store) == [1, 2, 3, 4, 5], "whoever watches over all sees also what nobody answers for"
    assert listed(store, desks=[]) == []
    assert listed(store, wards=[]) == []


def test_states_and_what_is_overdue_narrow_it(store: Store) -> None:
    fill(store)
    do(store, Verb.RECEIVE, request=name(2))
    do(store, Verb.ASK_SUPPLEMENT, request=name(2), reason="missing", wanted=("photo",))
    assert listed(store, states=[State.SUPPLEMENT_WANTED]) == [2]
    assert sorted(listed(store, states=[State.SUBMITTED, State.SUPPLEMENT_WANTED])) == [1, 2, 3, 4, 5]
    assert listed(store, overdue_at_ms=NOW_MS) == []
    assert listed(store, overdue_at_ms=LATER_MS) == [1, 3, 4, 5], "the second waits for the person"


def test_pages_follow_one_another_without_a_gap_also_when_promises_are_the_same(store: Store) -> None:
    bring(store, *(submitted(number) for number in range(1, 8)))
    found: list[int] = []
    after = None
    while page := rows(store, 3, after):
        found += [int(row.request.id, 16) for row in page]
        after = request_desks.cursor_of(page[-1])
    assert found == [1, 2, 3, 4, 5, 6, 7]


def test_what_ended_is_listed_apart_the_newest_first_page_by_page(store: Store) -> None:
    fill(store)
    for number in (1, 3, 4):
        do(store, Verb.REFUSE, request=name(number), now_ms=LATER_MS + number, reason="not-competent")
    assert listed(store, desks=["residence"]) == [2]
    assert listed(store, is_open=False) == [4, 3, 1]
    page = rows(store, 2, is_open=False)
    assert listed(store, 2, request_desks.cursor_of(page[-1]), is_open=False) == [1]


def test_a_row_says_where_it_came_from_and_went(store: Store) -> None:
    bring(store, submitted())
    with store.reading() as connection:
        before = request_desks.require_row(connection, REQUEST)
    assert (before.desk, before.connector, before.station_name) == (None, None, STATION)
    with store.writing() as connection:
        add_station(connection)
        request_routes.route(connection, [(REQUEST, "residence", "portal")], NOW_MS)
    with store.reading() as connection:
        row = request_desks.require_row(connection, REQUEST)
        place = connection.exec_driver_sql("SELECT name FROM station").scalar_one()
    assert (row.desk, row.connector, row.authority) == ("residence", "portal", "ward-police")
    assert row.station_name == place


def test_a_request_that_is_not_there_is_missing_in_every_way(store: Store) -> None:
    with store.writing() as connection:
        with pytest.raises(MissingError):
            request_desks.require_row(connection, REQUEST)
        with pytest.raises(MissingError):
            request_desks.sealed(connection, REQUEST)
        with pytest.raises(MissingError):
            request_desks.act(connection, REQUEST, receive(), OFFICES, NOW_MS)


def test_loads_count_what_is_open_and_what_a_desk_owes(store: Store) -> None:
    fill(store)
    do(store, Verb.RECEIVE, request=name(2))
    do(store, Verb.ASK_SUPPLEMENT, request=name(2), reason="missing", wanted=("photo",))
    do(store, Verb.REFUSE, request=name(3), reason="not-competent")
    everything, home = Wanted(desks=None, wards=None), Wanted(desks=["residence"], wards=["27097"])
    with store.reading() as connection:
        assert request_desks.loads(connection, everything, NOW_MS) == {
            "residence": Load(2, 0),
            "civic": Load(1, 0),
        }
        assert request_desks.loads(connection, everything, LATER_MS) == {
            "residence": Load(2, 1),
            "civic": Load(1, 1),
        }
        assert request_desks.loads(connection, home, LATER_MS) == {"residence": Load(1, 1)}


def test_what_is_sealed_comes_with_what_was_added_to_it(store: Store) -> None:
    bring(store, submitted())
    do(store, Verb.RECEIVE)
    do(store, Verb.ASK_SUPPLEMENT, reason="missing", wanted=("photo",))
    bring(store, amended(RequestAction.SUPPLEMENT, sealed=sealed(b"more")), now_ms=NOW_MS + 9_000)
    found = all_sealed(store)
    assert (found.recipients, found.document) == (("ward-police",), sealed())
    (later,) = found.amendments
    assert (later.action, later.sealed) == ("supplement", sealed(b"more"))
    assert SECRET.decode() not in repr(found)


def test_what_a_stranger_added_reaches_nobody(store: Store) -> None:
    bring(store, submitted())
    do(store, Verb.RECEIVE)
    do(store, Verb.ASK_SUPPLEMENT, reason="missing", wanted=("photo",))
    bring(store, amended(RequestAction.SUPPLEMENT, sealed=sealed(b"more"), proof="0f" * 32))
    assert all_sealed(store).amendments == ()


def test_what_was_swept_is_gone_and_the_request_is_not(store: Store) -> None:
    bring(store, submitted(), amended())
    with store.writing() as connection:
        request_retention.sweep_sealed(connection, LATER_MS, 10)
    found = all_sealed(store)
    assert found.document is None
    assert [each.sealed for each in found.amendments] == [None]


def test_acting_is_audited_once_and_names_no_word_of_anybody(store: Store) -> None:
    bring(store, submitted())
    for _ in range(2):
        with store.writing() as connection:
            request_desks.act(connection, REQUEST, receive(note="đã xem"), OFFICES, NOW_MS)
    (row,) = audited(store)
    assert (row.actor, row.action, row.subject) == (OFFICER.name, "request.receive", REQUEST)
    assert msgspec.json.decode(row.detail) == {"version": 2, "state": "received"}


def test_what_is_refused_changes_nothing_and_is_not_audited(store: Store) -> None:
    bring(store, submitted())
    decide = Action(verb=Verb.DECIDE, by=OFFICER, key="key-0001", decision=Decision.GRANTED)
    with pytest.raises(RefusedError) as caught, store.writing() as connection:
        request_desks.act(connection, REQUEST, decide, OFFICES, NOW_MS)
    assert caught.value.code is RefusedCode.NOT_ALLOWED
    assert caught.value.fresh is not None
    assert caught.value.fresh.state is State.SUBMITTED
    assert audited(store) == []


def test_every_kind_has_its_place_in_an_inbox(store: Store) -> None:
    for number, kind in enumerate(RequestKind, 1):
        bring(store, submitted(number, request_kind=kind), now_ms=NOW_MS)
    assert len(listed(store)) == len(RequestKind)


def receive(**changed: Any) -> Action:
    values: dict[str, Any] = {"verb": Verb.RECEIVE, "by": OFFICER, "key": "key-0001"} | changed
    return Action(**values)


def all_sealed(store: Store) -> Sealed:
    with store.reading() as connection:
        return request_desks.sealed(connection, REQUEST)


def audited(store: Store) -> list[audit.AuditRow]:
    with store.reading() as connection:
        return audit.entries(connection, 0, 10)
