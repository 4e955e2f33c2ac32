from collections.abc import Mapping
from dataclasses import replace

import pytest

from edge.idcard.card import CloneCheck
from edge.idcard.errors import ClonedError, ForeignIssuerError, GoneError, TamperedError
from edge.idcard.groups import Group
from edge.idcard.proving import prove_chip
from edge.idcard.session import Session
from tests.edge.idcard.cards import MOMENT, can_of, trust_of
from tests.edge.idcard.scripted import AnsweringPort
from tests.fakes.idcard.chip import VirtualChip
from tests.fakes.idcard.issuing import IssuedCard, Personalisation, issue
from tests.fakes.idcard.people import AN

DG14_FILE = 0x010E
DG15_FILE = 0x010F
INTERNAL_AUTHENTICATE = b"\x0c\x88"
MANAGE_SECURITY = b"\x0c\x22"


def proven(
    card: IssuedCard, chip: VirtualChip | AnsweringPort | None = None
) -> tuple[CloneCheck, Session, set[Group]]:
    """Open a card and prove its chip; also what was read for it."""
    session = Session(chip or card.chip, can_of(AN))
    session.open()
    groups: dict[Group, bytes] = {}
    check = prove_chip(session, card.sod, groups, trust=trust_of(card), moment=MOMENT)
    return check, session, set(groups)


def with_files(card: IssuedCard, files: Mapping[int, bytes]) -> VirtualChip:
    return VirtualChip(replace(card.content, files=files))


def without(card: IssuedCard, *fids: int) -> VirtualChip:
    return with_files(card, {fid: data for fid, data in card.content.files.items() if fid not in fids})


def refusing(card: IssuedCard, head: bytes, answer: bytes) -> AnsweringPort:
    """A chip that gives this answer to commands that begin so."""
    return AnsweringPort(lambda apdu: answer if apdu.startswith(head) else card.chip.transmit(apdu))


def test_chip_authentication_goes_before_active_authentication() -> None:
    check, session, groups = proven(issue())
    assert check is CloneCheck.CHIP_AUTHENTICATION
    assert session.is_unproven
    assert groups == {Group.DG14}


@pytest.mark.parametrize("aa", ["rsa", "ecdsa"])
def test_active_authentication_is_done_where_there_is_no_key_for_the_other(aa: str) -> None:
    card = issue(Personalisation(ca=False, aa="rsa" if aa == "rsa" else "ecdsa"))
    check, session, groups = proven(card)
    assert check is CloneCheck.ACTIVE_AUTHENTICATION
    assert not session.is_unproven
    assert Group.DG15 in groups


def test_where_the_signed_list_has_neither_nothing_is_read_or_claimed() -> None:
    card = issue(Personalisation(ca=False, aa=None))
    check, session, groups = proven(card)
    assert check is CloneCheck.NOT_SUPPORTED
    assert groups == set()
    assert session.exchange.apdus == 6


def test_a_copy_has_not_the_key_of_active_authentication() -> None:
    for aa in ("rsa", "ecdsa"):
        card = issue(Personalisation(ca=False, aa="rsa" if aa == "rsa" else "ecdsa", cloned=True))
        with pytest.raises(ClonedError, match="signature"):
            proven(card)


@pytest.mark.parametrize("answer", [b"\x6a\x80", b"\x6d\x00", b"\x90\x00", b"\x99\x02\x90\x00\x90\x00"])
def test_a_chip_that_does_not_do_what_was_signed_is_a_copy(answer: bytes) -> None:
    for plan, head in (
        (Personalisation(), MANAGE_SECURITY),
        (Personalisation(ca=False), INTERNAL_AUTHENTICATE),
    ):
        card = issue(plan)
        with pytest.raises(ClonedError):
            proven(card, refusing(card, head, answer))


@pytest.mark.parametrize(
    ("plan", "fid"), [(Personalisation(), DG14_FILE), (Personalisation(ca=False), DG15_FILE)]
)
def test_a_chip_that_withholds_a_signed_key_is_a_copy_and_no_weaker_proof_is_taken(
    plan: Personalisation, fid: int
) -> None:
    card = issue(plan)
    with pytest.raises(ClonedError, match="does not give"):
        proven(card, without(card, fid))


def test_what_was_signed_is_believed_and_not_what_the_chip_has() -> None:
    """A copy that has a key of its own in DG14 is found out before that key is used."""
    card, other = issue(), issue(Personalisation(cloned=True, ca_key_id=3))
    files = {**card.content.files, DG14_FILE: other.content.files[DG14_FILE]}
    port = with_files(card, files)
    with pytest.raises(TamperedError, match="DG14"):
        proven(card, port)
    assert port.apdus == 6 + 1


@pytest.mark.parametrize("group", [14, 15])
def test_a_changed_key_is_found_out_before_it_is_used(group: int) -> None:
    card = issue(Personalisation(ca=group == 14, tampered=group))
    with pytest.raises(TamperedError, match=f"DG{group}"):
        proven(card)


def test_a_foreign_issuer_s_key_is_not_used() -> None:
    card = issue(Personalisation(foreign=True))
    with pytest.raises(ForeignIssuerError):
        proven(card)
    assert card.chip.apdus == 6 + 1


def test_a_card_that_is_pulled_is_no_copy() -> None:
    card = issue()

    def pulled(apdu: bytes) -> bytes:
        if apdu.startswith(MANAGE_SECURITY):
            raise GoneError
        return card.chip.transmit(apdu)

    with pytest.raises(GoneError):
        proven(card, AnsweringPort(pulled))
