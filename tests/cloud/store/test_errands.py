"""What is carried on to other systems and people: in order, again after a failure, and never silently lost."""

from typing import Any

import pytest

from cloud.requests.request import Verb
from cloud.store import errands, request_routes
from cloud.store.engine import Store
from cloud.store.errands import MESSAGES, SUPERSEDED, Errand, ErrandKind, ErrandState
from tests.cloud.requesting import CONTACT, NOW_MS, REQUEST, bring, do, pay, submitted

LEASE_MS = 60_000
OTHER = f"{1:032x}"


@pytest.fixture
def routed(store: Store) -> Store:
    """Two requests, both to be sent to the portal, the first with a contact."""
    bring(store, submitted(contact=CONTACT), submitted(1))
    route(store, REQUEST, OTHER)
    return store


def route(store: Store, *requests: str) -> None:
    with store.writing() as connection:
        request_routes.route(connection, [(each, "desk-a", "portal") for each in requests], NOW_MS)


def claim(store: Store, channel: str = "portal", now_ms: int = NOW_MS, limit: int = 10) -> list[Errand]:
    with store.writing() as connection:
        return errands.claim(connection, channel, now_ms, limit, lease_ms=LEASE_MS)


def settle(
    store: Store, errand: Errand, *, again_at_ms: int | None, detail: str = "portal: HTTP 503"
) -> None:
    with store.writing() as connection:
        errands.mark_failed(connection, errand.id, NOW_MS, detail, again_at_ms=again_at_ms)


def finish(store: Store, errand: Errand) -> None:
    with store.writing() as connection:
        errands.mark_done(connection, errand.id, NOW_MS)


def counts(store: Store) -> dict[tuple[str, ErrandState], int]:
    with store.reading() as connection:
        return errands.count_by_state(connection)


def test_what_is_claimed_is_nobody_elses_until_its_lease_is_over(routed: Store) -> None:
    first = claim(routed)
    assert [(each.request, each.kind, each.attempts) for each in first] == [
        (REQUEST, ErrandKind.SUBMIT, 0),
        (OTHER, ErrandKind.SUBMIT, 0),
    ]
    assert claim(routed) == []
    assert [each.id for each in claim(routed, now_ms=NOW_MS + LEASE_MS)] == [each.id for each in first]


def test_no_more_is_claimed_than_asked_for_and_only_of_its_channel(routed: Store) -> None:
    assert claim(routed, "bank") == []
    assert len(claim(routed, limit=1)) == 1
    with routed.reading() as connection:
        assert errands.any_due(connection, "portal", NOW_MS)
        assert not errands.any_due(connection, "bank", NOW_MS)


def test_to_be_routed_again_is_to_be_sent_once(routed: Store) -> None:
    route(routed, REQUEST, OTHER)
    assert counts(routed) == {("portal", ErrandState.PENDING): 2}


def test_what_is_carried_is_done(routed: Store) -> None:
    for errand in claim(routed):
        finish(routed, errand)
    assert claim(routed, now_ms=NOW_MS + 10 * LEASE_MS) == []
    assert counts(routed) == {("portal", ErrandState.DONE): 2}


def test_what_failed_comes_again_then_and_counts_its_attempts(routed: Store) -> None:
    errand, _ = claim(routed)
    settle(routed, errand, again_at_ms=NOW_MS + 5_000)
    assert claim(routed, now_ms=NOW_MS + 4_999) == []
    (again,) = claim(routed, now_ms=NOW_MS + 5_000)
    assert (again.id, again.attempts, again.detail) == (errand.id, 1, "portal: HTTP 503")


def test_what_is_given_up_is_a_dead_letter_and_may_be_sent_again(routed: Store) -> None:
    errand, _ = claim(routed)
    settle(routed, errand, again_at_ms=None, detail="x" * 500)
    with routed.reading() as connection:
        (dead,) = errands.dead_letters(connection, 10)
    assert (dead.id, dead.ended_at_ms, len(dead.detail)) == (errand.id, NOW_MS, 200)
    assert errand.id not in {each.id for each in claim(routed, now_ms=NOW_MS + 10 * LEASE_MS)}
    with routed.writing() as connection:
        assert errands.revive(connection, errand.id, NOW_MS)
        assert not errands.revive(connection, errand.id, NOW_MS)
        assert errands.dead_letters(connection, 10) == []
    assert [each.attempts for each in claim(routed) if each.id == errand.id] == [0]


