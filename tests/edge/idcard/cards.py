"""Reading a virtual card whole, and what must come of it."""

import traceback
from datetime import UTC, datetime
from typing import Final

import pytest

from edge.idcard.blocks import Blocks
from edge.idcard.card import AccessKey, Can, CardRead, CloneCheck, Issuer, MrzKey
from edge.idcard.errors import CardError
from edge.idcard.groups import Field
from edge.idcard.port import Port
from edge.idcard.reader import read_card
from edge.idcard.trust import TrustStore
from tests.fakes.idcard.issuing import IssuedCard
from tests.fakes.idcard.people import Person, latin_name
from tests.fakes.idcard.portrait import portrait

MOMENT: Final = datetime(2026, 1, 1, tzinfo=UTC)
EVERYTHING: Final = frozenset(Field)
IDENTITY: Final = EVERYTHING - {Field.PHOTO}


def can_of(person: Person) -> Can:
    return Can(person.can)


def mrz_key_of(person: Person) -> MrzKey:
    return MrzKey(person.document_number, person.birth, person.mrz_expiry)


def trust_of(card: IssuedCard) -> TrustStore:
    return TrustStore.of([card.authority.csca_der], [card.authority.crl_der])


def read(
    card: IssuedCard,
    key: AccessKey | None = None,
    wanted: frozenset[Field] = EVERYTHING,
    *,
    port: Port | None = None,
    blocks: Blocks | None = None,
    with_mrz: bool = False,
) -> CardRead:
    """Everything, by the CAN, under the card's own authority, if not said otherwise."""
    return read_card(
        port or card.chip,
        key or can_of(card.person),
        wanted,
        trust=trust_of(card),
        moment=MOMENT,
        blocks=blocks,
        with_mrz=with_mrz,
    )


def fields_of(person: Person) -> dict[Field, str]:
    """What a card says of a person, by the field; what is missing has none."""
    told = {
        Field.NUMBER: person.number,
        Field.NAME: person.name,
        Field.BIRTH: f"{person.birth:%d/%m/%Y}",
        Field.SEX: person.sex,
        Field.NATIONALITY: "Việt Nam",
        Field.ETHNICITY: person.ethnicity,
        Field.RELIGION: person.religion,
        Field.ORIGIN: person.origin.strip(),
        Field.RESIDENCE: person.residence.strip(),
        Field.MARKS: person.marks,
        Field.ISSUED: f"{person.issued:%d/%m/%Y}",
        Field.EXPIRES: f"{person.expires:%d/%m/%Y}" if person.expires else "Không thời hạn",
        Field.PARENTS: "; ".join(person.parents),
        Field.SPOUSE: person.spouse or "",
        Field.OLD_NUMBER: person.old_number or "",
        Field.CARD_ID: person.card_id,
    }
    return {name: text for name, text in told.items() if text}


def assert_whole(
    found: CardRead,
    card: IssuedCard,
    clone_check: CloneCheck = CloneCheck.CHIP_AUTHENTICATION,
    *,
    with_photo: bool = True,
) -> None:
    """All that was asked for is there, and all is proven that can be."""
    assert found.fields == fields_of(card.person)
    assert found.proof.issuer is Issuer.VERIFIED
    assert found.proof.clone_check is clone_check
    assert found.proof.warnings == ()
    assert (found.photo is not None) == with_photo
    if found.photo is not None:
        assert (found.photo.media_type, found.photo.data) == ("image/jpeg", portrait())


def assert_tells_nothing(error: BaseException, person: Person) -> None:
    """Neither the error nor what led to it, with all that is printed of them, has anything of the person in it."""
    text = "".join(traceback.format_exception(error)) + repr(error) + str(error)
    personal = {
        person.can,
        person.document_number,
        person.mrz[:30],
        person.mrz[30:60],
        latin_name(person.name),
        f"{person.birth:%y%m%d}",
        repr(person.birth).removeprefix("datetime.date"),
        str(person.birth),
        *(value for value in fields_of(person).values() if value not in {"Nam", "Kinh"}),
    }
    for value in personal:
        assert value not in text
        assert value.encode().hex() not in text.lower()


def fails(
    expected: type[CardError] | tuple[type[CardError], ...],
    card: IssuedCard,
    key: AccessKey | None = None,
    *,
    port: Port | None = None,
    with_mrz: bool = True,
) -> CardError:
    """The error that a reading ends with, which is exactly of this type and tells nothing of the person."""
    with pytest.raises(expected) as caught:
        read(card, key, port=port, with_mrz=with_mrz)
    assert_tells_nothing(caught.value, card.person)
    return caught.value
