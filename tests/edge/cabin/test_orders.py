"""Orders and views as JSON, the way the screen writes and reads them."""

import msgspec
import pytest

from edge.cabin.errors import ActionRefusedError, Refusal
from edge.cabin.orders import Order
from edge.cabin.view import Action, View
from edge.errors import EdgeError
from tests.edge.cabin.booth import Booth, measure_pressure
from wire.entries import ConsentScope, VitalKind


@pytest.mark.parametrize(
    ("text", "order"),
    [
        (b'{"action":"start"}', Order(action=Action.START)),
        (
            b'{"action":"begin","kinds":["oxygen","weight"]}',
            Order(action=Action.BEGIN, kinds=[VitalKind.OXYGEN, VitalKind.WEIGHT]),
        ),
        (
            b'{"action":"consent","scope":"share","text_version":"2026-11"}',
            Order(action=Action.CONSENT, scope=ConsentScope.SHARE, text_version="2026-11"),
        ),
        (b'{"action":"consent","scope":null}', Order(action=Action.CONSENT)),
        (
            b'{"action":"enter","measure":"body-height","value":163}',
            Order(action=Action.ENTER, measure="body-height", value=163.0),
        ),
    ],
)
def test_an_order_is_plain_json(text: bytes, order: Order) -> None:
    assert msgspec.json.decode(text, type=Order) == order


@pytest.mark.parametrize(
    "text",
    [
        b"{}",
        b'{"action":"sos"}',
        b'{"action":"start","name":"somebody"}',
        b'{"action":"begin","kinds":["height","height","height","height","height","height","height","height"]}',
        b'{"action":"consent","text_version":"' + b"x" * 65 + b'"}',
        b'{"action":"enter","measure":"' + b"x" * 33 + b'"}',
        b'{"action":"enter","value":"163"}',
        b'{"action":"enter","value":1e999}',
    ],
)
def test_what_is_no_order_is_refused_at_the_door(text: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        msgspec.json.decode(text, type=Order)


def test_a_view_survives_its_journey_to_the_screen() -> None:
    booth = Booth()
    booth.come(VitalKind.BLOOD_PRESSURE)
    measure_pressure(booth, (130, 80))
    assert msgspec.json.decode(msgspec.json.encode(booth.view), type=View) == booth.view
    booth.act(Action.SKIP)
    assert msgspec.json.decode(msgspec.json.encode(booth.view), type=View) == booth.view


@pytest.mark.parametrize("reason", Refusal)
def test_a_refusal_carries_its_reason_and_nothing_else(reason: Refusal) -> None:
    error = ActionRefusedError(reason)
    assert isinstance(error, EdgeError)
    assert error.reason is reason
    assert str(error) == f"refused: {reason.value}"
