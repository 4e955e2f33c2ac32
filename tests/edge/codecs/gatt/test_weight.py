from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.codecs.gatt.weight import decode_weight, weight_events
from edge.codecs.instrument import DeviceTime, Failed, Taken, Trouble
from tests.edge.codecs.gatt.cases import (
    AT,
    assert_no_front_piece_passes,
    assert_what_follows_is_ignored,
    subsets,
    times,
    unhurried,
)
from tests.fakes.ble import frames
from wire.entries import VitalKind

OPTIONAL: dict[str, Any] = {
    "imperial": True,
    "at": AT,
    "user": 2,
    "index_and_height": (Decimal("22.9"), Decimal("1.7")),
}
ALL = list(subsets(OPTIONAL))


@pytest.mark.parametrize("given_fields", ALL)
def test_every_combination_of_flags_is_read(given_fields: dict[str, Any]) -> None:
    told = decode_weight(frames.weight(value=150, **given_fields))
    is_imperial, has_index = "imperial" in given_fields, "index_and_height" in given_fields
    assert told.weight_kg == (Decimal("68.0388555") if is_imperial else Decimal(150))
    assert told.taken_at == given_fields.get("at")
    assert told.user == given_fields.get("user")
    assert told.body_mass_index == (Decimal("22.9") if has_index else None)
    height = Decimal("4.318") if is_imperial else Decimal(170)
    assert told.height_cm == (height if has_index else None)


@pytest.mark.parametrize("given_fields", ALL)
def test_no_part_of_a_weighing_passes_and_what_follows_is_ignored(
    given_fields: dict[str, Any],
) -> None:
    frame = frames.weight(value=70, **given_fields)
    assert_no_front_piece_passes(decode_weight, frame)
    assert_no_front_piece_passes(weight_events, frame)
    assert_what_follows_is_ignored(decode_weight, frame)


@unhurried
@given(st.integers(0, 0xFFFE), times, st.integers(0, 254), st.integers(1, 0xFFFF))
def test_whatever_a_scale_weighs_is_read_as_it_was_sent(
    count: int, at: DeviceTime, user: int, index: int
) -> None:
    weight, body_mass_index = count * Decimal("0.005"), index * Decimal("0.1")
    told = decode_weight(frames.weight(value=weight, at=at, user=user, index_and_height=(body_mass_index, 1)))
    assert (told.weight_kg, told.taken_at, told.user) == (weight, at, user)
    assert (told.body_mass_index, told.height_cm) == (body_mass_index, Decimal(100))


def test_a_weighing_becomes_an_event_without_the_height_that_somebody_typed_in() -> None:
    frame = frames.weight(
        value=Decimal("70.005"), at=AT, user=1, index_and_height=(Decimal("24.2"), Decimal("1.7"))
    )
    assert weight_events(frame) == [
        Taken(
            kind=VitalKind.WEIGHT,
            values={"body-weight": Decimal("70.005"), "body-mass-index": Decimal("24.2")},
            raw=frame,
            taken_at=AT,
            user=1,
        )
    ]


@pytest.mark.parametrize("imperial", [True, False])
def test_an_unsuccessful_weighing_is_a_failure_and_never_327_kg(*, imperial: bool) -> None:
    frame = frames.weight(value=frames.UNSUCCESSFUL, imperial=imperial)
    assert decode_weight(frame).weight_kg is None
    assert weight_events(frame) == [Failed(VitalKind.WEIGHT, Trouble.MOTION, frame)]


def test_a_scale_without_its_users_height_tells_no_body_mass_index() -> None:
    frame = frames.weight(value=70, index_and_height=(0, 0))
    told = decode_weight(frame)
    assert (told.body_mass_index, told.height_cm) == (None, None)
    (taken,) = weight_events(frame)
    assert isinstance(taken, Taken)
    assert taken.values == {"body-weight": Decimal(70)}


def test_user_ff_is_nobody_in_particular() -> None:
    assert decode_weight(frames.weight(value=70, user=frames.UNKNOWN_USER)).user is None


def test_reserved_flags_change_nothing() -> None:
    frame = frames.weight(value=70, at=AT)
    assert decode_weight(bytes((frame[0] | 0xF0,)) + frame[1:]) == decode_weight(frame)
