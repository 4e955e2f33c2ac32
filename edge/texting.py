"""The SMS of a press that nobody confirmed: written from the journal, sent to every number, told to the cloud."""

import asyncio
from collections import OrderedDict
from typing import Final

import msgspec

from edge.codecs.sms import Delivery, Sender, SmsError, sos_text
from edge.drivers.at_line import ModemError
from edge.drivers.modem import ModemDriver
from edge.journal.journal import Journal
from edge.logs import Log
from edge.notes import Notes
from wire.entries import AnyBody, SmsFallback, SmsState, SosPressed
from wire.topics import Lane

SEND_TIMEOUT_S: Final = 120.0
"""One number, the wait for a modem that is just being found included."""
MAX_REFERENCES: Final = 32
"""SMS whose status report is still waited for; the network's own counter has 256."""
MAX_LOOKED_AT: Final = 500
"""Entries of lane `sos` in which the press is looked for."""

_log: Final = Log(__name__)
_body: Final = msgspec.json.Decoder(AnyBody)


class Texter:
    """Sends the SMS of a press until each number has it."""

    def __init__(
        self, modem: ModemDriver, numbers: tuple[str, ...], sender: Sender, journal: Journal, notes: Notes
    ) -> None:
        self._modem = modem
        self._numbers = numbers
        self._sender = sender
        self._journal = journal
        self._notes = notes
        self._done: OrderedDict[int, set[str]] = OrderedDict()
        self._references: OrderedDict[int, int] = OrderedDict()

    async def text(self, press_seq: int, attempt: int) -> bool:
        """Send to the numbers that do not have it yet; return whether all of them have it now.

        A failure is noted at the first, second, fourth, eighth... attempt.
        """
        text = await self._compose(press_seq)
        if text is None:
            return True
        done = self._done_numbers(press_seq)
        reason = ""
        for number in self._numbers:
            if number not in done:
                try:
                    await self._send(press_seq, number, text)
                except (ModemError, SmsError, TimeoutError) as error:
                    reason = str(error) or "no answer in time"
                else:
                    done.add(number)
        is_sent = len(done) == len(set(self._numbers))
        if is_sent or attempt & (attempt - 1) == 0:
            self._note(press_seq, SmsState.SENT if is_sent else SmsState.FAILED, reason)
        return is_sent

    def delivered(self, delivery: Delivery) -> None:
        """Take a status report; only final ones about an SMS of ours are told on."""
        if delivery.is_delivered is None:
            return
        press_seq = self._references.pop(delivery.reference, None)
        if press_seq is not None:
            state = SmsState.SENT if delivery.is_delivered else SmsState.FAILED
            self._note(press_seq, state, "delivered" if delivery.is_delivered else "not delivered")

    async def _send(self, press_seq: int, number: str, text: str) -> None:
        async with asyncio.timeout(SEND_TIMEOUT_S):
            reference = await self._modem.send(number, text)
        self._references[reference] = press_seq
        if len(self._references) > MAX_REFERENCES:
            self._references.popitem(last=False)

    async def _compose(self, press_seq: int) -> str | None:
        """Return the text of the oldest press from `press_seq` on that still waits; None when none does."""
        pending = await self._journal.pending(Lane.SOS, press_seq - 1, MAX_LOOKED_AT, 1 << 20)
        for entry in pending.entries:
            body = _body.decode(entry.body)
            if isinstance(body, SosPressed) and not body.drill:
                return sos_text(self._sender, entry.at_ms - body.ago_ms, body.source)
        return None

    def _done_numbers(self, press_seq: int) -> set[str]:
        done = self._done.setdefault(press_seq, set())
        if len(self._done) > MAX_REFERENCES:
            self._done.popitem(last=False)
        return done

    def _note(self, press_seq: int, state: SmsState, detail: str) -> None:
        _log.info("sms", press_seq=press_seq, state=state, detail=detail)
        self._notes.add(SmsFallback(press_seq=press_seq, state=state, detail=detail[:200]))
