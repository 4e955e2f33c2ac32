"""Those who take money and those who bill, simulated on ports of their own, and the settings by which the cloud finds them."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pyrage

from cloud.clock import now_ms
from cloud.connectors.simulators.bank import Bank
from cloud.connectors.simulators.bank import create_app as bank_app
from cloud.connectors.simulators.biller import Billing
from cloud.connectors.simulators.biller import create_app as biller_app
from cloud.connectors.simulators.serving import serving_all
from cloud.payments.signed import BankKeys
from cloud.payments.vietqr import VietQr, build
from tests.rig.screen import Screen, View

KEYS = BankKeys(bank_bin="970436", account="0011001234567", secret="TESTSECRET0123456789")
TOKEN = "invented-token-of-the-power-company"
BILLER = "bill-electricity"
CALM_S = 3.0
"""How long a person takes to find their telephone."""


@dataclass(frozen=True, slots=True)
class Money:
    """A bank and a power company. `bank.notice_url` is set once the cloud listens."""

    directory: Path
    bank: Bank
    billing: Billing
    bank_url: str
    biller_url: str

    def section(self) -> str:
        """Return the settings of the cloud."""
        secret, token = self.directory / "bank.secret", self.directory / "biller.token"
        for path, text in ((secret, KEYS.secret), (token, TOKEN)):
            path.write_text(text)
            path.chmod(0o600)
        return f"""
[payments.bank]
bank_bin = "{KEYS.bank_bin}"
account = "{KEYS.account}"
secret_file = "{secret}"
statement_url = "{self.bank_url}/statement"
[payments.billers.{BILLER}]
url = "{self.biller_url}"
token_file = "{token}"
"""

    def station_section(self) -> str:
        """Return the settings of a station that seals for the power company; nobody here needs to open it."""
        recipients = self.directory / "recipients"
        recipients.mkdir(exist_ok=True)
        key = pyrage.x25519.Identity.generate().to_public()
        (recipients / "electricity.age.pub").write_text(f"{key}\n")
        return f'[services]\nrecipients = "{recipients}"\n'

    def transfer(self, qr_text: str, amount_dong: int | None = None) -> list[str]:
        """Let a person scan a code and pay; return what the platform answered to the bank's notices."""
        answer = httpx.post(
            f"{self.bank_url}/control/transfer",
            json={"qr_text": qr_text, "amount_dong": amount_dong},
            timeout=20,
            trust_env=False,
        )
        told: list[str] = answer.raise_for_status().json()
        return told


@contextmanager
def running_money(directory: Path) -> Iterator[Money]:
    """Run both until the end of the block."""
    directory.mkdir(parents=True, exist_ok=True)
    bank, billing = Bank(KEYS, now_ms), Billing(BILLER, TOKEN)
    with serving_all({bank_app(bank): 0, biller_app(billing): 0}) as (bank_url, biller_url):
        yield Money(directory, bank, billing, bank_url, biller_url)


class Payer:
    """Somebody who takes out their telephone when a code is shown, and pays what it asks for."""

    def __init__(self, money: Money, screen: Screen, *, calm_s: float = CALM_S) -> None:
        self._money = money
        self._calm_s = calm_s
        self._paid: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        screen.on_paying = self.follow

    def follow(self, view: View) -> None:
        """Take a new view of the payment."""
        reference = view["reference"]
        if view["page"] == "pay" and reference not in self._paid:
            self._paid.add(reference)
            task = asyncio.create_task(self._pay(reference, view["amount_dong"]), name="payer")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pay(self, reference: str, amount_dong: int) -> None:
        code = VietQr(
            bank_bin=KEYS.bank_bin,
            account=KEYS.account,
            amount_dong=amount_dong,
            bill=reference,
            purpose=reference,
        )
        await asyncio.sleep(self._calm_s)
        await asyncio.to_thread(self._money.transfer, build(code))
