"""What is told afterwards: the shift in figures, and the audit log."""

from collections.abc import Mapping
from typing import Self

from cloud.api.shapes.base import Shape
from cloud.sos.report import ShiftReport as Figures
from cloud.sos.report import Spread
from cloud.store.audit import AuditRow


class AnswerTimes(Shape):
    """How fast incidents were acknowledged; `within_*` are counts."""

    p50_ms: int | None
    p95_ms: int | None
    max_ms: int | None
    within_20_s: int
    within_60_s: int


class Times(Shape):
    """Median, 95th percentile and the worst."""

    p50_ms: int | None
    p95_ms: int | None
    max_ms: int | None


class ShiftReport(Shape):
    """A shift in figures."""

    from_ms: int
    to_ms: int
    incidents: int
    presses: int
    drills: int
    by_resolution: Mapping[str, int]
    acknowledge: AnswerTimes
    arrival: Times
    escalated: int
    press_to_store: Times
    still_open: int
    alarm_rate_per_h_max: int

    @classmethod
    def of(cls, figures: Figures, from_ms: int, to_ms: int) -> Self:
        """Arrange the figures."""
        same = (
            "incidents",
            "presses",
            "drills",
            "by_resolution",
            "escalated",
            "still_open",
            "alarm_rate_per_h_max",
        )
        return cls(
            from_ms=from_ms,
            to_ms=to_ms,
            acknowledge=AnswerTimes(
                **_times(figures.acknowledge),
                within_20_s=figures.acknowledged_within_20_s,
                within_60_s=figures.acknowledged_within_60_s,
            ),
            arrival=Times(**_times(figures.arrival)),
            press_to_store=Times(**_times(figures.press_to_store)),
            **{name: getattr(figures, name) for name in same},
        )


class AuditEntry(Shape):
    """One line of the audit log; `detail` is JSON as it was sealed."""

    seq: int
    at_ms: int
    actor: str
    action: str
    subject: str
    detail: str
    hash: str

    @classmethod
    def of(cls, row: AuditRow) -> Self:
        """Arrange a row of the store."""
        return cls.model_validate(row, from_attributes=True)


class AuditPage(Shape):
    """A page of the log, and whether the whole log is as it was written."""

    entries: tuple[AuditEntry, ...]
    verified: bool


def _times(spread: Spread) -> dict[str, int | None]:
    return {"p50_ms": spread.p50_ms, "p95_ms": spread.p95_ms, "max_ms": spread.max_ms}
