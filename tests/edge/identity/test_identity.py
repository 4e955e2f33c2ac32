"""The session with its hands: it reads, tells, sends and forgets in the right order."""

import asyncio
from pathlib import Path

import pytest

from edge.idcard.card import Can, CardRead, Step
from edge.idcard.errors import GoneError, TamperedError, WrongKeyError
from edge.idcard.groups import Field
from edge.identity.errors import OrderRefusedError, Refusal
from edge.identity.purposes import TEMPORARY_RESIDENCE
from edge.identity.view import Action, IdentityView, Outcome, Page
from tests.edge.identity.conftest import PSEUDONYMS, Place, a_place
from tests.edge.identity.visits import CAN, CARD, FIELDS, NUMBER, PHOTO, PROOF
from tests.edge.waiting import eventually
from wire.entries import IdentityConsented, IdentityShared


async def test_the_desk_is_asked_for_the_fields_of_the_purpose_and_no_more(place: Place) -> None:
    await place.review()
    assert place.desk.asked == [(7, Can(CAN), frozenset(TEMPORARY_RESIDENCE.fields))]
    assert place.identity.cards_read == 1


async def test_a_visit_from_the_card_to_the_journal(place: Place) -> None:
    await place.review()
    place.act(Action.REMOVE, field=Field.SEX)
    place.act(Action.SEND, text_version="identity-send-1")
    await place.until(Page.DONE)
    consented, shared = await place.bodies()
    assert isinstance(consented, IdentityConsented)
    assert isinstance(shared, IdentityShared)
    assert (consented.purpose, consented.text_version) == ("temporary-residence", "identity-read-1")
    assert shared.session == consented.session
    assert shared.fields == ["number", "name", "birth", "nationality", "residence"]
    assert (shared.recipient, shared.text_version) == ("ward-police", "identity-send-1")
    place.identity.card_out(7)
    assert place.identity.view.outcome is Outcome.FINISHED


async def test_the_screen_is_told_of_every_step_by_itself(place: Place) -> None:
    seen: list[tuple[Page, Step | None]] = []

    def tell(view: IdentityView) -> None:
        seen.append((view.page, view.step.name if view.step else None))

    with place.identity.follow(tell):
        await place.review()
    place.act(Action.END)
    pages = [page for page, _ in seen]
    assert pages[0] is Page.NONE
    assert (Page.READING, Step.OPENING) in seen
    assert pages[-1] is Page.REVIEW


async def test_versions_only_grow_and_nothing_is_told_twice(place: Place) -> None:
    views: list[IdentityView] = []
    with place.identity.follow(views.append):
        await place.review()
        await asyncio.sleep(0)
    versions = [view.version for view in views]
    assert versions == sorted(set(versions))


