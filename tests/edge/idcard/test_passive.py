import subprocess
from datetime import datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given

from edge.idcard.card import Issuer
from edge.idcard.errors import (
    CardError,
    ForeignIssuerError,
    IssuerExpiredError,
    IssuerRevokedError,
    TamperedError,
    UnreadableError,
)
from edge.idcard.groups import Group
from edge.idcard.passive import listed, verify
from edge.idcard.trust import TrustStore
from tests.edge.idcard.encode import (
    SHA1,
    SHA224,
    SHA256,
    SHA384,
    SHA512,
    ec_key,
    explicit_spki,
    rsa_key,
    tlv,
)
from tests.edge.idcard.reading import damaged, gives_a_value_or_a_card_error, unhurried
from tests.edge.idcard.signing import (
    NOW,
    SIGNER,
    YEAR,
    Party,
    attributes,
    certificate,
    csca,
    hash_list,
    revocations,
    signed_sod,
    signer,
    signer_info,
    sod,
    usage,
)

FILES = {Group.DG1: b"zone of NGUYEN VAN AN", Group.DG13: b"number 079203001234"}
SIGNED = {int(group): data for group, data in FILES.items()} | {3: b"fingers", 15: b"key"}
CSCA = csca()
DSC = signer(CSCA)
STORE = TrustStore.of([CSCA.der])
RIGHT = signed_sod(SIGNED, DSC)


def refused(
    error: type[CardError], data: bytes, store: TrustStore | None = STORE, at: datetime = NOW
) -> None:
    with pytest.raises(error) as caught:
        verify(data, FILES, store, at)
    assert type(caught.value) is error
    assert "NGUYEN" not in str(caught.value)


def openssl_verifies(data: bytes, authority: Party, folder: Path) -> bool:
    """Ask openssl whether the CMS inside EF.SOD is signed by someone of this authority."""
    cms, anchor, content = folder / "sod.der", folder / "csca.pem", folder / "content.der"
    cms.write_bytes(data[data.index(b"\x30", 2) :])
    anchor.write_bytes(x509.load_der_x509_certificate(authority.der).public_bytes(Encoding.PEM))
    told = [
        "-in",
        str(cms),
        "-CAfile",
        str(anchor),
        "-out",
        str(content),
        "-attime",
        str(int(NOW.timestamp())),
    ]
    ran = subprocess.run(
        ["openssl", "cms", "-verify", "-inform", "DER", "-purpose", "any", *told],
        check=False,
        capture_output=True,
    )
    return ran.returncode == 0


@pytest.mark.parametrize("function", [SHA224, SHA256, SHA384, SHA512])
@pytest.mark.parametrize("kind", ["ecdsa", "rsa", "bare", "pss"])
def test_what_openssl_holds_for_signed_is_verified(
    kind: str, function: hashes.HashAlgorithm, tmp_path: Path
) -> None:
    key = ec_key("DSC") if kind == "ecdsa" else rsa_key("DSC")
    by = certificate(key, "DSC", by=CSCA, serial=7, extensions=SIGNER)
    data = signed_sod(SIGNED, by, function=function, kind=kind, signing_time=NOW)
    assert openssl_verifies(data, CSCA, tmp_path)
    assert verify(data, FILES, STORE, NOW) is Issuer.VERIFIED


def test_what_openssl_finds_wrong_is_refused(tmp_path: Path) -> None:
    flipped = RIGHT[:-1] + bytes([RIGHT[-1] ^ 1])
    assert not openssl_verifies(flipped, CSCA, tmp_path)
    refused(TamperedError, flipped)
    stranger = csca("stranger")
    assert not openssl_verifies(RIGHT, stranger, tmp_path)
    refused(ForeignIssuerError, RIGHT, TrustStore.of([stranger.der]))


@pytest.mark.parametrize("version", [0, 1])
def test_both_versions_of_the_list_are_verified(version: int) -> None:
    assert verify(signed_sod(SIGNED, DSC, version=version), FILES, STORE, NOW) is Issuer.VERIFIED


def test_the_listed_groups_are_told_those_never_read_too() -> None:
    assert listed(RIGHT) == frozenset({1, 3, 13, 15})


def test_without_a_store_the_files_are_whole_and_the_issuer_is_not_checked() -> None:
    assert verify(RIGHT, FILES, None, NOW) is Issuer.NOT_CHECKED
    assert verify(signed_sod(SIGNED, signer(csca("anyone"))), FILES, None, NOW) is Issuer.NOT_CHECKED


def test_a_chain_that_writes_its_curves_out_is_verified() -> None:
    authority_key, signer_key = (ec_key(which, ec.BrainpoolP512R1) for which in ("CSCA", "DSC"))
    authority = certificate(authority_key, "CSCA", key_info=explicit_spki(authority_key), function=SHA512)
    by = certificate(
        signer_key,
        "DSC",
        by=authority,
        extensions=SIGNER,
        key_info=explicit_spki(signer_key, cofactor=None),
        function=SHA512,
    )
    store = TrustStore.of([authority.der])
    assert verify(signed_sod(SIGNED, by, function=SHA512), FILES, store, NOW) is Issuer.VERIFIED


@pytest.mark.parametrize("changed", [{"generator": b"\x04" + bytes(64)}, {"cofactor": 2}])
def test_a_signer_with_a_curve_of_its_own_is_refused(changed: dict[str, int | bytes]) -> None:
    by = signer(CSCA, key_info=explicit_spki(ec_key("DSC"), **changed))
    refused(UnreadableError, signed_sod(SIGNED, by))


