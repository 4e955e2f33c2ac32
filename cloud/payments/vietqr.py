"""VietQR: the code that any Vietnamese banking app turns into a transfer to our account.

Source: NAPAS VietQR 1.0, sections 3-4, over EMVCo QR Code Specification for Payment Systems, Merchant-Presented Mode,
1.1, section 4: data objects of a 2-digit id, a 2-digit length in bytes and a value; ids 38 and 62 hold objects again;
63 is last, a CRC-16/CCITT-FALSE over everything before its value, as four upper-case hex digits.
"""

import binascii
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cloud.payments.errors import QrError
from cloud.payments.money import MAX_DONG

MAX_QR_BYTES: Final = 512
"""EMVCo allows so much."""

MAX_PURPOSE_LENGTH: Final = 25
MAX_OBJECTS: Final = 64

_NAPAS: Final = "A000000727"
_DONG: Final = "704"
_PURPOSE: Final = re.compile(r"[A-Za-z0-9 .-]{1,25}")
_BILL: Final = re.compile(r"[A-Za-z0-9-]{1,25}")
_BANK: Final = re.compile(r"[0-9]{6}")
_ACCOUNT: Final = re.compile(r"[A-Za-z0-9]{1,19}")
_AMOUNT: Final = re.compile(r"0*([0-9]{1,12})(?:\.0{0,2})?")
_ID_BYTES: Final = 2
_HEAD_BYTES: Final = 4
_CRC_HEAD: Final = "6304"


class Service(StrEnum):
    """What the transfer goes to."""

    ACCOUNT = "QRIBFTTA"
    CARD = "QRIBFTTC"
    PUSH = "QRPUSH"


@dataclass(frozen=True, slots=True, kw_only=True)
class VietQr:
    """What such a code says. `amount_dong` None: the person types it. `is_dynamic`: made for this one payment."""

    bank_bin: str
    account: str
    amount_dong: int | None = None
    bill: str = ""
    purpose: str = ""
    service: Service = Service.ACCOUNT
    is_dynamic: bool = True


def crc16(data: bytes) -> int:
    """CRC-16/CCITT-FALSE (polynomial 1021, initial FFFF, not reflected): "123456789" gives 29B1."""
    return binascii.crc_hqx(data, 0xFFFF)


def build(code: VietQr) -> str:
    """Return the text to be shown as a QR code; QrError when the code holds what banks do not take."""
    _require(code)
    consumer = _object("00", code.bank_bin) + _object("01", code.account)
    merchant = _object("00", _NAPAS) + _object("01", consumer) + _object("02", code.service.value)
    additional = _optional("01", code.bill) + _optional("08", code.purpose)
    text = (
        _object("00", "01")
        + _object("01", "12" if code.is_dynamic else "11")
        + _object("38", merchant)
        + _object("53", _DONG)
        + _optional("54", "" if code.amount_dong is None else str(code.amount_dong))
        + _object("58", "VN")
        + _optional("62", additional)
        + _CRC_HEAD
    )
    return f"{text}{crc16(text.encode()):04X}"


def parse(text: str) -> VietQr:
    """Read such a code, its objects in any order; QrError for anything that is not one, or is damaged."""
    data = _encoded(text)
    if len(data) > MAX_QR_BYTES:
        raise QrError(f"qr: more than {MAX_QR_BYTES} bytes")
    body, check = data[:-_HEAD_BYTES], data[-_HEAD_BYTES:]
    if not body.endswith(_CRC_HEAD.encode()) or check != b"%04X" % crc16(body):
        raise QrError("qr: its check value does not fit")
    objects = _objects(data)
    merchant = _objects(_want(objects, "38"))
    if _text(merchant, "00") != _NAPAS or _text(objects, "53") != _DONG or _text(objects, "00") != "01":
        raise QrError("qr: not a transfer in dong within Vietnam")
    consumer = _objects(_want(merchant, "01"))
    additional = _objects(objects.get("62", b""))
    code = VietQr(
        bank_bin=_text(consumer, "00"),
        account=_text(consumer, "01"),
        amount_dong=_amount(objects.get("54")),
        bill=_decoded(additional.get("01", b"")),
        purpose=_decoded(additional.get("08", b"")),
        service=_service(_text(merchant, "02")),
        is_dynamic=_decoded(objects.get("01", b"")) == "12",
    )
    _require_target(code)
    return code


def _require(code: VietQr) -> None:
    _require_target(code)
    if code.amount_dong is not None and not 1 <= code.amount_dong <= MAX_DONG:
        raise QrError("qr: no such amount")
    if (code.bill and not _BILL.fullmatch(code.bill)) or (
        code.purpose and not _PURPOSE.fullmatch(code.purpose)
    ):
        raise QrError(f"qr: bill and purpose are plain letters and digits, at most {MAX_PURPOSE_LENGTH}")


def _require_target(code: VietQr) -> None:
    if not _BANK.fullmatch(code.bank_bin) or not _ACCOUNT.fullmatch(code.account):
        raise QrError("qr: no such bank or account number")


def _object(identity: str, value: str) -> str:
    return f"{identity}{len(value.encode()):02d}{value}"


def _optional(identity: str, value: str) -> str:
    return _object(identity, value) if value else ""


def _objects(data: bytes) -> dict[str, bytes]:
    """Split data objects; QrError when they do not fill the data exactly, or one comes twice."""
    found: dict[str, bytes] = {}
    at = 0
    while at < len(data):
        identity, length = data[at : at + _ID_BYTES], data[at + _ID_BYTES : at + _HEAD_BYTES]
        if len(length) < _ID_BYTES or not (identity + length).isdigit():
            raise QrError("qr: no data object where one should be")
        value = data[at + _HEAD_BYTES : at + _HEAD_BYTES + int(length)]
        name = identity.decode("ascii")
        if len(value) != int(length) or name in found or len(found) == MAX_OBJECTS:
            raise QrError("qr: a data object is cut off, or there twice")
        found[name] = value
        at += _HEAD_BYTES + len(value)
    return found


def _want(objects: dict[str, bytes], identity: str) -> bytes:
    if identity not in objects:
        raise QrError(f"qr: data object {identity} is missing")
    return objects[identity]


def _text(objects: dict[str, bytes], identity: str) -> str:
    return _decoded(_want(objects, identity))


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise QrError("qr: not text") from None


def _decoded(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise QrError("qr: a value is no text") from None


def _amount(value: bytes | None) -> int | None:
    if value is None:
        return None
    found = _AMOUNT.fullmatch(_decoded(value))
    if found is None or not value.isascii():
        raise QrError("qr: no whole amount")
    return int(found[1])


def _service(text: str) -> Service:
    try:
        return Service(text)
    except ValueError:
        raise QrError("qr: an unknown service") from None
