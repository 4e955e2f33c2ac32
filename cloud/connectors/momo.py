"""MoMo: a payment is made at their gateway under the order's own key, asked for there, and sent back from there."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

import httpx

from cloud.connectors.cashier import Way
from cloud.connectors.errors import AnswerError
from cloud.connectors.exchange import post_json
from cloud.connectors.guard import Guard
from cloud.payments.errors import PaymentsError
from cloud.payments.momo import (
    CreateRequest,
    create_body,
    query_body,
    read_create,
    read_query,
    read_refund,
    refund_body,
)
from cloud.payments.money import Provider
from cloud.payments.notice import RefundReply, Taken
from cloud.payments.order import Order, Payment
from cloud.payments.signed import MomoKeys

CREATE: Final = "/v2/gateway/api/create"
QUERY: Final = "/v2/gateway/api/query"
REFUND: Final = "/v2/gateway/api/refund"

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class MomoPlaces:
    """Their gateway, our page to which the person returns, and where their notices reach us."""

    gateway: str
    redirect_url: str
    ipn_url: str


class MomoCashier:
    """MoMo behind the port."""

    provider = Provider.MOMO

    def __init__(self, client: httpx.AsyncClient, guard: Guard, keys: MomoKeys, places: MomoPlaces) -> None:
        self._client = client
        self._guard = guard
        self._keys = keys
        self._places = places

    async def start(self, order: Order) -> Way:
        """Make the payment, or get the same again."""
        asked = CreateRequest(
            reference=order.reference or "",
            request=order.id,
            amount_dong=order.amount_dong,
            info=f"Thanh toan {order.reference}",
            redirect_url=self._places.redirect_url,
            ipn_url=self._places.ipn_url,
        )
        body = await self._post(CREATE, create_body(self._keys, asked))
        links = _read(lambda: read_create(body, asked))
        return Way(links.qr_text or links.page, links.page)

    async def ask(self, order: Order, now_ms: int) -> Taken | None:
        """Ask for the order's payment."""
        del now_ms
        reference = order.reference or ""
        body = await self._post(QUERY, query_body(self._keys, reference, secrets.token_hex(16)))
        return _read(lambda: read_query(body, self._keys, reference))

    async def give_back(self, order: Order, payment: Payment, now_ms: int) -> RefundReply:
        """Ask for the refund under its own key."""
        del now_ms
        refund = payment.refund
        if refund is None:
            raise AnswerError("momo: no refund of this payment was ordered")
        info = f"Hoan tien {order.reference or order.id}"
        request = refund_body(self._keys, refund.id, payment.key.txn, refund.amount_dong, info)
        body = await self._post(REFUND, request)
        return _read(lambda: read_refund(body, refund.id))

    async def _post(self, path: str, body: dict[str, str | int]) -> bytes:
        return await self._guard.call(lambda: post_json(self._client, f"{self._places.gateway}{path}", body))


def _read(read: Callable[[], T]) -> T:
    try:
        return read()
    except PaymentsError as error:
        raise AnswerError("momo: no answer to what was asked") from error
