from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.codecs.gatt.glucose_context import (
    Carbohydrate,
    Exercise,
    GlucoseContext,
    Medication,
    decode_glucose_context,
    glucose_context_events,
)
from tests.edge.codecs.gatt.cases import (
    assert_no_front_piece_passes,
    assert_what_follows_is_ignored,
    sfloats,
    subsets,
    unhurried,
)
from tests.fakes.ble import frames
from tests.fakes.ble.encode import NAN

OPTIONAL: dict[str, Any] = {
    "extended": 0xB3,
    "carbohydrate": (3, Decimal("0.05")),
    "meal": 4,
    "tester_and_health": 0x12,
    "exercise": (60, 50),
    "medication": (4, Decimal("0.000005")),
    "litres": True,
    "hba1c": Decimal("5.4"),
}


@pytest.mark.parametrize("given_fields", list(subsets(OPTIONAL)))
def test_every_combination_of_flags_is_read(given_fields: dict[str, Any]) -> None:
    frame = frames.glucose_context(sequence=258, **given_fields)
    is_volume = "litres" in given_fields
    has = given_fields.keys()
    assert decode_glucose_context(frame) == GlucoseContext(
        sequence=258,
        carbohydrate=Carbohydrate(3, Decimal("0.05")) if "carbohydrate" in has else None,
        meal=given_fields.get("meal"),
        tester=2 if "tester_and_health" in has else None,
        health=1 if "tester_and_health" in has else None,
        exercise=Exercise(60, 50) if "exercise" in has else None,
        medication=(Medication(4, Decimal("0.000005"), is_volume) if "medication" in has else None),
        has_hba1c="hba1c" in has,
        hba1c_percent=given_fields.get("hba1c"),
    )
    assert_no_front_piece_passes(decode_glucose_context, frame)
    assert_what_follows_is_ignored(decode_glucose_context, frame)


@unhurried
@given(st.integers(0, 0xFFFF), st.integers(0, 255), sfloats, sfloats, sfloats)
def test_whatever_a_meter_adds_is_read_as_it_was_sent(
    sequence: int, kind: int, carbohydrate: Decimal, dose: Decimal, hba1c: Decimal
) -> None:
    told = decode_glucose_context(
        frames.glucose_context(
            sequence=sequence,
            carbohydrate=(kind, carbohydrate),
            medication=(kind, dose),
            hba1c=hba1c,
        )
    )
    assert told.sequence == sequence
    assert told.carbohydrate == Carbohydrate(kind, carbohydrate)
    assert told.medication == Medication(kind, dose, is_volume=False)
    assert told.hba1c_percent == hba1c


def test_what_the_meter_does_not_know_is_none() -> None:
    told = decode_glucose_context(
        frames.glucose_context(
            sequence=1, carbohydrate=(1, NAN), exercise=(0xFFFF, 10), medication=(1, NAN), hba1c=NAN
        )
    )
    assert told.carbohydrate == Carbohydrate(1, None)
    assert told.exercise == Exercise(None, 10)
    assert told.medication == Medication(1, None, is_volume=False)
    assert (told.has_hba1c, told.hba1c_percent) == (True, None)


def test_a_context_alone_tells_the_cabin_nothing() -> None:
    frame = frames.glucose_context(sequence=1, meal=1)
    assert glucose_context_events(frame) == []
    assert_no_front_piece_passes(glucose_context_events, frame)
