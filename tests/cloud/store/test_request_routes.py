"""How requests leave the house, and how long what was sealed stays in it."""

from pathlib import Path

from cloud.requests.request import Verb
from cloud.store import amendments, errands, request_retention, request_routes
from cloud.store.engine import Store, open_store
from cloud.store.request_routes import Poll
from tests.cloud.requesting import (
    AMENDMENT,
    CONTACT,
    NOW_MS,
    REQUEST,
    SECRET,
    amended,
    bring,
    do,
    load,
    submitted,
)
from tests.cloud.requests.samples import DAY_MS
from tests.cloud.sharing import sealed
from wire.entries import RequestAction

OTHER = f"{1:032x}"


def unrouted(store: Store, limit: int = 10) -> list[tuple[str, str]]:
    with store.reading() as connection:
        return [(request.id, authority) for request, authority in request_routes.unrouted(connection, limit)]


def polls(store: Store, now_ms: int = NOW_MS) -> list[Poll]:
    with store.reading() as connection:
        return request_routes.polls_due(connection, "portal", now_ms, 10)


def test_what_no_desk_has_is_found_oldest_first_with_its_authority(store: Store) -> None:
    bring(store, submitted(), now_ms=NOW_MS + 1)
    bring(store, submitted(1, authority="justice"))
    assert unrouted(store) == [(OTHER, "justice"), (REQUEST, "ward-police")]
    assert unrouted(store, 1) == [(OTHER, "justice")]


def test_what_is_routed_has_a_desk_and_stays_with_it(store: Store) -> None:
    bring(store, submitted(), submitted(1))
    with store.writing() as connection:
        request_routes.route(connection, [(REQUEST, "desk-a", "portal"), (OTHER, "desk-a", None)], NOW_MS)
        request_routes.route(connection, [(REQUEST, "desk-b", None)], NOW_MS)
        request_routes.route(connection, [], NOW_MS)
        sent = errands.claim(connection, "portal", NOW_MS, 10, lease_ms=1)
    assert unrouted(store) == []
    assert [each.request for each in sent] == [REQUEST], "what has no connector is the desk's own"


def test_another_system_is_asked_for_news_while_the_request_is_open(store: Store) -> None:
    bring(store, submitted())
    with store.writing() as connection:
        request_routes.route(connection, [(REQUEST, "desk-a", "portal")], NOW_MS)
    assert polls(store) == []
    with store.writing() as connection:
        (errand,) = errands.claim(connection, "portal", NOW_MS, 1, lease_ms=1)
        request_routes.mark_submitted(connection, REQUEST, "H29.13.5-261123-0012", NOW_MS + 5)
        assert request_routes.submission(connection, REQUEST).outside == "H29.13.5-261123-0012"
    assert polls(store, NOW_MS + 5) == [], "its errand is not settled"
    with store.writing() as connection:
        errands.mark_done(connection, errand.id, NOW_MS)
    assert polls(store) == []
    assert polls(store, NOW_MS + 5) == [Poll(REQUEST, 1, "H29.13.5-261123-0012")]
    with store.writing() as connection:
        request_routes.poll_again(connection, REQUEST, NOW_MS + 9)
    assert polls(store, NOW_MS + 5) == []
    do(store, Verb.REFUSE, reason="incomplete")
    assert polls(store, NOW_MS + 9) == []


def sweep(store: Store, before_ms: int) -> int:
    with store.writing() as connection:
        return request_retention.sweep_sealed(connection, before_ms, 10)


def test_what_was_sealed_goes_when_the_request_is_long_over_and_the_record_stays(store: Store) -> None:
    bring(store, submitted(contact=CONTACT), submitted(1))
    bring(store, amended(RequestAction.CONFIRM, sealed=sealed(b"more")))
    do(store, Verb.REFUSE, reason="incomplete", now_ms=NOW_MS + 10)
    assert sweep(store, NOW_MS + 10) == 0
    before = load(store)
    assert sweep(store, NOW_MS + 11) == 1
    assert sweep(store, NOW_MS + 11) == 0
    with store.reading() as connection:
        assert request_routes.submission(connection, REQUEST).sealed is None
        assert request_routes.contact(connection, REQUEST) is None
        assert amendments.sent(connection, AMENDMENT) == ("confirm", None, None)
        assert request_routes.submission(connection, OTHER).sealed is not None
    assert load(store) == before


def test_what_was_done_to_a_request_that_never_came_is_forgotten_in_the_end(store: Store) -> None:
    bring(store, amended())
    with store.writing() as connection:
        assert request_retention.sweep_lost(connection, NOW_MS, 10) == 0
        assert request_retention.sweep_lost(connection, NOW_MS + DAY_MS, 10) == 1
        assert amendments.waiting_count(connection, NOW_MS + DAY_MS) == 0


def files_of(url: str) -> list[bytes]:
    path = Path(url.removeprefix("sqlite:///"))
    return [each.read_bytes() for each in path.parent.glob(f"{path.name}*") if each.is_file()]


def test_deleted_bytes_are_out_of_the_files_too(sqlite_url: str) -> None:
    with open_store(sqlite_url) as store:
        bring(store, submitted(contact=CONTACT))
        do(store, Verb.REFUSE, reason="incomplete", now_ms=NOW_MS + 10)
        assert any(SECRET in each for each in files_of(sqlite_url))
        assert sweep(store, NOW_MS + 11) == 1
        assert store.scrub()
        files = files_of(sqlite_url)
    assert files
    assert not any(SECRET in each or b"c0117ac7" in each for each in files)
