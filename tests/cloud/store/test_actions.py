"""Officers at work on the store: one wins, the other sees why, and a repetition is no second deed."""

import threading

import pytest
from sqlalchemy import select

from cloud.sos.action import Action, Verb
from cloud.sos.errors import RefusedCode
from cloud.sos.incident import EventKind, Resolution, State
from cloud.store import audit, cards, commands, incidents
from cloud.store.accounts import set_disabled
from cloud.store.cards import ActionRefusedError
from cloud.store.engine import Store
from cloud.store.errors import MissingError
from cloud.store.schema import COMMAND
from tests.cloud.samples import (
    COLLEAGUE,
    DESK,
    NOW_MS,
    OFFICER,
    OTHER_WARD,
    add_people,
    add_person,
    add_station,
    do,
    open_one,
    press,
)
from wire.messages import Outcome, Reply, ShowSos, SosStage


@pytest.fixture
def incident(store: Store) -> str:
    with store.writing() as connection:
        add_station(connection)
        add_people(connection)
    return open_one(store)


def stages(store: Store, identity: str) -> list[tuple[int, str | None]]:
    with store.reading() as connection:
        rows = connection.execute(
            select(COMMAND.c.version, COMMAND.c.outcome)
            .where(COMMAND.c.incident == identity)
            .order_by(COMMAND.c.version)
        )
        return [(row[0], row[1]) for row in rows]


def test_the_whole_way(store: Store, incident: str) -> None:
    assert do(store, incident, Verb.ACKNOWLEDGE, 1).owner_name == f"Đồng chí {OFFICER}"
    assert do(store, incident, Verb.DISPATCH, 2).state is State.DISPATCHED
    assert do(store, incident, Verb.ON_SCENE, 3).state is State.ON_SCENE
    card = do(store, incident, Verb.RESOLVE, 4, resolution=Resolution.FOUNDED, note="Đã đưa đi viện")
    assert (card.state, card.resolution, card.next_deadline_ms) == (State.RESOLVED, Resolution.FOUNDED, None)
    with store.reading() as connection:
        events = cards.detail(connection, incident).events
        (order,) = commands.due(connection, NOW_MS, 10)
    assert [event.kind for event in events] == [
        EventKind.OPENED,
        EventKind.ACKNOWLEDGED,
        EventKind.DISPATCHED,
        EventKind.ON_SCENE,
        EventKind.RESOLVED,
    ]
    assert events[-1].data == {"resolution": "founded", "note": "Đã đưa đi viện"}
    assert (events[-1].login, events[-1].name) == (OFFICER, f"Đồng chí {OFFICER}")
    assert order.body == ShowSos(incident=incident, version=5, stage=SosStage.CLOSED)
    assert stages(store, incident) == [(version, "superseded") for version in range(1, 5)] + [(5, None)]


def test_the_same_key_again_returns_the_card_and_does_nothing(store: Store, incident: str) -> None:
    first = do(store, incident, Verb.ACKNOWLEDGE, 1, key="k")
    again = do(store, incident, Verb.ACKNOWLEDGE, 1, key="k", now_ms=NOW_MS + 9)
    assert again == first


def test_the_same_key_on_another_incident_is_another_deed(store: Store, incident: str) -> None:
    other = open_one(store, press(1, station="st-0002"))
    do(store, incident, Verb.ACKNOWLEDGE, 1, key="k")
    assert do(store, other, Verb.ACKNOWLEDGE, 1, key="k").state is State.ACKNOWLEDGED


def test_the_second_officer_gets_the_fresh_card(store: Store, incident: str) -> None:
    do(store, incident, Verb.ACKNOWLEDGE, 1)
    with pytest.raises(ActionRefusedError) as caught:
        do(store, incident, Verb.ACKNOWLEDGE, 1, by=COLLEAGUE, key="other")
    assert caught.value.code is RefusedCode.STALE
    assert (caught.value.card.owner, caught.value.card.version) == (OFFICER, 2)


def test_what_the_state_does_not_allow_changes_nothing(store: Store, incident: str) -> None:
    with pytest.raises(ActionRefusedError) as caught:
        do(store, incident, Verb.ON_SCENE, 1)
    assert caught.value.code is RefusedCode.NOT_ALLOWED
    with store.reading() as connection:
        assert cards.require_card(connection, incident).version == 1
        assert audit.entries(connection, 0, 10) == []


def test_an_incident_that_is_not_there_is_missing(store: Store, incident: str) -> None:
    with pytest.raises(MissingError):
        do(store, "0" * 32, Verb.ACKNOWLEDGE, 1)


def test_every_deed_is_audited_without_its_words(store: Store, incident: str) -> None:
    do(store, incident, Verb.NOTE, 1, note="Bà cụ ở tầng 3")
    with store.reading() as connection:
        (entry,) = audit.entries(connection, 0, 10)
    assert (entry.actor, entry.action, entry.subject) == (OFFICER, "incident.note", incident)
    assert entry.detail == '{"version":2}'


@pytest.mark.parametrize(
    ("to", "may"), [(COLLEAGUE, True), (DESK, True), ("khong.co", False), ("xa.lac", False)]
)
def test_only_who_answers_for_the_ward_may_take_over(
    *, store: Store, incident: str, to: str, may: bool
) -> None:
    with store.writing() as connection:
        add_person(connection, "xa.lac", wards=[OTHER_WARD])
    do(store, incident, Verb.ACKNOWLEDGE, 1)
    if may:
        assert do(store, incident, Verb.HAND_OVER, 2, to=to).owner == to
    else:
        with pytest.raises(ActionRefusedError) as caught:
            do(store, incident, Verb.HAND_OVER, 2, to=to)
        assert caught.value.code is RefusedCode.INVALID


