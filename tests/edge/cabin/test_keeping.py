"""What reaches the disk: in order, with consent, and told only afterwards."""

import asyncio
import logging
from pathlib import Path

import pytest

from edge.cabin import keeping
from edge.cabin.keeping import Keeper
from edge.cabin.rules.readings import Reading
from edge.cabin.session.events import (
    Entry,
    Keep,
    KeepConsent,
    KeepEnd,
    KeepReading,
    KeepWithdrawal,
    Recorded,
)
from edge.cabin.view import Action, Trouble
from edge.journal.errors import BodyRefusedError, JournalBrokenError
from edge.journal.journal import Journal
from tests.edge.cabin.conftest import HeldClock, Place, a_place
from tests.edge.cabin.sayings import pressure, read, warmth, weight
from tests.edge.waiting import eventually
from wire.codec import decode_body
from wire.entries import (
    ConsentGiven,
    ConsentScope,
    ConsentWithdrawn,
    Flag,
    Measured,
    Quantity,
    SessionEnded,
    SessionOutcome,
    VitalKind,
)
from wire.topics import Lane

BP, KG, CEL = VitalKind.BLOOD_PRESSURE, VitalKind.WEIGHT, VitalKind.TEMPERATURE
A, B = "a" * 32, "b" * 32


def consent(session: str = A) -> KeepConsent:
    return KeepConsent(
        session=session,
        scope=ConsentScope.KEEP,
        text_version="2026-11",
        subject=None,
        wall_ms=1_000,
        uptime_ms=10,
    )


def reading(kg: str = "61.5") -> Reading:
    return read(KG, body_weight=kg)


async def names(place: Place) -> list[str]:
    return [type(body).__name__ for body in await place.bodies()]


async def all_written(place: Place) -> None:
    await eventually(lambda: not place.cabin._keeper._jobs)


async def test_a_visit_is_written_in_the_clouds_order(place: Place) -> None:
    place.come(BP, KG)
    place.say(weight())
    place.act(Action.NEXT)
    place.act(Action.START)
    place.say(pressure(132, 84, flags={Flag.IRREGULAR_PULSE}))
    place.wait(30)
    await eventually(lambda: BP in place.rack.running)
    place.say(pressure(134, 86))
    place.act(Action.NEXT)
    place.act(Action.WITHDRAW)
    place.act(Action.FINISH)
    await all_written(place)
    given, heavy, first, second, withdrawn, ended = await place.bodies()
    assert isinstance(given, ConsentGiven)
    assert isinstance(heavy, Measured)
    assert isinstance(first, Measured)
    assert isinstance(second, Measured)
    assert isinstance(withdrawn, ConsentWithdrawn)
    assert isinstance(ended, SessionEnded)
    assert len({body.session for body in (given, heavy, first, second, withdrawn, ended)}) == 1
    assert len({heavy.measurement, first.measurement, second.measurement}) == 3
    assert (given.scope, given.text_version, given.subject) == (ConsentScope.KEEP, "2026-11", None)
    assert first.values == [
        Quantity(measure="systolic-pressure", value=132.0),
        Quantity(measure="diastolic-pressure", value=84.0),
        Quantity(measure="pulse-rate", value=76.0),
    ]
    assert (first.flags, first.sensor, first.raw) == ([Flag.IRREGULAR_PULSE], "blood-pressure-1", "1e8a")
    assert second.values[0].value == 134.0, "each reading for itself, never their mean"
    assert ended.outcome is SessionOutcome.FINISHED


async def test_the_consent_has_the_time_of_its_being_given(place: Place) -> None:
    place.come(KG)
    given_ms = place.clock.now_ms
    place.wait(20)
    place.say(weight())
    await all_written(place)
    entries = (await place.journal.pending(Lane.VITALS, 0, 10, 100_000)).entries
    assert [entry.uptime_ms for entry in entries] == [given_ms, given_ms + 20_000]
    assert [entry.at_ms - entry.uptime_ms for entry in entries] == [1_790_000_000_000] * 2


