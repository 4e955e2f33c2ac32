"""A small public key infrastructure: root -> issuing CA -> leaves, and the list of the revoked ones.

P-256 keys, SHA-256 signatures (RFC 5280 profile). A leaf's common name is the MQTT client id of its holder, so it is
pinned to the form of a station id or of a cloud role: no `+`, `#` or `/` can ever reach a topic filter.
"""

import ipaddress
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from wire.ids import STATION_PATTERN

_COMMON_NAME: Final = re.compile(STATION_PATTERN)
_ROOT_DAYS: Final = 3650
_ISSUING_DAYS: Final = 1825
_LEAF_DAYS: Final = 30
_CRL_DAYS: Final = 30
"""An expired list refuses every station, so it lives long and is renewed early (see docs/operations.md)."""


class PkiError(Exception):
    """A certificate cannot be issued as asked."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """Files of one issued certificate: the chain (leaf, issuing CA) and its private key, both PEM."""

    common_name: str
    certificate: Path
    key: Path


@dataclass(slots=True)
class Authority:
    """An issuing CA that lives in a directory: `ca.pem` (both CAs), `crl.pem`, and a pair of files per leaf."""

    directory: Path
    _certificate: x509.Certificate
    _key: ec.EllipticCurvePrivateKey
    _revoked: dict[int, datetime] = field(default_factory=dict)

    @classmethod
    def create(cls, directory: Path, *, now: datetime | None = None) -> Self:
        """Make root, issuing CA and an empty revocation list in `directory` (created, mode 0700)."""
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        start = now or datetime.now(UTC)
        root_key, issuing_key = _new_key(), _new_key()
        root_name, issuing_name = _name("TCDS root"), _name("TCDS issuing CA")
        root = _ca(root_name, root_key, root_name, root_key, start, _ROOT_DAYS, path_length=1)
        issuing = _ca(issuing_name, issuing_key, root_name, root_key, start, _ISSUING_DAYS, path_length=0)
        (directory / "ca.pem").write_bytes(_pem(issuing) + _pem(root))
        authority = cls(directory, issuing, issuing_key)
        root_crl = _crl(root, root_key, {}, start, _ROOT_DAYS)
        (directory / "root.crl").write_bytes(root_crl)
        authority.publish_crl(now=start)
        return authority

    @property
    def ca_path(self) -> Path:
        """Both CA certificates, PEM: what a peer trusts."""
        return self.directory / "ca.pem"

    @property
    def crl_path(self) -> Path:
        """The revocation lists of issuing CA and root, PEM, as Mosquitto's `crlfile` wants them."""
        return self.directory / "crl.pem"

    def issue(
        self,
        common_name: str,
        *,
        hosts: tuple[str, ...] = (),
        not_before: datetime | None = None,
        days: float = _LEAF_DAYS,
    ) -> Leaf:
        """Issue a client certificate, or a server certificate when it has `hosts`; write it and its key.

        Raise PkiError when the common name is not of a station id's form.
        """
        if _COMMON_NAME.fullmatch(common_name) is None:
            raise PkiError("common name: must be of a station id's form")
        key = _new_key()
        start = not_before or datetime.now(UTC)
        certificate = self._sign_leaf(common_name, key.public_key(), hosts, start, days)
        leaf = Leaf(common_name, self.directory / f"{common_name}.crt", self.directory / f"{common_name}.key")
        leaf.key.touch(mode=0o600)
        leaf.key.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            ),
        )
        leaf.certificate.write_bytes(_pem(certificate) + _pem(self._certificate))
        return leaf

    def revoke(self, leaf: Leaf, *, now: datetime | None = None) -> None:
        """Put a certificate on the list and publish the list; brokers read it when they reload."""
        when = now or datetime.now(UTC)
        certificate = x509.load_pem_x509_certificate(leaf.certificate.read_bytes())
        self._revoked[certificate.serial_number] = when
        self.publish_crl(now=when)

    def publish_crl(self, *, now: datetime | None = None) -> None:
        """Write a fresh revocation list, valid for 30 days."""
        own = _crl(self._certificate, self._key, self._revoked, now or datetime.now(UTC), _CRL_DAYS)
        self.crl_path.write_bytes(own + (self.directory / "root.crl").read_bytes())

    def _sign_leaf(
        self,
        common_name: str,
        public_key: ec.EllipticCurvePublicKey,
        hosts: tuple[str, ...],
        start: datetime,
        days: float,
    ) -> x509.Certificate:
        usage = ExtendedKeyUsageOID.SERVER_AUTH if hosts else ExtendedKeyUsageOID.CLIENT_AUTH
        builder = (
            _builder(_name(common_name), self._certificate.subject, public_key, start, days)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(ca=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False
            )
        )
        if hosts:
            builder = builder.add_extension(
                x509.SubjectAlternativeName([_host(host) for host in hosts]), critical=False
            )
        return builder.sign(self._key, hashes.SHA256())


def _new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    public_key: ec.EllipticCurvePublicKey,
    start: datetime,
    days: float,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start - timedelta(minutes=5))
        .not_valid_after(start + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def _key_usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )


def _ca(
    subject: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    start: datetime,
    days: int,
    *,
    path_length: int,
) -> x509.Certificate:
    return (
        _builder(subject, issuer, key.public_key(), start, days)
        .add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
        .add_extension(_key_usage(ca=True), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
        .sign(issuer_key, hashes.SHA256())
    )


def _crl(
    issuer: x509.Certificate,
    key: ec.EllipticCurvePrivateKey,
    revoked: dict[int, datetime],
    start: datetime,
    days: int,
) -> bytes:
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.subject)
        .last_update(start - timedelta(minutes=5))
        .next_update(start + timedelta(days=days))
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
    )
    for serial, when in revoked.items():
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(when).build()
        builder = builder.add_revoked_certificate(entry)
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
