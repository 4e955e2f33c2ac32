"""What monitoring is told of requests: what waits, what was given up, what is overdue; on both databases."""

from cloud.requests.flow import Whose
from cloud.requests.flows import DESK_STATES, FLOWS
from cloud.requests.request import State, Verb
from cloud.store import errands, request_routes
from cloud.store.engine import Store
from cloud.store.request_figures import PATIENCE_MS, RequestFigures, request_figures
from tests.cloud.requesting import CONTACT, NOW_MS, REQUEST, amended, bring, do, submitted
from tests.cloud.requests.samples import DAY_MS


def figures(store: Store, now_ms: int = NOW_MS) -> RequestFigures:
    with store.reading() as connection:
        return request_figures(connection, now_ms)


def route(store: Store, *routed: tuple[str, str, str | None]) -> None:
    with store.writing() as connection:
        request_routes.route(connection, routed, NOW_MS + 5)


def test_an_empty_store_has_nothing_to_tell(store: Store) -> None:
    assert figures(store) == RequestFigures(
        errands={},
        overdue={},
        undelivered_since_ms=None,
        unrouted_since_ms=None,
        lost_amendments=0,
        faulty_blobs=0,
    )


def test_what_waits_for_a_desk_is_told_by_the_oldest(store: Store) -> None:
    bring(store, submitted(1), now_ms=NOW_MS)
    bring(store, submitted(2), now_ms=NOW_MS + 7)
    assert figures(store).unrouted_since_ms == NOW_MS
    route(store, (f"{1:032x}", "residence", None))
    assert figures(store).unrouted_since_ms == NOW_MS + 7
    route(store, (f"{2:032x}", "residence", None))
    assert figures(store).unrouted_since_ms is None


def test_what_is_to_be_carried_is_counted_by_its_way_until_it_is_done(store: Store) -> None:
    bring(store, submitted(1), submitted(2), submitted(3))
    route(
        store,
        (f"{1:032x}", "residence", "portal"),
        (f"{2:032x}", "residence", "portal"),
        (f"{3:032x}", "civic", "civic-1022"),
    )
    told = figures(store)
    assert told.errands == {("portal", "pending"): 2, ("civic-1022", "pending"): 1}
    assert told.undelivered_since_ms == NOW_MS + 5
    with store.writing() as connection:
        one, two = errands.claim(connection, "portal", NOW_MS + 5, 10, lease_ms=1_000)
        errands.mark_done(connection, one.id, NOW_MS + 6)
        errands.mark_failed(connection, two.id, NOW_MS + 6, "refused", again_at_ms=None)
    assert figures(store).errands == {("portal", "dead"): 1, ("civic-1022", "pending"): 1}


def test_messages_count_like_everything_else_that_leaves(store: Store) -> None:
    bring(store, submitted(contact=CONTACT))
    do(store, Verb.RECEIVE)
    assert figures(store).errands == {(errands.MESSAGES, "pending"): 1}


def test_overdue_is_what_a_desk_owes_and_not_what_a_person_does(store: Store) -> None:
    bring(store, submitted(), submitted(2))
    route(store, (REQUEST, "residence", None), (f"{2:032x}", "civic", None))
    later_ms = NOW_MS + 60 * DAY_MS
    assert figures(store).overdue == {}
    assert figures(store, later_ms).overdue == {"residence": 1, "civic": 1}
    do(store, Verb.RECEIVE)
    do(store, Verb.ASK_SUPPLEMENT, reason="document-missing", wanted=("birth-certificate",))
    assert figures(store, later_ms).overdue == {"civic": 1}


def test_what_ended_is_not_overdue(store: Store) -> None:
    bring(store, submitted())
    route(store, (REQUEST, "residence", None))
    do(store, Verb.REFUSE, reason="not-competent")
    assert figures(store, NOW_MS + 60 * DAY_MS).overdue == {}


def test_what_was_done_to_a_request_that_does_not_come_is_told_after_a_day(store: Store) -> None:
    bring(store, amended())
    assert figures(store, NOW_MS + PATIENCE_MS).lost_amendments == 0
    assert figures(store, NOW_MS + PATIENCE_MS + 1).lost_amendments == 1


def test_a_state_is_everywhere_the_turn_of_the_same() -> None:
    theirs = {
        state for flow in FLOWS.values() for state, wait in flow.waits.items() if wait.whose is Whose.CITIZEN
    }
    assert not theirs & DESK_STATES
    assert {State.SUBMITTED, State.NEW, State.SENT, State.ASKED} <= DESK_STATES
