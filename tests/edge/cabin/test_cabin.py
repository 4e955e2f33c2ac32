"""The cabin with its hands: instruments, a journal on disk, the clock."""

from pathlib import Path

import pytest

from edge.cabin.cabin import ActionRefusedError, Refusal
from edge.cabin.view import Action, Page, Phase, Trouble
from edge.codecs.instrument import Failed
from edge.codecs.instrument import Trouble as DeviceTrouble
from edge.instrument import Readiness
from tests.edge.cabin.conftest import Place, a_place, running
from tests.edge.cabin.sayings import cuff, finger, pressure, warmth, weight
from tests.edge.waiting import eventually
from wire.entries import ConsentScope, SessionEnded, SessionOutcome, VitalKind
from wire.topics import Lane

BP, SPO2, KG, CEL = (
    VitalKind.BLOOD_PRESSURE,
    VitalKind.OXYGEN,
    VitalKind.WEIGHT,
    VitalKind.TEMPERATURE,
)


def phase(place: Place) -> Phase | None:
    step = place.cabin.view.step
    return None if step is None else step.phase


async def test_an_act_is_answered_with_the_view_after_it(place: Place) -> None:
    view = place.act(Action.BEGIN, kinds=[KG])
    assert view.page is Page.CONSENT
    assert view == place.cabin.view


async def test_a_refused_act_says_why_and_changes_nothing(place: Place) -> None:
    before = place.cabin.view
    with pytest.raises(ActionRefusedError) as refused:
        place.act(Action.FINISH)
    assert refused.value.reason is Refusal.NOT_NOW
    assert place.cabin.view == before


async def test_versions_grow_with_every_change_and_only_then(place: Place) -> None:
    versions = [place.cabin.view.version]
    place.act(Action.BEGIN, kinds=[BP])
    versions.append(place.cabin.view.version)
    place.act(Action.CONSENT)
    place.act(Action.START)
    versions.append(place.cabin.view.version)
    place.say(cuff(40))
    versions.append(place.cabin.view.version)
    assert versions == sorted(set(versions))
    place.say(cuff(40))
    place.rack.find(BP)
    assert place.cabin.view.version == versions[-1]


async def test_instruments_are_told_to_begin_and_to_end(place: Place) -> None:
    place.come(SPO2)
    assert place.rack.running == {SPO2}
    place.act(Action.STOP)
    assert place.rack.orders == [("begin", SPO2), ("cancel", SPO2)]


async def test_a_cuff_that_is_switched_on_shows_by_itself(place: Place) -> None:
    place.rack.readiness[BP] = Readiness.MISSING
    await eventually(lambda: Readiness.MISSING in [offer.readiness for offer in place.cabin.view.offers])
    del place.rack.readiness[BP]
    await eventually(lambda: Readiness.MISSING not in [offer.readiness for offer in place.cabin.view.offers])


async def test_the_second_reading_begins_by_itself_after_the_pause(place: Place) -> None:
    place.come(BP)
    place.say(pressure(130, 80))
    assert phase(place) is Phase.REST
    place.wait(30)
    await eventually(lambda: phase(place) is Phase.WAITING)
    assert place.rack.orders == [("begin", BP), ("cancel", BP), ("begin", BP)]


async def test_a_countdown_is_shown_second_by_second(place: Place) -> None:
    place.come(BP)
    place.say(pressure(130, 80))
    for seconds in (29, 28, 27):
        place.wait(1)
        await eventually(
            lambda: place.cabin.view.step is not None and place.cabin.view.step.countdown_s == seconds  # noqa: B023 - awaited within the turn
        )


async def test_nobody_there_any_more_is_noticed(place: Place) -> None:
    place.come(KG)
    place.say(weight())
    place.wait(60)
    await eventually(lambda: place.cabin.view.idle)
    place.wait(15)
    await eventually(lambda: place.cabin.view.page is Page.CHOOSE)
    await eventually(lambda: place.journal.tallies[Lane.VITALS].depth == 3)
    ended = (await place.bodies())[-1]
    assert isinstance(ended, SessionEnded)
    assert ended.outcome is SessionOutcome.ABANDONED


async def test_an_act_finds_what_was_due_done(idle_place: Place) -> None:
    idle_place.come(KG)
    idle_place.wait(500)
    with pytest.raises(ActionRefusedError):
        idle_place.act(Action.STOP)
    assert idle_place.rack.running == set()
    assert phase(idle_place) is Phase.TROUBLE


async def test_measurements_are_counted(place: Place) -> None:
    place.come(KG, CEL, scope=None)
    place.say(weight())
    place.act(Action.NEXT)
    place.act(Action.START)
    place.say(warmth(99))
    assert (place.cabin.measurements_made, place.cabin.measurements_refused) == (1, 1)


