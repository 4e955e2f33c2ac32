"""MoMo as it meets us: payments are made at its gateway, paid by a person's hand, told of by IPN, asked for, sent back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Final

import httpx
import msgspec
from fastapi import FastAPI, HTTPException, Request
from pydantic import BaseModel, ConfigDict, Field

from cloud.connectors.momo import CREATE, QUERY, REFUND
from cloud.connectors.simulators.faults import Desk
from cloud.payments.errors import NoticeError
from cloud.payments.momo import CREATE_FIELDS, NOTICE_FIELDS, QUERY_FIELDS, REFUND_FIELDS, sign
from cloud.payments.signed import MomoKeys, read_fields

Answer = dict[str, str | int]
_LINK: Final = "momo://pay/"


class Pay(BaseModel):
    """A person pays what a link asks for; `fails`: it is refused on the telephone."""

    model_config = ConfigDict(extra="forbid")

    link: Annotated[str, Field(max_length=2_000)]
    fails: bool = False


class Again(BaseModel):
    """The notice of an order is sent again."""

    model_config = ConfigDict(extra="forbid")

    reference: str


@dataclass(slots=True)
class Payment:
    """One payment that was made; `txn` 0: not paid yet."""

    request: dict[str, str]
    txn: int = 0
    paid_at_ms: int = 0
    refunds: dict[str, int] = field(default_factory=dict)

    @property
    def amount_dong(self) -> int:
        """What it is over."""
        return int(self.request["amount"])


class Momo:
    """What MoMo has: payments by our reference."""

    def __init__(self, keys: MomoKeys, clock: Callable[[], int]) -> None:
        self.keys = keys
        self.desk = Desk()
        self.clock = clock
        self.payments: dict[str, Payment] = {}

    def checked(self, body: bytes, names: tuple[str, ...]) -> dict[str, str]:
        """Check a request as they do; 400 when it is not signed by us."""
        try:
            told = read_fields(body)
        except NoticeError:
            raise HTTPException(400, "20") from None
        is_ours = told.get("partnerCode") == self.keys.partner_code
        if not is_ours or told.get("signature") != sign(told, names, self.keys):
            raise HTTPException(400, "13")
        return told

    def create(self, told: dict[str, str]) -> Answer:
        """Make a payment, or give the same again; an order of another request is refused (41)."""
        known = self.payments.setdefault(told["orderId"], Payment(told))
        same = all(known.request[name] == told[name] for name in ("requestId", "amount"))
        code = 0 if same else 41
        link = f"{_LINK}{told['orderId']}"
        return _answer(told, code) | {"amount": known.amount_dong, "payUrl": link, "qrCodeUrl": link}

    def query(self, told: dict[str, str]) -> Answer:
        """Say what became of an order: 42 unknown, 1000 not paid yet, 0 paid."""
        known = self.payments.get(told["orderId"])
        if known is None:
            return _answer(told, 42)
        told_so = _answer(told, 0 if known.txn else 1000)
        return told_so | {"amount": known.amount_dong, "transId": known.txn, "responseTime": known.paid_at_ms}

    def refund(self, told: dict[str, str]) -> Answer:
        """Send back, once for each key; 42 when there is no such payment, 1080 when there is not so much of it."""
        known = next((one for one in self.payments.values() if str(one.txn) == told["transId"]), None)
        if known is None or not known.txn:
            return _answer(told, 42)
        amount_dong = int(told["amount"])
        if told["requestId"] not in known.refunds:
            if sum(known.refunds.values()) + amount_dong > known.amount_dong:
                return _answer(told, 1080)
            known.refunds[told["requestId"]] = amount_dong
        return _answer(told, 0) | {"amount": amount_dong}

    async def pay(self, asked: Pay) -> list[str]:
        """Take the money and tell of it."""
        known = self.payments.get(asked.link.removeprefix(_LINK))
        if known is None or known.txn:
            raise HTTPException(409, "not to be paid")
        if not asked.fails:
            known.txn = 4_000_000_001 + sum(1 for one in self.payments.values() if one.txn)
            known.paid_at_ms = self.clock()
        return await self.tell(known)

    async def tell(self, known: Payment) -> list[str]:
        """Send the notice of a payment, paid or not."""
        asked = known.request
        fields: Answer = {
            "partnerCode": self.keys.partner_code,
            "orderId": asked["orderId"],
            "requestId": asked["requestId"],
            "amount": known.amount_dong + self.desk.faults.amount_off_dong,
            "orderInfo": asked["orderInfo"],
            "orderType": "momo_wallet",
            "transId": known.txn,
            "resultCode": 0 if known.txn else 1006,
            "message": "Giao dịch thành công." if known.txn else "Giao dịch bị từ chối.",
            "payType": "qr",
            "responseTime": known.paid_at_ms or self.clock(),
            "extraData": asked["extraData"],
        }
        body = msgspec.json.encode(fields | {"signature": sign(fields, NOTICE_FIELDS, self.keys)})

        async def send(client: httpx.AsyncClient) -> httpx.Response:
            return await client.post(
                asked["ipnUrl"], content=body, headers={"Content-Type": "application/json"}
            )

        return await self.desk.notify(send)


def create_app(momo: Momo) -> FastAPI:
    """Return the server."""
    app = FastAPI(title="MoMo (simulated)", openapi_url=None)
    momo.desk.attach(app)

    @app.post(CREATE)
    async def create(request: Request) -> Answer:
        return momo.create(momo.checked(await request.body(), CREATE_FIELDS))

    @app.post(QUERY)
    async def query(request: Request) -> Answer:
        return momo.query(momo.checked(await request.body(), QUERY_FIELDS))

    @app.post(REFUND)
    async def refund(request: Request) -> Answer:
        return momo.refund(momo.checked(await request.body(), REFUND_FIELDS))

    @app.post("/control/pay")
    async def pay(asked: Pay) -> list[str]:
        return await momo.pay(asked)

    @app.post("/control/notify")
    async def notify(again: Again) -> list[str]:
        return await momo.tell(momo.payments[again.reference])

    return app


def _answer(told: dict[str, str], code: int) -> Answer:
    return {
        "partnerCode": told["partnerCode"],
        "orderId": told["orderId"],
        "requestId": told["requestId"],
        "resultCode": code,
        "message": "ok" if code == 0 else "refused",
    }
