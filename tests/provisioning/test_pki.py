"""Certificates: what they say, whom they name, and that a list of the revoked is fresh."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from cryptography.x509.verification import PolicyBuilder, Store

from provisioning.pki import Authority, Leaf, PkiError


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority.create(tmp_path / "pki")


def _read(leaf: Leaf) -> x509.Certificate:
    return x509.load_pem_x509_certificate(leaf.certificate.read_bytes())


def _purposes(certificate: x509.Certificate) -> list[x509.ObjectIdentifier]:
    return list(certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)


def test_a_client_is_named_by_its_common_name_and_may_be_nothing_else(authority: Authority) -> None:
    certificate = _read(authority.issue("st-0001"))
    (name,) = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    assert name.value == "st-0001"
    assert _purposes(certificate) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    assert not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert isinstance(certificate.public_key(), ec.EllipticCurvePublicKey)


def test_a_servers_chain_verifies_for_its_hosts_up_to_the_root(authority: Authority) -> None:
    leaf = authority.issue("broker", hosts=("mqtt.example.vn", "127.0.0.1"))
    chain = x509.load_pem_x509_certificates(leaf.certificate.read_bytes())
    root = x509.load_pem_x509_certificates(authority.ca_path.read_bytes())[-1]
    verifier = PolicyBuilder().store(Store([root])).build_server_verifier(x509.DNSName("mqtt.example.vn"))
    assert len(verifier.verify(chain[0], chain[1:])) == 3
    assert _purposes(chain[0]) == [ExtendedKeyUsageOID.SERVER_AUTH]


@pytest.mark.parametrize("name", ["", "+", "#", "a/b", "st+1", "ST-1", "x" * 33, "st-1\n", "trạm"])
def test_a_name_that_could_be_a_topic_filter_is_never_certified(authority: Authority, name: str) -> None:
    with pytest.raises(PkiError):
        authority.issue(name)


def test_private_keys_are_their_owners_alone(authority: Authority) -> None:
    leaf = authority.issue("st-0001")
    assert leaf.key.stat().st_mode & 0o077 == 0
    assert authority.directory.stat().st_mode & 0o077 == 0


def test_the_list_names_exactly_the_revoked_and_is_fresh(authority: Authority) -> None:
    gone, stays = authority.issue("st-0001"), authority.issue("st-0002")
    authority.revoke(gone)
    crl = x509.load_pem_x509_crl(authority.crl_path.read_bytes())
    assert crl.get_revoked_certificate_by_serial_number(_read(gone).serial_number) is not None
    assert crl.get_revoked_certificate_by_serial_number(_read(stays).serial_number) is None
    assert crl.next_update_utc is not None
    assert crl.next_update_utc > datetime.now(UTC) + timedelta(days=29)


def test_both_authorities_have_a_list_or_the_broker_would_refuse_everybody(authority: Authority) -> None:
    assert authority.crl_path.read_bytes().count(b"BEGIN X509 CRL") == 2


def test_a_certificate_lives_as_long_as_was_asked(authority: Authority) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    certificate = _read(authority.issue("st-0001", not_before=start, days=2))
    assert certificate.not_valid_after_utc == start + timedelta(days=2)
    assert certificate.not_valid_before_utc < start, "a clock that is a little slow still accepts it"
