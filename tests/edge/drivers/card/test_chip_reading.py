"""A virtual citizen's card, read by the whole of it: chip, vpcd, pcscd, pyscard, driver, protocol."""

import asyncio
from datetime import UTC, datetime

from edge.idcard.blocks import Blocks
from edge.idcard.card import Can, CardRead, CloneCheck, Issuer
from edge.idcard.groups import Field
from edge.idcard.port import Port
from edge.idcard.reader import read_card
from edge.idcard.trust import TrustStore
from tests.edge.drivers.card.desk import Desk, running_desk
from tests.edge.waiting import eventually
from tests.fakes.idcard.issuing import IssuedCard, issue
from tests.fakes.idcard.manners import Manners
from tests.rig.pcsc import PcscDaemon

EVERYTHING = frozenset(Field)


class Job:
    """Reads everything, and trusts the card's own issuer."""

    def __init__(self, card: IssuedCard) -> None:
        self._card = card

    def __call__(self, port: Port, blocks: Blocks) -> CardRead:
        trust = TrustStore.of([self._card.authority.csca_der], [self._card.authority.crl_der])
        moment = datetime.now(UTC)
        return read_card(port, Can(self._card.can), EVERYTHING, trust=trust, moment=moment, blocks=blocks)


async def test_a_whole_card_is_read_and_proven(pcscd: PcscDaemon) -> None:
    card = issue()
    async with running_desk() as desk:
        pcscd.slots[0].insert(card.chip)
        await eventually(lambda: desk.driver.present)
        read = await desk.driver.read(1, Job(card))
    assert read.fields[Field.NUMBER] == card.person.number
    assert read.photo is not None
    assert (read.proof.issuer, read.proof.clone_check) == (
        Issuer.VERIFIED,
        CloneCheck.CHIP_AUTHENTICATION,
    )
    assert read.apdus <= 21


async def test_a_reader_of_short_answers_is_remembered_for_the_next_card(pcscd: PcscDaemon) -> None:
    async with running_desk() as desk:
        counts = [await count(pcscd, desk, turn) for turn in (1, 2)]
    assert counts[1] < counts[0] <= 120


async def count(pcscd: PcscDaemon, desk: Desk, turn: int) -> int:
    """Read a card that takes only short commands; return how many it was sent."""
    card = issue(manners=Manners(extended=False))
    pcscd.slots[0].insert(card.chip)
    await eventually(lambda: desk.driver.present)
    await desk.driver.read(turn, Job(card))
    pcscd.slots[0].remove()
    await eventually(lambda: not desk.driver.present)
    return card.chip.apdus


async def test_two_drivers_read_two_readers_at_once(pcscd: PcscDaemon) -> None:
    cards = [issue(), issue()]
    async with running_desk("00 00") as first, running_desk("00 01") as second:
        for slot, card in zip(pcscd.slots, cards, strict=True):
            slot.insert(card.chip)
        await eventually(lambda: first.driver.present and second.driver.present)
        reads = await asyncio.gather(
            *(desk.driver.read(1, Job(card)) for desk, card in zip((first, second), cards, strict=True))
        )
    assert all(read.proof.issuer is Issuer.VERIFIED for read in reads)
    assert min(card.chip.apdus for card in cards) > 10
