"""Somebody else's models of the same resources read all that is emitted, and find the same in it.

fhir.resources has R4B, whose Observation is that of R4 field by field. It knows no profiles and no value sets (it takes
`status: banana`); those rules are in test_observations.
"""

import json
import re
from decimal import Decimal

import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.observation import Observation
from hypothesis import given
from hypothesis import strategies as st

from cloud.fhir.observations import bundle, observations
from tests.cloud.fhir.samples import FULL, full_session, session, vital
from wire.entries import Flag, VitalKind
from wire.measures import MEASURES

ABOUT = {kind: sorted(values) for kind, values in FULL.items()}


def same(text: str) -> object:
    """Read JSON; fhir.resources writes milliseconds as microseconds."""
    return json.loads(re.sub(r"(\.\d{3})000\+07:00", r"\1+07:00", text))


@pytest.mark.parametrize("kind", list(VitalKind))
def test_every_observation_is_read_by_others_and_comes_back_the_same(kind: VitalKind) -> None:
    one = vital(kind, FULL[kind], flags=tuple(Flag))
    for emitted in observations(session(one), one):
        payload = emitted.json_bytes()
        read = Observation.model_validate_json(payload)
        assert same(read.model_dump_json()) == json.loads(payload)


def test_a_bundle_is_read_by_others_and_comes_back_the_same() -> None:
    made = bundle(full_session())
    assert made is not None
    read = Bundle.model_validate_json(made.json_bytes())
    assert same(read.model_dump_json()) == json.loads(made.json_bytes())


@st.composite
def measurements(draw: st.DrawFn) -> tuple[VitalKind, dict[str, float]]:
    """Return any part of what a kind can tell, with plausible values of one decimal."""
    kind = draw(st.sampled_from(VitalKind))
    chosen = draw(st.lists(st.sampled_from(ABOUT[kind]), min_size=1, unique=True))
    values = {}
    for measure in chosen:
        low, high = MEASURES[measure].low, MEASURES[measure].high
        tenths = draw(st.integers(int(low * 10), int(high * 10)))
        values[measure] = tenths / 10
    return kind, values


@given(measurement=measurements(), flags=st.sets(st.sampled_from(Flag)))
def test_whatever_part_of_a_measurement_there_is_others_read_it(
    measurement: tuple[VitalKind, dict[str, float]], flags: set[Flag]
) -> None:
    kind, values = measurement
    one = vital(kind, values, flags=tuple(sorted(flags)))
    emitted = list(observations(session(one), one))
    for each in emitted:
        read = Observation.model_validate_json(each.json_bytes())
        assert read.status == "preliminary"
        for part in read.component or []:
            assert (part.valueQuantity is None) is not (part.dataAbsentReason is None)
    told = {Decimal(str(value)) for name, value in values.items() if name != "body-mass-index"}
    found = {
        holder.value_quantity.value
        for each in emitted
        for holder in (each, *each.component)
        if holder.value_quantity is not None
    }
    assert found == told
