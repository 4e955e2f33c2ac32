"""VNPAY: the way to pay is an address that we sign ourselves; asking and sending back go to their merchant service."""

import secrets
from dataclasses import dataclass

import httpx

from cloud.connectors.cashier import Way
from cloud.connectors.errors import AnswerError
from cloud.connectors.exchange import post_json
from cloud.connectors.guard import Guard
from cloud.payments.errors import PaymentsError
from cloud.payments.money import Provider
from cloud.payments.notice import RefundReply, Taken
from cloud.payments.order import Order, Payment
from cloud.payments.signed import VnpayKeys
from cloud.payments.vnpay import PayRequest, payment_url
from cloud.payments.vnpay_service import Asking, query_body, read_query, read_refund, refund_body


@dataclass(frozen=True, slots=True, kw_only=True)
class VnpayPlaces:
    """Their page, their service, and our page to which the person returns (it books nothing)."""

    page: str
    service: str
    return_url: str


class VnpayCashier:
    """VNPAY behind the port."""

    provider = Provider.VNPAY

    def __init__(self, client: httpx.AsyncClient, guard: Guard, keys: VnpayKeys, places: VnpayPlaces) -> None:
        self._client = client
        self._guard = guard
        self._keys = keys
        self._places = places

    async def start(self, order: Order) -> Way:
        """Return the address as a QR code and as a page; nobody is asked."""
        asked = PayRequest(
            reference=order.reference or "",
            amount_dong=order.amount_dong,
            info=f"Thanh toan {order.reference}",
            created_at_ms=order.created_at_ms,
            expires_at_ms=order.expires_at_ms,
            return_url=self._places.return_url,
        )
        page = payment_url(self._places.page, self._keys, asked)
        return Way(page, page)

    async def ask(self, order: Order, now_ms: int) -> Taken | None:
        """Ask by querydr; each attempt is a request of its own, as VNPAY wants it."""

        async def attempt() -> bytes:
            asking = _asking(order, secrets.token_hex(16), now_ms, "Truy van")
            return await post_json(self._client, self._places.service, query_body(self._keys, asking))

        body = await self._guard.call(attempt)
        try:
            return read_query(body, self._keys, order.reference or "")
        except PaymentsError as error:
            raise AnswerError("vnpay: no answer to the question") from error

    async def give_back(self, order: Order, payment: Payment, now_ms: int) -> RefundReply:
        """Ask for the refund under its own key."""
        refund = payment.refund
        if refund is None:
            raise AnswerError("vnpay: no refund of this payment was ordered")
        asking = _asking(order, refund.id, now_ms, "Hoan tien")
        is_whole = refund.amount_dong == payment.amount_dong
        request = refund_body(self._keys, asking, payment.key.txn, refund.amount_dong, is_whole=is_whole)
        body = await self._guard.call(lambda: post_json(self._client, self._places.service, request))
        try:
            return read_refund(body, self._keys)
        except PaymentsError as error:
            raise AnswerError("vnpay: no answer to the refund") from error


def _asking(order: Order, request: str, now_ms: int, info: str) -> Asking:
    return Asking(
        request=request,
        reference=order.reference or "",
        ordered_at_ms=order.created_at_ms,
        now_ms=now_ms,
        info=f"{info} {order.reference or order.id}",
    )
