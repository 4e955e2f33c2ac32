from decimal import Decimal
from typing import Any

import pytest

from edge.codecs.gatt.body_composition import (
    BodyComposition,
    body_composition_events,
    decode_body_composition,
    joined,
    weighing_events,
)
from edge.codecs.instrument import Failed, Taken, Trouble
from tests.edge.codecs.gatt.captures import capture
from tests.edge.codecs.gatt.cases import (
    AT,
    assert_no_front_piece_passes,
    assert_what_follows_is_ignored,
    subsets,
)
from tests.fakes.ble import frames
from wire.entries import VitalKind

OPTIONAL: dict[str, Any] = {
    "imperial": True,
    "at": AT,
    "user": 7,
    "basal_metabolism": 6800,
    "muscle_share": Decimal("38.5"),
    "muscle": 60,
    "fat_free": 110,
    "soft_lean": 105,
    "water": 80,
    "impedance": Decimal("469.3"),
    "weight": 150,
    "height": 6,
    "is_part": True,
}
KILOGRAMS = {
    60: Decimal("27.2155422"),
    110: Decimal("49.8951607"),
    105: Decimal("47.62719885"),
    80: Decimal("36.2873896"),
    150: Decimal("68.0388555"),
    None: None,
}


def assert_reads(given_fields: dict[str, Any]) -> None:
    told = decode_body_composition(frames.body_composition(fat=Decimal("21.4"), **given_fields))
    is_imperial = "imperial" in given_fields

    def mass(field: str) -> Decimal | None:
        pounds = given_fields.get(field)
        return KILOGRAMS[pounds] if is_imperial else pounds

    height = Decimal("15.24") if is_imperial else Decimal(600)
    assert told == BodyComposition(
        fat_percent=Decimal("21.4"),
        taken_at=given_fields.get("at"),
        user=given_fields.get("user"),
        basal_metabolism_kj=given_fields.get("basal_metabolism"),
        muscle_percent=given_fields.get("muscle_share"),
        muscle_kg=mass("muscle"),
        fat_free_kg=mass("fat_free"),
        soft_lean_kg=mass("soft_lean"),
        water_kg=mass("water"),
        impedance_ohm=given_fields.get("impedance"),
        weight_kg=mass("weight"),
        height_cm=height if "height" in given_fields else None,
        is_part="is_part" in given_fields,
    )


def test_every_combination_of_flags_is_read() -> None:
    combinations = list(subsets(OPTIONAL))
    assert len(combinations) == 2**13
    for given_fields in combinations:
        assert_reads(given_fields)


@pytest.mark.parametrize("left_out", [*OPTIONAL, None])
def test_no_part_of_a_packet_passes_and_what_follows_is_ignored(left_out: str | None) -> None:
    given_fields = {name: value for name, value in OPTIONAL.items() if name != left_out}
    frame = frames.body_composition(fat=20, **given_fields)
    assert_no_front_piece_passes(decode_body_composition, frame)
    assert_no_front_piece_passes(body_composition_events, frame)
    assert_what_follows_is_ignored(decode_body_composition, frame)


def test_the_longest_packet_is_the_30_bytes_that_the_cap_was_made_for() -> None:
    assert len(frames.body_composition(fat=20, **OPTIONAL)) == 30


def test_a_real_scales_packet_is_read() -> None:
    (frame,) = capture("2a9c-beurer-bf105-openscale-635")
    told = decode_body_composition(frame)
    assert told.fat_percent == Decimal("19.7")
    assert told.basal_metabolism_kj == 7072
    assert told.muscle_percent == Decimal("38.0")
    assert told.soft_lean_kg == Decimal("60.460")
    assert told.water_kg == Decimal("41.540")
    assert told.impedance_ohm == Decimal("469.0")
    assert body_composition_events(frame) == [Taken(VitalKind.WEIGHT, {"body-fat": Decimal("19.7")}, frame)]


def test_fat_and_weight_make_one_measurement() -> None:
    frame = frames.body_composition(fat=Decimal("21.4"), weight=70, at=AT, user=1)
    assert body_composition_events(frame) == [
        Taken(
            kind=VitalKind.WEIGHT,
            values={"body-fat": Decimal("21.4"), "body-weight": Decimal(70)},
            raw=frame,
            taken_at=AT,
            user=1,
        )
    ]


@pytest.mark.parametrize("fat", [frames.UNSUCCESSFUL, 0])
def test_an_unsuccessful_measurement_is_a_failure_but_keeps_a_weight(fat: int | None) -> None:
    frame = frames.body_composition(fat=fat)
    assert body_composition_events(frame) == [Failed(VitalKind.WEIGHT, Trouble.MOTION, frame)]
    frame = frames.body_composition(fat=fat, weight=70)
    assert body_composition_events(frame) == [
        Taken(VitalKind.WEIGHT, {"body-fat": None, "body-weight": Decimal(70)}, frame)
    ]


def test_two_packets_fill_each_others_gaps() -> None:
    first = decode_body_composition(
        frames.body_composition(fat=21, at=AT, user=0, impedance=400, is_part=True)
    )
    second = decode_body_composition(
        frames.body_composition(fat=frames.UNSUCCESSFUL, weight=70, is_part=True)
    )
    for told in (joined(first, second), joined(second, first)):
        assert not told.is_part
        assert weighing_events(told, b"\x01") == [
            Taken(
                kind=VitalKind.WEIGHT,
                values={"body-fat": Decimal(21), "body-weight": Decimal(70)},
                raw=b"\x01",
                taken_at=AT,
                user=0,
            )
        ]
