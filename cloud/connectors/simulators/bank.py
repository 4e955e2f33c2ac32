"""A bank and its customers: a person's app reads a VietQR code and transfers; the bank tells us, and lists it.

The person may change amount and memo, as every app lets them; the bank puts its own words around the memo.
"""

from collections.abc import Callable
from typing import Annotated

import httpx
import msgspec
from fastapi import FastAPI, HTTPException, Response
from pydantic import BaseModel, ConfigDict, Field

from cloud.connectors.simulators.faults import Desk
from cloud.payments.bank import Line
from cloud.payments.errors import QrError
from cloud.payments.signed import BankKeys, mac_bytes
from cloud.payments.vietqr import VietQr, parse


class Transfer(BaseModel):
    """A person scans a code and transfers, perhaps another amount (dong) or with another memo."""

    model_config = ConfigDict(extra="forbid")

    qr_text: Annotated[str, Field(max_length=512)]
    amount_dong: Annotated[int, Field(ge=1)] | None = None
    memo: Annotated[str, Field(max_length=100)] | None = None


class Payout(BaseModel):
    """Somebody of ours sends money out at the bank's portal."""

    model_config = ConfigDict(extra="forbid")

    amount_dong: Annotated[int, Field(ge=1)]
    memo: Annotated[str, Field(max_length=100)]


class Again(BaseModel):
    """The notice of a line is sent again."""

    model_config = ConfigDict(extra="forbid")

    txn: str


class Bank:
    """Our account: its lines, and where the bank's notices go."""

    def __init__(self, keys: BankKeys, clock: Callable[[], int]) -> None:
        self.keys = keys
        self.desk = Desk()
        self.clock = clock
        self.notice_url = ""
        self.lines: list[Line] = []

    def scanned(self, text: str) -> VietQr:
        """Read a code as an app does; 400 when it is none, or for another account."""
        try:
            code = parse(text)
        except QrError:
            raise HTTPException(400, "no payment code") from None
        if (code.bank_bin, code.account) != (self.keys.bank_bin, self.keys.account):
            raise HTTPException(400, "no such account")
        return code

    async def transfer(self, asked: Transfer) -> list[str]:
        """Take the transfer and tell of it."""
        code = self.scanned(asked.qr_text)
        amount_dong = asked.amount_dong or code.amount_dong
        if amount_dong is None:
            raise HTTPException(400, "no amount")
        memo = code.purpose if asked.memo is None else asked.memo
        line = self._add(amount_dong, f"MBVCB.{len(self.lines):06d}.{memo}.CT tu 0011004444444 toi TCDS")
        return await self.tell(line)

    async def pay_out(self, asked: Payout) -> list[str]:
        """Send money out and tell of it."""
        return await self.tell(self._add(-asked.amount_dong, asked.memo))

    async def tell(self, line: Line) -> list[str]:
        """Send the notice of a line."""
        off_dong = self.desk.faults.amount_off_dong
        body = msgspec.json.encode(msgspec.structs.replace(line, amount_dong=line.amount_dong + off_dong))
        headers = {
            "X-Signature": mac_bytes(self.keys.secret, body),
            "Content-Type": "application/json",
        }

        async def send(client: httpx.AsyncClient) -> httpx.Response:
            return await client.post(self.notice_url, content=body, headers=headers)

        return await self.desk.notify(send)

    def statement(self, account: str, since_ms: int, until_ms: int) -> bytes:
        """List lines of [since_ms, until_ms)."""
        found = [line for line in self.lines if line.account == account and since_ms <= line.at_ms < until_ms]
        return msgspec.json.encode(found)

    def _add(self, amount_dong: int, memo: str) -> Line:
        line = Line(
            account=self.keys.account,
            txn=f"FT{len(self.lines) + 1:08d}",
            amount_dong=amount_dong,
            at_ms=self.clock(),
            memo=memo,
        )
        self.lines.append(line)
        return line


def create_app(bank: Bank) -> FastAPI:
    """Return the server; set `bank.notice_url` before somebody pays."""
    app = FastAPI(title="Bank (simulated)", openapi_url=None)
    bank.desk.attach(app)

    @app.get("/statement")
    async def statement(account: str, since_ms: int, until_ms: int) -> Response:
        return Response(bank.statement(account, since_ms, until_ms), media_type="application/json")

    @app.post("/control/transfer")
    async def transfer(asked: Transfer) -> list[str]:
        return await bank.transfer(asked)

    @app.post("/control/payout")
    async def payout(asked: Payout) -> list[str]:
        return await bank.pay_out(asked)

    @app.post("/control/notify")
    async def notify(again: Again) -> list[str]:
        return await bank.tell(next(line for line in bank.lines if line.txn == again.txn))

    return app
