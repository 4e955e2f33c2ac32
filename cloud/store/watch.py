"""Whether escalation does its work: what an auditor looks at, who was not there when it was done."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, bindparam, func, select

from cloud.store.notifications import NoticeState
from cloud.store.schema import COMMAND, INCIDENT, NOTIFICATION

OVERDUE_AFTER_MS: Final = 10_000
"""Escalation looks every second; a deadline that is so long past shows that it does not."""

DEAD_WITHIN_MS: Final = 3_600_000


@dataclass(frozen=True, slots=True)
class Findings:
    """What is wrong: incidents whose deadline passed unheeded, messages that wait or died, commands that wait."""

    overdue_incidents: int
    waiting_messages: int
    dead_messages: int
    waiting_commands: int

    @property
    def is_well(self) -> bool:
        """Whether the way from a press to somebody's attention works. A station that is offline is not its fault."""
        return self.overdue_incidents == 0 and self.waiting_messages == 0 and self.dead_messages == 0


def inspect(connection: Connection, now_ms: int) -> Findings:
    """Look at everything that is open. That an open incident has a deadline at all, the schema itself requires."""
    late = {"before_ms": now_ms - OVERDUE_AFTER_MS}
    return Findings(
        overdue_incidents=connection.execute(_OVERDUE, late).scalar_one(),
        waiting_messages=connection.execute(_WAITING, late).scalar_one(),
        dead_messages=connection.execute(_DEAD, {"since_ms": now_ms - DEAD_WITHIN_MS}).scalar_one(),
        waiting_commands=connection.execute(_COMMANDS, late).scalar_one(),
    )


_COUNT: Final = select(func.count())
_OVERDUE: Final = _COUNT.where(INCIDENT.c.next_deadline_ms < bindparam("before_ms"))
_WAITING: Final = _COUNT.where(NOTIFICATION.c.next_at_ms < bindparam("before_ms"))
_DEAD: Final = _COUNT.where(
    NOTIFICATION.c.state == NoticeState.DEAD.value, NOTIFICATION.c.created_at_ms >= bindparam("since_ms")
)
_COMMANDS: Final = _COUNT.where(COMMAND.c.next_send_at_ms < bindparam("before_ms"))
