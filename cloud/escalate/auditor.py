"""The auditor: looks whether escalation did its work, and tells the outside that all is well.

Silence is the alarm: the outside service raises it when the heartbeat stays away, whatever the reason.
"""

from dataclasses import dataclass
from typing import Final

import httpx
import structlog

from cloud.store import watch
from cloud.store.engine import Store
from cloud.store.watch import Findings

_log = structlog.get_logger(__name__)

INTERVAL_S: Final = 30.0
TIMEOUT_S: Final = 10.0


def audit(store: Store, now_ms: int) -> Findings:
    """Look, and log what is wrong as an error."""
    with store.reading() as connection:
        findings = watch.inspect(connection, now_ms)
    if not findings.is_well:
        _log.error(
            "audit.failed",
            overdue_incidents=findings.overdue_incidents,
            waiting_messages=findings.waiting_messages,
            dead_messages=findings.dead_messages,
        )
    return findings


@dataclass(frozen=True, slots=True)
class Heart:
    """The outside service that raises the alarm when it hears nothing."""

    client: httpx.Client
    url: str

    def beat(self) -> bool:
        """Tell it that all is well; False (and a warning) when it did not hear."""
        try:
            answer = self.client.get(self.url)
        except httpx.HTTPError as error:
            _log.warning("heartbeat.failed", error=type(error).__name__)
            return False
        if not answer.is_success:
            _log.warning("heartbeat.refused", status=answer.status_code)
        return answer.is_success
