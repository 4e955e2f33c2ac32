"""Cards that must not be believed and keys that do not fit: each ends in the error that says what can be done about it."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from edge.idcard.card import Can, CloneCheck, Issuer, MrzKey
from edge.idcard.errors import (
    BlockedError,
    ClonedError,
    ForeignIssuerError,
    GarbledError,
    IssuerExpiredError,
    IssuerRevokedError,
    OtherCardError,
    OtherPersonError,
    RefusedError,
    SilentError,
    TamperedError,
    WrongKeyError,
)
from edge.idcard.groups import Field, Group
from edge.idcard.reader import read_card
from tests.edge.idcard.cards import IDENTITY, MOMENT, can_of, fails, fields_of, mrz_key_of, read
from tests.fakes.idcard.chip import VirtualChip
from tests.fakes.idcard.issuing import IssuedCard, Personalisation, issue
from tests.fakes.idcard.keys import Suite
from tests.fakes.idcard.manners import Manners
from tests.fakes.idcard.pace import Profile
from tests.fakes.idcard.people import AN, BINH

WRONG_MRZ = MrzKey("203001235", AN.birth, AN.mrz_expiry)
CLONES = [
    pytest.param(Personalisation(cloned=True), id="ca-aes"),
    pytest.param(Personalisation(cloned=True, ca_suite=Suite.TRIPLE_DES), id="ca-3des"),
    pytest.param(Personalisation(cloned=True, ca=False), id="aa-ecdsa"),
    pytest.param(Personalisation(cloned=True, ca=False, aa="rsa"), id="aa-rsa"),
]


def test_a_wrong_can_opens_nothing() -> None:
    card = issue()
    fails(WrongKeyError, card, Can("001235"))
    assert read(card).fields == fields_of(AN)


@pytest.mark.parametrize("pace", [True, False])
@pytest.mark.parametrize(
    "key",
    [WRONG_MRZ, replace(mrz_key_of(AN), birth=date(2003, 5, 18)), replace(mrz_key_of(AN), expiry=AN.issued)],
)
def test_a_wrong_zone_opens_nothing_whatever_is_wrong_with_it(key: MrzKey, *, pace: bool) -> None:
    fails(WrongKeyError, issue(Personalisation(pace=pace)), key)


@pytest.mark.parametrize("pace", [True, False])
def test_a_wrong_key_is_offered_once_only(*, pace: bool) -> None:
    card = issue(Personalisation(pace=pace), Manners(blocks_after=2))
    fails(WrongKeyError, card, WRONG_MRZ)
    assert card.chip._tries.wrong == 1
    assert read(card, mrz_key_of(AN)).fields == fields_of(AN)


@pytest.mark.parametrize("pace", [True, False])
def test_a_card_that_has_seen_too_many_wrong_keys_is_blocked(*, pace: bool) -> None:
    card = issue(Personalisation(pace=pace), Manners(blocks_after=2))
    for _ in range(2):
        card.chip.reset()
        fails(WrongKeyError, card, WRONG_MRZ)
    card.chip.reset()
    fails(BlockedError, card, mrz_key_of(AN))


def test_reading_with_the_right_key_never_costs_a_try_even_where_lengths_must_be_found_out() -> None:
    card = issue(manners=Manners(extended=False, blocks_after=1))
    assert read(card).fields == fields_of(AN)
    assert card.chip._tries.wrong == 0


def test_a_can_does_not_open_a_card_that_only_knows_bac() -> None:
    error = fails(RefusedError, issue(Personalisation(pace=False)))
    assert isinstance(error, RefusedError)
    assert error.sw == 0x6D00


@pytest.mark.parametrize("told", [b"", b"\x31\x00", b"\x31\x03\x30\x05\x06", b"\x04" * 60])
def test_a_chip_that_tells_nonsense_of_its_pace_is_refused_or_opened_by_bac(told: bytes) -> None:
    plan = Personalisation(profile=Profile(Suite.AES_256, 16), card_access=told)
    fails(RefusedError, issue(plan))
    assert read(issue(plan), mrz_key_of(AN)).fields == fields_of(AN)


def test_a_card_of_bac_alone_is_opened_by_the_zone_after_pace_was_refused() -> None:
    card = issue(Personalisation(pace=False))
    assert read(card, mrz_key_of(AN)).fields == fields_of(AN)


@pytest.mark.parametrize("number", [1, 2, 13, 14])
@pytest.mark.parametrize("extended", [True, False])
def test_a_changed_file_is_found_whichever_it_is(number: int, *, extended: bool) -> None:
    error = fails(TamperedError, issue(Personalisation(tampered=number), Manners(extended=extended)))
    assert f"DG{number} " in str(error)


def test_a_changed_key_of_active_authentication_is_found_before_it_is_used() -> None:
    for aa in ("rsa", "ecdsa"):
        plan = Personalisation(tampered=15, ca=False, aa="rsa" if aa == "rsa" else "ecdsa")
        assert "DG15" in str(fails(TamperedError, issue(plan)))


def test_a_changed_signature_is_found() -> None:
    card = issue()
    sod = card.sod[:-1] + bytes([card.sod[-1] ^ 1])
    content = replace(card.content, files={**card.content.files, 0x011D: sod})
    fails(TamperedError, card, port=VirtualChip(content))


@pytest.mark.parametrize("explicit", [True, False])
def test_an_authority_of_the_same_name_is_not_the_authority(*, explicit: bool) -> None:
    plan = Personalisation(foreign=True, explicit_parameters=explicit)
    fails(ForeignIssuerError, issue(plan))


@pytest.mark.parametrize("signed_at", [None, datetime(2023, 1, 1, tzinfo=UTC)])
def test_a_signer_whose_time_was_over_is_not_believed(signed_at: datetime | None) -> None:
    fails(IssuerExpiredError, issue(Personalisation(dsc_expired=True, signed_at=signed_at)))


def test_a_card_that_was_signed_while_its_signer_was_valid_stays_good() -> None:
    card = issue(Personalisation(dsc_expired=True, signed_at=datetime(2020, 3, 1, tzinfo=UTC)))
    assert read(card).proof.issuer is Issuer.VERIFIED


def test_a_revoked_signer_is_not_believed() -> None:
    fails(IssuerRevokedError, issue(Personalisation(revoked=True)))


@pytest.mark.parametrize("plan", CLONES)
@pytest.mark.parametrize("extended", [True, False])
def test_a_copy_is_found_out_by_whatever_proof_it_offers(plan: Personalisation, *, extended: bool) -> None:
    fails(ClonedError, issue(plan, Manners(extended=extended)))


@pytest.mark.parametrize("plan", CLONES)
def test_a_copy_is_found_out_without_a_trust_store_too(plan: Personalisation) -> None:
    card = issue(plan)
    with pytest.raises(ClonedError):
        read_card(card.chip, can_of(AN), IDENTITY, trust=None, moment=MOMENT)


def without(card: IssuedCard, *fids: int) -> VirtualChip:
    """A chip that lacks files which were signed."""
    files = {fid: data for fid, data in card.content.files.items() if fid not in fids}
    return VirtualChip(replace(card.content, files=files))


def test_a_copy_that_hides_what_it_cannot_do_is_a_copy() -> None:
    card = issue()
    fails(ClonedError, card, port=without(card, 0x010E))
    fails(ClonedError, card, port=without(card, 0x010E, 0x010F))
    fails(ClonedError, card, port=VirtualChip(replace(card.content, agreement=None)))
    signing_only = issue(Personalisation(ca=False))
    fails(ClonedError, signing_only, port=without(signing_only, 0x010F))
    fails(ClonedError, signing_only, port=VirtualChip(replace(signing_only.content, signing=None)))


def test_a_card_that_never_offered_a_proof_says_so() -> None:
    card = issue(Personalisation(ca=False, aa=None))
    assert read(card).proof.clone_check is CloneCheck.NOT_SUPPORTED


@pytest.mark.parametrize("file", [0x0102, 0x010D])
def test_a_file_that_is_signed_and_not_there_is_refused(file: int) -> None:
    card = issue()
    error = fails(RefusedError, card, port=without(card, file))
    assert isinstance(error, RefusedError)
    assert error.sw == 0x6A82


def test_files_of_two_persons_are_found_out_although_each_is_signed() -> None:
    error = fails(OtherPersonError, issue(Personalisation(zone_of=BINH)))
    assert "MRZ" in str(error)


class BankCard:
    """A chip that knows no application of ours."""

    def transmit(self, apdu: bytes) -> bytes:
        return b"\x6a\x82" if apdu[1] == 0xA4 else b"\x6d\x00"


class DeafCard:
    """A chip that never answers."""

    def transmit(self, apdu: bytes) -> bytes:
        raise SilentError(f"no answer in time to {len(apdu)} octets")


class EchoCard:
    """No chip at all, but something that sends back what it hears."""

    def transmit(self, apdu: bytes) -> bytes:
        return apdu + b"\x90\x00"


def test_what_is_no_citizens_card_is_said_to_be_none() -> None:
    card = issue()
    fails(OtherCardError, card, port=BankCard())
    fails(SilentError, card, port=DeafCard())
    fails(GarbledError, card, port=EchoCard())


def test_a_genuine_chip_that_refuses_a_file_after_its_proof_is_not_called_a_copy() -> None:
    card = issue(Personalisation())
    files = {fid: data for fid, data in card.content.files.items() if fid != Group.DG13.file.fid}
    chip = VirtualChip(replace(card.content, files=files))
    with pytest.raises(RefusedError) as refused:
        read_card(chip, Can(card.can), frozenset({Field.NAME}), trust=None, moment=MOMENT)
    assert refused.value.sw == 0x6A82
