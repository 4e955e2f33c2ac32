"""The table of faults that the stories write themselves, and the judge they all ask: the store."""

from dataclasses import dataclass, field

from sqlalchemy import text

from cloud.store.engine import open_engine
from tests.rig.cloud import Cloud

_AT_ONCE_S = 0.05
_HEAD = """\
# What faults do

Written by the run itself: `make faults`. Every row is a story in tests/story over real parts: Mosquitto with mTLS, the
daemons as processes, SQLite or PostgreSQL. "Heals" is the time from the end of the fault (or, where nothing ends it, from
its start) until everything that was sent is stored and shown; the machine was small and shared.

| fault | sent | stored | lost | doubled | heals |
|---|---|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of what was sent while something was broken."""

    fault: str
    sent: int
    stored: int
    doubled: int
    heals_s: float

    @property
    def lost(self) -> int:
        """How many of those sent are nowhere."""
        return self.sent - self.stored

    def row(self) -> str:
        """One line of the table."""
        heals = f"{self.heals_s:.1f} s" if self.heals_s >= _AT_ONCE_S else "at once"
        return f"| {self.fault} | {self.sent} | {self.stored} | {self.lost} | {self.doubled} | {heals} |"


@dataclass(slots=True)
class FaultTable:
    """Collects outcomes in the order of the stories."""

    outcomes: list[Outcome] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        """Note an outcome; the story's own assertions judge it."""
        self.outcomes.append(outcome)

    def render(self) -> str:
        """Return the whole page."""
        return _HEAD + "".join(
            f"{outcome.row()}\n" for outcome in sorted(self.outcomes, key=lambda row: row.fault)
        )


def stored_sources(cloud: Cloud) -> dict[str, int]:
    """Read the store itself: source of a press -> number of rows."""
    engine = open_engine(cloud.database)
    try:
        with engine.begin() as connection:
            rows = connection.execute(
                text("SELECT station || '/' || source, count(*) FROM press GROUP BY 1")
            ).all()
    finally:
        engine.dispose()
    return {str(source): int(count) for source, count in rows}
