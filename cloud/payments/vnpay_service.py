"""VNPAY 2.1.0, their service for merchants: asking for a payment (querydr) and sending one back (refund).

Source: VNPAY, "API truy van va hoan tien" 2.1.0: JSON both ways, signed over the values in a fixed order with `|`
between. An answer is signed as well, and it may lack what it has nothing to say about.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cloud.payments.errors import NoticeError
from cloud.payments.notice import RefundReply, Source, Taken
from cloud.payments.signed import VnpayKeys, mac_hex, read_fields, require_mac, want
from cloud.payments.vietnam_time import compact
from cloud.payments.vnpay import HASH, PER_DONG, SUCCESS, VERSION, require_info, taken_of

QUERY_ANSWER: Final = (
    *("ResponseId", "Command", "ResponseCode", "Message", "TmnCode", "TxnRef", "Amount", "BankCode"),
    *("PayDate", "TransactionNo", "TransactionType", "TransactionStatus", "OrderInfo"),
    *("PromotionCode", "PromotionAmount"),
)
REFUND_ANSWER: Final = QUERY_ANSWER[:-2]
QUERY_REQUEST: Final = (
    *("RequestId", "Version", "Command", "TmnCode", "TxnRef", "TransactionDate", "CreateDate"),
    *("IpAddr", "OrderInfo"),
)
REFUND_REQUEST: Final = (
    *("RequestId", "Version", "Command", "TmnCode", "TransactionType", "TxnRef", "Amount", "TransactionNo"),
    *("TransactionDate", "CreateBy", "CreateDate", "IpAddr", "OrderInfo"),
)
_NOT_FOUND: Final = "91"
_ASKED_BEFORE: Final = "94"
_REFUSED: Final = frozenset({"02", "03", "04", "13", "91", "93", "95"})
# 05, 06, 09: paid, and a refund of it is running or was turned down; the money was taken all the same.
_TAKEN: Final = frozenset({"00", "05", "06", "09"})
_WHOLE: Final = "02"
_PART: Final = "03"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What both requests need: an id of its own for each call, the order's reference and its time, and now."""

    request: str
    reference: str
    ordered_at_ms: int
    now_ms: int
    info: str
    ip: str = "127.0.0.1"


def query_body(keys: VnpayKeys, asking: Asking) -> dict[str, str]:
    """Return the request that asks whether an order was paid."""
    return signed_body({**_common(keys, asking), "Command": "querydr"}, QUERY_REQUEST, keys)


def refund_body(
    keys: VnpayKeys, asking: Asking, txn: str, amount_dong: int, *, is_whole: bool
) -> dict[str, str]:
    """Return the request that sends money of payment `txn` back; `asking.request` is the refund's own key."""
    fields = {
        **_common(keys, asking),
        "Command": "refund",
        "TransactionType": _WHOLE if is_whole else _PART,
        "Amount": str(amount_dong * PER_DONG),
        "TransactionNo": txn,
        "CreateBy": "tcds",
    }
    return signed_body(fields, REFUND_REQUEST, keys)


def signed_body(fields: dict[str, str], names: Sequence[str], keys: VnpayKeys) -> dict[str, str]:
    """Return fields with their prefix and the signature over `names` in this order."""
    text = "|".join(fields.get(name, "") for name in names)
    prefixed = {f"vnp_{name}": value for name, value in fields.items()}
    return {**prefixed, HASH: mac_hex(keys.secret, text, "sha512")}


def read_query(body: bytes, keys: VnpayKeys, reference: str) -> Taken | None:
    """Read what became of an order; None while no money was taken. SignatureError; NoticeError: ask again later."""
    fields = _verified(body, keys, QUERY_ANSWER)
    code = want(fields, "vnp_ResponseCode")
    if code == _NOT_FOUND:
        return None
    if code != SUCCESS or want(fields, "vnp_TxnRef") != reference:
        raise NoticeError("answer: not about this order")
    is_payment = want(fields, "vnp_TransactionType") == "01"
    is_taken = is_payment and want(fields, "vnp_TransactionStatus") in _TAKEN
    return taken_of(fields, Source.POLLED) if is_taken else None


def read_refund(body: bytes, keys: VnpayKeys) -> RefundReply:
    """Read what became of a refund. SignatureError; NoticeError: nothing is known, ask again with the same key."""
    code = want(_verified(body, keys, REFUND_ANSWER), "vnp_ResponseCode")
    if code == SUCCESS:
        return RefundReply.DONE
    if code in _REFUSED:
        return RefundReply.REFUSED
    if code == _ASKED_BEFORE:
        return RefundReply.PENDING
    raise NoticeError("answer: the refund is not decided")


def _common(keys: VnpayKeys, asking: Asking) -> dict[str, str]:
    return {
        "RequestId": asking.request,
        "Version": VERSION,
        "TmnCode": keys.tmn_code,
        "TxnRef": asking.reference,
        "TransactionDate": compact(asking.ordered_at_ms),
        "CreateDate": compact(asking.now_ms),
        "IpAddr": asking.ip,
        "OrderInfo": require_info(asking.info),
    }


def _verified(body: bytes, keys: VnpayKeys, names: Sequence[str]) -> dict[str, str]:
    fields = read_fields(body)
    text = "|".join(fields.get(f"vnp_{name}", "") for name in names)
    require_mac(fields.get(HASH, ""), mac_hex(keys.secret, text, "sha512"))
    return fields
