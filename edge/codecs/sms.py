"""One SMS: its text, made to fit, and its PDUs (3GPP TS 23.040; alphabet TS 23.038).

Vietnamese with diacritics needs UCS-2 and three messages; without them the same text is one message of at most 160
septets, which also gets through when the cell is busy.
"""

import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

MAX_SEPTETS: Final = 160
MAX_DIGITS: Final = 20
VIETNAM: Final = timezone(timedelta(hours=7))

_BASIC: Final = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED: Final = {
    "\f": 10,
    "^": 20,
    "{": 40,
    "}": 41,
    "\\": 47,
    "[": 60,
    "~": 61,
    "]": 62,
    "|": 64,
    "€": 101,
}
_ESCAPE: Final = 27
_CODES: Final = {character: code for code, character in enumerate(_BASIC) if code != _ESCAPE}

_STATUS_REPORT: Final = 0x02
_SUBMIT_WITH_REPORT: Final = 0x31
"""TP-MTI 01 submit, TP-VPF 10 relative, TP-SRR 1."""
_VALID_ONE_HOUR: Final = 11
"""TP-VP, (n + 1) x 5 minutes: an SOS that arrives later than that only confuses."""
_TEMPORARY: Final = 0x20
"""TP-ST: below it delivered, from twice it on never."""
_REPORT_HEAD: Final = 3
"""First octet, reference, count of the recipient's digits."""
_TIMESTAMP: Final = 7


class SmsError(ValueError):
    """The caller's text or number cannot be one SMS."""


@dataclass(frozen=True, slots=True)
class Sender:
    """What the SMS says of the station."""

    station: str
    name: str
    place: str


def sos_text(sender: Sender, pressed_at_ms: int, source: str) -> str:
    """Return the SMS of a press: who, where, when (Vietnam's time), which press; plain ASCII, at most 160 septets.

    Name and place are shortened when they must be, never the time nor the id, by which repetitions are known.
    """
    at = datetime.fromtimestamp(pressed_at_ms / 1000, UTC).astimezone(VIETNAM)
    head, tail = (
        "SOS tram ",
        f". Luc {at:%H:%M:%S %d/%m}. Trung tam chua xac nhan. Ma {sender.station}/{source}",
    )
    who = ", ".join(plain(part) for part in (sender.name or sender.station, sender.place) if part)
    room = MAX_SEPTETS - len(head) - len(tail)
    return f"{head}{_shortened(who, room)}{tail}"[:MAX_SEPTETS]


def plain(text: str) -> str:
    """Strip diacritics: `Bình Trưng` is `Binh Trung`. What is not in both ASCII and the basic alphabet becomes `?`."""
    parts = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    kept = (part for part in parts if not unicodedata.combining(part))
    return "".join(part if part in _CODES and part.isascii() and part.isprintable() else "?" for part in kept)


def septets(text: str) -> bytes:
    """Return the GSM 7-bit codes of `text`, one a byte; SmsError for a character that the alphabet lacks."""
    codes = bytearray()
    for character in text:
        if character in _CODES:
            codes.append(_CODES[character])
        elif character in _EXTENDED:
            codes += bytes((_ESCAPE, _EXTENDED[character]))
        else:
            raise SmsError("text: a character outside the GSM alphabet")
    return bytes(codes)


def pack(codes: bytes) -> bytes:
    """Pack 7-bit codes into octets (TS 23.038, section 6.1.2.1)."""
    bits = sum(code << (7 * index) for index, code in enumerate(codes))
    return bits.to_bytes((7 * len(codes) + 7) // 8, "little")


def submit_pdu(number: str, text: str) -> tuple[bytes, int]:
    """Return an SMS-SUBMIT that asks for a status report, and the length that `AT+CMGS=` wants (without SMSC).

    `number` is `+` and digits, or digits of a national or short number.
    """
    codes = septets(text)
    if len(codes) > MAX_SEPTETS:
        raise SmsError(f"text: {len(codes)} septets, at most {MAX_SEPTETS} are one SMS")
    body = bytes((_SUBMIT_WITH_REPORT, 0)) + _address(number)
    body += bytes((0, 0, _VALID_ONE_HOUR, len(codes))) + pack(codes)
    return b"\0" + body, len(body)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A status report: message `reference` reached the handset, or never will; None: still being tried."""

    reference: int
    is_delivered: bool | None


def read_report(pdu: bytes) -> Delivery | None:
    """Read an SMS-STATUS-REPORT (TS 23.040, section 9.2.2.3), SMSC first; None when it is something else."""
    body = pdu[1 + pdu[0] :] if pdu else b""
    if len(body) < _REPORT_HEAD or body[0] & 0x03 != _STATUS_REPORT:
        return None
    recipient = (body[2] + 1) // 2
    status_at = _REPORT_HEAD + 1 + recipient + 2 * _TIMESTAMP
    if len(body) <= status_at:
        return None
    status = body[status_at]
    if status < _TEMPORARY:
        return Delivery(body[1], is_delivered=True)
    return Delivery(body[1], is_delivered=None if status < 2 * _TEMPORARY else False)


def _shortened(text: str, room: int) -> str:
    return text if len(text) <= room else f"{text[: max(0, room - 1)]}."


def _address(number: str) -> bytes:
    """Encode a number (TS 23.040, section 9.1.2.5): count of digits, type, swapped digits."""
    digits = number.removeprefix("+")
    if not digits.isdecimal() or not digits.isascii() or len(digits) > MAX_DIGITS:
        raise SmsError(f"number: up to {MAX_DIGITS} digits")
    kind = 0x91 if number.startswith("+") else 0x81
    padded = digits + "F" * (len(digits) % 2)
    swapped = "".join(padded[index + 1] + padded[index] for index in range(0, len(padded), 2))
    return bytes((len(digits), kind)) + bytes.fromhex(swapped)
