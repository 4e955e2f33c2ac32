from datetime import timedelta

import pytest
from cryptography import x509
from hypothesis import given

from edge.idcard.certificates import MAX_CERTIFICATE_BYTES, read_certificate, read_sealed
from edge.idcard.errors import UnreadableError
from tests.edge.idcard.encode import SHA1, SHA512, bits, ec_key, explicit_spki, hash_id, integer, rsa_key, seq
from tests.edge.idcard.reading import (
    assert_no_front_piece_passes,
    damaged,
    gives_a_value_or_a_card_error,
    unhurried,
)
from tests.edge.idcard.signing import AUTHORITY, NOW, SIGNER, YEAR, Party, certificate, csca, signer, usage

CSCA = csca()
DSC = signer(CSCA)


def test_a_certificate_says_who_issued_it_for_how_long_and_what_for() -> None:
    read = read_certificate(DSC.der)
    assert (read.subject, read.issuer, read.serial) == (DSC.name, CSCA.name, 7)
    assert (read.key_id, read.issuer_key_id) == (DSC.key_id, CSCA.key_id)
    assert (read.not_before, read.not_after) == (NOW - YEAR, NOW + 10 * YEAR)
    assert read.key == DSC.key.public_key()
    assert read.may_sign
    assert not read.is_authority
    assert not read.may_sign_lists


def test_an_authority_has_both_the_constraint_and_the_usage() -> None:
    assert read_certificate(CSCA.der).is_authority
    assert read_certificate(CSCA.der).may_sign_lists
    assert not read_certificate(CSCA.der).may_sign
    constraint, use = AUTHORITY
    for too_little in ([constraint], [use], [], [x509.BasicConstraints(ca=False, path_length=None), use]):
        assert not read_certificate(csca(extensions=too_little).der).is_authority
    assert not read_certificate(csca(extensions=[constraint, usage(document=True)]).der).is_authority


def test_without_key_usage_nothing_may_be_signed() -> None:
    read = read_certificate(signer(CSCA, extensions=[]).der)
    assert (read.may_sign, read.may_sign_lists, read.is_authority) == (False, False, False)


def test_the_signature_is_the_issuers_and_nobody_elses() -> None:
    read = read_certificate(DSC.der)
    assert read.sealed.is_by(CSCA.key.public_key())
    assert not read.sealed.is_by(DSC.key.public_key())
    for key, kind in ((rsa_key(), "rsa"), (rsa_key(), "pss"), (ec_key("CSCA"), "ecdsa")):
        own = certificate(key, "any", kind=kind, function=SHA512)
        assert read_certificate(own.der).sealed.is_by(key.public_key())


@pytest.mark.parametrize(
    ("offset", "valid"),
    [
        (-YEAR, True),
        (-YEAR - timedelta(seconds=1), False),
        (10 * YEAR, True),
        (10 * YEAR + timedelta(seconds=1), False),
    ],
)
def test_the_validity_includes_its_first_and_last_second(offset: timedelta, *, valid: bool) -> None:
    assert read_certificate(DSC.der).is_valid_at(NOW + offset) == valid


def test_who_may_be_an_issuer_is_told_by_name_or_by_key_id() -> None:
    read = read_certificate(CSCA.der)
    assert read.may_be_issuer(CSCA.name, None)
    assert read.may_be_issuer(DSC.name, CSCA.key_id)
    assert not read.may_be_issuer(DSC.name, DSC.key_id)
    assert not read_certificate(csca(with_key_ids=False).der).may_be_issuer(DSC.name, None)


def test_a_link_certificate_has_its_own_name_for_issuer_and_is_not_self_signed() -> None:
    new = certificate(ec_key("new"), "CSCA")
    link = certificate(ec_key("new"), "CSCA", by=CSCA, serial=2)
    assert read_certificate(new.der).is_self_signed
    assert not read_certificate(link.der).is_self_signed
    assert read_certificate(csca(with_key_ids=False).der).is_self_signed
    assert not read_certificate(DSC.der).is_self_signed


def test_one_key_is_told_to_be_one_however_its_curve_is_written() -> None:
    key = ec_key("CSCA")
    named, explicit = csca(), csca(key_info=explicit_spki(key))
    assert named.der != explicit.der
    assert read_certificate(named.der).key_bytes == read_certificate(explicit.der).key_bytes


def wrong_certificates() -> list[Party]:
    return [
        csca(function=SHA1),
        csca(key_info=explicit_spki(ec_key("CSCA"), cofactor=3)),
        certificate(rsa_key("short", 1024), "CSCA"),
        csca(extensions=[usage(document=True), usage(document=True)]),
        csca(serial=0),
        csca(serial=-1),
    ]


@pytest.mark.parametrize("wrong", wrong_certificates())
def test_weak_keys_weak_hashes_doubled_extensions_and_odd_numbers_are_refused(wrong: Party) -> None:
    with pytest.raises(UnreadableError):
        read_certificate(wrong.der)


def test_a_certificate_has_a_limit() -> None:
    with pytest.raises(UnreadableError, match="more than"):
        read_certificate(bytes(MAX_CERTIFICATE_BYTES + 1))


def test_no_part_of_a_certificate_passes_for_one() -> None:
    assert_no_front_piece_passes(read_certificate, DSC.der)


@unhurried
@given(damaged(DSC.der))
def test_any_bytes_give_a_certificate_or_a_card_error(data: bytes) -> None:
    gives_a_value_or_a_card_error(read_certificate, data)


def test_what_is_sealed_has_three_parts() -> None:
    with pytest.raises(UnreadableError, match="FILE"):
        read_sealed(seq(seq(), hash_id(SHA512), bits(b"")), "FILE")
    with pytest.raises(UnreadableError, match="FILE"):
        read_sealed(seq(integer(1)), "FILE")


def test_signers_are_allowed_to_sign() -> None:
    assert read_certificate(certificate(ec_key("x"), "x", by=CSCA, extensions=SIGNER).der).may_sign
