"""What becomes of a measurement, by the rules of FHIR R4's vital-signs profiles."""

import json
import re
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from cloud.fhir.codes import MAIN, REMARKS, SIGNS
from cloud.fhir.models import CodeableConcept, Coding, Component, Observation
from cloud.fhir.observations import PERSON_SYSTEM, SESSION_SYSTEM, bundle, exact, moment, observations
from tests.cloud.cabin import RAW, SESSION, SUBJECT
from tests.cloud.fhir.samples import AT_MS, FULL, full_session, session, vital
from wire.entries import Flag, VitalKind
from wire.measures import MEASURES

Json = dict[str, Any]

PROFILE = "http://hl7.org/fhir/StructureDefinition/"
EXPECTED = {
    VitalKind.BLOOD_PRESSURE: ("bp", ["85354-9"], "vital-signs"),
    VitalKind.OXYGEN: ("oxygensat", ["2708-6", "59408-5"], "vital-signs"),
    VitalKind.TEMPERATURE: ("bodytemp", ["8310-5"], "vital-signs"),
    VitalKind.HEART_RATE: ("heartrate", ["8867-4"], "vital-signs"),
    VitalKind.WEIGHT: ("bodyweight", ["29463-7"], "vital-signs"),
    VitalKind.HEIGHT: ("bodyheight", ["8302-2"], "vital-signs"),
    VitalKind.GLUCOSE: (None, ["15074-8"], "laboratory"),
}
"""From https://hl7.org/fhir/R4/observation-vitalsigns.html; glucose is a laboratory's value."""


def told(kind: VitalKind, values: dict[str, float], *flags: Flag) -> list[Json]:
    """Return the JSON of what one measurement tells."""
    one = vital(kind, values, flags=flags)
    return [json.loads(each.json_bytes(), parse_float=Decimal) for each in observations(session(one), one)]


def codes(concept: Json) -> list[str]:
    return [coding["code"] for coding in concept["coding"]]


@pytest.mark.parametrize("kind", list(VitalKind))
def test_every_kind_has_its_profile_code_and_category(kind: VitalKind) -> None:
    first = told(kind, FULL[kind])[0]
    profile, loinc, category = EXPECTED[kind]
    assert first.get("meta") == (None if profile is None else {"profile": [PROFILE + profile]})
    assert codes(first["code"]) == loinc
    assert {coding["system"] for coding in first["code"]["coding"]} == {"http://loinc.org"}
    assert first["category"] == [
        {
            "coding": [
                {
                    "system": "http://terminology.hl7.org/CodeSystem/observation-category",
                    "code": category,
                    "display": {"vital-signs": "Vital Signs", "laboratory": "Laboratory"}[category],
                }
            ]
        }
    ]


@pytest.mark.parametrize("kind", list(VitalKind))
def test_what_nobody_has_confirmed_is_preliminary_and_says_of_whom_when_and_by_what(kind: VitalKind) -> None:
    for each in told(kind, FULL[kind]):
        assert (each["resourceType"], each["status"]) == ("Observation", "preliminary")
        assert each["effectiveDateTime"] == "2026-11-22T09:15:30.250+07:00"
        assert each["issued"] == "2026-11-22T09:15:31.750+07:00"
        assert each["device"] == {"display": "dkc-01 cuff"}
        assert each["subject"] == {
            "type": "Patient",
            "identifier": {"system": SESSION_SYSTEM, "value": SESSION},
        }


@pytest.mark.parametrize("kind", list(VitalKind))
def test_every_value_has_its_ucum_unit(kind: VitalKind) -> None:
    units = {measure.unit for measure in MEASURES.values()}
    for each in told(kind, FULL[kind]):
        for holder in [each, *each.get("component", [])]:
            if "valueQuantity" in holder:
                quantity = holder["valueQuantity"]
                assert set(quantity) == {"value", "unit", "system", "code"}
                assert quantity["system"] == "http://unitsofmeasure.org"
                assert quantity["code"] in units


def test_a_cuff_tells_a_panel_and_a_pulse() -> None:
    panel, pulse = told(VitalKind.BLOOD_PRESSURE, FULL[VitalKind.BLOOD_PRESSURE])
    assert "valueQuantity" not in panel
    assert [(codes(part["code"]), part["valueQuantity"]) for part in panel["component"]] == [
        (["8480-6"], quantity("132", "mmHg", "mm[Hg]")),
        (["8462-4"], quantity("84", "mmHg", "mm[Hg]")),
        (["8478-0"], quantity("99.8", "mmHg", "mm[Hg]")),
    ]
    assert codes(pulse["code"]) == ["8867-4"]
    assert pulse["valueQuantity"] == quantity("71", "beats/minute", "/min")


