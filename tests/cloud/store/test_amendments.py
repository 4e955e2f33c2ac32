"""What people do to their requests, at any station, in any order of arrival."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from cloud.requests.request import State, Verb
from cloud.store import amendments, errands, request_routes
from cloud.store.engine import Store
from cloud.store.schema import REQUEST as TABLE
from cloud.store.schema import REQUEST_AMENDMENT, REQUEST_EVENT
from tests.cloud.requesting import (
    AMENDMENT,
    BLOB,
    NOW_MS,
    OTHER_STATION,
    PERSON,
    REQUEST,
    STATION,
    amended,
    bring,
    do,
    load,
    news,
    submitted,
)
from tests.cloud.requests.samples import SLOT
from tests.cloud.sharing import sealed
from wire.entries import RequestAction, RequestKind


def outcome(store: Store, amendment: str = AMENDMENT) -> str | None:
    with store.reading() as connection:
        found: str | None = connection.execute(
            select(REQUEST_AMENDMENT.c.outcome).where(REQUEST_AMENDMENT.c.id == amendment)
        ).scalar_one()
    return found


def test_a_withdrawal_is_applied_and_told(store: Store) -> None:
    bring(store, submitted())
    bring(store, amended())
    assert (load(store).state, outcome(store)) == (State.WITHDRAWN, "done")
    (told,) = news(store)
    assert (told.state, told.refused) == ("withdrawn", None)


def test_it_may_come_together_with_its_request_and_again(store: Store) -> None:
    bring(store, submitted(), amended())
    bring(store, amended(), submitted())
    bring(store, amended(RequestAction.RATE, rating=1))
    assert (load(store).version, outcome(store)) == (2, "done")


def test_it_waits_for_a_request_that_is_still_at_another_station(store: Store) -> None:
    bring(store, amended(), station=OTHER_STATION)
    assert outcome(store) is None
    with store.reading() as connection:
        assert amendments.waiting_count(connection, NOW_MS + 1) == 1
        assert amendments.waiting_count(connection, NOW_MS) == 0
    bring(store, submitted(), now_ms=NOW_MS + 60_000)
    assert (load(store).state, outcome(store)) == (State.WITHDRAWN, "done")
    assert [each.state for each in news(store, OTHER_STATION)] == ["withdrawn"]
    assert [each.state for each in news(store, STATION)] == ["withdrawn"]


def test_what_is_too_late_is_refused_and_told_where_it_was_tried(store: Store) -> None:
    bring(store, submitted())
    do(store, Verb.REFUSE, reason="incomplete")
    bring(store, amended(), station=OTHER_STATION)
    assert (load(store).state, outcome(store)) == (State.REFUSED, "not-allowed")
    (told,) = news(store, OTHER_STATION)
    assert told.refused is not None
    assert (told.refused.amendment, told.refused.code) == (AMENDMENT, "not-allowed")
    assert (told.state, told.version) == ("refused", 2)
    assert [each.refused for each in news(store, STATION)] == [None]


def test_a_refusal_is_told_even_if_something_newer_is(store: Store) -> None:
    bring(store, submitted())
    bring(store, amended(RequestAction.CONFIRM))
    do(store, Verb.RECEIVE)
    assert [each.refused is not None for each in news(store)] == [True, False]


def test_a_stale_view_is_told_so(store: Store) -> None:
    bring(store, submitted())
    do(store, Verb.RECEIVE)
    bring(store, amended(version=1))
    assert (load(store).state, outcome(store)) == (State.RECEIVED, "stale")
    bring(store, amended(amendment="a4" * 16, version=2))
    assert load(store).state is State.WITHDRAWN


@pytest.mark.parametrize("who", [None, "8f" * 16])
def test_a_request_with_an_owner_is_the_owners_alone(store: Store, who: str | None) -> None:
    bring(store, submitted(submitted_by=PERSON))
    bring(store, amended(by=who))
    assert (load(store).state, outcome(store)) == (State.SUBMITTED, "not-yours")
    bring(store, amended(amendment="a4" * 16, by=PERSON))
    assert load(store).state is State.WITHDRAWN


@pytest.mark.parametrize("proof", [None, "0f" * 32])
def test_who_only_knows_the_code_changes_nothing(store: Store, proof: str | None) -> None:
    """A code can be guessed, and tells the request's id to whoever asks."""
    bring(store, submitted())
    bring(store, amended(proof=proof))
    assert (load(store).state, outcome(store)) == (State.SUBMITTED, "not-yours")
    bring(store, amended(amendment="a4" * 16))
    assert load(store).state is State.WITHDRAWN


