"""Deleting what is due, every hour, in small steps with a breath between them, so that nobody waits behind it.

What people had measured, what they sent from their card and nobody fetched, what they submitted once it is long over, the
records of their consents when their time too is over, raw batches that the telemetry store has, and its single points. Every deletion about people is audited as a count.
"""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

import structlog

from cloud.clock import now_ms, pause
from cloud.sections import DAY_MS
from cloud.settings import Settings
from cloud.store import audit, readings, request_retention, retention
from cloud.store.engine import Store, take_turn
from cloud.store.errors import StoreError
from cloud.telemetry import SqliteTelemetry, TelemetryError

_log = structlog.get_logger(__name__)

ACTOR: Final = "retention"
INTERVAL_S: Final = 3_600.0
_FIRST_S: Final = (5.0, 60.0)
_JITTER: Final = (0.9, 1.1)
_BREATH_S: Final = 0.05
_SESSIONS: Final = 200
_PARTS: Final = 20
_BATCHES: Final = 500
"""A step of either takes some ten milliseconds, one of parts some twenty: each has 64 KiB to overwrite."""

_SCRUBS: Final = 20


@dataclass(frozen=True, slots=True)
class Sweeper:
    """Deletes what `settings` no longer keeps; `clock` returns ms since 1970 UTC."""

    settings: Settings
    store: Store
    clock: Callable[[], int] = now_ms

    async def run(self, stop: asyncio.Event) -> None:
        """Sweep every hour until `stop` is set, whatever happens."""
        await pause(stop, random.uniform(*_FIRST_S))
        while not stop.is_set():
            try:
                await self.sweep(stop)
            except (StoreError, TelemetryError) as error:
                _log.error("retention.interrupted", error=str(error))
            except Exception:  # noqa: BLE001  # it must not end the escalation beside it
                _log.exception("retention.fault")
            await pause(stop, INTERVAL_S * random.uniform(*_JITTER))

    async def sweep(self, stop: asyncio.Event) -> None:
        """Delete everything that is due now, people's things first."""
        await _all(self.sweep_vitals, stop)
        await _all(self.forget_consents, stop)
        await _all(self.sweep_shares, stop)
        await _all(self.forget_identities, stop)
        await _all(self.sweep_requests, stop)
        await _all(self.sweep_lost, stop)
        await _all(self.sweep_blobs, stop)
        for _ in range(_SCRUBS):
            if await asyncio.to_thread(self.store.scrub):
                break
            await pause(stop, _BREATH_S)
        else:
            _log.warning("retention.not_scrubbed")
        await self._sweep_telemetry(stop)

    def sweep_vitals(self) -> bool:
        """Do one step; tell whether there may be more."""
        with self.store.writing() as connection:
            take_turn(connection)
            swept = retention.sweep_vitals(connection, self.clock(), _SESSIONS)
            if swept.sessions:
                audit.append(connection, ACTOR, "vitals.sweep", "vitals", swept._asdict(), self.clock())
        return swept.sessions == _SESSIONS

    def forget_consents(self) -> bool:
        """Do one step; tell whether there may be more."""
        before_ms = self.clock() - self.settings.vitals.consent_days * DAY_MS
        with self.store.writing() as connection:
            take_turn(connection)
            count = retention.forget_consents(connection, before_ms, _SESSIONS)
            if count:
                audit.append(connection, ACTOR, "consent.sweep", "consent", {"records": count}, self.clock())
        return count == _SESSIONS

    def sweep_shares(self) -> bool:
        """Do one step; tell whether there may be more."""
        with self.store.writing() as connection:
            take_turn(connection)
            count = retention.sweep_shares(connection, self.clock(), _SESSIONS)
            if count:
                audit.append(connection, ACTOR, "identity.sweep", "identity", {"shares": count}, self.clock())
        return count == _SESSIONS

    def forget_identities(self) -> bool:
        """Do one step; tell whether there may be more."""
        before_ms = self.clock() - self.settings.identity.consent_days * DAY_MS
        with self.store.writing() as connection:
            take_turn(connection)
            gone = retention.forget_identities(connection, before_ms, _SESSIONS)
            if any(gone):
                audit.append(connection, ACTOR, "identity.forget", "identity", gone._asdict(), self.clock())
        return max(gone) == _SESSIONS

    def sweep_requests(self) -> bool:
        """Do one step; tell whether there may be more."""
        before_ms = self.clock() - self.settings.requests.sealed_days * DAY_MS
        with self.store.writing() as connection:
            take_turn(connection)
            count = request_retention.sweep_sealed(connection, before_ms, _SESSIONS)
            if count:
                audit.append(connection, ACTOR, "request.sweep", "request", {"requests": count}, self.clock())
        return count == _SESSIONS

    def sweep_lost(self) -> bool:
        """Do one step; tell whether there may be more."""
        before_ms = self.clock() - self.settings.requests.waiting_days * DAY_MS
        with self.store.writing() as connection:
            take_turn(connection)
            count = request_retention.sweep_lost(connection, before_ms, _SESSIONS)
            if count:
                detail = {"amendments": count}
                audit.append(connection, ACTOR, "request.sweep_lost", "request", detail, self.clock())
        return count == _SESSIONS

    def sweep_blobs(self) -> bool:
        """Do one step; tell whether there may be more."""
        kept, now_ms = self.settings.requests, self.clock()
        ended_ms, received_ms = now_ms - kept.sealed_days * DAY_MS, now_ms - kept.waiting_days * DAY_MS
        with self.store.writing() as connection:
            take_turn(connection)
            count = request_retention.sweep_blobs(connection, ended_ms, received_ms, _PARTS)
            if count:
                audit.append(connection, ACTOR, "request.sweep_blobs", "request", {"parts": count}, now_ms)
        return count >= _PARTS

    def forget_batches(self, up_to: int) -> bool:
        """Do one step; tell whether there may be more."""
        before_ms = self.clock() - self.settings.telemetry.batch_days * DAY_MS
        with self.store.writing() as connection:
            count = readings.forget_batches(connection, up_to=up_to, before_ms=before_ms, limit=_BATCHES)
        return count == _BATCHES

    async def _sweep_telemetry(self, stop: asyncio.Event) -> None:
        """Forget the batches that the telemetry store has; where there is none, all that are old."""
        path = self.settings.telemetry.path
        if path is None:
            up_to = await asyncio.to_thread(self._last_batch)
        else:
            with SqliteTelemetry(path) as telemetry:
                up_to = await asyncio.to_thread(telemetry.replayed)
                before_ms = self.clock() - self.settings.telemetry.point_days * DAY_MS
                await asyncio.to_thread(telemetry.prune, before_ms)
        await _all(partial(self.forget_batches, up_to), stop)

    def _last_batch(self) -> int:
        with self.store.reading() as connection:
            return readings.last_batch(connection)


async def _all(step: Callable[[], bool], stop: asyncio.Event) -> None:
    while not stop.is_set() and await asyncio.to_thread(step):
        await pause(stop, _BREATH_S)
