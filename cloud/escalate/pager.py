"""From the outbox of messages to people: claims what is due, sends it, and writes down how it went.

A message is claimed for a while, sent, and settled. A pager that dies in between leaves it to be sent again: twice is
better than never.
"""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Final

import structlog

from cloud.notify.policy import hold_until_ms, retry_at_ms
from cloud.notify.port import Delivered, Failed, Notification, Notifier
from cloud.sos.plan import Channel
from cloud.store import accounts, notifications
from cloud.store.engine import Store
from cloud.store.notifications import Notice

_log = structlog.get_logger(__name__)

BATCH: Final = 64
WORKERS: Final = 16
"""Messages of one way that are sent at a time."""

LEASE_MS: Final = 60_000
"""Longer than any way's limit of time."""


@dataclass(frozen=True, slots=True)
class Pager:
    """Sends what is due by one way, `channel`; without a `notifier` the way is not configured and nothing can go.

    Each way has its own pager, so that one that hangs holds up no other. `ward_name` turns a code into what people read.
    """

    store: Store
    channel: Channel
    notifier: Notifier | None
    ward_name: Callable[[str], str]

    def send_due(self, pool: Executor, clock: Callable[[], int]) -> int:
        """Send up to BATCH messages and return how many."""
        notices = self._claim(clock())
        for notice, result in zip(notices, pool.map(self._send, notices), strict=True):
            self._settle(notice, result, clock())
        return len(notices)

    def _claim(self, now_ms: int) -> list[Notice]:
        """Return what may go out now; what came too soon after another one waits."""
        with self.store.reading() as connection:
            due_ms = notifications.next_at_ms(connection, self.channel)
        if due_ms is None or due_ms > now_ms:
            return []
        ready: list[Notice] = []
        with self.store.writing() as connection:
            for notice in notifications.claim(connection, self.channel, now_ms, BATCH, lease_ms=LEASE_MS):
                until_ms = hold_until_ms(
                    notice.channel, notice.target_sent_at_ms, now_ms, is_first=notice.is_first
                )
                if until_ms is None:
                    ready.append(notice)
                else:
                    notifications.postpone(connection, notice.id, until_ms)
        return ready

    def _send(self, notice: Notice) -> Delivered | Failed:
        if self.notifier is None:
            return Failed("this way is not configured", is_final=True)
        try:
            return self.notifier.send(self._notification(notice))
        except Exception:  # noqa: BLE001  # a fault of our own must neither stop the others nor lose this one
            _log.exception("pager.fault", notification=notice.id, channel=notice.channel.value)
            return Failed("a fault of the pager's own")

    def _settle(self, notice: Notice, result: Delivered | Failed, now_ms: int) -> None:
        with self.store.writing() as connection:
            if isinstance(result, Delivered):
                notifications.mark_sent(connection, notice.id, now_ms)
                return
            again_ms = retry_at_ms(notice.attempts + 1, now_ms, is_final=result.is_final)
            notifications.mark_failed(connection, notice.id, result.detail, again_at_ms=again_ms)
            if result.is_gone:
                accounts.unsubscribe(connection, notice.target)
        report = _log.error if again_ms is None else _log.warning
        report(
            "pager.failed",
            notification=notice.id,
            incident=notice.incident,
            channel=notice.channel.value,
            detail=result.detail,
            gave_up=again_ms is None,
        )

    def _notification(self, notice: Notice) -> Notification:
        return Notification(
            key=f"{notice.incident}-{notice.level}-{notice.round}-{notice.id}",
            group=notice.incident,
            channel=notice.channel,
            target=notice.target,
            station_name=notice.station_name,
            ward_name=self.ward_name(notice.ward) if notice.ward else "",
            drill=notice.drill,
            level=notice.level,
            secrets=notice.keys,
        )