def test_what_was_submitted_without_a_word_or_card_is_changed_by_nobody_at_a_station(store: Store) -> None:
    bring(store, submitted(proof=None))
    bring(store, amended(proof=None))
    assert (load(store).state, outcome(store)) == (State.SUBMITTED, "not-yours")


def test_a_supplement_is_kept_as_it_was_sealed_and_goes_on_to_the_connector(store: Store) -> None:
    bring(store, submitted())
    with store.writing() as connection:
        request_routes.route(connection, [(REQUEST, "desk-a", "portal")], NOW_MS)
    do(store, Verb.RECEIVE)
    do(store, Verb.ASK_SUPPLEMENT, reason="incomplete", wanted=("birth-certificate",))
    bring(store, amended(RequestAction.SUPPLEMENT, sealed=sealed(b"more"), blobs=[BLOB]))
    assert load(store).state is State.SUPPLEMENTED
    with store.writing() as connection:
        assert amendments.sent(connection, AMENDMENT) == ("supplement", sealed(b"more"), None)
        (first,) = errands.claim(connection, "portal", NOW_MS, 10, lease_ms=1)
        assert first.kind is errands.ErrandKind.SUBMIT, "nothing overtakes the submission"
        errands.mark_done(connection, first.id, NOW_MS)
        (second,) = errands.claim(connection, "portal", NOW_MS, 10, lease_ms=1)
    assert (second.kind, second.subject) == (errands.ErrandKind.AMEND, AMENDMENT)


def test_a_booking_is_made_and_a_report_reopened_and_rated(store: Store) -> None:
    bring(
        store, submitted(1, request_kind=RequestKind.BOOKING), submitted(2, request_kind=RequestKind.REPORT)
    )
    booking, report = f"{1:032x}", f"{2:032x}"
    do(store, Verb.OFFER, request=booking, slots=(SLOT,))
    bring(store, amended(RequestAction.BOOK, request=booking, slot_start_ms=SLOT.start_ms))
    assert (load(store, booking).state, load(store, booking).slot) == (State.BOOKED, SLOT)
    do(store, Verb.ACCEPT, request=report)
    do(store, Verb.ASSIGN, request=report, assignee="do.thi")
    do(store, Verb.RESOLVE, request=report)
    bring(store, amended(RequestAction.REOPEN, "a5" * 16, request=report, reason="still-broken"))
    assert load(store, report).state is State.REOPENED
    do(store, Verb.ASSIGN, request=report, assignee="do.thi", key="again")
    do(store, Verb.RESOLVE, request=report, key="again-2")
    bring(store, amended(RequestAction.CONFIRM, "a6" * 16, request=report))
    bring(store, amended(RequestAction.RATE, "a7" * 16, request=report, rating=2))
    assert (load(store, report).state, load(store, report).rating) == (State.CONFIRMED, 2)


def test_to_withdraw_what_was_booked_is_to_cancel_it(store: Store) -> None:
    bring(store, submitted(request_kind=RequestKind.BOOKING), amended(RequestAction.WITHDRAW))
    assert (load(store).state, outcome(store)) == (State.CANCELLED, "done")


ALL = [
    submitted(),
    amended(RequestAction.WITHDRAW, "a4" * 16),
    amended(RequestAction.CONFIRM, "a5" * 16),
    amended(RequestAction.CANCEL, "a6" * 16),
]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(ALL * 2), st.lists(st.integers(1, 3), min_size=8, max_size=8))
def test_in_whatever_order_and_however_often_they_come_each_counts_once(
    store: Store, bodies: list[object], sizes: list[int]
) -> None:
    with store.writing() as connection:
        for table in (REQUEST_EVENT, REQUEST_AMENDMENT, TABLE):
            connection.execute(table.delete())
    left = list(bodies)
    for size in sizes:
        bring(store, *left[:size])  # type: ignore[arg-type]  # shuffled, so of no one type
        left = left[size:]
    bring(store, *left)  # type: ignore[arg-type]  # as above
    request = load(store)
    assert (request.state, request.version) == (State.WITHDRAWN, 2)
    assert outcome(store, "a4" * 16) == "done"
    assert {outcome(store, "a5" * 16), outcome(store, "a6" * 16)} == {"not-allowed"}
