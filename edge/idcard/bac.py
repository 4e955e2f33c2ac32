"""Basic Access Control: chip and terminal show each other that they know what is printed (ICAO Doc 9303-11, 4.3; always 3DES)."""

from collections.abc import Callable
from typing import Final

from cryptography.hazmat.primitives.constant_time import bytes_eq

from edge.idcard.apdu import OK, Command
from edge.idcard.card import MrzKey
from edge.idcard.ciphers import MAC_BYTES, SessionKeys, Suite, decrypt, encrypt, mac, pad
from edge.idcard.errors import GarbledError
from edge.idcard.exchange import Exchange
from edge.idcard.keys import basic_access_keys
from edge.idcard.refusals import raise_for_blocked, raise_for_key
from edge.idcard.secure_messaging import SecureMessaging

_RANDOM_BYTES: Final = 8
_SECRET_BYTES: Final = 16
_CRYPTOGRAM_BYTES: Final = 32
_ZERO: Final = bytes(8)


def establish(exchange: Exchange, key: MrzKey, rand: Callable[[int], bytes]) -> None:
    """Open a channel on the exchange, on which the application was just selected, in two round trips.

    WrongKeyError, BlockedError, RefusedError; GarbledError when the chip does not prove that it knows the key.
    """
    keys = basic_access_keys(key)
    challenge = _challenge(exchange)
    own = rand(_RANDOM_BYTES)
    secret = rand(_SECRET_BYTES)
    cryptogram = encrypt(Suite.TDES, keys.enc, _ZERO, own + challenge + secret)
    signed = cryptogram + _mac(keys, cryptogram)
    response = exchange.send(Command(0x00, 0x82, 0x00, 0x00, signed, le=len(signed)))
    if response.sw != OK:
        raise_for_key(response.sw, "BAC: EXTERNAL AUTHENTICATE")
    others_secret = _open(keys, response.data, challenge + own)
    seed = bytes(one ^ other for one, other in zip(secret, others_secret, strict=True))
    ssc = int.from_bytes(challenge[_RANDOM_BYTES // 2 :] + own[_RANDOM_BYTES // 2 :])
    exchange.channel = SecureMessaging(SessionKeys.derive(Suite.TDES, seed), ssc=ssc)


def _challenge(exchange: Exchange) -> bytes:
    response = exchange.send(Command(0x00, 0x84, 0x00, 0x00, le=_RANDOM_BYTES))
    if response.sw != OK:
        raise_for_blocked(response.sw, "BAC: GET CHALLENGE")
    if len(response.data) != _RANDOM_BYTES:
        raise GarbledError("BAC: a challenge is not 8 bytes long")
    return response.data


def _open(keys: SessionKeys, answer: bytes, randoms: bytes) -> bytes:
    """Return the chip's part of the secret, once its answer repeats both random numbers under the right MAC."""
    cryptogram, code = answer[:_CRYPTOGRAM_BYTES], answer[_CRYPTOGRAM_BYTES:]
    if len(answer) != _CRYPTOGRAM_BYTES + MAC_BYTES or not bytes_eq(code, _mac(keys, cryptogram)):
        raise GarbledError("BAC: the chip's answer has a wrong length or MAC")
    plain = decrypt(Suite.TDES, keys.enc, _ZERO, cryptogram)
    if not bytes_eq(plain[: len(randoms)], randoms):
        raise GarbledError("BAC: the chip's answer is to another challenge")
    return plain[len(randoms) :]


def _mac(keys: SessionKeys, cryptogram: bytes) -> bytes:
    return mac(Suite.TDES, keys.mac, pad(Suite.TDES, cryptogram))
