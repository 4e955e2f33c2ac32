"""A small issuer of its own: keys, certificates, lists and EF.SOD, right ones and with each mistake that a test asks for.

`openssl` judges in test_passive.py that the right ones are right.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from tests.edge.idcard.encode import (
    SHA256,
    PrivateKey,
    algorithm_id,
    bits,
    ec_key,
    hash_id,
    integer,
    oid,
    seq,
    sign,
    spki,
    tlv,
    utc_time,
)

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
YEAR = timedelta(days=365)

LDS_SECURITY_OBJECT = "2.23.136.1.1.1"


def kind_of(key: PrivateKey) -> str:
    return "ecdsa" if isinstance(key, ec.EllipticCurvePrivateKey) else "rsa"


def name(common: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"), x509.NameAttribute(NameOID.COMMON_NAME, common)]
    )


@dataclass(frozen=True)
class Party:
    """Whoever signs: a key and the certificate about it."""

    key: PrivateKey
    name: x509.Name
    serial: int
    key_id: bytes | None
    der: bytes


def usage(*, document: bool = False, certificate: bool = False, lists: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=document,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certificate,
        crl_sign=lists,
        encipher_only=False,
        decipher_only=False,
    )


AUTHORITY = (x509.BasicConstraints(ca=True, path_length=0), usage(certificate=True, lists=True))
SIGNER = (usage(document=True),)


def certificate(
    key: PrivateKey,
    common: str,
    *,
    by: Party | None = None,
    serial: int = 1,
    begins: datetime = NOW - YEAR,
    ends: datetime = NOW + 10 * YEAR,
    extensions: Iterable[x509.ExtensionType] = AUTHORITY,
    with_key_ids: bool = True,
    key_info: bytes | None = None,
    kind: str | None = None,
    function: hashes.HashAlgorithm = SHA256,
) -> Party:
    """A certificate `by` an authority, or by the key itself."""
    subject, issuer_key = name(common), by.key if by else key
    key_id = hashlib.sha1(spki(key)).digest() if with_key_ids else None
    issuer_id = by.key_id if by else key_id
    found = list(extensions)
    if key_id:
        found.append(x509.SubjectKeyIdentifier(key_id))
    if issuer_id:
        found.append(x509.AuthorityKeyIdentifier(issuer_id, None, None))
    algorithm = algorithm_id(kind or kind_of(issuer_key), function)
    content = seq(
        tlv(0xA0, integer(2)),
        integer(serial),
        algorithm,
        (by.name if by else subject).public_bytes(),
        seq(utc_time(begins), utc_time(ends)),
        subject.public_bytes(),
        key_info or spki(key),
        tlv(0xA3, seq(*(seq(oid(one.oid.dotted_string), tlv(0x04, one.public_bytes())) for one in found))),
    )
    signature = sign(issuer_key, kind or kind_of(issuer_key), function, content)
    return Party(key, subject, serial, key_id, seq(content, algorithm, bits(signature)))


def csca(which: str = "CSCA", **how: object) -> Party:
    return certificate(ec_key(which), which, **how)  # type: ignore[arg-type]


def signer(by: Party, which: str = "DSC", **how: object) -> Party:
    """A document signer; serial 7 unless told otherwise."""
    given: dict[str, object] = {"serial": 7, "extensions": SIGNER, **how}
    return certificate(ec_key(which), which, by=by, **given)  # type: ignore[arg-type]


def revocations(by: Party, serials: Iterable[int]) -> bytes:
    built = x509.CertificateRevocationListBuilder(by.name, NOW - YEAR, NOW + YEAR)
    if by.key_id:
        built = built.add_extension(x509.AuthorityKeyIdentifier(by.key_id, None, None), critical=False)
    for serial in serials:
        built = built.add_revoked_certificate(
            x509.RevokedCertificateBuilder(serial, NOW - YEAR).build(),
        )
    return built.sign(by.key, SHA256).public_bytes(Encoding.DER)


def digest(function: hashes.HashAlgorithm, data: bytes) -> bytes:
    return hashlib.new(function.name, data).digest()


def hash_list(
    groups: Mapping[int, bytes], function: hashes.HashAlgorithm = SHA256, version: int = 0
) -> bytes:
    entries = (seq(integer(n), tlv(0x04, digest(function, data))) for n, data in groups.items())
    told = seq(tlv(0x13, b"0108"), tlv(0x13, b"040000")) if version else b""
    return seq(integer(version), hash_id(function), seq(*entries), told)


def attribute(kind: str, *values: bytes) -> bytes:
    return seq(oid(kind), tlv(0x31, *values))


def attributes(
    content: bytes,
    *,
    function: hashes.HashAlgorithm = SHA256,
    signing_time: datetime | None = None,
    content_type: str = LDS_SECURITY_OBJECT,
) -> list[bytes]:
    found = [
        attribute("1.2.840.113549.1.9.3", oid(content_type)),
        attribute("1.2.840.113549.1.9.4", tlv(0x04, digest(function, content))),
    ]
    if signing_time:
        found.append(attribute("1.2.840.113549.1.9.5", utc_time(signing_time)))
    return sorted(found)


def signer_info(
    by: Party,
    signed: list[bytes],
    *,
    function: hashes.HashAlgorithm = SHA256,
    kind: str | None = None,
    algorithm: bytes | None = None,
    identifier: bytes | None = None,
) -> bytes:
    kind = kind or kind_of(by.key)
    issuer = x509.load_der_x509_certificate(by.der).issuer.public_bytes()
    return seq(
        integer(1),
        identifier or seq(issuer, integer(by.serial)),
        hash_id(function),
        tlv(0xA0, *signed),
        algorithm or algorithm_id(kind, function),
        tlv(0x04, sign(by.key, kind, function, tlv(0x31, *signed))),
    )


def sod(
    content: bytes,
    certificates: Iterable[bytes],
    infos: Iterable[bytes],
    *,
    content_type: str = LDS_SECURITY_OBJECT,
    function: hashes.HashAlgorithm = SHA256,
    after: bytes = b"",
) -> bytes:
    """EF.SOD of its pieces; `after` stands where nothing should."""
    held = tuple(certificates)
    signed = seq(
        integer(3),
        tlv(0x31, hash_id(function)),
        seq(oid(content_type), tlv(0xA0, tlv(0x04, content))),
        tlv(0xA0, *held) if held else b"",
        tlv(0x31, *infos),
        after,
    )
    return tlv(0x77, seq(oid("1.2.840.113549.1.7.2"), tlv(0xA0, signed)))


def signed_sod(
    groups: Mapping[int, bytes],
    by: Party,
    *,
    function: hashes.HashAlgorithm = SHA256,
    kind: str | None = None,
    signing_time: datetime | None = None,
    version: int = 0,
) -> bytes:
    """A right EF.SOD over these groups."""
    content = hash_list(groups, function, version)
    signed = attributes(content, function=function, signing_time=signing_time)
    return sod(content, [by.der], [signer_info(by, signed, function=function, kind=kind)], function=function)
