from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.idcard.agreement import check
from edge.idcard.errors import CardError, OtherPersonError, UnreadableError
from edge.idcard.groups import Field
from edge.idcard.mrz import Mrz
from edge.idcard.number import Sex

ZONE = Mrz(
    document_number="203001234",
    number="079203001234",
    birth=date(2003, 5, 17),
    sex=Sex.MALE,
    expiry=date(2028, 5, 17),
    nationality="VNM",
    surname="NGUYEN",
    given="VAN AN",
)
FIELDS = {
    Field.NUMBER: "079203001234",
    Field.NAME: "NGUYỄN VĂN AN",
    Field.BIRTH: "17/05/2003",
    Field.SEX: "Nam",
    Field.EXPIRES: "17/05/2028",
    Field.RESIDENCE: "Số 1 Đường Mẫu",
}


def contradicts(mrz: Mrz | None, fields: dict[Field, str], what: str) -> None:
    with pytest.raises(OtherPersonError) as caught:
        check(mrz, fields)
    assert str(caught.value) == f"{what} contradict each other"


def test_a_card_that_is_about_one_person_gives_no_warning() -> None:
    assert check(ZONE, FIELDS) == ()
    assert check(None, FIELDS) == ()
    assert check(ZONE, {}) == ()
    assert check(None, {}) == ()


@pytest.mark.parametrize("field", list(FIELDS))
def test_what_was_not_asked_for_is_not_compared(field: Field) -> None:
    assert check(ZONE, {told: text for told, text in FIELDS.items() if told is not field}) == ()
    assert check(ZONE, {field: FIELDS[field]}) == ()


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({Field.BIRTH: "17/05/2004"}, "DG13: number and birth"),
        ({Field.BIRTH: "17/05/1903"}, "DG13: number and birth"),
        ({Field.SEX: "Nữ"}, "DG13: number and sex"),
        ({Field.NUMBER: "079303001234"}, "DG13: number and sex"),
        ({Field.NUMBER: "079003001234"}, "DG13: number and birth"),
    ],
)
def test_data_group_13_may_not_contradict_itself(changed: dict[Field, str], what: str) -> None:
    contradicts(None, FIELDS | changed, what)
    contradicts(ZONE, FIELDS | changed, what)


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"birth": date(2004, 5, 17)}, "MRZ: number and birth"),
        ({"sex": Sex.FEMALE}, "MRZ: number and sex"),
        ({"number": "079204001234"}, "MRZ: number and birth"),
    ],
)
def test_the_zone_may_not_contradict_itself(changed: dict[str, Any], what: str) -> None:
    contradicts(replace(ZONE, **changed), {}, what)


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"number": "079203005678"}, "MRZ and DG13: number"),
        ({"birth": date(2003, 5, 18)}, "MRZ and DG13: birth"),
        ({"expiry": date(2033, 5, 17)}, "MRZ and DG13: expiry"),
        ({"surname": "TRAN"}, "MRZ and DG13: name"),
        ({"given": "VAN BINH"}, "MRZ and DG13: name"),
        ({"given": "VAN"}, "MRZ and DG13: name"),
    ],
)
def test_zone_and_data_group_13_may_not_contradict_each_other(changed: dict[str, Any], what: str) -> None:
    contradicts(replace(ZONE, **changed), FIELDS, what)


def test_the_sexes_are_compared_also_without_a_number() -> None:
    contradicts(ZONE, {Field.SEX: "Nữ"}, "MRZ and DG13: sex")
    woman = replace(ZONE, number="079303001234", sex=Sex.FEMALE)
    assert check(woman, {Field.SEX: "Nữ"}) == ()
    assert check(woman, {Field.SEX: "NỮ"}) == ()


def test_what_the_zone_leaves_open_contradicts_nothing() -> None:
    assert check(replace(ZONE, sex=None, expiry=None), FIELDS) == ()
    assert check(ZONE, FIELDS | {Field.EXPIRES: "Không thời hạn"}) == ()


@pytest.mark.parametrize(
    ("surname", "given_names", "name"),
    [
        ("DO", "DUC DUNG", "Đỗ Đức Dũng"),
        ("NGUYEN", "THI ANH TUYET", "nguyễn thị ánh tuyết"),
        ("H HEN", "NIE", "H'HEN NIÊ"),
        ("HHEN", "NIE", "H'HEN NIÊ"),
        ("TON NU", "AN", "TÔN-NỮ AN"),
    ],
)
def test_names_are_compared_without_diacritics_case_and_marks(
    surname: str, given_names: str, name: str
) -> None:
    assert check(replace(ZONE, surname=surname, given=given_names), FIELDS | {Field.NAME: name}) == ()


def test_a_name_that_is_cut_is_compared_as_far_as_it_goes() -> None:
    cut = replace(ZONE, surname="CONG TANG TON NU", given="THI HUONG GI")
    assert cut.is_name_cut
    assert check(cut, FIELDS | {Field.NAME: "CÔNG TẰNG TÔN NỮ THỊ HƯƠNG GIANG"}) == ()
    (warning,) = check(cut, FIELDS | {Field.NAME: "CÔNG TẰNG TÔN NỮ T. H. GIANG"})
    assert "cut" in warning


def test_an_unknown_province_is_a_warning_that_does_not_name_it() -> None:
    abroad = "999203001234"
    told = ("the number's province is on no list",)
    assert check(None, FIELDS | {Field.NUMBER: abroad}) == told
    assert check(replace(ZONE, number=abroad), {}) == told
    assert check(replace(ZONE, number=abroad), FIELDS | {Field.NUMBER: abroad}) == told


def test_another_word_for_the_sex_is_a_warning() -> None:
    (warning,) = check(ZONE, FIELDS | {Field.SEX: "Khác"})
    assert "sex" in warning
    assert "Khác" not in warning


def test_a_number_that_is_none_is_unreadable() -> None:
    with pytest.raises(UnreadableError):
        check(None, {Field.NUMBER: "0792030012"})


@given(
    st.dictionaries(st.sampled_from(Field), st.text(max_size=20) | st.sampled_from(list(FIELDS.values()))),
    st.sampled_from([ZONE, None]),
)
def test_any_fields_agree_or_give_a_card_error_that_repeats_nothing(
    fields: dict[Field, str], zone: Mrz | None
) -> None:
    try:
        told = check(zone, fields)
    except CardError as error:
        told = (str(error),)
    assert not any("079203001234" in text or "NGUY" in text for text in told)
