"""Certificates as passive authentication needs them (ICAO Doc 9303-12, 7.1; RFC 5280)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeVar

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from edge.idcard import der
from edge.idcard.errors import UnreadableError
from edge.idcard.public_keys import PublicKey, load_certificate_key
from edge.idcard.signatures import Scheme, read_scheme

_FILE: Final = "certificate"
_VERSION_CONTEXT: Final = 0xA0
MAX_CERTIFICATE_BYTES: Final = 16 * 1024
LIBRARY_ERRORS: Final = (
    ValueError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
    Warning,
)
"""What `cryptography` raises where a certificate, or a list, is damaged; the last where warnings are made errors."""

Extension = TypeVar("Extension", bound=x509.ExtensionType)


@dataclass(frozen=True, slots=True)
class Sealed:
    """What was signed, how, and the signature: certificates and revocation lists are built alike (RFC 5280, 4.1.1, 5.1.1)."""

    scheme: Scheme
    signature: bytes = field(repr=False)
    content: bytes = field(repr=False)

    def is_by(self, key: PublicKey) -> bool:
        """Tell whether the signature is this key's."""
        return self.scheme.holds(key, self.signature, self.content)


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """One certificate, its signature not yet checked."""

    subject: x509.Name
    issuer: x509.Name
    serial: int
    not_before: datetime
    not_after: datetime
    key: PublicKey = field(repr=False)
    key_id: bytes | None
    issuer_key_id: bytes | None
    is_authority: bool
    """It may sign certificates: basic constraints and key usage say so."""
    may_sign_lists: bool
    may_sign: bool
    """It may sign documents: key usage digitalSignature."""
    sealed: Sealed

    def is_valid_at(self, moment: datetime) -> bool:
        """Tell whether the moment lies in the validity."""
        return self.not_before <= moment <= self.not_after

    def may_be_issuer(self, name: x509.Name, key_id: bytes | None) -> bool:
        """Tell whether one that names its issuer so may be this one's; the signature decides."""
        return self.subject == name or (key_id is not None and key_id == self.key_id)

    @property
    def is_self_signed(self) -> bool:
        """Whether it claims to be signed with its own key; a link certificate has the same names but another key's id."""
        ids = (self.key_id, self.issuer_key_id)
        return self.subject == self.issuer and (None in ids or ids[0] == ids[1])

    @property
    def key_bytes(self) -> bytes:
        """The key, by which two certificates of one authority are told to be so; the curve by its name."""
        return self.key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def read_sealed(data: bytes, file: str) -> Sealed:
    """Read SEQUENCE { content, AlgorithmIdentifier, BIT STRING signature }; UnreadableError when it is not built so."""
    parts = der.parse(data, file).sequence()
    content = parts.take(der.SEQUENCE)
    scheme = read_scheme(parts.take())
    signature = parts.take().bits()
    parts.end()
    return Sealed(scheme, signature, content.whole)


def read_certificate(data: bytes) -> Certificate:
    """Read a DER certificate. UnreadableError when it is damaged, or has a key or an algorithm that is not accepted."""
    if len(data) > MAX_CERTIFICATE_BYTES:
        raise UnreadableError(f"{_FILE}: more than {MAX_CERTIFICATE_BYTES} bytes")
    sealed = read_sealed(data, _FILE)
    if _serial(sealed.content) <= 0:
        raise UnreadableError(f"{_FILE}: a serial number that is not positive")
    try:
        return _read(x509.load_der_x509_certificate(data), sealed)
    except LIBRARY_ERRORS:
        raise UnreadableError(f"{_FILE}: damaged") from None


def extension(extensions: x509.Extensions, kind: type[Extension]) -> Extension | None:
    """Return the extension of this kind, if it is there."""
    try:
        return extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def issuer_key_id(extensions: x509.Extensions) -> bytes | None:
    """Return the id of the key that signed, if it is told."""
    told = extension(extensions, x509.AuthorityKeyIdentifier)
    return None if told is None else told.key_identifier


def _serial(content: bytes) -> int:
    fields = der.parse(content, _FILE).sequence()
    fields.maybe(_VERSION_CONTEXT)
    return fields.take().integer()


def _read(cert: x509.Certificate, sealed: Sealed) -> Certificate:
    extensions = cert.extensions
    constraints = extension(extensions, x509.BasicConstraints)
    usage = extension(extensions, x509.KeyUsage)
    own_id = extension(extensions, x509.SubjectKeyIdentifier)
    is_ca = constraints is not None and constraints.ca
    return Certificate(
        subject=cert.subject,
        issuer=cert.issuer,
        serial=cert.serial_number,
        not_before=cert.not_valid_before_utc,
        not_after=cert.not_valid_after_utc,
        key=load_certificate_key(cert),
        key_id=None if own_id is None else own_id.digest,
        issuer_key_id=issuer_key_id(extensions),
        is_authority=is_ca and usage is not None and usage.key_cert_sign,
        may_sign_lists=usage is not None and usage.crl_sign,
        may_sign=usage is not None and usage.digital_signature,
        sealed=sealed,
    )
