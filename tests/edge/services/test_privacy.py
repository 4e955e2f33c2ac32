"""What a person answers leaves no trace in logs, on disk or in objects that outlive the visit."""

import gc
import logging
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from edge.idcard.groups import Field
from edge.services.orders import Order
from edge.services.session.events import Submit
from edge.services.session.state import CardGiven, Visit
from edge.services.view import Action, Page, QuestionCard, RowCard, ServicesView
from tests.edge.identity.conftest import written
from tests.edge.services.conftest import Place
from tests.edge.services.visits import PROOF, STAY

FIELDS: dict[Field, str] = {
    Field.NUMBER: "079204005678",
    Field.NAME: "Lê Dấu Vết",
    Field.BIRTH: "29/02/2004",
    Field.RESIDENCE: "7 Đường Không Dấu",
}
"""What nothing else in the process is called."""
ANSWERS: dict[str, object] = {
    **STAY,
    "address": {"ward": "27097", "street": "9 Ngõ Vắng Người"},
    "owner-name": "Bùi Vết Chân",
    "phone": "0987654321",
}
TRACES = ("079204005678", "Lê Dấu Vết", "29/02/2004", "Không Dấu", "Vắng Người", "Vết Chân", "0987654321")


async def visit(place: Place) -> None:
    """Fill in, look at everything, take a wrong turn, and submit."""
    place.act(Action.CHOOSE, service="temporary-residence")
    assert place.services.prefill("temporary-residence", FIELDS, PROOF)
    while (question := place.services.view.question) is not None:
        place.act(Action.ANSWER, question=question.id, value=ANSWERS[question.id])
    for question_id in ("card-number", "card-name", "address", "phone"):
        place.act(Action.SHOW, question=question_id)
    assert FIELDS[Field.NAME] in msgspec.json.encode(place.services.view).decode()
    place.act(Action.CHANGE, question="phone")
    place.act(Action.ANSWER, question="phone", value="0987654321 0987654321")
    place.act(Action.BACK)


def traces(things: Sequence[object]) -> list[str]:
    told = [msgspec.json.encode(msgspec.to_builtins(thing)).decode() for thing in things]
    return [trace for trace in TRACES if any(trace in each for each in told)]


@pytest.mark.parametrize("ending", ["submit", "end", "leave"])
async def test_after_a_visit_nothing_is_left(place: Place, ending: str) -> None:
    views: list[ServicesView] = []
    with place.services.follow(views.append):
        await visit(place)
        assert traces(views)
        if ending == "submit":
            place.submit()
            await place.until(Page.RECEIPT)
            await place.requests()
        elif ending == "end":
            place.act(Action.END)
        else:
            place.clock.now_ms += 75_000
            place.services._wake.set()
            await place.until(Page.FAREWELL)
    views.clear()
    gc.collect()
    alive = gc.get_objects()
    mine = [one for one in alive if isinstance(one, ServicesView | QuestionCard | RowCard | Order)]
    assert traces(mine) == []
    visits = [one for one in alive if isinstance(one, Visit)]
    assert traces([dict(one.answers) for one in visits]) == []
    assert not [one for one in alive if isinstance(one, CardGiven) and one.fields == FIELDS]
    assert not [one for one in alive if isinstance(one, Submit) and traces([dict(one.answers)])]


async def test_nothing_is_logged_of_a_visit(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        await visit(place)
        place.submit()
        await place.until(Page.RECEIPT)
    said = " ".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    assert "request submitted" in said
    assert not [trace for trace in TRACES if trace in said]


async def test_a_visit_that_is_not_submitted_writes_nothing(place: Place, tmp_path: Path) -> None:
    await visit(place)
    place.act(Action.END)
    assert await place.requests() == []
    assert not (tmp_path / "tracking").exists()
    disk = written(tmp_path)
    assert not [trace for trace in TRACES if trace.encode() in disk]


async def test_a_visit_that_is_submitted_is_readable_for_nobody_on_the_way(
    place: Place, tmp_path: Path
) -> None:
    await visit(place)
    place.submit()
    await place.until(Page.RECEIPT)
    disk = written(tmp_path)
    assert not [trace for trace in TRACES if trace.encode() in disk]


def test_no_repr_of_an_order_tells_what_was_typed() -> None:
    order = Order(action=Action.ANSWER, question="phone", value="0987654321")
    assert "0987" not in repr(order)
