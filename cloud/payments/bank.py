"""The own bank account: notices of transfers and the statement of a day.

Banks in Vietnam have no common format for either; this is the one that we ask of a bank's gateway until one is chosen,
and what another one says is brought into it by an adapter. A notice is one line as JSON, signed as a whole (HMAC-SHA256
of the body, hex, in the header X-Signature); a statement is an array of lines. The memo is what the payer's bank made
of the QR code's purpose; it may hold names, so only our own keys are taken from it and it is kept nowhere.
"""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Final, TypeVar

import msgspec

from cloud.payments.errors import NoticeError, SignatureError
from cloud.payments.money import MAX_DONG, Provider
from cloud.payments.notice import MAX_TXN_LENGTH, Movement, Outcome, PaymentKey, Source, Taken
from cloud.payments.order import Order
from cloud.payments.reference import find_reference
from cloud.payments.signed import MAX_BODY_BYTES, BankKeys, mac_bytes, require_mac
from cloud.payments.vietqr import MAX_PURPOSE_LENGTH, VietQr, build

MAX_LINES: Final = 10_000
MAX_MEMO_LENGTH: Final = 500
T = TypeVar("T")

_REFUND: Final = re.compile(r"R[0-9a-f]{24}v[0-9]{1,6}", re.IGNORECASE)


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One line of the account: whole dong, negative when it went out; `at_ms` is the bank's clock (ms UTC)."""

    account: Annotated[str, msgspec.Meta(max_length=19)]
    txn: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_TXN_LENGTH)]
    amount_dong: Annotated[int, msgspec.Meta(ge=-MAX_DONG, le=MAX_DONG)]
    at_ms: Annotated[int, msgspec.Meta(ge=0, le=1 << 53)]
    memo: Annotated[str, msgspec.Meta(max_length=MAX_MEMO_LENGTH)]

    def __repr__(self) -> str:
        return f"Line({self.txn!r}, {self.amount_dong})"


def qr_text(keys: BankKeys, order: Order, label: str = "") -> str:
    """Return the code for an order; `label` (plain letters) stands before the reference where there is room."""
    reference = order.reference or ""
    purpose = f"{label} {reference}" if label else reference
    return build(
        VietQr(
            bank_bin=keys.bank_bin,
            account=keys.account,
            amount_dong=order.amount_dong,
            bill=reference,
            purpose=purpose if len(purpose) <= MAX_PURPOSE_LENGTH else reference,
        )
    )


def read_notice(body: bytes, signature: str, keys: BankKeys) -> Taken | None:
    """Read a notice; None when the money went out. SignatureError, NoticeError."""
    if len(body) > MAX_BODY_BYTES:
        raise NoticeError("notice: too long")
    require_mac(signature, mac_bytes(keys.secret, body))
    line = _decoded(_LINE, body)
    if line.account != keys.account:
        raise NoticeError("notice: for another account")
    return _taken(line, Source.NOTIFIED) if line.amount_dong > 0 else None


def handle_notice(
    body: bytes, signature: str, keys: BankKeys, book: Callable[[Taken], Outcome]
) -> HTTPStatus:
    """Answer a notice: `book` puts the money into the ledger. When it raises, the route answers 503: it comes again."""
    try:
        taken = read_notice(body, signature, keys)
    except (SignatureError, NoticeError):
        return HTTPStatus.BAD_REQUEST
    if taken is not None:
        book(taken)
    return HTTPStatus.NO_CONTENT


def read_statement(body: bytes, keys: BankKeys) -> list[Line]:
    """Read the lines of our account; NoticeError for anything else, another account's among them."""
    lines = _decoded(_LINES, body)
    if len(lines) > MAX_LINES or any(line.account != keys.account for line in lines):
        raise NoticeError("statement: too long, or not of our account")
    return lines


def credits_of(lines: list[Line]) -> list[Taken]:
    """Return the money that came, to be booked: what no notice told of is found here."""
    return [_taken(line, Source.STATEMENT) for line in lines if line.amount_dong > 0]


def movements_of(lines: list[Line]) -> list[Movement]:
    """Return all that moved; what went out stands under the refund's key that its memo names, if it does."""
    return [Movement(_key(line), line.amount_dong, line.at_ms) for line in lines if line.amount_dong]


def _key(line: Line) -> PaymentKey:
    refund = _REFUND.search(line.memo) if line.amount_dong < 0 else None
    return PaymentKey(Provider.BANK, line.txn if refund is None else f"R{refund[0][1:].lower()}")


def _taken(line: Line, source: Source) -> Taken:
    return Taken(
        key=PaymentKey(Provider.BANK, line.txn),
        reference=find_reference(line.memo),
        amount_dong=line.amount_dong,
        taken_at_ms=line.at_ms,
        source=source,
    )


_LINE: Final = msgspec.json.Decoder(Line)
_LINES: Final = msgspec.json.Decoder(list[Line])


def _decoded(decoder: msgspec.json.Decoder[T], body: bytes) -> T:
    try:
        return decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise NoticeError("notice: not a line of the account") from None