def quantity(value: str, unit: str, code: str) -> Json:
    return {"value": Decimal(value), "unit": unit, "system": "http://unitsofmeasure.org", "code": code}


def test_a_panel_without_a_part_says_that_it_is_missing() -> None:
    (panel,) = told(VitalKind.BLOOD_PRESSURE, {"systolic-pressure": 132.0})
    systolic, diastolic = panel["component"]
    assert systolic["valueQuantity"] == quantity("132", "mmHg", "mm[Hg]")
    assert codes(diastolic["code"]) == ["8462-4"]
    assert "valueQuantity" not in diastolic
    assert codes(diastolic["dataAbsentReason"]) == ["unknown"]


def test_an_oximeter_that_found_only_a_pulse_says_so() -> None:
    oxygen, pulse = told(VitalKind.OXYGEN, {"pulse-rate": 70.0})
    assert codes(oxygen["dataAbsentReason"]) == ["unknown"]
    assert "valueQuantity" not in oxygen
    assert pulse["valueQuantity"]["value"] == 70


def test_the_perfusion_is_a_part_of_the_saturation() -> None:
    oxygen, _ = told(VitalKind.OXYGEN, FULL[VitalKind.OXYGEN])
    (part,) = oxygen["component"]
    assert (codes(part["code"]), part["valueQuantity"]) == (["61006-3"], quantity("4.3", "%", "%"))


def test_scales_tell_weight_and_fat_and_the_index_is_left_to_who_knows_the_height() -> None:
    weight, fat = told(VitalKind.WEIGHT, FULL[VitalKind.WEIGHT])
    assert weight["valueQuantity"] == quantity("61.35", "kg", "kg")
    assert (codes(fat["code"]), fat["valueQuantity"]) == (["41982-0"], quantity("22.4", "%", "%"))
    assert fat["meta"] == {"profile": [PROFILE + "vitalsigns"]}


@pytest.mark.parametrize(
    ("kind", "value", "unit", "code"),
    [
        (VitalKind.TEMPERATURE, "36.6", "°C", "Cel"),
        (VitalKind.HEIGHT, "165.2", "cm", "cm"),
        (VitalKind.GLUCOSE, "5.4", "mmol/L", "mmol/L"),
        (VitalKind.HEART_RATE, "72", "beats/minute", "/min"),
    ],
)
def test_single_values(kind: VitalKind, value: str, unit: str, code: str) -> None:
    (one,) = told(kind, FULL[kind])
    assert one["valueQuantity"] == quantity(value, unit, code)


def test_a_person_is_named_by_a_pseudonym_of_another_system_than_a_session() -> None:
    one = vital(VitalKind.TEMPERATURE, FULL[VitalKind.TEMPERATURE])
    (observation,) = observations(session(one, pseudonym=SUBJECT), one)
    assert observation.subject.identifier.system == PERSON_SYSTEM
    assert observation.subject.identifier.value == SUBJECT


def test_the_systems_are_oids_made_of_a_uuid_and_so_our_own() -> None:
    for system in (PERSON_SYSTEM, SESSION_SYSTEM):
        arc = system.removeprefix("urn:oid:2.25.")
        assert UUID(int=int(arc)).version == 4


@pytest.mark.parametrize("flag", list(Flag))
def test_every_flag_is_a_remark_on_all_that_was_measured_with_it(flag: Flag) -> None:
    for each in told(VitalKind.BLOOD_PRESSURE, FULL[VitalKind.BLOOD_PRESSURE], flag):
        assert each["note"] == [{"text": f"{flag.value}: {REMARKS[flag]}"}]


def test_without_a_flag_there_is_no_note_and_nothing_is_empty() -> None:
    def empty(value: object) -> bool:
        if isinstance(value, dict):
            return not value or any(empty(part) for part in value.values())
        if isinstance(value, list):
            return not value or any(empty(part) for part in value)
        return value is None

    for kind, values in FULL.items():
        for each in told(kind, values):
            assert "note" not in each
            assert not empty(each)


