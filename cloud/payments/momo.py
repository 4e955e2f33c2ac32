"""MoMo v2: what we sign and what they sign, as texts; the way there and back is cloud.connectors.momo.

Source: MoMo Developers, API v2, "Create", "IPN", "Query" and "Refund": HMAC-SHA256 over `name=value` joined by `&` in
the order of the names, values as they are. The same requestId is the same request for 31 days and more. An IPN is
answered with 204 within 15 s. Answers to our own requests carry no signature that the specification promises: they come
over TLS from a host that we named.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from cloud.payments.errors import NoticeError, SignatureError
from cloud.payments.money import Provider
from cloud.payments.notice import Outcome, PaymentKey, RefundReply, Source, Taken
from cloud.payments.signed import MomoKeys, mac_hex, read_fields, require_mac, want, want_number

MAX_LINK_LENGTH: Final = 2_000
SUCCESS: Final = "0"
NOTICE_FIELDS: Final = (
    *("amount", "extraData", "message", "orderId", "orderInfo", "orderType", "partnerCode", "payType"),
    *("requestId", "responseTime", "resultCode", "transId"),
)
CREATE_FIELDS: Final = (
    *("amount", "extraData", "ipnUrl", "orderId", "orderInfo", "partnerCode", "redirectUrl", "requestId"),
    "requestType",
)
QUERY_FIELDS: Final = ("orderId", "partnerCode", "requestId")
REFUND_FIELDS: Final = ("amount", "description", "orderId", "partnerCode", "requestId", "transId")
# 1080 ff.: the payment cannot be sent back (any more); 41, 42: no such payment, or the key belongs to another refund.
_REFUND_REFUSED: Final = frozenset({"41", "42", "1080", "1081", "1088"})
_NOTHING_YET: Final = frozenset(
    {"42", "1000", "1001", "1003", "1004", "1005", "1006", "7000", "7002", "9000"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateRequest:
    """One way to pay. `request` is the order's own key: the same again is the same payment."""

    reference: str
    request: str
    amount_dong: int
    info: str
    redirect_url: str
    ipn_url: str


@dataclass(frozen=True, slots=True)
class PayLinks:
    """Where the person pays: a page, and the text of a QR code for MoMo's app (empty: they gave none)."""

    page: str
    qr_text: str


def create_body(keys: MomoKeys, asked: CreateRequest) -> dict[str, str | int]:
    """Return the request that makes a payment."""
    fields: dict[str, str | int] = {
        "partnerCode": keys.partner_code,
        "requestId": asked.request,
        "amount": asked.amount_dong,
        "orderId": asked.reference,
        "orderInfo": asked.info,
        "redirectUrl": asked.redirect_url,
        "ipnUrl": asked.ipn_url,
        "requestType": "captureWallet",
        "extraData": "",
    }
    return {**fields, "lang": "vi", "signature": sign(fields, CREATE_FIELDS, keys)}


def read_create(body: bytes, asked: CreateRequest) -> PayLinks:
    """Read where the person pays; NoticeError when MoMo makes no such payment."""
    fields = read_fields(body)
    same = (want(fields, "orderId"), want(fields, "resultCode")) == (asked.reference, SUCCESS)
    if not same or want_number(fields, "amount") != asked.amount_dong:
        raise NoticeError("answer: no payment was made, or another one")
    links = PayLinks(want(fields, "payUrl"), fields.get("qrCodeUrl", ""))
    if not links.page or max(len(links.page), len(links.qr_text)) > MAX_LINK_LENGTH:
        raise NoticeError("answer: no usable address")
    return links


def read_notice(body: bytes, keys: MomoKeys) -> Taken | None:
    """Read an IPN; None when no money moved. SignatureError, NoticeError."""
    fields = read_fields(body)
    require_mac(fields.get("signature", ""), sign(fields, NOTICE_FIELDS, keys))
    if want(fields, "partnerCode") != keys.partner_code:
        raise NoticeError("notice: for another partner")
    return _taken(fields, Source.NOTIFIED) if want(fields, "resultCode") == SUCCESS else None


def handle_notice(body: bytes, keys: MomoKeys, book: Callable[[Taken], Outcome]) -> HTTPStatus:
    """Answer an IPN: `book` puts the money into the ledger. When it raises, the route answers 503 and MoMo repeats."""
    try:
        taken = read_notice(body, keys)
    except (SignatureError, NoticeError):
        return HTTPStatus.BAD_REQUEST
    if taken is not None:
        book(taken)
    return HTTPStatus.NO_CONTENT


def query_body(keys: MomoKeys, reference: str, request: str) -> dict[str, str | int]:
    """Return the request that asks whether an order was paid."""
    fields: dict[str, str | int] = {
        "partnerCode": keys.partner_code,
        "requestId": request,
        "orderId": reference,
    }
    return {**fields, "lang": "vi", "signature": sign(fields, QUERY_FIELDS, keys)}


def read_query(body: bytes, keys: MomoKeys, reference: str) -> Taken | None:
    """Read what became of an order; None while no money was taken. NoticeError: ask again later."""
    fields = read_fields(body)
    if want(fields, "resultCode") in _NOTHING_YET:
        return None
    same = (want(fields, "partnerCode"), want(fields, "orderId")) == (keys.partner_code, reference)
    if want(fields, "resultCode") != SUCCESS or not same:
        raise NoticeError("answer: not about this order")
    return _taken(fields, Source.POLLED)


def refund_body(keys: MomoKeys, refund: str, txn: str, amount_dong: int, info: str) -> dict[str, str | int]:
    """Return the request that sends money of payment `txn` back; `refund` is its key, as order and as request."""
    fields: dict[str, str | int] = {
        "partnerCode": keys.partner_code,
        "orderId": refund,
        "requestId": refund,
        "amount": amount_dong,
        "transId": int(txn),
        "description": info,
    }
    return {**fields, "lang": "vi", "signature": sign(fields, REFUND_FIELDS, keys)}


def read_refund(body: bytes, refund: str) -> RefundReply:
    """Read what became of a refund; NoticeError: nothing is known, ask again with the same key."""
    fields = read_fields(body)
    code = want(fields, "resultCode")
    if code in _REFUND_REFUSED:
        return RefundReply.REFUSED
    if code in {"7000", "7002"}:
        return RefundReply.PENDING
    if code != SUCCESS or want(fields, "orderId") != refund:
        raise NoticeError("answer: the refund is not decided")
    return RefundReply.DONE


def sign(fields: Mapping[str, str | int], names: tuple[str, ...], keys: MomoKeys) -> str:
    """Return the signature over the access key and `names` (in their order) of the fields."""
    told = [f"{name}={fields.get(name, '')}" for name in names]
    return mac_hex(keys.secret, "&".join((f"accessKey={keys.access_key}", *told)), "sha256")


def _taken(fields: dict[str, str], source: Source) -> Taken:
    return Taken(
        key=PaymentKey(Provider.MOMO, str(want_number(fields, "transId"))),
        reference=want(fields, "orderId"),
        amount_dong=want_number(fields, "amount"),
        taken_at_ms=want_number(fields, "responseTime"),
        source=source,
    )