@pytest.mark.parametrize("group", list(FILES))
@pytest.mark.parametrize("store", [STORE, None])
def test_a_group_with_one_bit_changed_is_found(group: Group, store: TrustStore | None) -> None:
    changed = bytes([FILES[group][0] ^ 1]) + FILES[group][1:]
    with pytest.raises(TamperedError, match=f"{group.name} is not the one"):
        verify(RIGHT, {**FILES, group: changed}, store, NOW)


def test_a_group_that_was_not_signed_is_found() -> None:
    with pytest.raises(TamperedError, match="DG2 is not among"):
        verify(RIGHT, {**FILES, Group.DG2: b"face"}, None, NOW)


def test_groups_that_were_swapped_are_found() -> None:
    swapped = {Group.DG1: FILES[Group.DG13], Group.DG13: FILES[Group.DG1]}
    with pytest.raises(TamperedError):
        verify(RIGHT, swapped, None, NOW)


def test_a_list_that_was_changed_after_signing_is_found() -> None:
    forged = hash_list({**SIGNED, 13: b"number 079203005678"})
    info = signer_info(DSC, attributes(hash_list(SIGNED)))
    refused(TamperedError, sod(forged, [DSC.der], [info]), None)


def test_attributes_that_were_changed_after_signing_are_found() -> None:
    forged = hash_list(SIGNED | {13: b"number 079203005678"})
    info = signer_info(DSC, attributes(hash_list(SIGNED)))
    replaced = info.replace(tlv(0xA0, *attributes(hash_list(SIGNED))), tlv(0xA0, *attributes(forged)))
    assert replaced != info
    refused(TamperedError, sod(forged, [DSC.der], [replaced]), None)


def test_a_signature_of_another_key_is_found() -> None:
    other = Party(ec_key("other"), DSC.name, DSC.serial, DSC.key_id, DSC.der)
    refused(TamperedError, signed_sod(SIGNED, other), None)


@pytest.mark.parametrize("extensions", [(), (usage(certificate=True),), (usage(lists=True),)])
@pytest.mark.parametrize("store", [STORE, None])
def test_a_certificate_that_may_not_sign_signs_nothing(
    extensions: tuple[x509.ExtensionType, ...], store: TrustStore | None
) -> None:
    refused(TamperedError, signed_sod(SIGNED, signer(CSCA, extensions=extensions)), store)


def test_sha1_and_two_signers_are_refused_without_a_store_too() -> None:
    refused(UnreadableError, signed_sod(SIGNED, DSC, function=SHA1), None)
    content = hash_list(SIGNED)
    info = signer_info(DSC, attributes(content))
    refused(UnreadableError, sod(content, [DSC.der], [info, info]), None)


def test_an_issuer_outside_the_store_is_foreign() -> None:
    refused(ForeignIssuerError, signed_sod(SIGNED, signer(csca("foreign"))))
    refused(ForeignIssuerError, RIGHT, TrustStore.of([]))


def test_a_signer_that_was_not_valid_when_it_signed_is_refused() -> None:
    expired = signer(CSCA, begins=NOW - YEAR, ends=NOW - YEAR / 2)
    refused(IssuerExpiredError, signed_sod(SIGNED, expired))
    refused(IssuerExpiredError, signed_sod(SIGNED, expired, signing_time=NOW - YEAR / 4))
    refused(IssuerExpiredError, signed_sod(SIGNED, signer(CSCA, begins=NOW + YEAR)))


def test_a_signer_that_ran_out_since_is_believed_for_what_it_signed_before() -> None:
    expired = signer(CSCA, begins=NOW - YEAR, ends=NOW - YEAR / 2)
    data = signed_sod(SIGNED, expired, signing_time=NOW - 0.75 * YEAR)
    assert verify(data, FILES, STORE, NOW) is Issuer.VERIFIED


def test_nobody_signs_in_the_future() -> None:
    coming = signer(CSCA, begins=NOW + YEAR)
    refused(IssuerExpiredError, signed_sod(SIGNED, coming, signing_time=NOW + 2 * YEAR))
    assert verify(signed_sod(SIGNED, DSC, signing_time=NOW + YEAR), FILES, STORE, NOW) is Issuer.VERIFIED


def test_an_authority_that_was_not_valid_then_is_refused() -> None:
    authority = csca(begins=NOW - 3 * YEAR, ends=NOW - 2 * YEAR)
    store = TrustStore.of([authority.der])
    by = signer(authority, begins=NOW - 3 * YEAR)
    refused(IssuerExpiredError, signed_sod(SIGNED, by), store)
    assert verify(signed_sod(SIGNED, by, signing_time=NOW - 2.5 * YEAR), FILES, store, NOW) is Issuer.VERIFIED


def test_a_revoked_signer_is_refused() -> None:
    refused(IssuerRevokedError, RIGHT, TrustStore.of([CSCA.der], [revocations(CSCA, [7])]))


@unhurried
@given(damaged(RIGHT))
def test_no_damage_is_ever_verified_as_something_else(data: bytes) -> None:
    gives_a_value_or_a_card_error(lambda given_bytes: verify(given_bytes, FILES, STORE, NOW), data)
    gives_a_value_or_a_card_error(listed, data)


def test_each_byte_of_the_hash_list_and_of_the_signature_matters() -> None:
    content = hash_list(SIGNED)
    start = RIGHT.index(content)
    for at in (*range(start, start + len(content)), *range(len(RIGHT) - 60, len(RIGHT))):
        flipped = RIGHT[:at] + bytes([RIGHT[at] ^ 0x01]) + RIGHT[at + 1 :]
        with pytest.raises((TamperedError, UnreadableError)):
            verify(flipped, FILES, None, NOW)
