"""What the tests of `tcds-edge card` share: how it is called, and cards on a reader."""

from pathlib import Path

from typer.testing import CliRunner, Result

from edge.card_commands import card_app
from tests.edge.drivers.card.desk import PlainCard
from tests.fakes.idcard.issuing import IssuedCard
from tests.rig.pcsc import PcscDaemon
from tests.rig.processes import wait_until

NONE = Path("/nonexistent/edge.toml")


class BankCard(PlainCard):
    """Knows no application of ours."""

    def transmit(self, apdu: bytes) -> bytes:
        self.apdus.append(apdu)
        return b"\x6a\x82"


def call(*arguments: str | Path, answers: str = "") -> Result:
    return CliRunner().invoke(
        card_app, [*map(str, arguments), "-c", str(NONE)], input=answers, env={"COLUMNS": "160"}
    )


def lay(pcscd: PcscDaemon, card: IssuedCard) -> IssuedCard:
    pcscd.slots[0].insert(card.chip)
    return card


def wait_for_card(pcscd: PcscDaemon) -> None:
    """Return when the reader has seen what was laid on it."""
    wait_until(lambda: "Card " in pcscd.log_tail(), "card seen")
