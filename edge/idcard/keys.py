"""The keys that what is printed on a card gives.

Source: ICAO Doc 9303-11, 9.7.2 and 9.7.3 (Document Basic Access Keys, and those of PACE), 4.4.4.1 (the password's references);
Doc 9303-3, 4.9 (check digits).
"""

from hashlib import sha1
from typing import Final

from edge.idcard.card import AccessKey, Can, MrzKey
from edge.idcard.ciphers import SessionKeys, Suite, derive_key
from edge.idcard.mrz import check_digit

CAN_REFERENCE: Final = 2
MRZ_REFERENCE: Final = 1

_PASSWORD_COUNTER: Final = 3
_SEED_BYTES: Final = 16
_DOCUMENT_NUMBER: Final = 9
_FILLER: Final = "<"


def password_reference(key: AccessKey) -> int:
    """Return how PACE calls the kind of password."""
    return CAN_REFERENCE if isinstance(key, Can) else MRZ_REFERENCE


def password_key(suite: Suite, key: AccessKey) -> bytes:
    """Return K-pi, which the nonce of PACE is encrypted with."""
    secret = key.digits.encode() if isinstance(key, Can) else _mrz_hash(key)
    return derive_key(suite, secret, _PASSWORD_COUNTER)


def basic_access_keys(key: MrzKey) -> SessionKeys:
    """Return the keys that Basic Access Control begins with."""
    return SessionKeys.derive(Suite.TDES, _mrz_hash(key)[:_SEED_BYTES])


def mrz_information(key: MrzKey) -> str:
    """Return document number, birth and expiry, each followed by its check digit."""
    parts = (
        key.document_number.ljust(_DOCUMENT_NUMBER, _FILLER),
        key.birth.strftime("%y%m%d"),
        key.expiry.strftime("%y%m%d"),
    )
    return "".join(part + check_digit(part) for part in parts)


def _mrz_hash(key: MrzKey) -> bytes:
    return sha1(mrz_information(key).encode(), usedforsecurity=False).digest()
