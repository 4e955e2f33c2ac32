"""What people submit: kept once, unreadable, acted on by those who may, and told to the station with every change."""

import pytest
from sqlalchemy import func, select, text, update

from cloud.requests.act import LATE_TEXT
from cloud.requests.calendar import Term, Unit
from cloud.requests.errors import RefusedCode, RefusedError
from cloud.requests.offices import Offices
from cloud.requests.request import Action, Decision, Kind, Slot, State, Verb
from cloud.store import request_lists, request_news, request_routes, requests
from cloud.store.engine import Store
from cloud.store.errors import ContentError, MissingError
from cloud.store.schema import REQUEST as TABLE
from cloud.store.schema import REQUEST_EVENT
from tests.cloud.requesting import (
    AMENDMENT,
    BLOB,
    CONTACT,
    OFFICES,
    OTHER_STATION,
    PERSON,
    REQUEST,
    TRACKING,
    bring,
    do,
    load,
    news,
    pay,
    submitted,
)
from tests.cloud.requests.samples import CALENDAR, DAY_MS, NOW_MS, OFFICER, PORTAL, SLOT, at_ms
from tests.cloud.samples import STATION, WARD, add_station
from tests.cloud.sharing import sealed
from wire.entries import RequestKind


def kept(store: Store) -> tuple[int, int]:
    """Return how many requests and events there are."""
    with store.reading() as connection:
        return (
            connection.execute(select(func.count()).select_from(TABLE)).scalar_one(),
            connection.execute(select(func.count()).select_from(REQUEST_EVENT)).scalar_one(),
        )


def test_a_submission_is_kept_with_its_first_event_and_its_promise(store: Store) -> None:
    with store.writing() as connection:
        add_station(connection)
    bring(store, submitted(order="order-1", fields=["number"], submitted_by=PERSON))
    request = load(store)
    assert (request.tracking, request.kind, request.state) == (TRACKING, Kind.DOSSIER, State.SUBMITTED)
    assert (request.station, request.ward, request.service_version) == (STATION, WARD, 3)
    assert (request.payment_order, request.fields, request.submitted_by) == ("order-1", ("number",), PERSON)
    assert (request.opened_at_ms, request.due_at_ms) == (NOW_MS, at_ms(25, 8))
    with store.reading() as connection:
        (event,) = request_lists.events(connection, REQUEST)
    assert (event.sequence, event.verb, event.at_ms, event.key) == (
        1,
        Verb.SUBMIT,
        NOW_MS,
        "citizen:submitted",
    )
    assert news(store) == [], "the receipt says it"


def test_what_goes_to_the_authority_is_what_came(store: Store) -> None:
    bring(store, submitted(blobs=[BLOB], contact=CONTACT, recipients=["ward-police", "desk-27097"]))
    with store.reading() as connection:
        handed = request_routes.submission(connection, REQUEST)
        contact = request_routes.contact(connection, REQUEST)
    assert handed.sealed == sealed()
    assert handed.blobs == (("0f" * 32, 250_000),)
    assert (handed.authority, handed.recipients) == ("ward-police", ("ward-police", "desk-27097"))
    assert contact == CONTACT
    assert "sealed" not in repr(handed)


def test_everything_again_changes_nothing_whoever_brings_it(store: Store) -> None:
    bring(store, submitted())
    before = load(store)
    bring(store, submitted(), submitted(), now_ms=NOW_MS + 9_000)
    bring(store, submitted(sealed=sealed(b"other"), service="thief"), station=OTHER_STATION)
    assert load(store) == before
    assert kept(store) == (1, 1)


def test_a_matter_of_another_ward_than_the_stations_stays_there(store: Store) -> None:
    with store.writing() as connection:
        add_station(connection)
    bring(store, submitted(request_kind=RequestKind.REPORT, ward="26740", category="street-light"))
    request = load(store)
    assert (request.ward, request.category, request.is_anonymous) == ("26740", "street-light", True)


def test_a_station_that_nobody_configured_loses_no_request(store: Store) -> None:
    bring(store, submitted(), station="st-9999")
    assert load(store).ward == ""


def test_every_kind_begins_where_its_flow_does(store: Store) -> None:
    for number, kind in enumerate(RequestKind):
        bring(store, submitted(number, request_kind=kind))
    states = [load(store, f"{number:032x}").state for number in range(len(RequestKind))]
    assert states == [
        State.SUBMITTED,
        State.NEW,
        State.SENT,
        State.ASKED,
        State.SENT,
        State.FEE_WANTED,
    ]


