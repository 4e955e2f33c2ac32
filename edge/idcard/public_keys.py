"""Public keys as cards and certificates carry them (SubjectPublicKeyInfo), also where `cryptography` declines them.

Many issuers, Vietnam's among them, write out the parameters of their curve instead of naming it (ICAO Doc 9303-12, 4.1.6.3
demands it). Such a key is taken only when every parameter is that of one known curve, the generator and the
cofactor too: whoever may choose the generator knows a private key to any public one (CVE-2020-0601).
Sources: RFC 5480, 2.1; SEC 1, C.2 (ECParameters); RFC 8017, A.1 (RSA); RFC 4055, 1.2 (RSASSA-PSS keys).
"""

from types import MappingProxyType
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from edge.idcard import der
from edge.idcard.curves import CURVES, Curve
from edge.idcard.errors import UnreadableError

PublicKey = EllipticCurvePublicKey | RSAPublicKey

MIN_RSA_BITS: Final = 2048
MAX_RSA_BITS: Final = 8192
_MAX_EXPONENT_BITS: Final = 64
"""A longer one only makes the check slow; OpenSSL draws the same line."""
MAX_SPKI_BYTES: Final = 4096

_EC: Final = "1.2.840.10045.2.1"
_PRIME_FIELD: Final = "1.2.840.10045.1.1"
_RSA: Final = frozenset({"1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10"})
"""rsaEncryption and id-RSASSA-PSS; what a PSS key allows is compared by nobody, the signature says what it is."""
_FILE: Final = "public key"
_EVEN: Final = 0x02
_ODD: Final = 0x03
_UNCOMPRESSED: Final = 0x04
_EXPLICIT_BASE: Final = 0x80
_VERSION_CONTEXT: Final = 0xA0

_LIBRARY: Final = MappingProxyType(
    {
        oid.dotted_string: kind
        for oid, kind in (
            (ec.EllipticCurveOID.SECP224R1, ec.SECP224R1),
            (ec.EllipticCurveOID.SECP256R1, ec.SECP256R1),
            (ec.EllipticCurveOID.SECP384R1, ec.SECP384R1),
            (ec.EllipticCurveOID.SECP521R1, ec.SECP521R1),
            (ec.EllipticCurveOID.BRAINPOOLP256R1, ec.BrainpoolP256R1),
            (ec.EllipticCurveOID.BRAINPOOLP384R1, ec.BrainpoolP384R1),
            (ec.EllipticCurveOID.BRAINPOOLP512R1, ec.BrainpoolP512R1),
        )
    }
)
"""Curve classes by the object identifier of the curve."""


def load_public_key(spki_der: bytes) -> PublicKey:
    """Load a SubjectPublicKeyInfo: EC on a curve of `CURVES`, or RSA of 2,048 to 8,192 bits.

    UnreadableError when it is anything else, damaged, or a point that is not on its curve.
    """
    if len(spki_der) > MAX_SPKI_BYTES:
        raise UnreadableError(f"{_FILE}: longer than {MAX_SPKI_BYTES} bytes")
    spki = der.parse(spki_der, _FILE).sequence()
    algorithm = spki.take().sequence()
    key = spki.take().bits()
    spki.end()
    kind = algorithm.take().oid()
    if kind in _RSA:
        return _rsa(key)
    if kind != _EC:
        raise UnreadableError(f"{_FILE}: neither RSA nor EC")
    curve = _curve(algorithm.take())
    algorithm.end()
    return _on_curve(curve, key)


def load_certificate_key(cert: x509.Certificate) -> PublicKey:
    """Load the key of a certificate, also where `cert.public_key()` declines it; UnreadableError as above."""
    fields = der.parse(cert.tbs_certificate_bytes, "certificate").sequence()
    fields.maybe(_VERSION_CONTEXT)
    fields.take(der.INTEGER)
    for _algorithm_issuer_validity_subject in range(4):
        fields.take(der.SEQUENCE)
    return load_public_key(fields.take().whole)


def _curve(parameters: der.Element) -> ec.EllipticCurve:
    if parameters.tag == der.OID:
        named = _LIBRARY.get(parameters.oid())
        if named is None:
            raise UnreadableError(f"{_FILE}: a curve that is not in use on cards")
        return named()
    known = _explicit(parameters.sequence())
    return next(kind() for kind in _LIBRARY.values() if kind.name == known.name)


def _explicit(parameters: der.Children) -> Curve:
    """Return the known curve that all explicit parameters are those of (SEC 1, C.2)."""
    if parameters.take().integer() not in {1, 2, 3}:
        raise UnreadableError(f"{_FILE}: curve parameters of an unknown version")
    field_id = parameters.take().sequence()
    if field_id.take().oid() != _PRIME_FIELD:
        raise UnreadableError(f"{_FILE}: a curve over no prime field")
    p = field_id.take().integer()
    coefficients = parameters.take().sequence()
    a, b = (int.from_bytes(coefficients.take(der.OCTET_STRING).content) for _ in "ab")
    generator = parameters.take(der.OCTET_STRING).content
    n = parameters.take().integer()
    cofactor = parameters.maybe(der.INTEGER)
    given = (p, a, b, n)
    for curve in CURVES.values():
        if given == (curve.p, curve.a, curve.b, curve.n):
            if generator not in _encodings_of_generator(curve):
                break
            if cofactor is not None and cofactor.integer() != curve.h:
                break
            return curve
    raise UnreadableError(f"{_FILE}: curve parameters that are not those of a known curve")


def _encodings_of_generator(curve: Curve) -> frozenset[bytes]:
    size = (curve.p.bit_length() + 7) // 8
    x, y = curve.gx.to_bytes(size), curve.gy.to_bytes(size)
    return frozenset({bytes([_UNCOMPRESSED]) + x + y, bytes([_ODD if curve.gy & 1 else _EVEN]) + x})


def _on_curve(curve: ec.EllipticCurve, point: bytes) -> EllipticCurvePublicKey:
    try:
        return EllipticCurvePublicKey.from_encoded_point(curve, point)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UnreadableError(f"{_FILE}: a point that is not on its curve") from error


def _rsa(key: bytes) -> RSAPublicKey:
    numbers = der.parse(key, _FILE).sequence()
    n, e = numbers.take().integer(), numbers.take().integer()
    numbers.end()
    if n < 0 or not MIN_RSA_BITS <= n.bit_length() <= MAX_RSA_BITS:
        raise UnreadableError(f"{_FILE}: RSA of other than {MIN_RSA_BITS} to {MAX_RSA_BITS} bits")
    if e < 0 or e.bit_length() > _MAX_EXPONENT_BITS:
        raise UnreadableError(f"{_FILE}: an RSA exponent below 0 or of more than {_MAX_EXPONENT_BITS} bits")
    try:
        return rsa.RSAPublicNumbers(e, n).public_key()
    except ValueError as error:
        raise UnreadableError(f"{_FILE}: no RSA key") from error
