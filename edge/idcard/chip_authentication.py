"""Chip Authentication, version 1, with ECDH: new keys that only a chip with the signed key's other half can have.

Source: ICAO Doc 9303-11, 6.2 and 9.2.6. The first answer under the new keys is the proof: `agree` alone proves nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from edge.idcard import curves
from edge.idcard.apdu import MAX_SHORT_LE, Command
from edge.idcard.ciphers import SessionKeys, Suite
from edge.idcard.curves import CURVES, Curve, Point
from edge.idcard.errors import UnreadableError
from edge.idcard.exchange import Exchange
from edge.idcard.public_keys import load_public_key
from edge.idcard.secure_messaging import SecureMessaging
from edge.idcard.security_infos import ChipAuthenticationInfo, ChipAuthenticationKey, SecurityInfos
from edge.idcard.tlv import encode_object

OID_PREFIX: Final = bytes.fromhex("04007F000702020302")
"""id-CA-ECDH; the suite's number follows."""

_DYNAMIC: Final = 0x7C


@dataclass(frozen=True, slots=True)
class ChipKey:
    """One way of Chip Authentication; `key_id` None: the chip has one key."""

    suite: Suite
    key_id: int | None
    curve: Curve
    point: Point


def usable_key(infos: SecurityInfos) -> ChipKey | None:
    """Return the chip's first way that this terminal goes too, or None; the strongest suite where a key has several."""
    ways = sorted(infos.chip_authentications, key=lambda info: info.suite.number, reverse=True)
    for key in infos.chip_keys:
        point = _load(key)
        if point is None:
            continue
        if not ways:
            # A key with nothing said of it is for 3DES, as in the first of these chips (BSI TR-03110-3, A.1.1.1).
            return ChipKey(Suite.TDES, key.key_id, *point)
        for way in ways:
            if _belong(way, key, infos):
                return ChipKey(way.suite, way.key_id, *point)
    return None


def agree(exchange: Exchange, key: ChipKey, rand: Callable[[int], bytes]) -> None:
    """Put a new channel on the exchange, in one round trip (3DES) or two (AES); RefusedError when the chip does not obey."""
    scalar = curves.private_scalar(key.curve, rand(key.curve.size + curves.EXTRA_BYTES))
    own = curves.encode_point(key.curve, curves.multiply_generator(key.curve, scalar))
    secret = curves.agree(key.curve, scalar, key.point).to_bytes(key.curve.size)
    if key.suite is Suite.TDES:
        data = encode_object(0x91, own) + _reference(key)
        exchange.ask(Command(0x00, 0x22, 0x41, 0xA6, data), "Chip Authentication: MSE:Set KAT")
    else:
        data = encode_object(0x80, OID_PREFIX + bytes([key.suite.number])) + _reference(key)
        exchange.ask(Command(0x00, 0x22, 0x41, 0xA4, data), "Chip Authentication: MSE:Set AT")
        data = encode_object(_DYNAMIC, encode_object(0x80, own))
        command = Command(0x00, 0x86, 0x00, 0x00, data, MAX_SHORT_LE)
        exchange.ask(command, "Chip Authentication: GENERAL AUTHENTICATE")
    exchange.channel = SecureMessaging(SessionKeys.derive(key.suite, secret))


def _belong(way: ChipAuthenticationInfo, key: ChipAuthenticationKey, infos: SecurityInfos) -> bool:
    """Tell whether a way is for this key; with one key, the number may be missing on either side."""
    return way.key_id == key.key_id or (None in {way.key_id, key.key_id} and len(infos.chip_keys) == 1)


def _load(key: ChipAuthenticationKey) -> tuple[Curve, Point] | None:
    try:
        public = load_public_key(key.spki)
    except UnreadableError:
        return None
    curve = CURVES.get(public.curve.name) if isinstance(public, EllipticCurvePublicKey) else None
    if curve is None or not isinstance(public, EllipticCurvePublicKey):
        return None
    numbers = public.public_numbers()
    return curve, Point(numbers.x, numbers.y)


def _reference(key: ChipKey) -> bytes:
    if key.key_id is None:
        return b""
    size = max(1, (key.key_id.bit_length() + 7) // 8)
    return encode_object(0x84, key.key_id.to_bytes(size))