def test_a_dossier_goes_all_its_way_and_every_change_is_one_event(store: Store) -> None:
    bring(store, submitted())
    do(store, Verb.RECEIVE, case_number="H29.13.5-261123-0012")
    do(store, Verb.ASK_FEE)
    pay(store)
    do(store, Verb.DECIDE, decision=Decision.GRANTED)
    do(store, Verb.MAKE_READY)
    done = do(store, Verb.DELIVER)
    assert load(store) == done
    assert (done.state, done.version, done.decision) == (State.DELIVERED, 7, Decision.GRANTED)
    with store.reading() as connection:
        events = request_lists.events(connection, REQUEST)
    assert [event.sequence for event in events] == [1, 2, 3, 4, 5, 6, 7]
    assert [event.state for event in events][-3:] == [State.DECIDED, State.RESULT_READY, State.DELIVERED]
    assert events[1].actor == OFFICER
    assert dict(events[3].data) == {"order": "order-1"}


def test_slots_are_read_as_they_were_written(store: Store) -> None:
    bring(store, submitted(request_kind=RequestKind.BOOKING))
    do(store, Verb.OFFER, slots=(SLOT,))
    assert load(store).slots == (SLOT,)
    assert news(store)[-1].slots == [(SLOT.start_ms, SLOT.end_ms)]
    assert isinstance(load(store).slots[0], Slot)


def test_the_same_key_again_changes_nothing(store: Store) -> None:
    bring(store, submitted())
    first = do(store, Verb.RECEIVE, key="click")
    assert do(store, Verb.REFUSE, key="click", reason="incomplete") == first
    assert kept(store) == (1, 2)


def test_no_desks_key_stands_in_the_clocks_way(store: Store) -> None:
    bring(store, submitted())
    do(store, Verb.RECEIVE, key="run-late-3")
    with store.writing() as connection:
        (change,) = requests.run_clock(connection, OFFICES, NOW_MS + 30 * DAY_MS)
    assert (change.event.sequence, change.event.verb) == (3, Verb.RUN_LATE)


def test_a_stale_view_is_refused_with_the_request_as_it_is_and_nothing_is_written(store: Store) -> None:
    bring(store, submitted())
    fresh = do(store, Verb.RECEIVE, version=1, key="one")
    with pytest.raises(RefusedError) as refused:
        do(store, Verb.REFUSE, version=1, key="two", reason="incomplete")
    assert (refused.value.code, refused.value.fresh) == (RefusedCode.STALE, fresh)
    assert kept(store) == (1, 2)


def test_what_is_not_there_is_missing(store: Store) -> None:
    with pytest.raises(MissingError):
        do(store, Verb.RECEIVE)
    with store.reading() as connection, pytest.raises(MissingError):
        request_routes.submission(connection, REQUEST)


def test_every_change_goes_down_to_the_station_the_newest_in_place_of_the_older(store: Store) -> None:
    bring(store, submitted())
    do(store, Verb.RECEIVE)
    do(store, Verb.ASK_SUPPLEMENT, reason="incomplete", wanted=("birth-certificate",), note="Thiếu bản chính")
    (told,) = news(store)
    assert (told.request, told.tracking, told.version) == (REQUEST, TRACKING, 3)
    assert (told.state, told.reason, told.note) == ("supplement-wanted", "incomplete", "Thiếu bản chính")
    assert told.wanted == ["birth-certificate"]
    assert told.due_at_ms == NOW_MS + 1_000 + 30 * DAY_MS


def test_the_clock_says_that_it_is_late_and_the_person_gets_the_apology(store: Store) -> None:
    bring(store, submitted())
    due_ms = load(store).due_at_ms
    assert due_ms is not None
    with store.writing() as connection:
        assert requests.run_clock(connection, OFFICES, due_ms) == []
        assert not requests.clock_due(connection, due_ms)
        assert requests.clock_due(connection, due_ms + 1)
        (change,) = requests.run_clock(connection, OFFICES, due_ms + 1)
        assert requests.run_clock(connection, OFFICES, due_ms + 1) == []
    assert change.event.verb is Verb.RUN_LATE
    (told,) = news(store)
    assert (told.is_late, told.text) == (True, LATE_TEXT)


def test_the_clock_takes_the_most_overdue_first_and_no_more_than_asked(store: Store) -> None:
    bring(store, submitted(1))
    bring(store, submitted(2), now_ms=NOW_MS + DAY_MS)
    with store.writing() as connection:
        (change,) = requests.run_clock(connection, OFFICES, NOW_MS + 30 * DAY_MS, limit=1)
    assert change.request.id == f"{1:032x}"


