from datetime import datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from edge.idcard import trust
from edge.idcard.certificates import read_certificate
from edge.idcard.errors import ForeignIssuerError, IssuerExpiredError, IssuerRevokedError
from edge.idcard.trust import TrustStore
from tests.edge.idcard.encode import SHA1, ec_key, explicit_spki, rsa_key
from tests.edge.idcard.reading import damaged, unhurried
from tests.edge.idcard.signing import (
    AUTHORITY,
    NOW,
    SIGNER,
    YEAR,
    Party,
    certificate,
    csca,
    revocations,
    signer,
    usage,
)

CSCA = csca()
DSC = signer(CSCA)
OTHER = csca("other CSCA")


def pem(der: bytes) -> bytes:
    return x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM)


def check(store: TrustStore, by: Party, at: datetime = NOW) -> None:
    store.check(read_certificate(by.der), at)


def test_what_an_authority_of_the_store_issued_is_believed() -> None:
    store = TrustStore.of([OTHER.der, CSCA.der])
    assert store.problems == ()
    check(store, DSC)


def test_what_another_issued_is_foreign_though_it_has_the_name_and_the_key_id() -> None:
    store = TrustStore.of([OTHER.der])
    with pytest.raises(ForeignIssuerError):
        check(store, DSC)
    impostor = Party(ec_key("impostor"), CSCA.name, 1, CSCA.key_id, CSCA.der)
    with pytest.raises(ForeignIssuerError):
        check(TrustStore.of([CSCA.der]), signer(impostor))


def test_a_key_under_another_name_issued_nothing() -> None:
    renamed = certificate(ec_key("CSCA"), "renamed", with_key_ids=False)
    with pytest.raises(ForeignIssuerError):
        check(TrustStore.of([renamed.der]), DSC)


def test_an_empty_store_believes_nobody() -> None:
    with pytest.raises(ForeignIssuerError):
        check(TrustStore.of([]), DSC)


@pytest.mark.parametrize("kind", ["rsa", "pss"])
def test_rsa_authorities_are_believed_too(kind: str) -> None:
    authority = certificate(rsa_key(), "RSA CSCA", kind=kind)
    by = certificate(ec_key("DSC"), "DSC", by=authority, serial=7, extensions=SIGNER, kind=kind)
    check(TrustStore.of([authority.der]), by)


def test_authorities_that_write_their_curve_out_are_believed() -> None:
    authority = csca(key_info=explicit_spki(ec_key("CSCA")))
    store = TrustStore.of([authority.der])
    assert store.problems == ()
    check(store, signer(authority, key_info=explicit_spki(ec_key("DSC"))))


def test_one_with_a_generator_of_its_own_is_left_out() -> None:
    victim = ec_key("CSCA")
    forged = csca(key_info=explicit_spki(victim, generator=b"\x04" + bytes(64)))
    store = TrustStore.of([forged.der])
    assert store.authorities == ()
    assert "known curve" in store.problems[0]


def test_several_keys_of_one_name_are_told_apart() -> None:
    new = certificate(ec_key("new"), "CSCA", serial=2)
    store = TrustStore.of([CSCA.der, new.der])
    check(store, signer(CSCA))
    check(store, signer(new))


def test_without_key_ids_the_name_is_enough() -> None:
    old = csca(with_key_ids=False)
    check(TrustStore.of([OTHER.der, old.der]), signer(old, with_key_ids=False))


def test_a_link_certificate_vouches_for_the_new_key() -> None:
    link = certificate(ec_key("new"), "CSCA", by=CSCA, serial=3)
    store = TrustStore.of([CSCA.der, link.der])
    assert store.problems == ()
    check(store, signer(Party(ec_key("new"), link.name, 3, link.key_id, link.der)))


def test_a_key_whose_older_certificate_has_run_out_is_believed_by_the_newer() -> None:
    old = csca(begins=NOW - 20 * YEAR, ends=NOW - YEAR)
    new = csca(serial=2, begins=NOW - 2 * YEAR)
    check(TrustStore.of([old.der, new.der]), signer(new))
    with pytest.raises(IssuerExpiredError, match="authority"):
        check(TrustStore.of([old.der]), signer(old))


@pytest.mark.parametrize("at", [NOW - 2 * YEAR, NOW + 11 * YEAR])
def test_a_signer_outside_its_validity_is_refused(at: datetime) -> None:
    with pytest.raises(IssuerExpiredError, match="signer"):
        check(TrustStore.of([CSCA.der]), DSC, at)


def test_who_is_revoked_is_refused_and_nobody_else() -> None:
    store = TrustStore.of([CSCA.der], [revocations(CSCA, [5, 7]), revocations(CSCA, [9])])
    assert store.problems == ()
    for serial in (5, 7, 9):
        with pytest.raises(IssuerRevokedError):
            check(store, signer(CSCA, serial=serial))
    check(store, signer(CSCA, serial=8))


