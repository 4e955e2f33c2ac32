"""What a person's body said leaves no trace outside the journal, and there only with consent."""

import gc
import logging

import msgspec
import pytest

from edge.cabin.rules.readings import Reading
from edge.cabin.view import Action, Page
from edge.codecs.instrument import Wave
from tests.edge.cabin.conftest import Place
from tests.edge.cabin.sayings import finger, pressure, weight
from tests.edge.waiting import eventually
from wire.entries import ConsentScope, VitalKind

BP, SPO2, KG = VitalKind.BLOOD_PRESSURE, VitalKind.OXYGEN, VitalKind.WEIGHT
TRACES = ("187", "143", "63.7", "61", "89")
"""Every value below; chosen so that nothing else looks like them."""
CARD = "ca" * 16


async def visit(place: Place, scope: ConsentScope | None) -> None:
    """Measure three things with values that are easy to find."""
    place.act(Action.BEGIN, kinds=[KG, SPO2, BP])
    place.cabin.bind(CARD)
    place.act(Action.CONSENT, scope=scope, text_version="v")
    place.act(Action.START)
    place.say(weight("63.7"))
    place.act(Action.NEXT)
    place.act(Action.START)
    for _ in range(25):
        place.wait(0.5)
        if place.rack.running:
            place.say(finger(89, 61))
            place.say(Wave((61, 89), 60))
    place.act(Action.NEXT)
    place.act(Action.START)
    place.say(pressure(187, 143, 61))
    place.act(Action.SKIP)


def found(text: str) -> list[str]:
    return [trace for trace in TRACES if trace in text]


@pytest.mark.parametrize("scope", [None, ConsentScope.SHARE])
@pytest.mark.parametrize("ending", ["finish", "leave"])
async def test_after_a_visit_nothing_is_left(place: Place, scope: ConsentScope | None, ending: str) -> None:
    with place.cabin.watch() as slow:
        await visit(place, scope)
        assert found(msgspec.json.encode(place.cabin.view).decode())
        if ending == "finish":
            place.act(Action.FINISH)
        else:
            place.wait(76)
        await eventually(lambda: place.cabin.view.page is not Page.SHEET)
        await eventually(lambda: not place.cabin._keeper._jobs)
        left = [
            repr(place.cabin._state),
            msgspec.json.encode(place.cabin.view).decode(),
            repr(slow._view),
            repr(slow._pieces),
            repr(place.cabin._keeper._jobs),
            repr(place.cabin._keeper._agreed),
        ]
    times = (str(place.clock.now_ms), str(place.cabin._state.farewell_until_ms))
    for text in left:
        for time in times:
            text = text.replace(time, "")  # noqa: PLW2901 - a clock may read like a value
        assert found(text) == []
        assert CARD not in text


async def test_nothing_is_logged_of_a_visit(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        await visit(place, ConsentScope.KEEP)
        place.act(Action.FINISH)
        await eventually(lambda: not place.cabin._keeper._jobs)
    said = " ".join(f"{record.getMessage()} {getattr(record, 'fields', '')}" for record in caplog.records)
    assert found(said) == []
    assert CARD not in said


async def test_without_consent_nothing_is_on_disk(place: Place) -> None:
    await visit(place, None)
    place.act(Action.FINISH)
    await eventually(lambda: not place.cabin._keeper._jobs)
    assert await place.bodies() == []


async def test_no_object_of_the_machine_outlives_the_person(place: Place) -> None:
    await visit(place, ConsentScope.KEEP)
    place.act(Action.FINISH)
    await eventually(lambda: not place.cabin._keeper._jobs)
    gc.collect()
    alive = [thing for thing in gc.get_objects() if isinstance(thing, Reading)]
    assert not [reading for reading in alive if found(" ".join(map(str, reading.values.values())))]