def test_an_amendment_never_overtakes_its_submission_not_even_a_dead_one(routed: Store) -> None:
    with routed.writing() as connection:
        errands.amend(connection, [(REQUEST, "a3" * 16, "portal"), (REQUEST, "a4" * 16, "portal")], NOW_MS)
    submit, _ = claim(routed)
    settle(routed, submit, again_at_ms=None)
    assert claim(routed) == []
    with routed.writing() as connection:
        errands.revive(connection, submit.id, NOW_MS)
    (submit,) = claim(routed)
    finish(routed, submit)
    (first,) = claim(routed)
    assert first.subject == "a3" * 16
    assert claim(routed) == [], "one after the other"
    finish(routed, first)
    assert [each.subject for each in claim(routed)] == ["a4" * 16]


def test_a_paid_fee_is_told_once_and_after_what_was_submitted(routed: Store) -> None:
    do(routed, Verb.RECEIVE)
    do(routed, Verb.ASK_FEE)
    for _ in range(2):
        pay(routed, "0d" * 16)
    submit, other = claim(routed)
    assert (submit.kind, other.request) == (ErrandKind.SUBMIT, OTHER)
    assert claim(routed, now_ms=NOW_MS + 2_000) == []
    finish(routed, submit)
    (paid,) = claim(routed, now_ms=NOW_MS + 2_000)
    assert (paid.request, paid.kind, paid.subject) == (REQUEST, ErrandKind.PAID, "0d" * 16)


def test_a_fee_of_what_went_to_no_other_system_is_told_to_none(store: Store) -> None:
    bring(store, submitted())
    do(store, Verb.RECEIVE)
    do(store, Verb.ASK_FEE)
    pay(store)
    assert counts(store) == {}


def test_an_amendment_that_was_written_first_waits_for_the_submission(store: Store) -> None:
    bring(store, submitted())
    with store.writing() as connection:
        errands.amend(connection, [(REQUEST, "a3" * 16, "portal")], NOW_MS)
    route(store, REQUEST)
    assert [each.kind for each in claim(store)] == [ErrandKind.SUBMIT]


def test_who_left_a_contact_gets_one_message_of_the_newest(routed: Store) -> None:
    do(routed, Verb.RECEIVE)
    do(routed, Verb.START)
    do(routed, Verb.RECEIVE, request=OTHER)
    (message,) = claim(routed, MESSAGES, NOW_MS + 2_000)
    assert (message.request, message.kind, message.subject) == (REQUEST, ErrandKind.MESSAGE, "3")
    assert counts(routed)[MESSAGES, ErrandState.DONE] == 1
    finish(routed, message)
    do(routed, Verb.ASK_FEE)
    assert [each.subject for each in claim(routed, MESSAGES, NOW_MS + 2_000)] == ["4"]


def test_a_message_that_died_stands_in_no_later_ones_way(routed: Store) -> None:
    do(routed, Verb.RECEIVE)
    (message,) = claim(routed, MESSAGES, NOW_MS + 2_000)
    settle(routed, message, again_at_ms=None)
    do(routed, Verb.START)
    assert [each.subject for each in claim(routed, MESSAGES, NOW_MS + 2_000)] == ["3"]


def test_what_was_superseded_says_so(routed: Store) -> None:
    do(routed, Verb.RECEIVE)
    (message,) = claim(routed, MESSAGES, NOW_MS + 2_000)
    do(routed, Verb.START)
    settle(routed, message, again_at_ms=NOW_MS + 1)
    with routed.reading() as connection:
        rows: Any = (
            connection.exec_driver_sql("SELECT detail FROM errand WHERE subject = '2'").scalars().all()
        )
    assert rows == [SUPERSEDED], "settling what is over changes nothing"
