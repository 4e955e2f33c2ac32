"""Somebody who bills, as they meet us: open bills of invented customers, each cleared once.

What happens over there by other hands (a customer pays elsewhere) is asked for under `/control/`; the faults are those of
every simulator, and one more: it answers about another account than it was asked for.
"""

import hashlib
import re
from dataclasses import dataclass, field
from typing import Annotated, Final

from fastapi import FastAPI, Header, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from cloud.connectors.simulators.faults import Desk

Answer = dict[str, object]
HOLDERS: Final = ("N*** V** A*", "T*** T** H*", "L* M*** C****", "P*** G** B**")


class Paid(BaseModel):
    """A bill that was paid to the platform."""

    model_config = ConfigDict(extra="forbid")

    key: Annotated[str, Field(min_length=1, max_length=64)]
    account: Annotated[str, Field(max_length=32)]
    bill: Annotated[str, Field(max_length=64)]
    amount_dong: Annotated[int, Field(ge=1)]
    paid_at_ms: int


class Elsewhere(BaseModel):
    """A customer pays a bill somewhere else."""

    model_config = ConfigDict(extra="forbid")

    account: str
    bill: str


class Wrong(BaseModel):
    """Until told otherwise: the account that is named instead of the right one."""

    model_config = ConfigDict(extra="forbid")

    other_account: str | None = None


@dataclass(slots=True)
class Billing:
    """The biller's books. Each account whose code does not end in 0 has one or two bills of amounts that follow from it.

    `pattern`: how its customers' codes look; another code is nobody's.
    """

    name: str
    token: str
    months: tuple[str, ...] = ("10/2026", "11/2026")
    pattern: str = ".+"
    desk: Desk = field(default_factory=Desk)
    wrong: Wrong = field(default_factory=Wrong)
    cleared: dict[tuple[str, str], str] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)

    def admit(self, authorization: str) -> None:
        """401 without the token."""
        if authorization != f"Bearer {self.token}":
            raise HTTPException(401, "no such client")

    def account(self, code: str) -> Answer:
        """Say what is open; an account that ends in 9 is unknown."""
        if re.fullmatch(self.pattern, code) is None or code.endswith("9"):
            return {"known": False}
        bills = [] if code.endswith("0") else self._bills(code)
        opened = [bill for bill in bills if (code, str(bill["id"])) not in self.cleared]
        named = self.wrong.other_account or code
        return {
            "known": True,
            "account": named,
            "holder": HOLDERS[_drawn(code) % len(HOLDERS)],
            "bills": opened,
        }

    def settle(self, paid: Paid) -> Answer:
        """Clear a bill, each key once: repeating it gives the first answer."""
        if paid.key not in self.answers:
            self.answers[paid.key] = self._settle(paid)
        return self.answers[paid.key]

    def pay_elsewhere(self, asked: Elsewhere) -> Answer:
        """Clear a bill by another hand."""
        self.cleared[(asked.account, asked.bill)] = "elsewhere"
        return self.account(asked.account)

    def _settle(self, paid: Paid) -> Answer:
        bill = next((each for each in self._bills(paid.account) if each["id"] == paid.bill), None)
        if bill is None:
            return {"key": paid.key, "refused": "unknown-bill"}
        if (paid.account, paid.bill) in self.cleared:
            return {"key": paid.key, "refused": "paid-elsewhere"}
        if bill["amount_dong"] != paid.amount_dong:
            return {"key": paid.key, "refused": "wrong-amount"}
        self.cleared[(paid.account, paid.bill)] = paid.key
        number = len(self.answers) + 1
        return {
            "key": paid.key,
            "receipt": f"BN{number:08d}",
            "invoice": f"1C26T{self.name[-2:].upper()}-{number:07d}",
        }

    def _bills(self, code: str) -> list[Answer]:
        drawn = _drawn(code)
        months = self.months[drawn % 2 :]
        return [
            {
                "id": f"{month[3:]}-{month[:2]}",
                "period": month,
                "amount_dong": 48_000 + (drawn * (place + 3)) % 900 * 1_000,
                "due_day": f"{month[3:]}-{month[:2]}-28",
            }
            for place, month in enumerate(months)
        ]


def _drawn(code: str) -> int:
    return int.from_bytes(hashlib.sha256(code.encode()).digest()[:4])


def create_app(billing: Billing) -> FastAPI:
    """Return the server."""
    app = FastAPI(title=f"{billing.name} (simulated)", openapi_url=None)
    billing.desk.attach(app)

    @app.get("/bills")
    async def bills(account: str, authorization: Annotated[str, Header()] = "") -> Answer:
        billing.admit(authorization)
        return billing.account(account)

    @app.post("/settlements")
    async def settle(paid: Paid, authorization: Annotated[str, Header()] = "") -> Answer:
        billing.admit(authorization)
        return billing.settle(paid)

    @app.post("/control/elsewhere")
    async def elsewhere(asked: Elsewhere) -> Answer:
        return billing.pay_elsewhere(asked)

    @app.post("/control/wrong")
    async def wrong(asked: Wrong) -> Wrong:
        billing.wrong = asked
        return asked

    return app
