"""What stands on a card leaves no trace in logs, on disk or in objects that outlive the visit."""

import gc
import logging
from pathlib import Path

import msgspec
import pytest

from edge.idcard.card import CardRead, Photo
from edge.idcard.groups import Field
from edge.identity.orders import Order
from edge.identity.session.state import Visit
from edge.identity.view import Action, IdentityView, Page
from tests.edge.identity.conftest import Place, written
from tests.edge.identity.visits import CAN, NUMBER, PROOF

FIELDS: dict[Field, str] = {
    Field.NUMBER: NUMBER,
    Field.NAME: "Lê Dấu Vết",
    Field.BIRTH: "29/02/2004",
    Field.RESIDENCE: "7 Đường Không Dấu",
}
"""What nothing else in the process is called."""
TRACES = (NUMBER, CAN, "Lê Dấu Vết", "29/02/2004", "Không Dấu")


async def visit(place: Place, purpose: str) -> None:
    """Read, look at everything, and send where there is something to send."""
    photo = Photo(media_type="image/jpeg", data=b"trace of a face")
    place.desk.card = CardRead(fields=dict(FIELDS), photo=photo, proof=PROOF, apdus=12)
    await place.review(purpose)
    for field in (Field.NUMBER, Field.NAME, Field.BIRTH):
        place.act(Action.SHOW, field=field)
    assert FIELDS[Field.NAME] in msgspec.json.encode(place.identity.view).decode()
    if Action.SEND in place.identity.view.actions:
        place.act(Action.SEND, text_version="identity-send-1")
        await place.until(Page.DONE)


@pytest.mark.parametrize("purpose", ["temporary-residence", "card-check"])
@pytest.mark.parametrize("ending", ["end", "remove", "leave"])
async def test_after_a_visit_nothing_is_left(place: Place, purpose: str, ending: str) -> None:
    views: list[IdentityView] = []
    with place.identity.follow(views.append):
        await visit(place, purpose)
        if ending == "end":
            place.act(Action.END)
        elif ending == "remove":
            place.identity.card_out(7)
        else:
            place.clock.now_ms += 75_000
            place.identity._wake.set()
        await place.until(Page.FAREWELL)
    views.clear()
    place.desk.asked.clear()
    place.desk.card = CardRead(fields={}, photo=None, proof=PROOF, apdus=0)
    gc.collect()
    alive = [
        thing for thing in gc.get_objects() if isinstance(thing, CardRead | Visit | IdentityView | Order)
    ]
    assert not [
        card
        for card in alive
        if isinstance(card, CardRead) and card.fields.get(Field.NAME) == FIELDS[Field.NAME]
    ]
    assert not [one for one in alive if isinstance(one, Visit) and (one.card or one.key or one.number)]
    shown = [row.value for one in alive if isinstance(one, IdentityView) for row in one.fields]
    assert not [value for value in shown if value in TRACES]
    orders = [one for one in alive if isinstance(one, Order)]
    assert not [one for one in orders if one.number in TRACES or one.text in TRACES]


async def test_nothing_is_logged_of_a_visit(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        await visit(place, "temporary-residence")
        place.act(Action.END)
    said = " ".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    assert "card read" in said
    assert not [trace for trace in TRACES if trace in said]


async def test_looking_at_a_card_leaves_nothing_on_disk_but_that_somebody_agreed(
    place: Place, tmp_path: Path
) -> None:
    await visit(place, "card-check")
    place.act(Action.END)
    (consented,) = await place.bodies()
    assert "card-check" in repr(consented)
    disk = written(tmp_path)
    assert not [trace for trace in TRACES if trace.encode() in disk]
