"""The own bank account: a VietQR code shown by ourselves, and the statement fetched as a whole.

Money leaves the account by the hand of somebody at the bank's own portal, never by this code: a refund stays on its way
until the statement shows it, or the desk says so.
"""

import httpx

from cloud.connectors.cashier import Way
from cloud.connectors.errors import AnswerError
from cloud.connectors.exchange import get
from cloud.connectors.guard import Guard
from cloud.payments.bank import Line, qr_text, read_statement
from cloud.payments.errors import PaymentsError
from cloud.payments.money import Provider
from cloud.payments.notice import RefundReply, Taken
from cloud.payments.order import Order, Payment
from cloud.payments.signed import BankKeys


class BankCashier:
    """The bank behind the port."""

    provider = Provider.BANK

    def __init__(self, client: httpx.AsyncClient, guard: Guard, keys: BankKeys, statement_url: str) -> None:
        self._client = client
        self._guard = guard
        self._keys = keys
        self._statement_url = statement_url

    async def start(self, order: Order) -> Way:
        """Return the code; nobody is asked."""
        return Way(qr_text(self._keys, order))

    async def ask(self, order: Order, now_ms: int) -> Taken | None:
        """Return nothing: a bank is not asked about one order, see `statement`."""
        del order, now_ms
        return None

    async def give_back(self, order: Order, payment: Payment, now_ms: int) -> RefundReply:
        """Return that it is on its way: somebody sends it."""
        del order, payment, now_ms
        return RefundReply.PENDING

    async def statement(self, since_ms: int, until_ms: int) -> list[Line]:
        """Return the lines of [since_ms, until_ms) by the bank's clock; ConnectorError."""
        query = {"account": self._keys.account, "since_ms": str(since_ms), "until_ms": str(until_ms)}
        body = await self._guard.call(lambda: get(self._client, self._statement_url, query))
        try:
            return read_statement(body, self._keys)
        except PaymentsError as error:
            raise AnswerError("bank: no statement of our account") from error
