"""The country's signing authority, its document signer and its revocation list (ICAO Doc 9303-12, 7)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from tests.fakes.idcard import ber
from tests.fakes.idcard.curves import curve_named

CSCA_NAME: Final = "CSCA Citizen Card Example"
DSC_NAME: Final = "Document Signer 1 Example"


@dataclass(frozen=True, slots=True)
class Validity:
    begins: datetime
    ends: datetime


CSCA_VALIDITY: Final = Validity(datetime(2020, 1, 1, tzinfo=UTC), datetime(2045, 1, 1, tzinfo=UTC))
DSC_VALIDITY: Final = Validity(datetime(2021, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC))
PAST_VALIDITY: Final = Validity(datetime(2020, 2, 1, tzinfo=UTC), datetime(2020, 5, 1, tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Signer:
    """A certificate and the key that it is about; `explicit`: the key's curve is written out in it."""

    key: ec.EllipticCurvePrivateKey
    certificate_der: bytes
    explicit: bool

    @property
    def certificate(self) -> x509.Certificate:
        return x509.load_der_x509_certificate(self.certificate_der)

    @property
    def serial(self) -> int:
        return self.certificate.serial_number


def csca(key: ec.EllipticCurvePrivateKey, *, explicit: bool, serial: int = 1) -> Signer:
    """An authority that vouches for itself."""
    name = _name(CSCA_NAME)
    built = _builder(name, name, key.public_key(), serial, CSCA_VALIDITY).add_extension(
        x509.BasicConstraints(ca=True, path_length=0), critical=True
    )
    built = built.add_extension(_key_usage(certificates=True), critical=True)
    return Signer(key, _signed(built, key, key.public_key() if explicit else None), explicit)


def document_signer(
    authority: Signer, key: ec.EllipticCurvePrivateKey, validity: Validity, serial: int
) -> Signer:
    """A signer's certificate by this authority; its key is written as the authority's is."""
    issuer = authority.certificate
    authority_key = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    built = (
        _builder(issuer.subject, _name(DSC_NAME), key.public_key(), serial, validity)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(authority_key), critical=False
        )
        .add_extension(_key_usage(certificates=False), critical=True)
    )
    explicit_key = key.public_key() if authority.explicit else None
    return Signer(key, _signed(built, authority.key, explicit_key), authority.explicit)


def revocation_list(authority: Signer, serials: Iterable[int]) -> bytes:
    """A CRL of this authority, DER."""
    issuer = authority.certificate
    since = DSC_VALIDITY.begins
    built = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.subject)
        .last_update(since)
        .next_update(CSCA_VALIDITY.ends)
        .add_extension(x509.CRLNumber(1), critical=False)
    )
    for serial in serials:
        revoked = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(since).build()
        built = built.add_revoked_certificate(revoked)
    return built.sign(authority.key, _hash_for(authority.key)).public_bytes(Encoding.DER)


def key_info(key: ec.EllipticCurvePublicKey, *, explicit: bool) -> bytes:
    """The SubjectPublicKeyInfo, its curve by name or written out."""
    if explicit:
        return curve_named(key.curve.name).explicit_key_info(key)
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Invented for tests"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _builder(
    issuer: x509.Name, subject: x509.Name, key: ec.EllipticCurvePublicKey, serial: int, validity: Validity
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .issuer_name(issuer)
        .subject_name(subject)
        .public_key(key)
        .serial_number(serial)
        .not_valid_before(validity.begins)
        .not_valid_after(validity.ends)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _key_usage(*, certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certificates,
        crl_sign=certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _hash_for(key: ec.EllipticCurvePrivateKey) -> hashes.SHA256 | hashes.SHA512:
    return hashes.SHA512() if key.curve.key_size > 256 else hashes.SHA256()


def _signed(
    built: x509.CertificateBuilder,
    key: ec.EllipticCurvePrivateKey,
    explicit_key: ec.EllipticCurvePublicKey | None,
) -> bytes:
    """`cryptography` writes no explicit parameters: they are put in place of the name, and all is signed again."""
    named = built.sign(key, _hash_for(key))
    if explicit_key is None:
        return named.public_bytes(Encoding.DER)
    by_name, written_out = (key_info(explicit_key, explicit=explicit) for explicit in (False, True))
    fields = ber.value_of(0x30, named.tbs_certificate_bytes).replace(by_name, written_out)
    to_be_signed = ber.sequence(fields)
    algorithm = ber.tlv(*ber.items(ber.value_of(0x30, named.public_bytes(Encoding.DER)))[1])
    signature = key.sign(to_be_signed, ec.ECDSA(_hash_for(key)))
    return ber.sequence(to_be_signed, algorithm, ber.bits(signature))
