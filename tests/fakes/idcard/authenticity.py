"""How the chip shows that it is the one that was signed (ICAO Doc 9303-11, 6.1 and 6.2), and what the issuer writes of it."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature

from tests.fakes.idcard import ber
from tests.fakes.idcard.apdus import RefusedError
from tests.fakes.idcard.channel import Channel
from tests.fakes.idcard.curves import curve_named
from tests.fakes.idcard.keys import Suite

ID_CA_ECDH: Final = "0.4.0.127.0.7.2.2.3.2"
ID_PK_ECDH: Final = "0.4.0.127.0.7.2.2.1.2"
ID_AA: Final = "2.23.136.1.1.5"
ECDSA_PLAIN_SHA256: Final = "0.4.0.127.0.7.1.1.4.1.3"
WRONG_DATA: Final = 0x6A80
NOT_FOUND: Final = 0x6A88
NOT_ALLOWED: Final = 0x6985
TRAILERS: Final = {
    "sha1": b"\xbc",
    "sha224": b"\x38\xcc",
    "sha256": b"\x34\xcc",
    "sha384": b"\x36\xcc",
    "sha512": b"\x35\xcc",
}
"""ISO/IEC 9796-2: BC is SHA-1 by agreement; else the hash's number of ISO/IEC 10118, then CC."""


@dataclass(frozen=True, slots=True)
class AgreementKey:
    """The chip's key of Chip Authentication."""

    private: ec.EllipticCurvePrivateKey = field(repr=False)
    suite: Suite = Suite.AES_128
    key_id: int | None = None

    @property
    def oid(self) -> str:
        return f"{ID_CA_ECDH}.{self.suite.arc}"

    @property
    def info(self) -> bytes:
        """ChipAuthenticationInfo (9.2.5), version 1."""
        return ber.sequence(ber.oid(self.oid), ber.integer(1), self._key_id())

    def public_key_info(self, spki: bytes) -> bytes:
        """ChipAuthenticationPublicKeyInfo (9.2.6)."""
        return ber.sequence(ber.oid(ID_PK_ECDH), spki, self._key_id())

    def _key_id(self) -> bytes:
        return b"" if self.key_id is None else ber.integer(self.key_id)

    def session(self, encoded: bytes) -> Channel:
        """The new session with the terminal's public key; ValueError when that is no point of the curve."""
        public = ec.EllipticCurvePublicKey.from_encoded_point(self.private.curve, encoded)
        return Channel(self.suite, self.private.exchange(ec.ECDH(), public))


class ChipAuthentication:
    """MSE:Set AT and GENERAL AUTHENTICATE with AES, MSE:Set KAT with 3DES."""

    def __init__(self, key: AgreementKey) -> None:
        self._key = key
        self._chosen = False

    def forget(self) -> None:
        self._chosen = False

    def choose(self, data: bytes) -> None:
        """MSE:Set AT: 80 protocol, 84 key."""
        wanted = dict(ber.items(data))
        if ber.tlv(0x06, wanted.get(0x80, b"")) != ber.oid(self._key.oid) or self._is_triple_des:
            raise RefusedError(WRONG_DATA)
        self._check_key_id(wanted.get(0x84))
        self._chosen = True

    def agree(self, data: bytes) -> tuple[bytes, Channel]:
        """GENERAL AUTHENTICATE: 7C { 80 public key }; the answer's 7C is empty."""
        if not self._chosen:
            raise RefusedError(NOT_ALLOWED)
        self._chosen = False
        return ber.tlv(0x7C), self._key.session(ber.value_of(0x80, ber.value_of(0x7C, data)))

    def choose_and_agree(self, data: bytes) -> Channel:
        """MSE:Set KAT: 91 public key, 84 key."""
        if not self._is_triple_des:
            raise RefusedError(WRONG_DATA)
        given = dict(ber.items(data))
        self._check_key_id(given.get(0x84))
        return self._key.session(given.get(0x91, b""))

    @property
    def _is_triple_des(self) -> bool:
        return self._key.suite is Suite.TRIPLE_DES

    def _check_key_id(self, given: bytes | None) -> None:
        if (None if given is None else int.from_bytes(given)) != self._key.key_id:
            raise RefusedError(NOT_FOUND)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The chip's key of Active Authentication; `digest` is RSA's, ECDSA's is SHA-256."""

    private: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey = field(repr=False)
    digest: str = "sha256"

    @property
    def info(self) -> bytes:
        """ActiveAuthenticationInfo (9.2.7), which only ECDSA needs."""
        if isinstance(self.private, rsa.RSAPrivateKey):
            return b""
        return ber.sequence(ber.oid(ID_AA), ber.integer(1), ber.oid(ECDSA_PLAIN_SHA256))

    def sign(self, challenge: bytes, rand: Callable[[int], bytes]) -> bytes:
        """INTERNAL AUTHENTICATE."""
        if isinstance(self.private, rsa.RSAPrivateKey):
            return self._recoverable(self.private, challenge, rand)
        return self._plain(self.private, challenge)

    def _recoverable(
        self, private: rsa.RSAPrivateKey, challenge: bytes, rand: Callable[[int], bytes]
    ) -> bytes:
        """ISO/IEC 9796-2, scheme 1: 6A, the chip's own random M1, the hash over M1 and the challenge, the trailer."""
        numbers = private.private_numbers()
        octets = private.key_size // 8
        trailer = TRAILERS[self.digest]
        own = rand(octets - 1 - hashlib.new(self.digest).digest_size - len(trailer))
        message = b"\x6a" + own + hashlib.new(self.digest, own + challenge).digest() + trailer
        signature = pow(int.from_bytes(message), numbers.d, numbers.public_numbers.n)
        return signature.to_bytes(octets)

    def _plain(self, private: ec.EllipticCurvePrivateKey, challenge: bytes) -> bytes:
        """r and s, each as long as the curve's order (BSI TR-03111, 5.2.1)."""
        digest = hashlib.sha256(challenge).digest()
        pair = decode_dss_signature(private.sign(digest, ec.ECDSA(Prehashed(hashes.SHA256()))))
        return b"".join(part.to_bytes(curve_named(private.curve.name).octets) for part in pair)
