"""`tcds-cloud payments`, as an operator runs it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cloud.connectors.simulators.bank import Bank, create_app
from cloud.connectors.simulators.serving import serving
from cloud.payment_commands import payment_app
from cloud.payments.bank import Line, qr_text
from cloud.payments.vietnam_time import moment
from cloud.store import payments
from cloud.store.engine import Store, open_store
from tests.cloud.connectors.shop import BANK_KEYS
from tests.cloud.operating import write_config
from tests.cloud.paying import AMOUNT_DONG, booked, money, opened
from tests.cloud.samples import NOW_MS

TODAY = f"{moment(NOW_MS).date()}"


@pytest.fixture(autouse=True)
def keep_this_process_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands run within this process, since starting one takes longer than all that it does."""
    monkeypatch.setattr("cloud.log.configure_log", lambda _level, _role: None)


@pytest.fixture
def bank() -> Bank:
    return Bank(BANK_KEYS, lambda: NOW_MS)


@pytest.fixture
def config(tmp_path: Path, sqlite_url: str, bank: Bank) -> Iterator[Path]:
    secret = tmp_path / "bank.secret"
    secret.write_text(BANK_KEYS.secret)
    with serving(create_app(bank)) as url:
        account = f"""
        [payments.bank]
        bank_bin = "{BANK_KEYS.bank_bin}"
        account = "{BANK_KEYS.account}"
        secret_file = "{secret}"
        statement_url = "{url}/statement"
        """
        yield write_config(tmp_path, sqlite_url, account)


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    with open_store(sqlite_url) as opened_store:
        yield opened_store


def run(config: Path, *arguments: str, status: int = 0) -> str:
    done = CliRunner().invoke(payment_app, [*arguments, "-c", str(config)])
    assert done.exit_code == status, done.output
    return done.stdout if status != 2 else done.stderr


def _transferred(bank: Bank, memo: str) -> None:
    line = Line(
        account=BANK_KEYS.account, txn="FT1", amount_dong=AMOUNT_DONG, at_ms=NOW_MS + 60_000, memo=memo
    )
    bank.lines.append(line)


def test_a_day_on_which_all_sides_agree_is_closed(config: Path, store: Store, bank: Bank) -> None:
    order = opened(store)
    assert qr_text(BANK_KEYS, order)
    booked(store, money(order, "FT1"))
    _transferred(bank, f"tra {order.reference}")
    told = run(config, "day", TODAY)
    assert "chênh lệch: 0" in told
    assert "Khớp: 1" in told


def test_what_only_the_statement_knows_is_booked_and_named(config: Path, store: Store, bank: Bank) -> None:
    order = opened(store)
    _transferred(bank, f"tra {order.reference}")
    told = run(config, "day", TODAY, status=1)
    assert "Không có thông báo: bank FT1" in told
    with store.reading() as connection:
        assert payments.require_payment(connection, order.id).is_settled


def test_a_bank_that_gives_no_statement_closes_no_day(config: Path, store: Store) -> None:
    text = config.read_text()
    config.write_text(text.replace("/statement", "/nothing"))
    assert "payments.bank.statement_url: " in run(config, "day", TODAY, status=2)
    assert store is not None


def test_what_is_owed_is_listed_and_sent_back_under_its_own_key(config: Path, store: Store) -> None:
    order = opened(store)
    booked(store, money(order, "FT1"))
    booked(store, money(order, "FT2"))
    assert f"FT2\t{AMOUNT_DONG}\t{AMOUNT_DONG}\t-" in run(config, "owed")
    told = run(config, "refund", order.reference or "")
    assert f"FT2\t{AMOUNT_DONG}\t{AMOUNT_DONG}\tR{order.id[:24]}" in told
    assert run(config, "show", order.id) == told
    assert "nothing of it is due" in run(config, "refund", opened(store, 2).id, status=2)
    assert "there is none" in run(config, "show", "nowhere", status=2)