def test_ids_are_the_measurements_own_and_those_beside_it_never_change() -> None:
    first = told(VitalKind.BLOOD_PRESSURE, FULL[VitalKind.BLOOD_PRESSURE])
    again = told(VitalKind.BLOOD_PRESSURE, FULL[VitalKind.BLOOD_PRESSURE], Flag.MOTION)
    names = [each["identifier"] for each in first]
    assert names == [each["identifier"] for each in again]
    assert names[0] == [
        {"system": "urn:ietf:rfc:3986", "value": "urn:uuid:00000000-0000-0000-0000-000000000001"}
    ]
    assert names[1][0]["value"] == "urn:uuid:" + str(UUID(names[1][0]["value"].removeprefix("urn:uuid:")))
    assert names[0] != names[1]


def test_a_session_is_one_transaction_that_creates_nothing_twice() -> None:
    made = bundle(full_session())
    assert made is not None
    tree = json.loads(made.json_bytes())
    assert (tree["resourceType"], tree["type"]) == ("Bundle", "transaction")
    assert len(tree["entry"]) == 10
    urls = [entry["fullUrl"] for entry in tree["entry"]]
    assert len(set(urls)) == len(urls)
    for entry in tree["entry"]:
        (identifier,) = entry["resource"]["identifier"]
        assert entry["fullUrl"] == identifier["value"]
        assert entry["request"] == {
            "method": "POST",
            "url": "Observation",
            "ifNoneExist": f"identifier=urn:ietf:rfc:3986|{identifier['value']}",
        }


def test_a_session_without_measurements_is_no_bundle() -> None:
    assert bundle(session()) is None


def test_the_same_session_gives_the_same_bytes_in_one_line() -> None:
    one, again = bundle(full_session()), bundle(full_session())
    assert one is not None
    assert again is not None
    assert one.json_bytes() == again.json_bytes()
    assert b"\n" not in one.json_bytes()


def test_what_the_device_sent_stays_in_the_house() -> None:
    made = bundle(full_session())
    assert made is not None
    assert RAW.encode() not in made.json_bytes()


@given(tenths=st.integers(0, 5_000), digits=st.integers(0, 3))
def test_a_decimal_is_written_as_the_station_wrote_it(tenths: int, digits: int) -> None:
    written = str(Decimal(tenths).scaleb(-digits).normalize() + 0)
    number = exact(float(written))
    assert number == Decimal(written)
    assert not re.search(r"(99999|00000)\d$", str(number))


@pytest.mark.parametrize(
    ("value", "text"), [(120.0, "120"), (36.6, "36.6"), (0.1 + 0.2, "0.30000000000000004"), (5.05, "5.05")]
)
def test_whole_numbers_have_no_decimals_and_nothing_is_rounded(value: float, text: str) -> None:
    assert str(exact(value)) == text


def test_decimals_are_json_numbers() -> None:
    (one,) = observations(session(), vital(VitalKind.TEMPERATURE, {"body-temperature": 36.6}))
    assert b'"value":36.6,' in one.json_bytes()


@pytest.mark.parametrize(
    ("at_ms", "text"),
    [
        (0, "1970-01-01T07:00:00.000+07:00"),
        (AT_MS, "2026-11-22T09:15:30.250+07:00"),
        (2**53 - 1, "9999-12-31T07:00:00.000+07:00"),
    ],
)
def test_times_are_those_of_the_clock_on_the_wall(at_ms: int, text: str) -> None:
    assert moment(at_ms) == text


def test_every_kind_and_flag_has_its_words() -> None:
    assert set(MAIN) == set(VitalKind)
    assert set(REMARKS) == set(Flag)
    assert set(MAIN.values()) <= set(SIGNS)


def test_the_models_refuse_what_the_profile_forbids_without_repeating_it() -> None:
    loinc = CodeableConcept(coding=(Coding(system="http://loinc.org", code="8480-6"),))
    with pytest.raises(ValidationError, match="a value or the reason") as caught:
        Component(code=loinc)
    assert "8480-6" not in str(caught.value)
    (good,) = observations(session(), vital(VitalKind.TEMPERATURE, {"body-temperature": 36.6}))
    both = good.model_dump() | {"data_absent_reason": loinc.model_dump()}
    with pytest.raises(ValidationError) as caught:
        Observation.model_validate(both)
    assert "36.6" not in str(caught.value)
    neither = {name: value for name, value in good.model_dump().items() if name != "value_quantity"}
    with pytest.raises(ValidationError, match="vs-2"):
        Observation.model_validate(neither)
    with pytest.raises(ValidationError, match="extra"):
        Observation.model_validate(good.model_dump() | {"patient": "x"})
    with pytest.raises(ValidationError, match="preliminary"):
        Observation.model_validate(good.model_dump() | {"status": "final"})
