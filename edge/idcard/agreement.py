"""Whether what stands on a card is about one person: the number, the machine-readable zone and data group 13.

A chip whose files are each signed right, and taken from two cards, would be found out here.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from edge.idcard.dg13 import day_of
from edge.idcard.errors import OtherPersonError
from edge.idcard.groups import Field
from edge.idcard.mrz import Mrz
from edge.idcard.number import CitizenNumber, Sex, check_number

_SEXES: Final = {"nam": Sex.MALE, "nữ": Sex.FEMALE}
_WITHOUT_DIACRITICS: Final = str.maketrans("đĐ", "dD")


def check(mrz: Mrz | None, fields: Mapping[Field, str]) -> tuple[str, ...]:
    """Compare all that was read, `fields` as `dg13.parse_dg13` gives them; what is absent is not compared.

    Return warnings for the technician, none of them personal. OtherPersonError when two sources contradict each
    other, UnreadableError when the number is not twelve digits.
    """
    number = check_number(fields[Field.NUMBER]) if Field.NUMBER in fields else None
    if number is not None:
        _number_fits("DG13", number, _day(fields, Field.BIRTH), _sex(fields))
    if mrz is not None:
        _number_fits("MRZ", check_number(mrz.number), mrz.birth, mrz.sex)
        _zone_fits(mrz, fields)
    return tuple(_warnings(mrz, fields, number))


def _number_fits(source: str, number: CitizenNumber, birth: date | None, sex: Sex | None) -> None:
    _agree(f"{source}: number and birth", number.birth_year, birth.year if birth else None)
    _agree(f"{source}: number and sex", number.sex, sex)


def _zone_fits(mrz: Mrz, fields: Mapping[Field, str]) -> None:
    _agree("MRZ and DG13: number", mrz.number, fields.get(Field.NUMBER))
    _agree("MRZ and DG13: birth", mrz.birth, _day(fields, Field.BIRTH))
    _agree("MRZ and DG13: sex", mrz.sex, _sex(fields))
    _agree("MRZ and DG13: expiry", mrz.expiry, _day(fields, Field.EXPIRES))
    if Field.NAME in fields and not mrz.is_name_cut:
        _agree("MRZ and DG13: name", _zone_letters(mrz), _letters(fields[Field.NAME]))


def _agree(what: str, one: object, other: object) -> None:
    if one is not None and other is not None and one != other:
        raise OtherPersonError(f"{what} contradict each other")


def _warnings(mrz: Mrz | None, fields: Mapping[Field, str], number: CitizenNumber | None) -> Iterator[str]:
    if number is None and mrz is not None:
        number = check_number(mrz.number)
    if number is not None and not number.is_province_known:
        yield "the number's province is on no list"
    if Field.SEX in fields and _sex(fields) is None:
        yield "DG13 has another word for the sex than Nam and Nữ"
    if mrz is not None and Field.NAME in fields and not _may_be_cut_from(mrz, fields[Field.NAME]):
        yield "the name of the MRZ is cut in a way that allows no comparison"


def _day(fields: Mapping[Field, str], told: Field) -> date | None:
    return day_of(fields.get(told, ""))


def _sex(fields: Mapping[Field, str]) -> Sex | None:
    return _SEXES.get(fields.get(Field.SEX, "").casefold())


def _may_be_cut_from(mrz: Mrz, name: str) -> bool:
    return not mrz.is_name_cut or _letters(name).startswith(_zone_letters(mrz))


def _zone_letters(mrz: Mrz) -> str:
    return _letters(mrz.surname + mrz.given)


def _letters(name: str) -> str:
    """Return a name's letters A to Z alone: whether apostrophes and hyphens become spaces is each issuer's own way."""
    bare = unicodedata.normalize("NFD", name.translate(_WITHOUT_DIACRITICS)).upper()
    return "".join(one for one in bare if "A" <= one <= "Z")
