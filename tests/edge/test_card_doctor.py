"""`tcds-edge card doctor` over a real pcscd: what it says of good and of bad stacks."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from edge.card_commands import card_app
from edge.drivers.card.pcsc import Context
from tests.edge.card_desk import NONE, BankCard, call, lay, wait_for_card
from tests.edge.drivers.card.desk import PlainCard
from tests.fakes.idcard.issuing import issue
from tests.fakes.idcard.manners import Manners
from tests.rig.broker import Broker
from tests.rig.pcsc import PcscDaemon, own_socket
from tests.rig.processes import free_port
from tests.rig.station import write_settings


@pytest.fixture
def pcscd(tmp_path: Path) -> Iterator[PcscDaemon]:
    with PcscDaemon(tmp_path / "pcscd") as daemon:
        yield daemon


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A trust store with the issuer of our cards."""
    directory = tmp_path / "trust"
    directory.mkdir()
    (directory / "csca.cer").write_bytes(issue().authority.csca_der)
    (directory / "csca.crl").write_bytes(issue().authority.crl_der)
    return directory


def test_without_pcscd_reading_points_to_the_doctor() -> None:
    own_socket()
    result = call("read", "--can", "001234")
    assert result.exit_code == 1
    assert result.stderr.startswith("no-reader: ")
    assert "`tcds-edge card doctor` says what is missing" in result.stderr


def test_the_doctor_is_content_with_a_good_stack(pcscd: PcscDaemon, store: Path) -> None:
    card = lay(pcscd, issue())
    wait_for_card(pcscd)
    result = call("doctor", "--trust", store)
    assert result.exit_code == 0, result.output
    assert "PROBLEM" not in result.stdout
    for line in (
        "ok       pcscd is installed.",
        "ok       pcscd runs, and this user may speak with it.",
        "ok       Reader: Virtual Reader 0 00 00",
        "ok       A card answers to power: ATR 3B 88 80 01 ",
        "ok       Reader and chip let long answers through (it does not say).",
        "ok       The chip has the application of identity cards.",
        f"ok       The trust store has 1 certificates and 1 revocation lists: {store}",
        f"warning  There are no settings at {NONE}.",
        "warning  The virtual reader vsmartcard-vpcd is installed: anybody on the network can present a card",
        "-> On a station: apt-get purge vsmartcard-vpcd.",
    ):
        assert line in result.stdout
    assert call("read", "--can", card.can).exit_code == 0, "no try was used up"


def test_the_doctor_knows_a_chip_of_short_answers(pcscd: PcscDaemon) -> None:
    lay(pcscd, issue(manners=Manners(extended=False)))
    wait_for_card(pcscd)
    result = call("doctor")
    assert result.exit_code == 0
    assert "warning  Reader or chip let only short answers through" in result.stdout
    assert "a photo takes about three times as long" in result.stdout


def test_the_doctor_names_a_card_of_another_kind(pcscd: PcscDaemon) -> None:
    pcscd.slots[0].insert(BankCard())
    wait_for_card(pcscd)
    result = call("doctor")
    assert result.exit_code == 1
    assert "PROBLEM  The chip has no application of identity cards (SELECT: 6A82)." in result.stdout


def test_the_doctor_knows_that_another_program_has_the_card(pcscd: PcscDaemon) -> None:
    lay(pcscd, issue())
    wait_for_card(pcscd)
    with Context() as context, context.connect(context.readers()[0]):
        result = call("doctor")
    assert result.exit_code == 1
    assert "PROBLEM  The card cannot be used: another program uses the card." in result.stdout


def test_the_doctor_misses_a_card(pcscd: PcscDaemon) -> None:
    result = call("doctor")
    assert result.exit_code == 0
    assert "warning  No card lies on the reader" in result.stdout
    assert "-> Lay one on and run this again" in result.stdout
    assert pcscd.is_running


def test_the_doctor_names_a_mute_card(pcscd: PcscDaemon) -> None:
    pcscd.slots[0].insert(PlainCard(), is_mute=True)
    wait_for_card(pcscd)
    result = call("doctor")
    assert result.exit_code == 1
    assert "PROBLEM  A card lies there and gives no answer." in result.stdout
    assert "-> Lay it flat" in result.stdout


def test_the_doctor_misses_a_reader(pcscd: PcscDaemon) -> None:
    named = call("doctor", "--reader", "ACR1252")
    assert named.exit_code == 1
    assert (
        "PROBLEM  pcscd says that there is no reader with 'ACR1252' in its name; there are: Virtual"
        in named.stdout
    )
    assert "-> Correct `reader` in the section [card] of the settings." in named.stdout
    pcscd.stop()
    pcscd.plug(0)
    pcscd.start()
    none = call("doctor")
    assert none.exit_code == 1
    assert "PROBLEM  pcscd says that there is no reader." in none.stdout


def test_the_doctor_misses_the_service_and_still_looks_at_the_store(store: Path) -> None:
    own_socket()
    result = call("doctor", "--trust", store)
    assert result.exit_code == 1
    assert "PROBLEM  pcscd does not run." in result.stdout
    assert "-> systemctl enable --now pcscd.socket" in result.stdout
    assert "The trust store has 1 certificates" in result.stdout


def test_the_doctor_names_what_is_wrong_with_the_store(pcscd: PcscDaemon, store: Path) -> None:
    (store / "broken.cer").write_bytes(b"nothing")
    broken = call("doctor", "--trust", store)
    assert broken.exit_code == 1
    assert "PROBLEM  Left out of the trust store: broken.cer: " in broken.stdout
    missing = call("doctor", "--trust", store / "none")
    assert missing.exit_code == 1
    assert "PROBLEM  The trust store cannot be used: " in missing.stdout
    assert "warning  There is no trust store" in call("doctor").stdout
    assert pcscd.is_running


@pytest.mark.parametrize(
    ("section", "is_missed", "named"),
    [("", True, False), ('[card]\nreader = "00 01"\n', False, True)],
    ids=["without a section", "with a section"],
)
def test_the_doctor_goes_by_the_settings(
    pcscd: PcscDaemon, tmp_path: Path, certified: Broker, section: str, *, is_missed: bool, named: bool
) -> None:
    config = write_settings(tmp_path, certified, "st-card", port=free_port(), extra=section)
    result = CliRunner().invoke(card_app, ["doctor", "-c", str(config)])
    assert result.exit_code == 0, result.output
    assert ("The settings have no section [card]" in result.stdout) == is_missed
    assert ("Reader: Virtual Reader 0 00 00" not in result.stdout) == named
    assert "Reader: Virtual Reader 0 00 01" in result.stdout
    assert pcscd.is_running
