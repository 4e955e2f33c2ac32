"""PACE with ECDH and generic mapping: a channel from a short number, such that nobody who listens can guess the number.

Source: ICAO Doc 9303-11, 4.4 and 9.4; BSI TR-03110-3, A.3 and B.1. OpenSSL does the secret multiplications (`curves`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.constant_time import bytes_eq

from edge.idcard import curves
from edge.idcard.apdu import MAX_SHORT_LE, OK, Command, Response
from edge.idcard.card import AccessKey
from edge.idcard.ciphers import SessionKeys, Suite, decrypt, mac
from edge.idcard.curves import PACE_CURVES, Curve, Point
from edge.idcard.errors import GarbledError, WrongKeyError
from edge.idcard.exchange import Exchange
from edge.idcard.keys import password_key, password_reference
from edge.idcard.refusals import NO_TRIES_LEFT, raise_for_blocked, raise_for_key
from edge.idcard.secure_messaging import SecureMessaging
from edge.idcard.security_infos import PaceInfo
from edge.idcard.tlv import encode_object, read_value

OID_PREFIX: Final = bytes.fromhex("04007F000702020402")
"""id-PACE-ECDH-GM; the suite's number follows."""
MAX_NONCE_BYTES: Final = 32

_DYNAMIC: Final = 0x7C
_PUBLIC_KEY: Final = 0x7F49
_LAST: Final = 0x00
_CHAINED: Final = 0x10
_TRIES: Final = 0x63C0


@dataclass(frozen=True, slots=True)
class Profile:
    """What is proposed to the chip. `names_curve`: it is told which curve, as it must be where it knows several."""

    info: PaceInfo
    names_curve: bool = False

    @property
    def oid(self) -> bytes:
        """The protocol's object identifier, without its tag."""
        return OID_PREFIX + bytes([self.info.suite.number])

    @property
    def curve(self) -> Curve:
        """The curve; KeyError for one that is not in `PACE_CURVES`."""
        return PACE_CURVES[self.info.parameter_id]


VIETNAM: Final = Profile(PaceInfo(Suite.AES_128, 13))
"""What every public reader of these cards found: AES-128 over brainpoolP256r1."""


def propose(exchange: Exchange, profile: Profile, key: AccessKey) -> bytes:
    """Choose profile and password, and return the encrypted nonce, in two round trips.

    RefusedError when the chip does not speak this profile, BlockedError when it takes no password of this kind any more. Neither
    costs a try.
    """
    data = encode_object(0x80, profile.oid) + encode_object(0x83, bytes([password_reference(key)]))
    if profile.names_curve:
        data += encode_object(0x84, bytes([profile.info.parameter_id]))
    response = exchange.send(Command(0x00, 0x22, 0xC1, 0xA4, data))
    if response.sw != OK and (response.sw == NO_TRIES_LEFT or response.sw & 0xFFF0 != _TRIES):
        raise_for_blocked(response.sw, "PACE: MSE:Set AT")
    nonce = _step(exchange, b"", 0x80)
    if not 0 < len(nonce) <= MAX_NONCE_BYTES:
        raise GarbledError("PACE: the nonce is too long, or empty")
    return nonce


def establish(
    exchange: Exchange, profile: Profile, key: AccessKey, nonce: bytes, rand: Callable[[int], bytes]
) -> None:
    """Agree upon a channel and open it on the exchange, in three round trips; `nonce` as `propose` returned it.

    WrongKeyError when the password is not the chip's: it costs a try.
    """
    suite, curve = profile.info.suite, profile.curve
    zero = bytes(suite.block_bytes)
    secret = int.from_bytes(decrypt(suite, password_key(suite, key), zero, nonce)) % curve.n
    if secret == 0:
        raise GarbledError("PACE: the nonce is zero")
    generator = _map(exchange, curve, secret, rand)
    scalar = curves.private_scalar(curve, rand(curve.size + curves.EXTRA_BYTES))
    own = curves.multiply(curve, scalar, generator)
    other = _swap(exchange, curve, own, 0x83)
    agreed = curves.agree(curve, scalar, other).to_bytes(curve.size)
    keys = SessionKeys.derive(suite, agreed)
    _confirm(exchange, _token(keys, profile, other), _token(keys, profile, own))
    exchange.channel = SecureMessaging(keys)


def _map(exchange: Exchange, curve: Curve, secret: int, rand: Callable[[int], bytes]) -> Point:
    """Agree upon another generator: secret * G + H, H from a first agreement (ICAO Doc 9303-11, 4.4.3.3.1)."""
    scalar = curves.private_scalar(curve, rand(curve.size + curves.EXTRA_BYTES))
    other = _swap(exchange, curve, curves.multiply_generator(curve, scalar), 0x81)
    shared = curves.multiply(curve, scalar, other)
    return curves.add(curve, curves.multiply_generator(curve, secret), shared)


def _swap(exchange: Exchange, curve: Curve, own: Point, tag: int) -> Point:
    """Send our public point and return the chip's, which must not be ours sent back (ICAO Doc 9303-11, 4.4.4)."""
    answer = _step(exchange, encode_object(tag, curves.encode_point(curve, own)), tag + 1)
    other = curves.decode_point(curve, answer)
    if other.x == own.x:
        raise GarbledError("PACE: the chip sends our own point back")
    return other


def _confirm(exchange: Exchange, token: bytes, expected: bytes) -> None:
    """Show that we have the same keys, and see that the chip has."""
    response = _authenticate(exchange, encode_object(0x85, token), _LAST)
    if response.sw != OK:
        raise_for_key(response.sw, "PACE: the token")
    if not bytes_eq(_answer(response.data, 0x86), expected):
        raise WrongKeyError


def _token(keys: SessionKeys, profile: Profile, point: Point) -> bytes:
    public = encode_object(0x06, profile.oid) + encode_object(0x86, curves.encode_point(profile.curve, point))
    return mac(keys.suite, keys.mac, encode_object(_PUBLIC_KEY, public))


def _step(exchange: Exchange, data: bytes, answer_tag: int) -> bytes:
    response = _authenticate(exchange, data, _CHAINED)
    if response.sw != OK:
        raise_for_blocked(response.sw, "PACE: GENERAL AUTHENTICATE")
    return _answer(response.data, answer_tag)


def _authenticate(exchange: Exchange, data: bytes, cla: int) -> Response:
    return exchange.send(Command(cla, 0x86, 0x00, 0x00, encode_object(_DYNAMIC, data), MAX_SHORT_LE))


def _answer(data: bytes, tag: int) -> bytes:
    of = "PACE: an answer"
    return read_value(read_value(data, _DYNAMIC, of), tag, of)