def test_revocation_comes_before_expiry() -> None:
    store = TrustStore.of([CSCA.der], [revocations(CSCA, [7])])
    with pytest.raises(IssuerRevokedError):
        check(store, DSC, NOW + 11 * YEAR)


def test_an_authority_revokes_only_its_own() -> None:
    store = TrustStore.of([CSCA.der, OTHER.der], [revocations(OTHER, [7])])
    assert store.problems == ()
    check(store, DSC)


def test_a_list_of_nobody_in_the_store_is_reported_and_not_followed() -> None:
    forged = revocations(Party(ec_key("impostor"), CSCA.name, 1, CSCA.key_id, CSCA.der), [7])
    store = TrustStore.of([CSCA.der], [revocations(OTHER, [7]), forged, revocations(CSCA, [8])])
    assert store.problems == tuple(
        f"revocation list {at}: no authority of the store signed it" for at in (1, 2)
    )
    check(store, DSC)
    with pytest.raises(IssuerRevokedError):
        check(store, signer(CSCA, serial=8))


def test_an_authority_that_may_not_sign_lists_revokes_nothing() -> None:
    constraint, _ = AUTHORITY
    limited = csca(extensions=[constraint, usage(certificate=True)])
    store = TrustStore.of([limited.der], [revocations(limited, [7])])
    assert len(store.problems) == 1
    check(store, signer(limited))


def test_pem_is_read_like_der_several_in_a_file_too() -> None:
    listed = x509.load_der_x509_crl(revocations(CSCA, [7])).public_bytes(Encoding.PEM)
    store = TrustStore.of([pem(OTHER.der) + pem(CSCA.der)], [listed])
    assert store.problems == ()
    assert len(store.authorities) == 2
    with pytest.raises(IssuerRevokedError):
        check(store, DSC)


def test_a_broken_file_is_reported_by_its_place_and_the_others_are_kept() -> None:
    flipped = CSCA.der[:-1] + bytes([CSCA.der[-1] ^ 1])
    no_authority = signer(CSCA).der
    files = [b"", b"nonsense", OTHER.der, flipped, no_authority, csca(function=SHA1).der, CSCA.der]
    store = TrustStore.of(
        [*files, b"-----BEGIN CERTIFICATE-----\nnonsense"], [b"nonsense", revocations(CSCA, [7])]
    )
    assert len(store.authorities) == 2
    assert [problem.partition(":")[0] for problem in store.problems] == [
        *(f"certificate {at}" for at in (1, 2, 4, 5, 6, 8)),
        "revocation list 1",
    ]
    assert "signature of itself" in store.problems[2]
    assert "may not sign certificates" in store.problems[3]
    assert not any("nonsense" in problem for problem in store.problems)
    with pytest.raises(IssuerRevokedError):
        check(store, DSC)


def test_a_list_whose_issuer_is_damaged_inside_is_reported() -> None:
    listed = revocations(CSCA, [7])
    damaged_name = listed.replace(b"CSCA", b"\xff\xff\xff\xff")
    assert damaged_name != listed
    assert TrustStore.of([CSCA.der], [damaged_name]).problems == ("revocation list 1: damaged",)


def test_files_certificates_lists_and_serial_numbers_have_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trust, "MAX_CERTIFICATES", 2)
    monkeypatch.setattr(trust, "MAX_LISTS", 1)
    monkeypatch.setattr(trust, "MAX_REVOKED", 3)
    monkeypatch.setattr(trust, "MAX_FILE_BYTES", 2000)
    store = TrustStore.of(
        [CSCA.der, bytes(2001), OTHER.der, csca("third").der], [revocations(CSCA, range(1, 5)), b"second"]
    )
    assert [authority.subject for authority in store.authorities] == [CSCA.name, OTHER.name]
    assert store.problems == (
        "certificate 2: more than 2000 bytes",
        "more than 2 certificates: the rest is left out",
        "revocation list 1: more than 3 serial numbers",
        "more than 1 revocation lists: the rest is left out",
    )
    assert TrustStore.of([CSCA.der], [bytes(2001)]).problems == ("revocation list 1: more than 2000 bytes",)
    check(store, DSC)


@unhurried
@given(st.lists(damaged(CSCA.der), max_size=3), st.lists(damaged(revocations(CSCA, [7])), max_size=3))
def test_whatever_lies_in_the_directory_there_is_a_store(
    certificates: list[bytes], lists: list[bytes]
) -> None:
    store = TrustStore.of([*certificates, OTHER.der], lists)
    assert store.authorities[-1].subject == OTHER.name
    check(store, signer(OTHER))
