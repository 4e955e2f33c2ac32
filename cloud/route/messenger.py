"""Messages to people who left a contact: claimed, opened, sent, settled; the number lives for that one call."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog

from cloud.notify.contact import ContactOpener
from cloud.notify.port import Delivered, Failed
from cloud.notify.request_sms import RequestNotice, RequestTeller
from cloud.requests.flow import Whose
from cloud.requests.offices import Offices
from cloud.route.retry import retry_at_ms
from cloud.store import errands, request_routes, requests
from cloud.store.engine import Store
from cloud.store.errands import MESSAGES, Errand

_log = structlog.get_logger(__name__)

BATCH: Final = 50
LEASE_MS: Final = 120_000


@dataclass(frozen=True, slots=True)
class Messenger:
    """Sends what is due; without a way to open contacts or to send, messages end as dead letters that say so."""

    store: Store
    offices: Offices
    clock: Callable[[], int]
    opener: ContactOpener | None = None
    teller: RequestTeller | None = None
    jitter: Callable[[], float] = random.random

    def send_due(self) -> int:
        """Send up to BATCH messages and return how many."""
        now_ms = self.clock()
        with self.store.reading() as connection:
            if not errands.any_due(connection, MESSAGES, now_ms):
                return 0
        with self.store.writing() as connection:
            claimed = errands.claim(connection, MESSAGES, now_ms, BATCH, lease_ms=LEASE_MS)
        for errand in claimed:
            self._settle(errand, self._send(errand))
        return len(claimed)

    def _send(self, errand: Errand) -> Delivered | Failed:
        if self.opener is None or self.teller is None:
            return Failed("messages: this way is not configured", is_final=True)
        with self.store.reading() as connection:
            request = requests.require(connection, errand.request)
            sealed = request_routes.contact(connection, errand.request)
        phone = None if sealed is None else self.opener.open(sealed)
        if phone is None:
            return Failed("contact: gone, or not for us to open", is_final=True)
        wait = self.offices.flow(request).waits.get(request.state)
        is_theirs = wait is not None and wait.whose is Whose.CITIZEN
        notice = RequestNotice(
            key=f"{request.id}-{errand.subject}",
            tracking=request.tracking,
            state=request.state,
            is_late=request.late_since_ms is not None and request.late_since_ms == request.due_at_ms,
            due_at_ms=request.due_at_ms if is_theirs else None,
        )
        try:
            return self.teller.tell(phone, notice)
        except Exception as error:  # noqa: BLE001  # a fault of our own must neither stop the others nor lose this one
            # Without a traceback: its frames hold the number.
            _log.error("messages.fault", errand=errand.id, error=type(error).__name__)
            return Failed("a fault of the messenger's own")

    def _settle(self, errand: Errand, result: Delivered | Failed) -> None:
        now_ms = self.clock()
        with self.store.writing() as connection:
            if isinstance(result, Delivered):
                errands.mark_done(connection, errand.id, now_ms)
                return
            again_ms = retry_at_ms(errand.attempts + 1, now_ms, self.jitter(), is_final=result.is_final)
            errands.mark_failed(connection, errand.id, now_ms, result.detail, again_at_ms=again_ms)
        report = _log.error if again_ms is None else _log.warning
        report("messages.failed", errand=errand.id, request=errand.request, detail=result.detail)
