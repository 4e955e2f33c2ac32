"""How many round trips a card takes, how much of the station's processor, and how long over a contactless link.

    python -m bench.idcard [--rounds 20]

The terminal is the station's own; the chip is the virtual one of the tests, whose time is taken out of the CPU figures
(its port is clocked apart). `floor` is the least number of APDUs that the protocol and the lengths of the answers allow where
EF.CardAccess is read first, as ICAO Doc 9303-11 has it; `first` is the first card on a reader, which finds out how long an
answer may be. Seconds are of a link model: 12 ms a round trip, 424 kbit/s each way, nothing for the chip's own work (a real chip adds some 0.3 to 0.6 s for PACE).
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from bench.measure import percentile, report
from edge.idcard.access import Way
from edge.idcard.blocks import Blocks
from edge.idcard.card import AccessKey, Can, MrzKey
from edge.idcard.groups import Field, Group
from edge.idcard.reader import read_card, read_groups
from edge.idcard.session import Session
from edge.idcard.trust import TrustStore
from tests.fakes.idcard.issuing import IssuedCard, issue
from tests.fakes.idcard.manners import Manners

MOMENT: Final = datetime(2026, 11, 27, tzinfo=UTC)
ROUND_TRIP_S: Final = 0.012
BITS_PER_S: Final = 424_000
IDENTITY: Final = frozenset({Field.NUMBER, Field.NAME, Field.BIRTH, Field.SEX, Field.RESIDENCE})
GOALS: Final = {
    ("pace", "long", "groups"): 10,
    ("pace", "short", "groups"): 12,
    ("bac", "long", "groups"): 5,
    ("bac", "short", "groups"): 7,
    ("pace", "long", "everything"): 21,
    ("pace", "short", "everything"): 91,
}
CPU_GOAL_MS: Final = 30

Key = tuple[str, str, str]


@dataclass(slots=True)
class ClockedPort:
    """The chip, with its own time and its octets counted."""

    card: IssuedCard
    apdus: int = 0
    octets: int = 0
    chip_s: float = field(default=0)

    def transmit(self, apdu: bytes) -> bytes:
        """Hand on one command."""
        begun_s = time.process_time()
        answer = self.card.chip.transmit(apdu)
        self.chip_s += time.process_time() - begun_s
        self.apdus += 1
        self.octets += len(apdu) + len(answer)
        return answer

    @property
    def link_s(self) -> float:
        """How long the link takes."""
        return self.apdus * ROUND_TRIP_S + self.octets * 8 / BITS_PER_S


def main() -> None:
    """Measure, print a table, and end with the JSON object."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=20, help="how often each reading is repeated")
    rounds = parser.parse_args().rounds
    figures = {}
    print(f"{'':32} {'first':>6} {'APDUs':>6} {'floor':>6} {'CPU ms':>8} {'link s':>8}")
    for key, (work, floor) in _readings().items():
        row = _measure(work, key[1] == "long", rounds) | {"floor": floor, "goal": GOALS.get(key)}
        figures["-".join(key)] = row
        print(
            f"{' '.join(key):32} {row['apdus_first_card']:>6} {row['apdus']:>6} {floor or '-':>6} {row['cpu_ms']:>8.1f} {row['link_s']:>8.2f}"
        )
    baseline = {"cpu_goal_ms": CPU_GOAL_MS, "link_round_trip_ms": ROUND_TRIP_S * 1000}
    report("idcard", figures, samples=rounds, baseline=baseline)


Work = Callable[[ClockedPort, IssuedCard, Blocks], object]


def _readings() -> dict[Key, tuple[Work, int | None]]:
    """Return what is read, and the least number of APDUs for each.

    `groups`: DG1 and DG13 alone, nothing proven. `identity`: what a service asks, with all proofs. `everything`: that and the
    zone and the photo.
    """
    return {
        ("bac", "long", "groups"): (_groups(_mrz, Way.BAC), 5),
        ("bac", "short", "groups"): (_groups(_mrz, Way.BAC), 7),
        ("pace", "long", "groups"): (_groups(_can, Way.PACE), 10),
        ("pace", "short", "groups"): (_groups(_can, Way.PACE), 12),
        ("pace", "long", "identity"): (_card(IDENTITY), None),
        ("pace", "short", "identity"): (_card(IDENTITY), None),
        ("pace", "long", "everything"): (_card(IDENTITY | {Field.PHOTO}, with_mrz=True), 21),
        ("pace", "short", "everything"): (_card(IDENTITY | {Field.PHOTO}, with_mrz=True), 91),
    }


def _groups(key_of: Callable[[IssuedCard], AccessKey], way: Way) -> Work:
    def work(port: ClockedPort, card: IssuedCard, blocks: Blocks) -> object:
        session = Session(port, key_of(card), blocks=blocks, ways=frozenset({way}))
        session.open()
        return read_groups(session, {Group.DG1, Group.DG13})

    return work


def _card(wanted: frozenset[Field], *, with_mrz: bool = False) -> Work:
    def work(port: ClockedPort, card: IssuedCard, blocks: Blocks) -> object:
        trust = TrustStore.of([card.authority.csca_der], [card.authority.crl_der])
        return read_card(
            port, _can(card), wanted, trust=trust, moment=MOMENT, blocks=blocks, with_mrz=with_mrz
        )

    return work


def _can(card: IssuedCard) -> AccessKey:
    return Can(card.can)


def _mrz(card: IssuedCard) -> AccessKey:
    person = card.person
    return MrzKey(person.document_number, person.birth, person.mrz_expiry)


def _measure(work: Work, is_long: bool, rounds: int) -> dict[str, float | int | None]:  # noqa: FBT001 - one of a pair
    """Return the figures of one reading; CPU time is the median of the rounds.

    The first card on a reader, which finds out what length of answers passes, is counted apart.
    """
    spent_ms, apdus = [], []
    blocks = Blocks()
    for _ in range(rounds + 1):
        card = issue(manners=Manners(extended=is_long))
        port = ClockedPort(card)
        begun_s = time.process_time()
        work(port, card, blocks)
        apdus.append(port.apdus)
        spent_ms.append((time.process_time() - begun_s - port.chip_s) * 1000)
    return {
        "apdus": apdus[-1],
        "apdus_first_card": apdus[0],
        "cpu_ms": round(percentile(spent_ms[1:], 0.5), 2),
        "link_s": round(port.link_s, 3),
    }


if __name__ == "__main__":
    main()
