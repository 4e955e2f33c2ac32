"""The SMS of a press, written from a real journal; the modem is replaced by one that remembers."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import msgspec
import pytest

from edge.clock import SystemClock
from edge.codecs.sms import Delivery, Sender
from edge.drivers.at_line import ModemError
from edge.drivers.modem import ModemDriver
from edge.journal.journal import Journal, open_journal
from edge.journal.records import KIB, MIB, Limits
from edge.notes import MAX_NOTES, Notes
from edge.texting import MAX_REFERENCES, Texter
from wire.entries import AnyBody, DeviceChanged, DeviceState, SmsFallback, SmsState, SosPressed, SosReleased
from wire.topics import Lane

NUMBERS = ("+84900000001", "+84900000002")


@dataclass
class StubModem:
    """What the texter needs of a modem: `send`."""

    refuses: set[str] = field(default_factory=set)
    sent: list[tuple[str, str]] = field(default_factory=list)

    async def send(self, number: str, text: str) -> int:
        if number in self.refuses:
            raise ModemError("AT+CMGS: CMS 331")
        self.sent.append((number, text))
        return len(self.sent)


@dataclass
class Rig:
    journal: Journal
    modem: StubModem
    texter: Texter
    notes: Notes

    async def press(self, source: str, *, drill: bool = False) -> int:
        body = SosPressed(button="standing", source=source, ago_ms=2_000, drill=drill)
        return (await self.journal.append(Lane.SOS, body, at_ms=2_000, uptime_ms=1)).seq

    def noted(self) -> list[tuple[int, SmsState, str]]:
        """Take the notes that were made."""
        bodies = [self.notes._queue.get_nowait()[0] for _ in range(self.notes._queue.qsize())]
        return [(body.press_seq, body.state, body.detail) for body in bodies if isinstance(body, SmsFallback)]


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    clock = SystemClock()
    limits = Limits(max_bytes=8 * MIB, reserve_bytes=256 * KIB)
    async with open_journal(tmp_path / "journal.db", limits, boot=clock.boot) as journal:
        modem = StubModem()
        notes = Notes(journal, clock)
        texter = Texter(cast(ModemDriver, modem), NUMBERS, Sender("st-1", "Trạm A", "Sảnh"), journal, notes)
        yield Rig(journal, modem, texter, notes)


async def test_every_number_gets_it_once(rig: Rig) -> None:
    await rig.press("b-1-1")
    assert await rig.texter.text(1, 1)
    assert [number for number, _ in rig.modem.sent] == list(NUMBERS)
    assert rig.modem.sent[0][1] == (
        "SOS tram Tram A, Sanh. Luc 07:00:00 01/01. Trung tam chua xac nhan. Ma st-1/b-1-1"
    )
    assert rig.noted() == [(1, SmsState.SENT, "")]
    assert await rig.texter.text(1, 2)
    assert len(rig.modem.sent) == 2


async def test_only_the_number_that_failed_is_tried_again(rig: Rig) -> None:
    await rig.press("b-1-1")
    rig.modem.refuses = {NUMBERS[0]}
    assert not await rig.texter.text(1, 1)
    assert [number for number, _ in rig.modem.sent] == [NUMBERS[1]]
    rig.modem.refuses = set()
    assert await rig.texter.text(1, 2)
    assert [number for number, _ in rig.modem.sent] == [NUMBERS[1], NUMBERS[0]]


async def test_failures_are_noted_ever_more_rarely(rig: Rig) -> None:
    await rig.press("b-1-1")
    rig.modem.refuses = set(NUMBERS)
    for attempt in range(1, 10):
        await rig.texter.text(1, attempt)
    assert rig.noted() == [(1, SmsState.FAILED, "AT+CMGS: CMS 331")] * 4


async def test_the_sms_is_about_the_oldest_press_that_waits(rig: Rig) -> None:
    await rig.press("b-1-1", drill=True)
    await rig.journal.append(Lane.SOS, SosReleased(button="low", source="b-1-2"), at_ms=1, uptime_ms=1)
    await rig.press("b-1-3")
    assert await rig.texter.text(1, 1)
    assert rig.modem.sent[0][1].endswith("/b-1-3")


async def test_nothing_waits_so_nothing_is_sent(rig: Rig) -> None:
    await rig.press("b-1-1", drill=True)
    assert await rig.texter.text(1, 1)
    assert rig.modem.sent == []
    assert rig.noted() == []


async def test_only_final_reports_about_our_sms_are_told(rig: Rig) -> None:
    await rig.press("b-1-1")
    await rig.texter.text(1, 1)
    rig.noted()
    rig.texter.delivered(Delivery(1, is_delivered=None))
    rig.texter.delivered(Delivery(9, is_delivered=True))
    assert rig.noted() == []
    rig.texter.delivered(Delivery(1, is_delivered=True))
    rig.texter.delivered(Delivery(1, is_delivered=True))
    rig.texter.delivered(Delivery(2, is_delivered=False))
    assert rig.noted() == [(1, SmsState.SENT, "delivered"), (1, SmsState.FAILED, "not delivered")]


async def test_what_is_remembered_of_sms_is_bounded(rig: Rig) -> None:
    for number in range(MAX_REFERENCES + 5):
        await rig.texter.text(await rig.press(f"b-1-{number}"), 1)
    assert len(rig.texter._references) <= MAX_REFERENCES
    assert len(rig.texter._done) <= MAX_REFERENCES


async def test_notes_never_wait_and_are_bounded(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(MAX_NOTES + 1):
        rig.notes.add(DeviceChanged(device="modem", state=DeviceState.OK))
    assert rig.notes._queue.qsize() == MAX_NOTES
    assert "note dropped" in caplog.text


async def test_a_note_reaches_the_journal_with_the_time_it_was_made(rig: Rig) -> None:
    rig.notes.add(DeviceChanged(device="modem", state=DeviceState.OK))
    task = asyncio.create_task(rig.notes.run())
    await rig.journal.wait_for_work()
    task.cancel()
    pending = await rig.journal.pending(Lane.EVENT, 0, 10, 10_000)
    (entry,) = pending.entries
    assert isinstance(msgspec.json.decode(entry.body, type=AnyBody), DeviceChanged)
    assert abs(entry.at_ms - SystemClock().wall_ms()) < 5_000