async def test_a_mistake_of_ours_does_not_reach_the_driver(
    place: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("98.6 is the temperature of somebody")

    monkeypatch.setattr("edge.cabin.cabin.apply", broken)
    place.rack.say(CEL, warmth("37.1234"))
    monkeypatch.undo()
    assert [record.getMessage() for record in caplog.records] == ["news not taken"]
    assert "98.6" not in caplog.text


async def test_a_daemon_that_ends_closes_the_session_on_disk(tmp_path: Path) -> None:
    async with a_place(tmp_path) as place:
        async with running(place.cabin):
            place.come(BP)
            place.say(pressure())
        bodies = await place.bodies()
        assert [type(body).__name__ for body in bodies] == ["ConsentGiven", "Measured", "SessionEnded"]
        assert isinstance(bodies[-1], SessionEnded)
        assert bodies[-1].outcome is SessionOutcome.INTERRUPTED
        assert place.cabin.view.page is Page.CHOOSE
        assert place.rack.running == set()


async def test_a_daemon_that_ends_in_an_empty_cabin_writes_nothing(tmp_path: Path) -> None:
    async with a_place(tmp_path) as place:
        async with running(place.cabin):
            place.act(Action.BEGIN, kinds=[KG])
        assert place.cabin.view.page is Page.CHOOSE
        assert await place.bodies() == []


async def test_what_was_queued_before_the_cabin_ran_is_written(idle_place: Place) -> None:
    idle_place.come(KG)
    idle_place.say(weight())
    assert await idle_place.bodies() == []
    async with running(idle_place.cabin):
        await eventually(lambda: idle_place.cabin._state.ledger.kept)
    assert len(await idle_place.bodies()) == 3


async def test_trouble_is_shown_and_mended(place: Place) -> None:
    place.come(BP)
    place.say(Failed(BP, DeviceTrouble.CUFF_LOOSE))
    step = place.cabin.view.step
    assert step is not None
    assert step.trouble is Trouble.CUFF_LOOSE
    place.act(Action.REPEAT)
    place.say(pressure())
    assert phase(place) is Phase.REST


async def test_whoever_is_asked_can_be_bound_and_the_screen_knows(place: Place) -> None:
    assert place.cabin.is_free
    place.act(Action.BEGIN, kinds=[KG])
    seen = [(place.cabin.is_free, place.cabin.is_asking, place.cabin.view.is_bound)]
    place.cabin.bind("ca" * 16)
    seen.append((place.cabin.is_free, place.cabin.is_asking, place.cabin.view.is_bound))
    place.act(Action.CONSENT, scope=ConsentScope.KEEP, text_version="v")
    seen.append((place.cabin.is_free, place.cabin.is_asking, place.cabin.view.is_bound))
    assert seen == [(False, True, False), (False, True, True), (False, False, True)]


async def test_somebody_busy_with_a_card_is_neither_warned_nor_wiped(place: Place) -> None:
    place.act(Action.BEGIN, kinds=[KG])
    for _ in range(5):
        place.wait(59)
        place.cabin.touched()
        assert place.cabin.view.idle is None
    assert place.cabin.view.page is Page.CONSENT


async def test_a_card_binds_only_to_a_consent(place: Place) -> None:
    with pytest.raises(ActionRefusedError) as refused:
        place.cabin.bind("ca" * 16)
    assert refused.value.reason is Refusal.SUBJECT
    place.act(Action.BEGIN, kinds=[KG])
    place.cabin.bind("ca" * 16)
    place.act(Action.CONSENT, scope=ConsentScope.SHARE, text_version="2026-11")
    place.act(Action.START)
    place.say(weight())
    await eventually(lambda: place.cabin._state.ledger.kept)
    consent = (await place.bodies())[0]
    assert getattr(consent, "subject", None) == "ca" * 16


async def test_every_session_has_its_own_token(place: Place) -> None:
    sessions = set()
    for _ in range(3):
        place.act(Action.BEGIN, kinds=[KG])
        sessions.add(place.cabin._state.session)
        place.act(Action.BACK)
    assert len(sessions) == 3
    assert all(len(session) == 32 for session in sessions)


async def test_oxygen_from_a_fast_stream_settles_without_flooding(place: Place) -> None:
    place.come(SPO2)
    before = place.cabin.view.version
    for _ in range(60 * 11):
        place.wait(1 / 60)
        if phase(place) is not Phase.RESULT:
            place.say(finger())
    assert phase(place) is Phase.RESULT
    assert place.cabin.view.version - before < 130
