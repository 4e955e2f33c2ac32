"""Billers over HTTP, as far as their interface is our own guess: the power, water and telecom companies, schools, houses.

The real ones are closed, or open to banks alone: this speaks to cloud.connectors.simulators.biller, and stands where the
agreed interface will.
"""

from datetime import date
from typing import Annotated, Final, TypeVar

import httpx
import msgspec

from cloud.connectors.biller import Account, Bill, Payment, Settlement
from cloud.connectors.errors import AnswerError
from cloud.connectors.exchange import get, post_json
from cloud.connectors.guard import Guard
from cloud.connectors.port import NotTakenError, UnknownNumberError

MAX_BILLS: Final = 24
MAX_DONG: Final = 10**12

_Text = Annotated[str, msgspec.Meta(max_length=80)]
_Id = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9./-]{0,63}$")]
_Answer = TypeVar("_Answer", bound=msgspec.Struct)


class _Bill(msgspec.Struct, frozen=True, kw_only=True):
    id: _Id
    period: _Text
    amount_dong: Annotated[int, msgspec.Meta(ge=1, le=MAX_DONG)]
    due_day: date | None = None


class _Account(msgspec.Struct, frozen=True, kw_only=True):
    known: bool
    account: _Text = ""
    holder: _Text = ""
    bills: Annotated[list[_Bill], msgspec.Meta(max_length=MAX_BILLS)] = []


class _Settled(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    receipt: _Text = ""
    invoice: _Text = ""
    refused: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9](?:[a-z0-9.-]{0,63})$")] | None = None


class HttpBiller:
    """One biller behind the port; `client` has the base URL and the credentials."""

    def __init__(self, client: httpx.AsyncClient, guard: Guard, *, name: str) -> None:
        self.name = name
        self._client = client
        self._guard = guard

    async def bills(self, account: str) -> Account:
        """Return the open bills of an account, oldest first."""
        body = await self._guard.call(lambda: get(self._client, "/bills", {"account": account}))
        found = self._read(body, _Account)
        if not found.known:
            raise UnknownNumberError(f"{self.name}: no such account")
        if found.account != account:
            raise AnswerError(f"{self.name}: another account than asked for")
        return Account(
            holder=found.holder,
            bills=tuple(Bill(**msgspec.structs.asdict(bill)) for bill in found.bills),
        )

    async def settle(self, payment: Payment) -> Settlement:
        """Clear a bill; the same key again gives the same receipt."""
        form: dict[str, str | int] = {
            "key": payment.key,
            "account": payment.account,
            "bill": payment.bill,
            "amount_dong": payment.amount_dong,
            "paid_at_ms": payment.paid_at_ms,
        }
        body = await self._guard.call(lambda: post_json(self._client, "/settlements", form))
        settled = self._read(body, _Settled)
        if settled.key != payment.key:
            raise AnswerError(f"{self.name}: an answer to another settlement")
        if settled.refused is not None:
            raise NotTakenError(settled.refused)
        if not settled.receipt:
            raise AnswerError(f"{self.name}: no receipt")
        return Settlement(receipt=settled.receipt, invoice=settled.invoice)

    def _read(self, body: bytes, kind: type[_Answer]) -> _Answer:
        try:
            return msgspec.json.decode(body, type=kind)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise AnswerError(f"{self.name}: not an answer") from None
