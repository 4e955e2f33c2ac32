"""Keys shared with a provider, comparing what it signed in constant time, and reading its JSON within bounds."""

import hmac
from dataclasses import dataclass, field
from typing import Final

import msgspec

from cloud.payments.errors import NoticeError, SignatureError

MAX_SIGNATURE_LENGTH: Final = 256
MAX_BODY_BYTES: Final = 16 * 1024
MAX_FIELDS: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class VnpayKeys:
    """Our terminal code at VNPAY and the secret of it."""

    tmn_code: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MomoKeys:
    """Our partner code at MoMo, the access key that goes into what is signed, and the secret."""

    partner_code: str
    access_key: str = field(repr=False)
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class BankKeys:
    """Our account (bank's number of six digits, account number), and the secret by which the bank signs notices."""

    bank_bin: str
    account: str
    secret: str = field(repr=False)


def mac_hex(secret: str, text: str, digest: str) -> str:
    """Return the HMAC of a text (UTF-8) as lower-case hex."""
    return hmac.digest(secret.encode(), text.encode(errors="replace"), digest).hex()


def mac_bytes(secret: str, body: bytes) -> str:
    """Return the HMAC-SHA256 of bytes as lower-case hex."""
    return hmac.digest(secret.encode(), body, "sha256").hex()


def require_mac(given: str, expected: str) -> None:
    """Raise SignatureError unless both are the same; either case of hex digits will do."""
    told = given[:MAX_SIGNATURE_LENGTH].lower().encode(errors="replace")
    if not hmac.compare_digest(told, expected.encode()):
        raise SignatureError("signature: does not fit")


def read_fields(body: bytes) -> dict[str, str]:
    """Read a JSON object of texts and whole numbers as texts, null as an empty one; NoticeError for anything else."""
    if len(body) > MAX_BODY_BYTES:
        raise NoticeError("notice: too long")
    try:
        told = _DECODER.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise NoticeError("notice: no JSON object of texts and numbers") from None
    if len(told) > MAX_FIELDS:
        raise NoticeError("notice: too many fields")
    return {name: "" if value is None else str(value) for name, value in told.items()}


def want(fields: dict[str, str], name: str) -> str:
    """Return a field that must be there; NoticeError."""
    if name not in fields:
        raise NoticeError(f"notice: {name} is missing")
    return fields[name]


def want_number(fields: dict[str, str], name: str) -> int:
    """Return a field of 1 to 18 decimal digits as a number; NoticeError."""
    text = want(fields, name)
    if not (text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS):
        raise NoticeError(f"notice: {name} is no number")
    return int(text)


_MAX_DIGITS: Final = 18
_DECODER: Final = msgspec.json.Decoder(dict[str, str | int | None])
