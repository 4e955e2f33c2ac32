"""Carries the alarm's decisions out: lamp, siren and SMS follow what is recorded, receipted and told from the centre."""

import asyncio
from typing import Final

import msgspec

from edge.alarm import Alarm, Effect, Incident, SendSms, Shown, SoundSiren
from edge.clock import Clock
from edge.drivers.board import BoardDriver, Press
from edge.journal.errors import JournalError
from edge.journal.journal import Journal
from edge.logs import Log
from edge.registry import AlarmMemory, KnownIncident, Registry
from edge.texting import Texter
from wire.codec import LooseEntry
from wire.entries import AnyBody, SosPressed
from wire.messages import Command, Outcome, Receipt, ShowSos, SosStage
from wire.ranges import SequenceSet
from wire.topics import Lane

SHOW_TIMEOUT_S: Final = 3.0
"""A board answers within 10 ms and is tried for a second; the rest is for one that just comes back."""
PAGE_ENTRIES: Final = 200
PAGE_BYTES: Final = 1 << 20

_log: Final = Log(__name__)
_body: Final = msgspec.json.Decoder(AnyBody)

Answer = tuple[Outcome, str]
"""How a command ended, and a word to the technician."""


class Responder:
    """The alarm with its hands. Call `restore` once, then run `run` under `supervise`."""

    def __init__(
        self,
        alarm: Alarm,
        board: BoardDriver,
        texter: Texter | None,
        journal: Journal,
        registry: Registry,
        clock: Clock,
    ) -> None:
        self._alarm = alarm
        self._board = board
        self._texter = texter
        self._journal = journal
        self._registry = registry
        self._clock = clock
        self._changed = asyncio.Event()
        self._shown = alarm.stage

    @property
    def stage(self) -> SosStage | None:
        """What the person may be told now; None when nothing is going on."""
        return self._alarm.stage

    async def restore(self) -> None:
        """Take up what an earlier run left: incidents from the registry, waiting presses from the journal."""
        memory = await asyncio.to_thread(self._registry.alarm_memory)
        if memory is not None:
            texted_seq = memory.texted_seq if memory.journal == self._journal.journal_id else 0
            self._alarm.restore(
                {known.incident: self._recall(known) for known in memory.incidents}, texted_seq
            )
        after_seq = 0
        while entries := (
            pending := await self._journal.pending(Lane.SOS, after_seq, PAGE_ENTRIES, PAGE_BYTES)
        ).entries:
            for entry in entries:
                self._retake(entry, is_this_boot=pending.boot == self._clock.boot)
            after_seq = entries[-1].seq

    def pressed(self, press: Press, *, drill: bool = False) -> None:
        """Take a press that was just recorded; the lamp says so at once."""
        self._alarm.recorded(press.seq, press.pressed_ms, drill=drill)
        _log.info("press recorded", seq=press.seq, drill=drill)
        self._update()

    async def receipted(self, receipt: Receipt) -> None:
        """Take a receipt; only those of lane `sos` matter here."""
        if receipt.lane is Lane.SOS and receipt.journal == self._journal.journal_id:
            rejected = {entry.seq for entry in receipt.rejected}
            stored = SequenceSet.of(_without(receipt, rejected))
            self._do(self._alarm.receipted(stored, self._clock.uptime_ms()))
            self._update()

    async def show(self, order: ShowSos) -> Answer | None:
        """Tell the person; DONE only when the board has said that its lamp shows it, None while it has not."""
        if self._alarm.show(order, self._clock.uptime_ms()) is Shown.STALE:
            return Outcome.REFUSED, "a newer version was shown already"
        self._update()
        try:
            async with asyncio.timeout(SHOW_TIMEOUT_S):
                await self._board.settled()
        except TimeoutError:
            _log.warning("the board did not confirm its lamp", incident=order.incident)
            return None
        finally:
            await self._remember()
        return Outcome.DONE, ""

    async def drill(self, command: Command, button: str) -> Answer:
        """Record a press marked as a drill, once per command."""
        now_ms = self._clock.uptime_ms()
        source = f"drill-{command.id}"
        try:
            appended = await self._journal.append(
                Lane.SOS,
                SosPressed(button=button, source=source, drill=True),
                at_ms=self._clock.wall_ms(),
                uptime_ms=now_ms,
                source=source,
            )
        except JournalError as error:
            return Outcome.FAILED, str(error)
        if appended.is_new:
            self.pressed(Press(appended.seq, now_ms), drill=True)
        return Outcome.DONE, f"press {appended.seq}"

    async def run(self) -> None:
        """Do what the alarm wants when its time comes."""
        async with asyncio.TaskGroup() as texts:
            while True:
                self._changed.clear()
                for effect in self._alarm.tick(self._clock.uptime_ms()):
                    if isinstance(effect, SendSms):
                        texts.create_task(self._text(effect), name=f"sms-{effect.press_seq}")
                    else:
                        self._do([effect])
                self._update_lamp()
                await self._wait()

    async def _wait(self) -> None:
        """Return when something changed or the alarm's next deadline has come."""
        deadline_ms = self._alarm.next_deadline_ms
        wait_s = None if deadline_ms is None else max(0.0, (deadline_ms - self._clock.uptime_ms() + 1) / 1000)
        try:
            async with asyncio.timeout(wait_s):
                await self._changed.wait()
        except TimeoutError:
            return

    async def _text(self, order: SendSms) -> None:
        """Try the SMS once; whatever happens, the alarm hears of it and orders the next try."""
        sent = False
        try:
            sent = self._texter is not None and await self._texter.text(order.press_seq, order.attempt)
        except Exception:  # noqa: BLE001 - a mistake of ours must not silence the next try
            _log.exception("sms failed", press_seq=order.press_seq)
        finally:
            self._alarm.texted(order.press_seq, self._clock.uptime_ms(), sent=sent)
            self._changed.set()
        if sent:
            await self._remember()

    def _do(self, effects: list[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, SoundSiren):
                _log.warning("siren", seconds=effect.seconds)
                self._board.sound(effect.seconds)

    def _update(self) -> None:
        self._update_lamp()
        self._changed.set()

    def _update_lamp(self) -> None:
        stage = self._alarm.stage
        if stage is not self._shown:
            self._shown = stage
            self._board.show(stage)

    def _retake(self, entry: LooseEntry, *, is_this_boot: bool) -> None:
        body = _body.decode(entry.body)
        if isinstance(body, SosPressed):
            now_ms = self._clock.uptime_ms()
            wall_age_ms = max(0, self._clock.wall_ms() - entry.at_ms)
            age_ms = now_ms - entry.uptime_ms if is_this_boot else wall_age_ms
            self._alarm.recorded(entry.seq, now_ms - age_ms - body.ago_ms, drill=body.drill)

    def _recall(self, known: KnownIncident) -> Incident:
        age_ms = max(0, self._clock.wall_ms() - known.told_at_ms)
        return Incident(known.version, known.stage, self._clock.uptime_ms() - age_ms)

    async def _remember(self) -> None:
        """Keep what a restart must know. A disk that fails costs at most an SMS twice, so it is only logged."""
        offset_ms = self._clock.wall_ms() - self._clock.uptime_ms()
        memory = AlarmMemory(
            journal=self._journal.journal_id,
            texted_seq=self._alarm.texted_seq,
            incidents=[
                KnownIncident(
                    incident=name,
                    version=known.version,
                    stage=known.stage,
                    told_at_ms=known.told_ms + offset_ms,
                )
                for name, known in self._alarm.incidents.items()
            ],
        )
        try:
            await asyncio.to_thread(self._registry.set_alarm_memory, memory)
        except OSError as error:
            _log.error("alarm memory not kept", reason=error.strerror)


def _without(receipt: Receipt, rejected: set[int]) -> list[tuple[int, int]]:
    """Return the receipt's ranges cut at the entries that were rejected."""
    ranges: list[tuple[int, int]] = []
    for first, last in receipt.ranges:
        start = first
        for seq in sorted(seq for seq in rejected if first <= seq <= last):
            if start < seq:
                ranges.append((start, seq - 1))
            start = seq + 1
        if start <= last:
            ranges.append((start, last))
    return ranges
