"""The session with its hands: it tells, opens the card, takes what it gave, submits and forgets in the right order."""

import asyncio

import pytest

from catalogue.model import Need
from edge.idcard.groups import Field
from edge.services.errors import OrderRefusedError, Refusal
from edge.services.orders import Order
from edge.services.view import Action, Outcome, Page, ServicesView
from tests.edge.services.conftest import Place
from tests.edge.services.visits import FIELDS, PROOF
from tests.edge.waiting import eventually
from wire.entries import RequestKind


def test_the_menu_and_the_wards_are_there_from_the_beginning(place: Place) -> None:
    assert place.services.menu.needs[0].need is Need.HOME
    assert [(ward.code, ward.name) for ward in place.services.wards] == [("27097", "Phường Bình Trưng")]


async def test_whoever_follows_is_told_the_present_view_and_each_newer_one(place: Place) -> None:
    views: list[ServicesView] = []
    with place.services.follow(views.append):
        place.act(Action.OPEN, need=Need.SAFETY)
        place.act(Action.CHOOSE, service="report-civic")
        place.act(Action.BACK)
    place.act(Action.BACK)
    assert [view.page for view in views] == [Page.HOME, Page.GROUP, Page.SERVICE, Page.GROUP]
    versions = [view.version for view in views]
    assert versions == sorted(set(versions))


async def test_an_order_that_is_refused_changes_nothing(place: Place) -> None:
    before = place.services.view
    with pytest.raises(OrderRefusedError) as refused:
        place.act(Action.SUBMIT, text_version="service-submit-1")
    assert refused.value.reason is Refusal.NOT_NOW
    assert place.services.view is before


async def test_use_card_opens_the_reader_for_the_service_that_is_on(place: Place) -> None:
    place.act(Action.CHOOSE, service="temporary-residence")
    wish = place.services.wish
    assert wish is not None
    assert wish.whole.id == "temporary-residence"
    place.act(Action.USE_CARD)
    assert place.around.opened == ["temporary-residence"]
    assert place.services.prefill("temporary-residence", FIELDS, PROOF)
    assert not place.services.wish
    assert place.services.view.service is not None
    assert place.services.view.service.has_card_fields


async def test_a_card_for_another_service_or_without_what_is_needed_is_not_taken(place: Place) -> None:
    assert not place.services.prefill("temporary-residence", FIELDS, PROOF)
    place.act(Action.CHOOSE, service="temporary-residence")
    assert not place.services.prefill("birth", FIELDS, PROOF)
    assert not place.services.prefill("temporary-residence", {Field.NUMBER: "079203001234"}, PROOF)
    assert place.services.wish is not None


async def test_the_fields_are_a_copy_that_nobody_can_change(place: Place) -> None:
    given = dict(FIELDS)
    place.act(Action.CHOOSE, service="temporary-residence")
    place.services.prefill("temporary-residence", given, PROOF)
    given.clear()
    visit = place.services._state.visit
    assert visit is not None
    assert visit.card is not None
    assert visit.card.fields == FIELDS


async def test_a_person_who_leaves_is_wiped_by_the_running_session(place: Place) -> None:
    place.fill_in()
    place.clock.now_ms += 75_000
    place.services._wake.set()
    await place.until(Page.FAREWELL)
    assert place.services.view.outcome is Outcome.TIMED_OUT
    assert place.services.is_free


async def test_the_clock_stands_still_while_the_person_is_at_the_card(place: Place) -> None:
    place.fill_in()
    place.services.away(is_away=True)
    version = place.services.view.version
    place.services.away(is_away=True)
    place.clock.now_ms += 600_000
    place.services._wake.set()
    await asyncio.sleep(0)
    assert (place.at(), place.services.view.version) == (Page.CHECK, version)
    place.services.away(is_away=False)
    place.clock.now_ms += 60_000
    place.services.touched()
    assert place.services.view.idle is None
    place.services.abandoned()
    assert place.services.view.outcome is Outcome.TIMED_OUT


@pytest.mark.parametrize("is_online", [True, False])
async def test_the_receipt_is_the_same_line_up_or_down_and_says_which(
    place: Place, *, is_online: bool
) -> None:
    place.around.is_online = is_online
    await place.to_receipt()
    assert place.services.view.receipt is not None
    assert place.services.view.receipt.is_online is is_online


async def test_today_is_vietnam_s(place: Place) -> None:
    place.clock.now_ms += (24 - 14) * 3_600_000  # from 20:53 on 21 September 2026 to 06:53 on the 22nd
    assert place.services._moment().today.isoformat() == "2026-09-22"


async def test_every_touch_puts_the_warning_off(place: Place) -> None:
    place.fill_in()
    place.clock.now_ms += 61_000
    place.services._wake.set()
    await eventually(lambda: place.services.view.idle is not None)
    assert place.services.act(Order(action=Action.EXTEND)).idle is None


async def test_a_bill_that_is_submitted_opens_its_payment(place: Place) -> None:
    place.fill_in("bill-electricity", {"customer": "PE01000123456", "phone": None})
    place.submit()
    await place.until(Page.RECEIPT)
    (request,) = await place.requests()
    assert request.request_kind is RequestKind.BILL
    assert place.around.to_pay == [(request.request, "bill-electricity", "PE01000123456")]


async def test_nothing_else_opens_a_payment(place: Place) -> None:
    await place.to_receipt()
    assert place.around.to_pay == []