async def test_what_the_card_refuses_is_told_and_counted(place: Place) -> None:
    place.desk.error = WrongKeyError()
    place.agree()
    await place.until(Page.TROUBLE)
    assert place.identity.view.trouble is not None
    assert place.identity.view.trouble.fault == "wrong-key"
    assert (place.identity.cards_read, place.identity.cards_refused) == (0, 1)


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (GoneError(), "gone"),
        (TamperedError("DG13: not the one that was signed"), "tampered"),
        (ZeroDivisionError(NUMBER), "garbled"),
    ],
)
async def test_whatever_goes_wrong_the_person_is_told_and_the_log_knows_nobody(
    place: Place, error: Exception, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    place.desk.error = error
    place.agree()
    await place.until(Page.TROUBLE)
    assert place.identity.view.trouble is not None
    assert place.identity.view.trouble.fault == fault
    said = " ".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    assert "card not read" in said
    assert NUMBER not in said


async def test_a_card_taken_away_in_the_middle_ends_the_conversation_with_it(place: Place) -> None:
    place.desk.gate = asyncio.Event()
    place.agree()
    await eventually(lambda: bool(place.desk.asked))
    place.identity.card_out(7)
    await eventually(lambda: place.desk.cancelled == 1)
    assert place.at() is Page.TROUBLE


async def test_a_daemon_that_ends_in_the_middle_lets_the_card_be_and_forgets(tmp_path: Path) -> None:
    async with a_place(tmp_path) as place:
        place.desk.gate = asyncio.Event()
        place.agree()
        await eventually(lambda: bool(place.desk.asked))
    await eventually(lambda: place.desk.cancelled == 1)
    assert place.identity._state.visit is None


async def test_what_was_agreed_to_is_on_disk_before_the_daemon_ends(tmp_path: Path) -> None:
    async with a_place(tmp_path) as place:
        await place.review()
        place.act(Action.SEND, text_version="identity-send-1")
    async with a_place(tmp_path) as again:
        assert [type(body) for body in await again.bodies()] == [IdentityConsented, IdentityShared]


async def test_the_cabin_gets_a_pseudonym_and_never_the_number(place: Place) -> None:
    place.neighbour.is_free, place.neighbour.can_bind = False, True
    await place.review("cabin-history")
    place.act(Action.SEND, text_version="identity-send-1")
    await place.until(Page.DONE)
    assert place.neighbour.bound == [PSEUDONYMS.of(NUMBER)]
    assert [type(body) for body in await place.bodies()] == [IdentityConsented]


async def test_a_cabin_that_went_on_is_told_as_too_late(place: Place) -> None:
    place.neighbour.can_bind, place.neighbour.takes = True, False
    await place.review("cabin-history")
    place.act(Action.SEND, text_version="identity-send-1")
    await place.until(Page.TROUBLE)
    assert place.identity.view.trouble is not None
    assert place.identity.view.trouble.fault == "too-late"


async def test_whoever_is_busy_with_the_card_is_not_forgotten_by_the_cabin(place: Place) -> None:
    place.act(Action.OPEN)
    place.act(Action.END)
    assert place.neighbour.touches == 2


async def test_in_the_cabin_s_question_a_card_is_for_the_cabin_and_elsewhere_never(place: Place) -> None:
    place.act(Action.OPEN)
    assert [each.purpose for each in place.identity.view.purposes] == ["temporary-residence", "card-check"]
    place.act(Action.END)
    place.neighbour.can_bind = True
    place.act(Action.OPEN)
    assert place.identity.view.purpose is not None
    assert place.identity.view.purpose.purpose == "cabin-history"


async def test_a_card_takes_the_screen_only_when_nobody_else_has_it(place: Place) -> None:
    place.neighbour.is_free = False
    place.identity.card_in(1)
    assert place.at() is Page.NONE
    place.identity.card_out(1)
    place.neighbour.is_free = True
    place.identity.card_in(2)
    assert place.at() is Page.PURPOSE


async def test_without_keys_there_is_only_looking(tmp_path: Path) -> None:
    async with a_place(tmp_path, has_keys=False) as place:
        place.act(Action.OPEN)
        assert place.identity.view.purpose is not None
        assert place.identity.view.purpose.purpose == "card-check"
        place.act(Action.END)
        place.neighbour.can_bind = True
        with pytest.raises(OrderRefusedError) as refused:
            place.act(Action.OPEN)
        assert refused.value.reason is Refusal.PURPOSE


async def test_the_scanner_is_as_good_as_typing(place: Place) -> None:
    place.act(Action.OPEN, purpose="card-check")
    place.act(Action.AGREE, text_version="identity-read-1")
    place.identity.scanned(f"{NUMBER}||Nguyễn Văn An|17052003|Nam|12 Nguyễn Duy Trinh|01012022")
    assert place.at() is Page.CARD


async def test_another_code_is_told_where_one_is_waited_for_and_until_the_next_touch(place: Place) -> None:
    place.identity.scanned("https://example.vn/menu")
    assert place.at() is Page.NONE
    place.act(Action.OPEN, purpose="card-check")
    place.identity.scanned("https://example.vn/menu")
    seen = [place.identity.view.is_misread]
    place.act(Action.AGREE, text_version="identity-read-1")
    place.identity.scanned("https://example.vn/menu" * 100)
    seen.append(place.identity.view.is_misread)
    place.act(Action.BACK)
    seen.append(place.identity.view.is_misread)
    assert seen == [False, True, False]


async def test_the_face_is_there_while_its_person_looks_and_not_later(place: Place) -> None:
    place.desk.card = CardRead(fields=FIELDS, photo=PHOTO, proof=PROOF, apdus=21)
    assert not place.has_photo()
    await place.review("card-check")
    assert place.identity.view.has_photo
    assert place.identity.photo == PHOTO
    place.act(Action.END)
    assert not place.has_photo()


async def test_time_passes_by_itself(place: Place) -> None:
    await place.review()
    place.clock.now_ms += 75_000
    place.identity._wake.set()
    await place.until(Page.FAREWELL)
    assert place.identity.view.outcome is Outcome.TIMED_OUT


async def test_an_order_that_comes_too_late_does_not_undo_what_was_due(place: Place) -> None:
    await place.review()
    place.clock.now_ms += 75_000
    with pytest.raises(OrderRefusedError):
        place.act(Action.SHOW, field=Field.NAME)
    assert place.at() is Page.FAREWELL
    assert place.desk.card is CARD
