"""A citizen's report: assigned, resolved, and reopened when that is not true."""

from dataclasses import fields

import pytest

from cloud.requests.act import tick
from cloud.requests.errors import RefusedCode, RefusedError
from cloud.requests.report import MAX_REOPENINGS, REOPEN_DAYS, REPORT, PublicReport, public_view
from cloud.requests.request import CITIZEN, Kind, Request, State, Verb
from tests.cloud.requests.samples import CALENDAR, DAY_MS, NOW_MS, REQUEST, Step, at_ms, do, fresh, walk

ASSIGN: Step = (Verb.ASSIGN, {"assignee": "canh.sat.khu.vuc"})
RESOLVE: Step = (Verb.RESOLVE, {})
OTHER = "7f" * 16


def report(**changed: object) -> Request:
    return fresh(Kind.REPORT, service="report-civic", category="street-light", **changed)


def resolved() -> Request:
    return walk(report(), (Verb.ACCEPT, {}), ASSIGN, (Verb.START, {}), RESOLVE)


def test_a_report_is_accepted_assigned_resolved_confirmed_and_rated() -> None:
    request = walk(resolved(), (Verb.CONFIRM, {}), (Verb.RATE, {"rating": 4}))
    assert (request.state, request.rating) == (State.CONFIRMED, 4)
    assert request.assignee == "canh.sat.khu.vuc"


def test_a_report_may_be_refused_with_a_reason_only() -> None:
    with pytest.raises(RefusedError):
        do(report(), Verb.REFUSE)
    assert do(report(), Verb.REFUSE, reason="no-such-place").request.reason == "no-such-place"


def test_a_duplicate_names_the_other_and_never_itself() -> None:
    duplicate = do(report(), Verb.MARK_DUPLICATE, duplicate_of=OTHER).request
    assert (duplicate.state, duplicate.duplicate_of) == (State.DUPLICATE, OTHER)
    with pytest.raises(RefusedError) as refused:
        do(report(), Verb.MARK_DUPLICATE, duplicate_of=REQUEST)
    assert refused.value.code is RefusedCode.INVALID


def test_an_untrue_resolution_is_reopened_within_ten_days() -> None:
    last_ms = NOW_MS + REOPEN_DAYS * DAY_MS
    reopened = do(resolved(), Verb.REOPEN, CITIZEN, reason="still-broken", now_ms=last_ms).request
    assert (reopened.state, reopened.reason) == (State.REOPENED, "still-broken")
    assert reopened.due_at_ms is not None
    assert walk(reopened, ASSIGN, RESOLVE).state is State.RESOLVED


def test_after_ten_days_it_is_too_late_even_if_no_clock_has_ticked() -> None:
    with pytest.raises(RefusedError) as refused:
        do(resolved(), Verb.REOPEN, CITIZEN, now_ms=NOW_MS + REOPEN_DAYS * DAY_MS + 1)
    assert refused.value.code is RefusedCode.NOT_ALLOWED


def test_a_resolution_that_nobody_disputes_is_closed_by_the_clock() -> None:
    assert tick(REPORT, resolved(), NOW_MS + REOPEN_DAYS * DAY_MS, CALENDAR) is None
    closed = tick(REPORT, resolved(), NOW_MS + REOPEN_DAYS * DAY_MS + 1, CALENDAR)
    assert closed is not None
    assert (closed.request.state, closed.event.verb) == (State.CLOSED, Verb.LAPSE)
    assert do(closed.request, Verb.RATE, CITIZEN, rating=2).request.rating == 2


def test_reopening_again_and_again_comes_to_an_end() -> None:
    request = resolved()
    for _ in range(MAX_REOPENINGS):
        request = walk(request, (Verb.REOPEN, {}), ASSIGN, RESOLVE)
    with pytest.raises(RefusedError) as refused:
        do(request, Verb.REOPEN, CITIZEN)
    assert refused.value.code is RefusedCode.TOO_OFTEN


def test_only_the_reporter_confirms_or_reopens() -> None:
    for verb in (Verb.CONFIRM, Verb.REOPEN):
        with pytest.raises(RefusedError):
            do(resolved(), verb)


def test_the_reporter_may_take_it_back_before_somebody_was_sent() -> None:
    assert do(report(), Verb.WITHDRAW, CITIZEN).request.state is State.WITHDRAWN
    with pytest.raises(RefusedError):
        do(walk(report(), (Verb.ACCEPT, {}), ASSIGN), Verb.WITHDRAW, CITIZEN)


def test_a_report_that_says_too_little_waits_for_its_reporter_and_is_closed_in_the_end() -> None:
    wanted = {"reason": "which-lamp", "wanted": ("photo",)}
    waiting = walk(report(), (Verb.ACCEPT, {}), ASSIGN, (Verb.ASK_SUPPLEMENT, wanted))
    assert walk(waiting, (Verb.SUPPLEMENT, {}), ASSIGN).state is State.ASSIGNED
    closed = tick(REPORT, waiting, NOW_MS + 6 * DAY_MS, CALENDAR)
    assert closed is not None
    assert closed.request.state is State.CLOSED


def test_a_report_can_be_handed_to_somebody_else_on_the_way() -> None:
    request = walk(
        report(), (Verb.ACCEPT, {}), ASSIGN, (Verb.START, {}), (Verb.ASSIGN, {"assignee": "do.thi"})
    )
    assert (request.state, request.assignee) == (State.ASSIGNED, "do.thi")


def test_a_report_of_the_night_is_due_in_the_morning() -> None:
    assert report().due_at_ms == at_ms(23, 10)


def test_the_public_sees_topic_ward_day_and_state_and_nothing_else() -> None:
    request = resolved()
    view = public_view(request)
    assert view == PublicReport(
        service=request.service,
        category="street-light",
        ward="27097",
        reported_on="2026-11-23",
        state=State.RESOLVED,
    )
    assert {field.name for field in fields(view)} == {"service", "category", "ward", "reported_on", "state"}


def test_who_reported_is_anonymous_unless_said_otherwise() -> None:
    assert report().is_anonymous
    assert not report(is_anonymous=False).is_anonymous


def test_a_report_without_a_category_is_shown_under_its_service() -> None:
    assert public_view(fresh(Kind.REPORT, service="report-security")).category == "report-security"
