"""VNPAY as it meets us: the payment page, notices (IPN) to our address, questions and refunds; all of it signed.

A person's hand is `POST /control/pay`: it opens the address of the QR code, and pays. An order that is over may be paid
(`late`), as banks let through what was begun in time.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from typing import Annotated, Final
from urllib.parse import urlsplit

import httpx
from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field

from cloud.connectors.simulators.faults import Desk
from cloud.payments.errors import NoticeError, SignatureError
from cloud.payments.signed import VnpayKeys, mac_hex, read_fields
from cloud.payments.vietnam_time import compact, from_compact
from cloud.payments.vnpay import HASH, PER_DONG, signed_query, verified
from cloud.payments.vnpay_service import (
    QUERY_ANSWER,
    QUERY_REQUEST,
    REFUND_ANSWER,
    REFUND_REQUEST,
    signed_body,
)

PAGE: Final = "/paymentv2/vpcpay.html"
SERVICE: Final = "/merchant_webapi/api/transaction"


class Pay(BaseModel):
    """A person pays what an address asks for; `fails`: it is cancelled on the telephone."""

    model_config = ConfigDict(extra="forbid")

    address: Annotated[str, Field(max_length=4_000)]
    fails: bool = False
    late: bool = False


class Again(BaseModel):
    """The notice of a transaction is sent again."""

    model_config = ConfigDict(extra="forbid")

    txn: str


@dataclass(slots=True)
class Transaction:
    """One payment that VNPAY took; refunds by their request's id."""

    txn: str
    reference: str
    amount_dong: int
    pay_date: str
    refunds: dict[str, int] = field(default_factory=dict)


class Vnpay:
    """What VNPAY has: transactions by number, and where our notices go."""

    def __init__(self, keys: VnpayKeys, clock: Callable[[], int]) -> None:
        self.keys = keys
        self.desk = Desk()
        self.clock = clock
        self.ipn_url = ""
        self.taken: dict[str, Transaction] = {}

    def opened(self, query: str) -> dict[str, str]:
        """Check a payment address as their page does; 400 when it is not ours."""
        try:
            fields = verified(query, self.keys)
        except (SignatureError, NoticeError):
            raise HTTPException(400, "97") from None
        if fields.get("vnp_Command") != "pay" or fields.get("vnp_TmnCode") != self.keys.tmn_code:
            raise HTTPException(400, "02")
        return fields

    async def pay(self, asked: Pay) -> list[str]:
        """Take the money and tell of it."""
        fields = self.opened(urlsplit(asked.address).query)
        if not asked.late and from_compact(fields["vnp_ExpireDate"]) <= self.clock():
            raise HTTPException(409, "the payment is over")
        number = "0" if asked.fails else str(14_000_001 + len(self.taken))
        amount_dong = int(fields["vnp_Amount"]) // PER_DONG
        made = Transaction(number, fields["vnp_TxnRef"], amount_dong, compact(self.clock()))
        if not asked.fails:
            self.taken[number] = made
        return await self.tell(made)

    async def tell(self, made: Transaction) -> list[str]:
        """Send the notice of a transaction (number 0: of one that failed)."""
        is_paid = made.txn != "0"
        query = signed_query(
            {
                "vnp_Amount": str((made.amount_dong + self.desk.faults.amount_off_dong) * PER_DONG),
                "vnp_BankCode": "NCB",
                "vnp_OrderInfo": "Thanh toan",
                "vnp_PayDate": made.pay_date,
                "vnp_ResponseCode": "00" if is_paid else "24",
                "vnp_TmnCode": self.keys.tmn_code,
                "vnp_TransactionNo": made.txn,
                "vnp_TransactionStatus": "00" if is_paid else "02",
                "vnp_TxnRef": made.reference,
            },
            self.keys.secret,
        )

        async def send(client: httpx.AsyncClient) -> httpx.Response:
            return await client.get(f"{self.ipn_url}?{query}")

        return await self.desk.notify(send)

    def serve(self, body: bytes) -> dict[str, str]:
        """Answer a question or a refund."""
        try:
            told = {name.removeprefix("vnp_"): value for name, value in read_fields(body).items()}
        except NoticeError:
            raise HTTPException(400, "03") from None
        is_refund = told.get("Command") == "refund"
        names = REFUND_REQUEST if is_refund else QUERY_REQUEST
        text = "|".join(told.get(name, "") for name in names)
        if told.get(HASH.removeprefix("vnp_")) != mac_hex(self.keys.secret, text, "sha512"):
            return self._answer(told, "97", None)
        return self._refund(told) if is_refund else self._found(told)

    def _found(self, told: dict[str, str]) -> dict[str, str]:
        made = next((one for one in self.taken.values() if one.reference == told["TxnRef"]), None)
        return self._answer(told, "91" if made is None else "00", made)

    def _refund(self, told: dict[str, str]) -> dict[str, str]:
        made = self.taken.get(told["TransactionNo"])
        if made is None or made.reference != told["TxnRef"]:
            return self._answer(told, "91", None)
        amount_dong = int(told["Amount"]) // PER_DONG
        if told["RequestId"] not in made.refunds:
            if sum(made.refunds.values()) + amount_dong > made.amount_dong:
                return self._answer(told, "02", made)
            made.refunds[told["RequestId"]] = amount_dong
        return self._answer(told, "00", made)

    def _answer(self, told: dict[str, str], code: str, made: Transaction | None) -> dict[str, str]:
        fields = {
            "ResponseId": f"a{self.desk.answered}",
            "Command": told.get("Command", ""),
            "ResponseCode": code,
            "Message": "ok" if code == "00" else "refused",
            "TmnCode": self.keys.tmn_code,
            "TxnRef": told.get("TxnRef", ""),
        }
        if made is not None:
            fields |= {
                "Amount": str(made.amount_dong * PER_DONG),
                "PayDate": made.pay_date,
                "TransactionNo": made.txn,
                "TransactionType": "01",
                "TransactionStatus": "00",
            }
        names = REFUND_ANSWER if told.get("Command") == "refund" else QUERY_ANSWER
        return signed_body(fields, names, self.keys)


def create_app(vnpay: Vnpay) -> FastAPI:
    """Return the server; set `vnpay.ipn_url` before somebody pays."""
    app = FastAPI(title="VNPAY (simulated)", openapi_url=None)
    vnpay.desk.attach(app)

    @app.get(PAGE)
    async def page(request: Request) -> HTMLResponse:
        fields = vnpay.opened(request.url.query)
        amount_dong = int(fields["vnp_Amount"]) // PER_DONG
        told = f"{escape(fields['vnp_OrderInfo'])}: {amount_dong} VND"
        return HTMLResponse(f"<!doctype html><title>VNPAY</title><p>{told}</p>")

    @app.post(SERVICE)
    async def service(request: Request) -> dict[str, str]:
        return vnpay.serve(await request.body())

    @app.post("/control/pay")
    async def pay(asked: Pay) -> list[str]:
        return await vnpay.pay(asked)

    @app.post("/control/notify")
    async def notify(again: Again) -> list[str]:
        return await vnpay.tell(vnpay.taken[again.txn])

    return app
