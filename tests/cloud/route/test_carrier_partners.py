"""What other systems bring beside a state: times to choose from, a fee, a note."""

import pytest

from cloud.connectors.port import Standing
from cloud.requests.booking import MAX_OFFERS
from cloud.requests.request import SYSTEM, Decision, Slot, State, Verb
from cloud.route.carrier import Carrier
from cloud.store import request_routes
from cloud.store.engine import Store
from tests.cloud.requesting import NOW_MS, OFFICES, REQUEST, amended, bring, do, load, news, submitted
from tests.cloud.requests.samples import SLOT
from tests.cloud.route.road import CASE, HOUR_MS, ScriptedConnector, SetClock, asked
from wire.entries import RequestAction, RequestKind
from wire.tracking import tracking_code

LATER = Slot(SLOT.end_ms, SLOT.end_ms + HOUR_MS)


@pytest.fixture
def hospital(store: Store, far_end: ScriptedConnector, clock: SetClock) -> Carrier:
    """Carries a booking that the far end knows."""
    bring(store, submitted(service="booking-examination", request_kind=RequestKind.BOOKING))
    with store.writing() as connection:
        request_routes.route(connection, [(REQUEST, "provider", "portal")], NOW_MS)
    return Carrier(store, far_end, OFFICES, clock, jitter=lambda: 0.0)


def offering(*slots: Slot) -> Standing:
    return Standing(word="Chờ chọn giờ", state=State.OFFERED, slots=slots)


async def test_times_that_a_hospital_offers_go_down_once_and_the_chosen_one_goes_back(
    hospital: Carrier, far_end: ScriptedConnector, clock: SetClock
) -> None:
    far_end.standings = [offering(LATER, SLOT)]
    await asked(hospital, clock)
    for _ in range(MAX_OFFERS + 1):
        clock.at_ms += HOUR_MS
        assert await hospital.poll_due() == 1
    request = load(hospital.store)
    assert (request.state, request.slots, request.version) == (State.OFFERED, (SLOT, LATER), 2)
    bring(hospital.store, amended(RequestAction.BOOK, slot_start_ms=LATER.start_ms), now_ms=clock.at_ms)
    assert load(hospital.store).slot == LATER
    await hospital.carry_due()
    handed = far_end.handed[-1]
    assert (handed.action, handed.outside, handed.slot_start_ms) == ("book", CASE, LATER.start_ms)


async def test_other_times_take_the_place_of_those_before(
    hospital: Carrier, far_end: ScriptedConnector, clock: SetClock
) -> None:
    far_end.standings = [offering(SLOT), offering(LATER)]
    await asked(hospital, clock)
    clock.at_ms += HOUR_MS
    await hospital.poll_due()
    assert load(hospital.store).slots == (LATER,)


@pytest.mark.parametrize("slots", [(), (SLOT, SLOT), (Slot(NOW_MS - 1, NOW_MS),)])
async def test_an_offer_that_makes_no_sense_is_told_to_nobody(
    hospital: Carrier, far_end: ScriptedConnector, clock: SetClock, slots: tuple[Slot, ...]
) -> None:
    far_end.standings = [offering(*slots)]
    await asked(hospital, clock)
    assert (load(hospital.store).state, news(hospital.store)) == (State.ASKED, [])


async def test_a_fee_that_was_paid_is_told_and_not_asked_for_again_meanwhile(
    carrier: Carrier, far_end: ScriptedConnector, clock: SetClock
) -> None:
    far_end.standings = [Standing(word="Yêu cầu thực hiện nghĩa vụ tài chính", state=State.FEE_WANTED)]
    await asked(carrier, clock)
    clock.at_ms += HOUR_MS
    do(carrier.store, Verb.PAY, SYSTEM, order="0d" * 16, now_ms=clock.at_ms)
    assert await carrier.poll_due() == 0, "it has not been told yet"
    assert await carrier.carry_due() == 1
    handed = far_end.handed[-1]
    assert (handed.key, handed.action, handed.outside, handed.sealed) == ("0d" * 16, "pay", CASE, None)
    assert await carrier.poll_due() == 1
    assert load(carrier.store).state is State.FEE_PAID


async def test_what_the_person_is_told_beside_the_state_goes_down_with_it(
    carrier: Carrier, far_end: ScriptedConnector, clock: SetClock
) -> None:
    issued = Standing(
        word="Đã cấp thẻ", state=State.DELIVERED, decision=Decision.GRANTED, note="Số thẻ: ********0001"
    )
    far_end.standings = [issued]
    await asked(carrier, clock)
    (told,) = news(carrier.store)
    assert (told.state, told.note) == ("delivered", "Số thẻ: ********0001")


async def test_a_hospital_that_cannot_keep_a_booked_time_lets_the_person_choose_anew(
    hospital: Carrier, far_end: ScriptedConnector, clock: SetClock
) -> None:
    far_end.standings = [offering(SLOT), Standing(word="Đã đặt lịch", state=State.BOOKED), offering(LATER)]
    await asked(hospital, clock)
    bring(hospital.store, amended(RequestAction.BOOK, slot_start_ms=SLOT.start_ms), now_ms=clock.at_ms)
    await hospital.carry_due()
    for _ in range(2):
        clock.at_ms += HOUR_MS
        await hospital.poll_due()
    request = load(hospital.store)
    assert (request.state, request.slots, request.slot) == (State.OFFERED, (LATER,), None)
    assert news(hospital.store)[-1].state == "offered"


FIRST = "0f" * 16


@pytest.fixture
def city(store: Store, far_end: ScriptedConnector, clock: SetClock) -> Carrier:
    """Carries two reports to the city's line; the far end knows the first as another's number."""
    for request in (FIRST, REQUEST):
        report = submitted(
            request=request,
            service="report-civic",
            request_kind=RequestKind.REPORT,
            category="lighting",
            tracking=tracking_code("st-0001", 1 if request is REQUEST else 2),
        )
        bring(store, report)
    with store.writing() as connection:
        request_routes.route(
            connection, [(FIRST, "city-desk", "portal"), (REQUEST, "city-desk", "portal")], NOW_MS
        )
    return Carrier(store, far_end, OFFICES, clock, jitter=lambda: 0.0)


@pytest.mark.parametrize(("named", "ours"), [("1022-26-000001", FIRST), ("1022-26-000009", None)])
async def test_a_duplicate_names_the_report_that_was_first(
    city: Carrier, far_end: ScriptedConnector, clock: SetClock, named: str, ours: str | None
) -> None:
    await city.carry_due()
    with city.store.writing() as connection:
        request_routes.mark_submitted(connection, FIRST, "1022-26-000001", None)
    far_end.standings = [Standing(word="Trùng phản ánh", state=State.DUPLICATE, duplicate_of=named)]
    clock.at_ms += HOUR_MS
    await city.poll_due()
    request = load(city.store)
    assert (request.state, request.duplicate_of) == (State.DUPLICATE, ours)
    assert news(city.store)[-1].note == f"Trùng với phản ánh số {named}"