def test_nothing_is_handed_to_a_closed_account(store: Store, incident: str) -> None:
    do(store, incident, Verb.ACKNOWLEDGE, 1)
    with store.writing() as connection:
        set_disabled(connection, COLLEAGUE, disabled=True)
    with pytest.raises(ActionRefusedError):
        do(store, incident, Verb.HAND_OVER, 2, to=COLLEAGUE)


def test_a_duplicate_is_of_an_incident_that_is_there(store: Store, incident: str) -> None:
    other = open_one(store, press(1, station="st-0002"))
    do(store, incident, Verb.ACKNOWLEDGE, 1)
    with pytest.raises(ActionRefusedError):
        do(store, incident, Verb.RESOLVE, 2, resolution=Resolution.DUPLICATE, duplicate_of="0" * 32)
    card = do(store, incident, Verb.RESOLVE, 2, resolution=Resolution.DUPLICATE, duplicate_of=other, key="k")
    assert card.duplicate_of == other


def test_a_press_on_a_resolved_incident_opens_a_new_one(store: Store, incident: str) -> None:
    do(store, incident, Verb.ACKNOWLEDGE, 1)
    do(store, incident, Verb.RESOLVE, 2, resolution=Resolution.FALSE_PRESS)
    assert open_one(store, press(2)) != incident


def test_reopened_it_takes_presses_again(store: Store, incident: str) -> None:
    do(store, incident, Verb.ACKNOWLEDGE, 1)
    do(store, incident, Verb.RESOLVE, 2, resolution=Resolution.FALSE_PRESS)
    do(store, incident, Verb.REOPEN, 3)
    assert open_one(store, press(2)) == incident


def test_of_many_officers_at_once_one_acknowledges(store: Store, incident: str) -> None:
    results: list[str] = []

    def try_it(number: int) -> None:
        try:
            do(store, incident, Verb.ACKNOWLEDGE, 1, by=f"officer-{number}", key=f"key-{number}")
        except ActionRefusedError as error:
            results.append(error.code)
        else:
            results.append("won")

    threads = [threading.Thread(target=try_it, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["stale"] * 5 + ["won"]


def test_seen_is_kept_once_and_makes_no_view_stale(store: Store, incident: str) -> None:
    with store.writing() as connection:
        assert incidents.mark_seen(connection, incident, OFFICER, NOW_MS + 300)
        assert not incidents.mark_seen(connection, incident, COLLEAGUE, NOW_MS + 400)
    card = do(store, incident, Verb.ACKNOWLEDGE, 1)
    assert (card.seen_at_ms, card.version) == (NOW_MS + 300, 3)


def answer(
    store: Store, command: str, outcome: Outcome = Outcome.DONE, station: str = "st-0001"
) -> commands.Settled | None:
    reply = Reply(station=station, id=command, at_ms=1, outcome=outcome)
    with store.writing() as connection:
        return incidents.mark_shown(connection, reply, NOW_MS + 700)


def due(store: Store) -> str:
    with store.reading() as connection:
        (order,) = commands.due(connection, NOW_MS, 10)
    return order.id


def test_what_the_station_shows_is_on_the_card(store: Store, incident: str) -> None:
    do(store, incident, Verb.ACKNOWLEDGE, 1)
    command = due(store)
    assert answer(store, command) is not None
    assert answer(store, command) is None, "a repeated answer says nothing new"
    with store.reading() as connection:
        detail = cards.detail(connection, incident)
        assert commands.due(connection, NOW_MS, 10) == []
    assert (detail.card.shown_stage, detail.card.shown_at_ms) == (SosStage.POLICE_RECEIVED, NOW_MS + 700)
    assert detail.events[-1].data == {"stage": "police-received", "of_version": 2}
    assert "person_informed" in [hop.hop for hop in detail.custody]


def test_a_late_answer_to_an_older_command_does_not_turn_it_back(store: Store, incident: str) -> None:
    older = due(store)
    do(store, incident, Verb.ACKNOWLEDGE, 1)
    assert answer(store, due(store)) is not None
    assert answer(store, older) is not None, "it was superseded, and done all the same"
    with store.reading() as connection:
        assert cards.require_card(connection, incident).shown_stage is SosStage.POLICE_RECEIVED


def test_a_refusal_settles_the_command_and_shows_nothing(store: Store, incident: str) -> None:
    settled = answer(store, due(store), Outcome.REFUSED)
    assert settled is not None
    assert settled.outcome is Outcome.REFUSED
    with store.reading() as connection:
        assert cards.require_card(connection, incident).shown_stage is None
        assert commands.due(connection, NOW_MS, 10) == []


def test_nobody_answers_for_another_station(store: Store, incident: str) -> None:
    command = due(store)
    assert answer(store, command, station="st-0002") is None
    assert due(store) == command


def test_versions_and_events_are_one(store: Store, incident: str) -> None:
    action = Action(verb=Verb.NOTE, by=OFFICER, version=1, note="a")
    for number in range(5):
        with store.writing() as connection:
            incidents.act(connection, incident, action, idempotency_key=f"k{number}", now_ms=NOW_MS)
    with store.reading() as connection:
        detail = cards.detail(connection, incident)
    assert [event.version for event in detail.events] == list(range(1, 7))
    assert detail.card.version == 6
