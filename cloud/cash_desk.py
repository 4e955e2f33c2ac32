"""Who takes money and who bills, put together from the settings; each has a client and a breaker of its own."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Final

import httpx

from cloud.connectors.bank_qr import BankCashier
from cloud.connectors.biller import Biller
from cloud.connectors.billing import HttpBiller
from cloud.connectors.cashier import Cashier
from cloud.connectors.guard import Guard
from cloud.connectors.momo import MomoCashier, MomoPlaces
from cloud.connectors.vnpay import VnpayCashier, VnpayPlaces
from cloud.payments.money import Provider
from cloud.payments.signed import BankKeys, MomoKeys, VnpayKeys
from cloud.secret_files import read_token
from cloud.sections import Payments
from cloud.settings import Settings, SettingsError

TIMEOUT_S: Final = 2.0
"""For each attempt: a person waits, and hears within seven seconds why there is no answer."""

MOMO_PATH: Final = "api/pay/momo"
RETURN_PATH: Final = "kiosk/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The keys shared with providers; None: not agreed."""

    bank: BankKeys | None = None
    vnpay: VnpayKeys | None = None
    momo: MomoKeys | None = None


def read_keys(chosen: Payments) -> Keys:
    """Read the keys that the settings name; SettingsError, by the keys' names, when a file is no good."""
    bank, vnpay, momo = chosen.bank, chosen.vnpay, chosen.momo
    return Keys(
        bank=None
        if bank is None
        else BankKeys(
            bank_bin=bank.bank_bin,
            account=bank.account,
            secret=read_token("payments.bank.secret_file", bank.secret_file),
        ),
        vnpay=None
        if vnpay is None
        else VnpayKeys(
            tmn_code=vnpay.tmn_code, secret=read_token("payments.vnpay.secret_file", vnpay.secret_file)
        ),
        momo=None
        if momo is None
        else MomoKeys(
            partner_code=momo.partner_code,
            access_key=read_token("payments.momo.access_key_file", momo.access_key_file),
            secret=read_token("payments.momo.secret_file", momo.secret_file),
        ),
    )


def mistakes_in(chosen: Payments, billers: frozenset[str]) -> list[str]:
    """Return what is wrong with the section, a line for each; `billers` are the catalogue's connectors that bill."""
    wrong = [
        f"payments.billers.{name}: the catalogue has no such biller"
        for name in chosen.billers
        if name not in billers
    ]
    for key, (path,) in chosen.files().items():
        try:
            read_token(key, path)
        except SettingsError as error:
            wrong += error.mistakes
    return wrong


async def open_cashiers(settings: Settings, stack: AsyncExitStack) -> Mapping[Provider, Cashier]:
    """Open the ways to those who take money, for as long as the stack lasts; the bank's code comes first."""
    chosen, keys = settings.payments, read_keys(settings.payments)
    base = str(settings.api.public_url)
    cashiers: dict[Provider, Cashier] = {}
    if chosen.bank is not None and keys.bank is not None:
        client = await stack.enter_async_context(_client())
        cashiers[Provider.BANK] = BankCashier(
            client, _guard("bank"), keys.bank, str(chosen.bank.statement_url)
        )
    if chosen.vnpay is not None and keys.vnpay is not None:
        places = VnpayPlaces(
            page=str(chosen.vnpay.page), service=str(chosen.vnpay.service), return_url=f"{base}{RETURN_PATH}"
        )
        client = await stack.enter_async_context(_client())
        cashiers[Provider.VNPAY] = VnpayCashier(client, _guard("vnpay"), keys.vnpay, places)
    if chosen.momo is not None and keys.momo is not None:
        gateway = str(chosen.momo.gateway).rstrip("/")
        momo = MomoPlaces(gateway=gateway, redirect_url=f"{base}{RETURN_PATH}", ipn_url=f"{base}{MOMO_PATH}")
        client = await stack.enter_async_context(_client())
        cashiers[Provider.MOMO] = MomoCashier(client, _guard("momo"), keys.momo, momo)
    return cashiers


async def open_billers(chosen: Payments, stack: AsyncExitStack) -> Mapping[str, Biller]:
    """Open the ways to those who bill, for as long as the stack lasts."""
    billers: dict[str, Biller] = {}
    for name, each in chosen.billers.items():
        token = read_token(f"payments.billers.{name}.token_file", each.token_file)
        client = await stack.enter_async_context(
            _client(base_url=str(each.url), headers={"Authorization": f"Bearer {token}"})
        )
        billers[name] = HttpBiller(client, _guard(name), name=name)
    return billers


def _client(base_url: str = "", headers: Mapping[str, str] | None = None) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=base_url, headers=headers, timeout=TIMEOUT_S, follow_redirects=False)


def _guard(name: str) -> Guard:
    return Guard(name, timeout_s=TIMEOUT_S)
