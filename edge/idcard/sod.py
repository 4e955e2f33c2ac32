"""EF.SOD: the hashes of the data groups, and the issuer's signature over them. Nothing in here is verified.

Sources: ICAO Doc 9303-10, 4.6.2 and appendix D (77, SignedData, LDSSecurityObject v0 and v1); RFC 5652, 5 (SignedData), 11 (attributes).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

from cryptography.hazmat.primitives import hashes

from edge.idcard import der
from edge.idcard.certificates import Certificate, read_certificate
from edge.idcard.errors import UnreadableError
from edge.idcard.groups import File
from edge.idcard.signatures import Scheme, read_hash, read_scheme

_FILE: Final = "EF.SOD"
MAX_SOD_BYTES: Final = 16 * 1024
MAX_CERTIFICATES: Final = 8
MAX_GROUPS: Final = 16
_SIGNED_DATA: Final = "1.2.840.113549.1.7.2"
_LDS_SECURITY_OBJECT: Final = "2.23.136.1.1.1"
_CONTENT_TYPE: Final = "1.2.840.113549.1.9.3"
_MESSAGE_DIGEST: Final = "1.2.840.113549.1.9.4"
_SIGNING_TIME: Final = "1.2.840.113549.1.9.5"
_CONTEXT_0: Final = 0xA0
_CONTEXT_1: Final = 0xA1
_KEY_ID: Final = 0x80
_UTC_TIME: Final = re.compile(rb"[0-9]{12}Z")
_GENERALIZED_TIME: Final = re.compile(rb"[0-9]{14}Z")


@dataclass(frozen=True, slots=True)
class HashList:
    """The LDSSecurityObject: the hash of each data group by its number."""

    function: hashes.HashAlgorithm
    by_group: Mapping[int, bytes] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """The one SignerInfo, and the certificate that it points to."""

    signer: Certificate
    digest: hashes.HashAlgorithm
    scheme: Scheme
    message_digest: bytes = field(repr=False)
    signing_time: datetime | None
    signed: bytes = field(repr=False)
    """The signed attributes as the SET that the signature goes over (RFC 5652, 5.4)."""
    value: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sod:
    """`content` is the encoded list, which the message digest is of."""

    listed: HashList
    content: bytes = field(repr=False)
    signature: Signature


def parse_sod(data: bytes) -> Sod:
    """Read EF.SOD. UnreadableError when it is not built so, has not exactly one signer, or uses what is not accepted."""
    if len(data) > MAX_SOD_BYTES:
        raise UnreadableError(f"{_FILE}: more than {MAX_SOD_BYTES} bytes")
    file = der.parse(data, _FILE).expect(File.SOD.tag).children()
    info = file.take().sequence()
    file.end()
    _expect_oid(info.take(), _SIGNED_DATA)
    signed = info.take(_CONTEXT_0).children().take().sequence()
    signed.take(der.INTEGER)
    signed.take(der.SET)
    content = _content(signed.take().sequence())
    certificates = signed.maybe(_CONTEXT_0)
    signed.maybe(_CONTEXT_1)
    signers = signed.take(der.SET).children()
    signer = signers.take().sequence()
    signers.end()
    signed.end()
    if certificates is None:
        raise UnreadableError(f"{_FILE}: no certificate of the signer")
    return Sod(
        listed=_hash_list(content), content=content, signature=_signature(signer, _certificates(certificates))
    )


def _expect_oid(element: der.Element, oid: str) -> None:
    if element.oid() != oid:
        raise UnreadableError(f"{_FILE}: another content type than {oid}")


def _content(encapsulated: der.Children) -> bytes:
    _expect_oid(encapsulated.take(), _LDS_SECURITY_OBJECT)
    return encapsulated.take(_CONTEXT_0).children().take(der.OCTET_STRING).content


def _hash_list(content: bytes) -> HashList:
    fields = der.parse(content, _FILE).sequence()
    version = fields.take().integer()
    function = read_hash(fields.take())
    found: dict[int, bytes] = {}
    for entry in fields.take().sequence().rest():
        parts = entry.sequence()
        number, value = parts.take().integer(), parts.take(der.OCTET_STRING).content
        parts.end()
        if not 1 <= number <= MAX_GROUPS or number in found or len(value) != function.digest_size:
            raise UnreadableError(f"{_FILE}: a hash that is listed wrongly, or twice")
        found[number] = value
    if version not in {0, 1}:
        raise UnreadableError(f"{_FILE}: a list of an unknown version")
    if version == 1:
        fields.take(der.SEQUENCE)
    fields.end()
    return HashList(function, MappingProxyType(found))


def _certificates(field_0: der.Element) -> list[Certificate]:
    found = [one.whole for one in field_0.children().rest() if one.tag == der.SEQUENCE]
    if len(found) > MAX_CERTIFICATES:
        raise UnreadableError(f"{_FILE}: more than {MAX_CERTIFICATES} certificates")
    return [read_certificate(one) for one in found]


def _signature(signer: der.Children, certificates: list[Certificate]) -> Signature:
    signer.take(der.INTEGER)
    certificate = _chosen(signer.take(), certificates)
    digest = read_hash(signer.take())
    attributes = signer.take(_CONTEXT_0)
    scheme = read_scheme(signer.take(), digest)
    value = signer.take(der.OCTET_STRING).content
    signer.maybe(_CONTEXT_1)
    signer.end()
    told = _attributes(attributes)
    if _CONTENT_TYPE not in told or _MESSAGE_DIGEST not in told:
        raise UnreadableError(f"{_FILE}: the signature covers no content type, or no message digest")
    _expect_oid(told[_CONTENT_TYPE], _LDS_SECURITY_OBJECT)
    return Signature(
        signer=certificate,
        digest=digest,
        scheme=scheme,
        message_digest=told[_MESSAGE_DIGEST].expect(der.OCTET_STRING).content,
        signing_time=_time(told[_SIGNING_TIME]) if _SIGNING_TIME in told else None,
        signed=bytes([der.SET]) + attributes.whole[1:],
        value=value,
    )


def _chosen(identifier: der.Element, certificates: list[Certificate]) -> Certificate:
    """Find the signer's certificate by its serial number or key id (RFC 5652, 5.3).

    Issuers write the name in another encoding here than there, so it is not compared: the pointer need not be safe,
    as the signature must hold with the key that it leads to.
    """
    if identifier.tag == _KEY_ID:
        found = [one for one in certificates if one.key_id == identifier.content]
    else:
        parts = identifier.sequence()
        parts.take(der.SEQUENCE)
        serial = parts.take().integer()
        found = [one for one in certificates if one.serial == serial]
    if not found:
        raise UnreadableError(f"{_FILE}: no certificate of the signer")
    return found[0]


def _attributes(signed: der.Element) -> dict[str, der.Element]:
    """Return the one value of each attribute (RFC 5652, 11); an attribute with several is of no kind that is used."""
    found: dict[str, der.Element] = {}
    for attribute in signed.children().rest():
        parts = attribute.sequence()
        oid = parts.take().oid()
        values = parts.take(der.SET).children().rest()
        parts.end()
        if oid in found or len(values) != 1:
            raise UnreadableError(f"{_FILE}: a signed attribute stands there twice, or has not one value")
        found[oid] = values[0]
    return found


def _time(value: der.Element) -> datetime:
    """Read UTCTime or GeneralizedTime, in seconds and Z (RFC 5652, 11.3)."""
    text = value.content
    if value.tag == der.UTC_TIME and _UTC_TIME.fullmatch(text):
        text = (b"19" if text >= b"50" else b"20") + text
    elif value.tag != der.GENERALIZED_TIME or not _GENERALIZED_TIME.fullmatch(text):
        raise UnreadableError(f"{_FILE}: the signing time is not built so")
    try:
        return datetime.strptime(text.decode("ascii"), "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise UnreadableError(f"{_FILE}: the signing time is none") from None
