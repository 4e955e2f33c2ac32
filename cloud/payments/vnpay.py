"""VNPAY 2.1.0: what we sign and what they sign, as texts; the way there and back is cloud.connectors.vnpay.

Source: VNPAY, "Cong thanh toan VNPAY-QR/PAY" 2.1.0, sections "Tao URL thanh toan" and "Cai dat code IPN URL". Amounts
are a hundredfold, times are Vietnam's. The page to which a person returns is for the eye: it books nothing.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from urllib.parse import parse_qsl, quote_plus

from cloud.payments.errors import NoticeError, SignatureError
from cloud.payments.money import Provider
from cloud.payments.notice import Outcome, PaymentKey, Source, Taken
from cloud.payments.signed import MAX_FIELDS, VnpayKeys, mac_hex, require_mac, want, want_number
from cloud.payments.vietnam_time import compact, from_compact

VERSION: Final = "2.1.0"
MAX_QUERY_LENGTH: Final = 8 * 1024
PER_DONG: Final = 100
HASH: Final = "vnp_SecureHash"
SUCCESS: Final = "00"
_UNSIGNED: Final = frozenset({HASH, "vnp_SecureHashType"})
_INFO: Final = re.compile(r"[A-Za-z0-9 .:-]{1,200}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PayRequest:
    """One way to pay; `info` is plain ASCII (VNPAY, vnp_OrderInfo). The same order gives the same address again."""

    reference: str
    amount_dong: int
    info: str
    created_at_ms: int
    expires_at_ms: int
    return_url: str
    ip: str = "127.0.0.1"


def payment_url(page: str, keys: VnpayKeys, asked: PayRequest) -> str:
    """Return the address at which the person pays; NoticeError when `info` has letters that VNPAY does not take."""
    require_info(asked.info)
    query = signed_query(
        {
            "vnp_Amount": str(asked.amount_dong * PER_DONG),
            "vnp_Command": "pay",
            "vnp_CreateDate": compact(asked.created_at_ms),
            "vnp_CurrCode": "VND",
            "vnp_ExpireDate": compact(asked.expires_at_ms),
            "vnp_IpAddr": asked.ip,
            "vnp_Locale": "vn",
            "vnp_OrderInfo": asked.info,
            "vnp_OrderType": "other",
            "vnp_ReturnUrl": asked.return_url,
            "vnp_TmnCode": keys.tmn_code,
            "vnp_TxnRef": asked.reference,
            "vnp_Version": VERSION,
        },
        keys.secret,
    )
    return f"{page}?{query}"


def signed_query(fields: Mapping[str, str], secret: str) -> str:
    """Return fields as a query in the order of their names, with the signature at its end."""
    query = _canonical(fields)
    return f"{query}&{HASH}={mac_hex(secret, query, 'sha512')}"


def verified(query: str, keys: VnpayKeys) -> dict[str, str]:
    """Return the fields of a query that is signed; SignatureError when not by this key, NoticeError when no query."""
    if len(query) > MAX_QUERY_LENGTH:
        raise NoticeError("notice: too long")
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict")
    except ValueError:
        raise NoticeError("notice: no query") from None
    fields = {name: value for name, value in pairs if name.startswith("vnp_")}
    if len(fields) != sum(name.startswith("vnp_") for name, _ in pairs):
        raise NoticeError("notice: a field comes twice")
    require_mac(fields.get(HASH, ""), mac_hex(keys.secret, _canonical(fields), "sha512"))
    return fields


def read_notice(query: str, keys: VnpayKeys) -> Taken | None:
    """Read an IPN (the raw query of their GET); None when no money moved. SignatureError, NoticeError."""
    fields = verified(query, keys)
    if want(fields, "vnp_TmnCode") != keys.tmn_code:
        raise NoticeError("notice: for another terminal")
    return taken_of(fields, Source.NOTIFIED) if _succeeded(fields) else None


def taken_of(fields: dict[str, str], source: Source) -> Taken:
    """Return the money that the fields of a payment tell of; NoticeError when they do not make sense."""
    hundredfold = want_number(fields, "vnp_Amount")
    txn = want(fields, "vnp_TransactionNo")
    if hundredfold % PER_DONG or not txn.strip("0"):
        raise NoticeError("notice: a payment without a number, or not of whole dong")
    return Taken(
        key=PaymentKey(Provider.VNPAY, txn),
        reference=want(fields, "vnp_TxnRef"),
        amount_dong=hundredfold // PER_DONG,
        taken_at_ms=from_compact(want(fields, "vnp_PayDate")),
        source=source,
    )


def handle_notice(query: str, keys: VnpayKeys, book: Callable[[Taken], Outcome]) -> Mapping[str, str]:
    """Answer an IPN: `book` puts the money into the ledger. When it raises, the route answers TROUBLE.

    00 and 02 end VNPAY's repetitions; 01, 04 and 97 do not, and repeating does no harm. A wrong amount is booked too.
    """
    try:
        taken = read_notice(query, keys)
    except SignatureError:
        return _answer("97", "Invalid signature")
    except NoticeError:
        return TROUBLE
    return CONFIRMED if taken is None else ANSWERS[book(taken)]


def require_info(info: str) -> str:
    """Return a text that VNPAY takes; NoticeError."""
    if not _INFO.fullmatch(info):
        raise NoticeError("request: the description is plain letters and digits")
    return info


def _succeeded(fields: dict[str, str]) -> bool:
    return want(fields, "vnp_ResponseCode") == SUCCESS and want(fields, "vnp_TransactionStatus") == SUCCESS


def _canonical(fields: Mapping[str, str]) -> str:
    signed = sorted((name, value) for name, value in fields.items() if name not in _UNSIGNED and value)
    return "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in signed)


def _answer(code: str, message: str) -> Mapping[str, str]:
    return MappingProxyType({"RspCode": code, "Message": message})


CONFIRMED: Final = _answer("00", "Confirm success")
TROUBLE: Final = _answer("99", "Unknown error")
ANSWERS: Final[Mapping[Outcome, Mapping[str, str]]] = MappingProxyType(
    {
        Outcome.BOOKED: CONFIRMED,
        Outcome.KNOWN: _answer("02", "Order already confirmed"),
        Outcome.MISMATCH: _answer("04", "Invalid amount"),
        Outcome.CONTRADICTS: _answer("04", "Invalid amount"),
        Outcome.UNMATCHED: _answer("01", "Order not found"),
    }
)