async def test_without_consent_the_lane_stays_empty(place: Place) -> None:
    place.come(KG, scope=None)
    place.say(weight())
    place.act(Action.NEXT)
    place.act(Action.FINISH)
    await all_written(place)
    assert await place.bodies() == []
    assert place.cabin.measurements_made == 1


async def test_a_consent_without_a_reading_leaves_no_trace(place: Place) -> None:
    place.come(KG)
    place.act(Action.SKIP)
    place.act(Action.FINISH)
    await all_written(place)
    assert await place.bodies() == []


async def test_kept_is_said_only_after_the_disk(idle_place: Place) -> None:
    idle_place.come(KG)
    idle_place.say(weight())
    idle_place.act(Action.NEXT)
    sheet = idle_place.cabin.view.sheet
    assert sheet is not None
    assert sheet.kept is None
    await idle_place.cabin._keeper.flush()
    sheet = idle_place.cabin.view.sheet
    assert sheet is not None
    assert sheet.kept is ConsentScope.KEEP
    assert await names(idle_place) == ["ConsentGiven", "Measured"]


async def test_a_full_disk_is_told_and_measuring_goes_on(tight_place: Place) -> None:
    await tight_place.fill()
    tight_place.come(KG, CEL)
    tight_place.say(weight())
    await eventually(
        lambda: (
            tight_place.cabin.view.step is not None
            and tight_place.cabin.view.step.trouble is Trouble.NOT_RECORDED
        )
    )
    tight_place.act(Action.NEXT)
    tight_place.act(Action.START)
    tight_place.say(warmth())
    tight_place.act(Action.NEXT)
    await all_written(tight_place)
    sheet = tight_place.cabin.view.sheet
    assert sheet is not None
    assert [row.kind for row in sheet.rows] == [KG, CEL]
    assert (sheet.kept, sheet.trouble) == (None, Trouble.NOT_RECORDED)
    tight_place.act(Action.FINISH)
    await all_written(tight_place)
    assert await names(tight_place) == []


async def test_when_there_is_space_again_the_consent_still_goes_first(tight_place: Place) -> None:
    await tight_place.fill()
    tight_place.come(KG, CEL)
    tight_place.say(weight())
    await all_written(tight_place)
    await tight_place.empty()
    await eventually(lambda: not tight_place.journal.is_full)
    tight_place.act(Action.NEXT)
    tight_place.act(Action.START)
    tight_place.say(warmth())
    tight_place.act(Action.NEXT)
    await all_written(tight_place)
    assert await names(tight_place) == ["ConsentGiven", "Measured"]
    sheet = tight_place.cabin.view.sheet
    assert sheet is not None
    assert (sheet.kept, sheet.trouble) == (None, Trouble.NOT_RECORDED)


async def test_a_withdrawal_on_a_full_disk_is_owed_until_it_is_written(
    tight_place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "RETRY_S", 0.02)
    tight_place.come(KG)
    tight_place.say(weight())
    await all_written(tight_place)
    await tight_place.fill()
    tight_place.act(Action.NEXT)
    tight_place.act(Action.WITHDRAW)
    await eventually(
        lambda: (
            tight_place.cabin.view.sheet is not None
            and tight_place.cabin.view.sheet.trouble is Trouble.NOT_RECORDED
        )
    )
    await tight_place.empty()
    await eventually(
        lambda: tight_place.cabin.view.sheet is not None and tight_place.cabin.view.sheet.is_withdrawn
    )
    assert await names(tight_place) == ["ConsentGiven", "Measured", "ConsentWithdrawn"]


class Told:
    """A keeper by itself, and what it has told."""

    def __init__(self, journal: Journal) -> None:
        self.told: list[Recorded] = []
        self.ids = iter(f"{number:032x}" for number in range(1, 1_000))
        self.keeper = Keeper(journal, HeldClock(), lambda: next(self.ids), self.told.append)

    async def write(self, *keeps: Keep) -> None:
        for keep in keeps:
            self.keeper.take(keep)
        await self.keeper.flush()


