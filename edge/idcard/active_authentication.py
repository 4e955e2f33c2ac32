"""Active Authentication: the chip signs a challenge with the key whose other half was signed with the card.

Source: ICAO Doc 9303-11, 6.1; ISO/IEC 9796-2:2010, signature scheme 1 (RSA); BSI TR-03111, 5.2.1 (ECDSA, plain signatures).
"""

from collections.abc import Callable
from hashlib import new as new_hash
from types import MappingProxyType
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.constant_time import bytes_eq

from edge.idcard import der
from edge.idcard.apdu import MAX_LE, MAX_SHORT_LE, Command
from edge.idcard.errors import ClonedError
from edge.idcard.exchange import Exchange
from edge.idcard.public_keys import load_public_key

CHALLENGE_BYTES: Final = 8

_DG15: Final = 0x6F
_HEADER: Final = 0x6A
"""Part of the message is recovered from the signature, and no padding precedes it."""
_TRAILER: Final = 0xBC
_TRAILER_WITH_HASH: Final = 0xCC
_RSA_HASHES: Final = MappingProxyType(
    {0x33: "sha1", 0x34: "sha256", 0x35: "sha512", 0x36: "sha384", 0x38: "sha224"}
)
"""ISO/IEC 10118-3's numbers for them."""
_ECDSA_HASHES: Final = MappingProxyType(
    {
        "sha256": hashes.SHA256(),
        "sha224": hashes.SHA224(),
        "sha384": hashes.SHA384(),
        "sha512": hashes.SHA512(),
        "sha1": hashes.SHA1(),  # noqa: S303
    }
)


def authenticate(
    exchange: Exchange, dg15: bytes, active_hash: str | None, rand: Callable[[int], bytes], *, extended: bool
) -> None:
    """Have a fresh challenge signed, in one round trip, by the key that DG15, already verified, holds.

    `active_hash` is what DG14 says (`SecurityInfos`); `extended`: the answer may be longer than 256 bytes. ClonedError when the
    signature is not the key's, RefusedError when the chip does not sign, UnreadableError when there is no key in the file.
    """
    key = load_public_key(der.parse(dg15, "DG15").expect(_DG15).content)
    challenge = rand(CHALLENGE_BYTES)
    command = Command(0x00, 0x88, 0x00, 0x00, challenge, MAX_LE if extended else MAX_SHORT_LE)
    signature = exchange.ask(command, "Active Authentication: INTERNAL AUTHENTICATE")
    if isinstance(key, RSAPublicKey):
        is_genuine = verify_rsa(key, signature, challenge)
    else:
        is_genuine = verify_ecdsa(key, signature, challenge, active_hash)
    if not is_genuine:
        raise ClonedError("Active Authentication: the signature is not the signed key's")


def verify_rsa(key: RSAPublicKey, signature: bytes, challenge: bytes) -> bool:
    """Tell whether a signature by scheme 1 of ISO/IEC 9796-2 is the key's, over what it recovers and the challenge."""
    numbers = key.public_numbers()
    size = (numbers.n.bit_length() + 7) // 8
    if len(signature) != size or int.from_bytes(signature) >= numbers.n:
        return False
    block = pow(int.from_bytes(signature), numbers.e, numbers.n).to_bytes(size)
    found = _trailer(block)
    if found is None or block[0] != _HEADER:
        return False
    name, trailer_size = found
    digest = new_hash(name, usedforsecurity=False)
    end = size - trailer_size - digest.digest_size
    digest.update(block[1:end] + challenge)
    return end > 0 and bytes_eq(block[end : size - trailer_size], digest.digest())


def verify_ecdsa(key: EllipticCurvePublicKey, signature: bytes, challenge: bytes, told: str | None) -> bool:
    """Tell whether r and s, one after the other and as long, sign the challenge; by any known hash when none is told.

    We chose what is signed, so that a weak hash helps nobody.
    """
    size = (key.curve.key_size + 7) // 8
    if len(signature) != 2 * size:
        return False
    encoded = encode_dss_signature(int.from_bytes(signature[:size]), int.from_bytes(signature[size:]))
    names = _ECDSA_HASHES if told is None else (told,)
    return any(_is_signed(key, encoded, challenge, _ECDSA_HASHES[name]) for name in names)


def _is_signed(
    key: EllipticCurvePublicKey, signature: bytes, message: bytes, digest: hashes.HashAlgorithm
) -> bool:
    try:
        key.verify(signature, message, ECDSA(digest))
    except InvalidSignature:
        return False
    return True


def _trailer(block: bytes) -> tuple[str, int] | None:
    """Return the hash that a recovered block names, and the bytes it is named in."""
    if block[-1] == _TRAILER:
        return "sha1", 1
    name = _RSA_HASHES.get(block[-2]) if block[-1] == _TRAILER_WITH_HASH else None
    return None if name is None else (name, 2)