def test_a_service_with_terms_of_its_own_promises_those(store: Store) -> None:
    offices = Offices(CALENDAR, {"temporary-residence": {State.SUBMITTED: Term(2, Unit.WORKING_HOURS)}})
    bring(store, submitted(), offices=offices)
    assert load(store).due_at_ms == at_ms(23, 10)


def test_an_outside_system_says_something_once(store: Store) -> None:
    bring(store, submitted())
    says = Action(verb=Verb.FOLLOW, by=PORTAL, key="portal-1", state=State.PROCESSING)
    with store.writing() as connection:
        change = requests.follow(connection, REQUEST, says, OFFICES, NOW_MS + 5)
        assert change is not None
        assert requests.follow(connection, REQUEST, says, OFFICES, NOW_MS + 6) is None
    assert load(store).state is State.PROCESSING
    assert kept(store) == (1, 2)


def test_a_station_that_confirmed_is_not_told_again_one_that_did_not_is(store: Store) -> None:
    bring(store, submitted(1), submitted(2))
    for number in (1, 2):
        do(store, Verb.RECEIVE, request=f"{number:032x}")
    first = next(each for each in news(store) if each.request == f"{1:032x}")
    with store.writing() as connection:
        request_news.mark_told(connection, OTHER_STATION, first)
        request_news.mark_told(connection, STATION, first)
        assert request_news.tell_again(connection, [STATION], NOW_MS + 2_000) == 1
        assert request_news.tell_again(connection, [OTHER_STATION], NOW_MS + 2_000) == 0
        assert request_news.tell_again(connection, [], NOW_MS) == 0
    assert sorted(each.request for each in news(store)) == [f"{1:032x}", f"{2:032x}"]


def test_what_is_told_again_has_the_apology_and_the_desks_words(store: Store) -> None:
    bring(store, submitted())
    do(store, Verb.RECEIVE, note="Mang bản chính")
    with store.writing() as connection:
        connection.execute(text("DELETE FROM command"))
        request_news.tell_again(connection, [STATION], NOW_MS + 2_000)
    (told,) = news(store)
    assert told.note == "Mang bản chính"


def test_a_tracking_code_finds_the_request(store: Store) -> None:
    bring(store, submitted())
    with store.reading() as connection:
        assert [each.id for each in request_lists.find_by_tracking(connection, TRACKING)] == [REQUEST]
        assert request_lists.find_by_tracking(connection, "V68M-8BYZ-746J") == []


def test_a_desk_sees_its_open_requests_and_which_are_overdue(store: Store) -> None:
    bring(store, submitted(1), submitted(2), submitted(3))
    with store.writing() as connection:
        request_routes.route(connection, [(f"{n:032x}", "desk-a", None) for n in (1, 2)], NOW_MS)
    do(store, Verb.REFUSE, request=f"{2:032x}", reason="incomplete")
    with store.reading() as connection:
        assert [each.id for each in request_lists.of_desk(connection, "desk-a", 10)] == [f"{1:032x}"]
        assert request_lists.overdue(connection, "desk-a", NOW_MS, 10) == []
        late = request_lists.overdue(connection, "desk-a", NOW_MS + 30 * DAY_MS, 10)
    assert [each.id for each in late] == [f"{1:032x}"]


def test_anybody_may_see_which_reports_a_ward_has_and_nothing_of_who_made_them(store: Store) -> None:
    kind = RequestKind.REPORT
    bring(store, submitted(1, request_kind=kind, ward="27097", category="street-light", submitted_by=PERSON))
    bring(store, submitted(2, request_kind=kind, ward="27097"), submitted(3, ward="27097"))
    with store.reading() as connection:
        assert request_lists.public_reports(connection, "27097", 10) == []
    do(store, Verb.ACCEPT, request=f"{1:032x}")
    with store.reading() as connection:
        (seen,) = request_lists.public_reports(connection, "27097", 10)
        assert request_lists.public_reports(connection, "26740", 10) == []
    assert (seen.category, seen.ward, seen.reported_on) == ("street-light", "27097", "2026-11-23")
    assert PERSON not in repr(seen)


def test_the_database_itself_wants_a_promise_while_a_request_is_open(store: Store) -> None:
    bring(store, submitted())
    with pytest.raises(ContentError), store.writing() as connection:
        connection.execute(update(TABLE).values(due_at_ms=None))


def test_an_amendments_id_is_no_requests(store: Store) -> None:
    bring(store, submitted())
    with store.reading() as connection, pytest.raises(MissingError):
        requests.require(connection, AMENDMENT)
