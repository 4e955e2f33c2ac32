"""A booked examination: slots, a reminder, and who did not come."""

import pytest

from cloud.requests.act import tick
from cloud.requests.booking import BOOKING, GRACE_MS, MAX_OFFERS
from cloud.requests.errors import RefusedCode, RefusedError
from cloud.requests.request import CITIZEN, Kind, Request, Slot, State, Verb
from tests.cloud.requests.samples import (
    CALENDAR,
    DAY_MS,
    HOUR_MS,
    NOW_MS,
    PORTAL,
    SLOT,
    at_ms,
    do,
    fresh,
    walk,
)

OTHER = Slot(at_ms(26, 14), at_ms(26, 15))
OFFER = (Verb.OFFER, {"slots": (SLOT, OTHER)})
BOOK = (Verb.BOOK, {"slot_start_ms": SLOT.start_ms})


def asked() -> Request:
    return fresh(Kind.BOOKING, service="booking-examination")


def ticked(request: Request, now_ms: int) -> Request:
    change = tick(BOOKING, request, now_ms, CALENDAR)
    assert change is not None
    return change.request


def test_slots_are_offered_one_is_booked_reminded_of_and_attended() -> None:
    offered = walk(asked(), OFFER)
    assert offered.slots == (OTHER, SLOT), "in the order of time"
    booked = walk(offered, BOOK)
    assert (booked.state, booked.slot, booked.slots) == (State.BOOKED, SLOT, ())
    assert booked.due_at_ms == SLOT.start_ms - DAY_MS
    reminded = ticked(booked, SLOT.start_ms - DAY_MS + 1)
    assert reminded.state is State.REMINDED
    attended = do(reminded, Verb.ATTEND, now_ms=SLOT.end_ms).request
    assert attended.state is State.ATTENDED
    assert walk(attended, (Verb.RATE, {"rating": 5})).rating == 5


def test_the_hospitals_own_system_may_offer_and_a_person_may_not() -> None:
    offered = do(asked(), Verb.OFFER, PORTAL, slots=(SLOT,)).request
    assert (offered.state, offered.slots) == (State.OFFERED, (SLOT,))
    with pytest.raises(RefusedError):
        do(asked(), Verb.OFFER, CITIZEN, slots=(SLOT,))


def test_a_booked_time_that_cannot_be_kept_is_chosen_anew() -> None:
    moved = do(walk(asked(), OFFER, BOOK), Verb.OFFER, PORTAL, slots=(OTHER,)).request
    assert (moved.state, moved.slots, moved.slot) == (State.OFFERED, (OTHER,), None)
    assert walk(moved, (Verb.BOOK, {"slot_start_ms": OTHER.start_ms})).slot == OTHER


def test_the_reminder_is_an_event_of_its_own_name() -> None:
    change = tick(BOOKING, walk(asked(), OFFER, BOOK), SLOT.start_ms, CALENDAR)
    assert change is not None
    assert change.event.verb is Verb.REMIND


def test_who_books_for_tomorrow_is_reminded_at_once() -> None:
    soon = Slot(NOW_MS + 2 * HOUR_MS, NOW_MS + 3 * HOUR_MS)
    booked = walk(asked(), (Verb.OFFER, {"slots": (soon,)}), (Verb.BOOK, {"slot_start_ms": soon.start_ms}))
    assert ticked(booked, NOW_MS + 1).state is State.REMINDED


def test_of_whom_nobody_says_that_he_came_has_missed_it() -> None:
    reminded = ticked(walk(asked(), OFFER, BOOK), SLOT.start_ms)
    assert tick(BOOKING, reminded, SLOT.end_ms + GRACE_MS, CALENDAR) is None
    change = tick(BOOKING, reminded, SLOT.end_ms + GRACE_MS + 1, CALENDAR)
    assert change is not None
    assert (change.request.state, change.event.verb) == (State.MISSED, Verb.MISS)


def test_nobody_has_missed_what_has_not_begun() -> None:
    booked = walk(asked(), OFFER, BOOK)
    for verb in (Verb.MISS, Verb.ATTEND):
        with pytest.raises(RefusedError) as refused:
            do(booked, verb, now_ms=NOW_MS)
        assert refused.value.code is RefusedCode.NOT_ALLOWED
    assert do(booked, Verb.MISS, now_ms=SLOT.start_ms).request.state is State.MISSED


def test_a_slot_that_was_not_offered_is_not_to_be_had() -> None:
    offered = walk(asked(), OFFER)
    with pytest.raises(RefusedError) as refused:
        do(offered, Verb.BOOK, CITIZEN, slot_start_ms=SLOT.start_ms + 1)
    assert refused.value.code is RefusedCode.INVALID
    newer = walk(offered, (Verb.OFFER, {"slots": (OTHER,)}))
    with pytest.raises(RefusedError):
        do(newer, Verb.BOOK, CITIZEN, slot_start_ms=SLOT.start_ms)


def test_a_slot_that_has_begun_is_gone() -> None:
    with pytest.raises(RefusedError) as refused:
        do(walk(asked(), OFFER), Verb.BOOK, CITIZEN, slot_start_ms=SLOT.start_ms, now_ms=SLOT.start_ms)
    assert refused.value.code is RefusedCode.NOT_ALLOWED


@pytest.mark.parametrize(
    "slots",
    [
        (Slot(NOW_MS, NOW_MS + HOUR_MS),),
        (Slot(NOW_MS + 200 * DAY_MS, NOW_MS + 201 * DAY_MS),),
        (Slot(SLOT.start_ms, SLOT.start_ms),),
        (Slot(SLOT.start_ms, SLOT.start_ms + 13 * HOUR_MS),),
        (SLOT, Slot(SLOT.start_ms, SLOT.end_ms + 1)),
        tuple(Slot(SLOT.start_ms + n, SLOT.end_ms + n) for n in range(13)),
        (),
    ],
)
def test_slots_that_make_no_sense_are_not_offered(slots: tuple[Slot, ...]) -> None:
    with pytest.raises(RefusedError) as refused:
        do(asked(), Verb.OFFER, slots=slots)
    assert refused.value.code is RefusedCode.INVALID


def test_offers_come_to_an_end() -> None:
    request = walk(asked(), *([OFFER] * MAX_OFFERS))
    with pytest.raises(RefusedError) as refused:
        do(request, Verb.OFFER, slots=(SLOT,))
    assert refused.value.code is RefusedCode.TOO_OFTEN


def test_who_chooses_nothing_in_two_days_holds_no_slot() -> None:
    cancelled = ticked(walk(asked(), OFFER), NOW_MS + 2 * DAY_MS + 1)
    assert cancelled.state is State.CANCELLED


def test_either_side_cancels() -> None:
    booked = walk(asked(), OFFER, BOOK)
    assert do(booked, Verb.CANCEL, CITIZEN).request.state is State.CANCELLED
    by_hospital = do(booked, Verb.CANCEL, reason="doctor-ill").request
    assert (by_hospital.state, by_hospital.reason) == (State.CANCELLED, "doctor-ill")


def test_an_outside_system_books_nobody_into_a_slot_that_it_does_not_name() -> None:
    with pytest.raises(RefusedError):
        do(walk(asked(), OFFER), Verb.FOLLOW, PORTAL, state=State.BOOKED)
    booked = walk(asked(), OFFER, BOOK)
    assert do(booked, Verb.FOLLOW, PORTAL, state=State.ATTENDED).request.state is State.ATTENDED
