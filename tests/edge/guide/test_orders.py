import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.answers import Topic
from edge.guide.folding import MAX_TEXT
from edge.guide.orders import Happening, Order


def read(**members: object) -> Order:
    return msgspec.json.decode(msgspec.json.encode(members), type=Order)


def test_an_order_is_read_from_what_the_screen_sends() -> None:
    assert read(event="say", text="đóng tiền điện") == Order(event=Happening.SAY, text="đóng tiền điện")
    assert read(event="ask", topic="cost") == Order(event=Happening.ASK, topic=Topic.COST)
    assert read(event="choose", service="birth") == Order(event=Happening.CHOOSE, service="birth")


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"event": "call"},
        {"event": "say", "text": "x" * (MAX_TEXT + 1)},
        {"event": "say", "text": 1},
        {"event": "choose", "service": "x" * 49},
        {"event": "ask", "topic": "weather"},
        {"event": "say", "text": "x", "name": "y"},
    ],
)
def test_anything_else_is_none(wrong: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        read(**wrong)


@given(st.text(min_size=12, max_size=MAX_TEXT))
def test_what_was_said_shows_in_no_repr(text: str) -> None:
    order = Order(event=Happening.SAY, text=text)
    assert repr(order) == "Order(say)"
    assert text not in f"{order}"
