"""How a signature was made, as certificates and CMS say it, and whether it holds.

Sources: ICAO Doc 9303-12, 4.4 (the algorithms); RFC 5758 (ECDSA), RFC 8017, A.2 (RSA), RFC 4055, 3.1 (PSS), RFC 5754 (CMS). SHA-1 and
older are refused: whoever can make two files of one hash can have one signed and show the other.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from edge.idcard import der
from edge.idcard.errors import UnreadableError
from edge.idcard.public_keys import PublicKey

MAX_SIGNATURE_BYTES: Final = 1024
"""RSA of 8,192 bits."""

_Function = Callable[[], hashes.HashAlgorithm]

_HASHES: Final[Mapping[str, _Function]] = MappingProxyType(
    {
        "2.16.840.1.101.3.4.2.4": hashes.SHA224,
        "2.16.840.1.101.3.4.2.1": hashes.SHA256,
        "2.16.840.1.101.3.4.2.2": hashes.SHA384,
        "2.16.840.1.101.3.4.2.3": hashes.SHA512,
    }
)
_ECDSA: Final[Mapping[str, _Function]] = MappingProxyType(
    {
        "1.2.840.10045.4.3.1": hashes.SHA224,
        "1.2.840.10045.4.3.2": hashes.SHA256,
        "1.2.840.10045.4.3.3": hashes.SHA384,
        "1.2.840.10045.4.3.4": hashes.SHA512,
    }
)
_RSA: Final[Mapping[str, _Function]] = MappingProxyType(
    {
        "1.2.840.113549.1.1.14": hashes.SHA224,
        "1.2.840.113549.1.1.11": hashes.SHA256,
        "1.2.840.113549.1.1.12": hashes.SHA384,
        "1.2.840.113549.1.1.13": hashes.SHA512,
    }
)
_RSA_BARE: Final = "1.2.840.113549.1.1.1"
_PSS: Final = "1.2.840.113549.1.1.10"
_MGF1: Final = "1.2.840.113549.1.1.8"
_MAX_SALT_BYTES: Final = 64


class _Kind(Enum):
    ECDSA = "ECDSA"
    PKCS1 = "RSASSA-PKCS1-v1_5"
    PSS = "RSASSA-PSS"


@dataclass(frozen=True, slots=True)
class Scheme:
    """A signature algorithm with its hash function; `salt_bytes` matters to PSS only."""

    kind: _Kind
    hash: hashes.HashAlgorithm
    salt_bytes: int = 0

    def holds(self, key: PublicKey, signature: bytes, data: bytes) -> bool:
        """Tell whether `signature` is the one of `key` over `data`."""
        if len(signature) > MAX_SIGNATURE_BYTES:
            return False
        try:
            if isinstance(key, EllipticCurvePublicKey):
                return self.kind is _Kind.ECDSA and _ecdsa(key, self.hash, signature, data)
            return self.kind is not _Kind.ECDSA and self._rsa(key, signature, data)
        except InvalidSignature:
            return False

    def _rsa(self, key: RSAPublicKey, signature: bytes, data: bytes) -> bool:
        filling: padding.AsymmetricPadding = padding.PKCS1v15()
        if self.kind is _Kind.PSS:
            filling = padding.PSS(padding.MGF1(self.hash), self.salt_bytes)
        key.verify(signature, data, filling, self.hash)
        return True


def _ecdsa(
    key: EllipticCurvePublicKey, function: hashes.HashAlgorithm, signature: bytes, data: bytes
) -> bool:
    key.verify(signature, data, ec.ECDSA(function))
    return True


def read_hash(algorithm: der.Element) -> hashes.HashAlgorithm:
    """Read the AlgorithmIdentifier of a hash function: SHA-224 to SHA-512. UnreadableError for any other."""
    function = _HASHES.get(algorithm.sequence().take().oid())
    if function is None:
        raise UnreadableError(f"{algorithm.file}: a hash function that is not accepted")
    return function()


def read_scheme(algorithm: der.Element, digest: hashes.HashAlgorithm | None = None) -> Scheme:
    """Read the AlgorithmIdentifier of a signature; `digest` is the hash function that stands beside it in CMS.

    UnreadableError for algorithms that are not accepted, and when the two hash functions are not one.
    """
    parts = algorithm.sequence()
    oid = parts.take().oid()
    scheme = _read_pss(parts.take().sequence()) if oid == _PSS else _plain(oid, digest)
    if scheme is None:
        raise UnreadableError(f"{algorithm.file}: a signature algorithm that is not accepted")
    if digest is not None and digest.name != scheme.hash.name:
        raise UnreadableError(f"{algorithm.file}: two hash functions for one signature")
    return scheme


def _plain(oid: str, digest: hashes.HashAlgorithm | None) -> Scheme | None:
    if oid in _ECDSA:
        return Scheme(_Kind.ECDSA, _ECDSA[oid]())
    if oid in _RSA:
        return Scheme(_Kind.PKCS1, _RSA[oid]())
    if oid == _RSA_BARE and digest is not None:
        return Scheme(_Kind.PKCS1, digest)
    return None


def _read_pss(parameters: der.Children) -> Scheme | None:
    """Read RSASSA-PSS-params (RFC 4055, 3.1). What is left out means SHA-1, and is not accepted."""
    tagged = (parameters.maybe(tag) for tag in (0xA0, 0xA1, 0xA2))
    function, mask, salt = tagged
    if function is None or mask is None or salt is None:
        return None
    used = read_hash(function.children().take())
    masking = mask.children().take().sequence()
    salt_bytes = salt.children().take().integer()
    if masking.take().oid() != _MGF1 or read_hash(masking.take()).name != used.name:
        return None
    return Scheme(_Kind.PSS, used, salt_bytes) if 0 <= salt_bytes <= _MAX_SALT_BYTES else None