async def test_a_reading_without_its_consent_is_never_written(idle_place: Place) -> None:
    told = Told(idle_place.journal)
    await told.write(KeepReading(A, reading()), consent(A), KeepReading(B, reading()))
    assert await names(idle_place) == []
    assert told.told == [Recorded(A, Entry.READING, is_kept=False), Recorded(B, Entry.READING, is_kept=False)]


async def test_where_nothing_was_written_there_is_nothing_to_withdraw(idle_place: Place) -> None:
    told = Told(idle_place.journal)
    await told.write(consent(), KeepWithdrawal(A), KeepEnd(A, SessionOutcome.FINISHED))
    assert await names(idle_place) == []
    assert told.told == [Recorded(A, Entry.WITHDRAWAL, is_kept=True)]


async def test_nothing_follows_the_end_of_a_session(idle_place: Place) -> None:
    told = Told(idle_place.journal)
    await told.write(
        consent(), KeepReading(A, reading()), KeepEnd(A, SessionOutcome.FINISHED), KeepReading(A, reading())
    )
    assert await names(idle_place) == ["ConsentGiven", "Measured", "SessionEnded"]
    assert told.told[-1] == Recorded(A, Entry.READING, is_kept=False)


async def test_more_than_may_wait_is_refused_at_once(
    idle_place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "MAX_ENTRIES", 5)
    told = Told(idle_place.journal)
    told.keeper.take(consent())
    for _ in range(5):
        told.keeper.take(KeepReading(A, reading()))
    assert told.told == [Recorded(A, Entry.READING, is_kept=False)]
    told.keeper.take(KeepWithdrawal(A))
    assert len(told.told) == 1
    await told.keeper.flush()
    assert (await names(idle_place))[-1] == "ConsentWithdrawn"
    assert told.told[-1] == Recorded(A, Entry.WITHDRAWAL, is_kept=True)


async def test_an_interrupted_entry_is_written_once(
    idle_place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Told(idle_place.journal)
    append = idle_place.journal.append
    written = asyncio.Event()

    async def slow(*args: object, **named: object) -> object:
        appended = await append(*args, **named)  # type: ignore[arg-type]
        written.set()
        await asyncio.Event().wait()
        return appended

    monkeypatch.setattr(idle_place.journal, "append", slow)
    told.keeper.take(consent())
    told.keeper.take(KeepReading(A, reading()))
    task = asyncio.create_task(told.keeper.run())
    await written.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    monkeypatch.undo()
    await told.keeper.flush()
    assert await names(idle_place) == ["ConsentGiven", "Measured"]
    assert told.told == [Recorded(A, Entry.READING, is_kept=True)]


async def test_an_entry_that_the_journal_refuses_is_named_without_its_values(
    idle_place: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def refuse(*_: object, **__: object) -> None:
        raise BodyRefusedError("Measured: 61.5")

    monkeypatch.setattr(idle_place.journal, "append", refuse)
    told = Told(idle_place.journal)
    with caplog.at_level(logging.DEBUG):
        await told.write(consent(), KeepReading(A, reading()))
    assert told.told == [Recorded(A, Entry.READING, is_kept=False)]
    assert "refused" in caplog.text
    assert "61.5" not in caplog.text


async def test_a_broken_journal_ends_it(idle_place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise JournalBrokenError("moved aside")

    monkeypatch.setattr(idle_place.journal, "append", broken)
    told = Told(idle_place.journal)
    with pytest.raises(JournalBrokenError):
        await told.write(consent(), KeepReading(A, reading()))
    assert told.told == []


async def test_everything_written_is_what_the_cloud_takes(tmp_path: Path) -> None:
    async with a_place(tmp_path) as place:
        told = Told(place.journal)
        long = Reading(
            kind=KG, values=reading().values, flags=frozenset(Flag), sensor="scale-1", raw=b"\xff" * 64
        )
        await told.write(consent(), KeepReading(A, long))
        (_, entry) = (await place.journal.pending(Lane.VITALS, 0, 10, 100_000)).entries
        body = decode_body(entry.body)
        assert isinstance(body, Measured)
        assert (len(body.raw), len(body.flags)) == (128, len(Flag))
