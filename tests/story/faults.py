"""The table of faults that the stories write themselves, and the judge they all ask: the store."""

from collections.abc import Sequence
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


_CABIN_HEAD = """
## In the cabin

What breaks while somebody measures, what the screen then says (a word of its catalogue; each has a sentence that says what to
do next), and how soon. In every row an SOS pressed on the board and one on the screen were recorded while it was broken.

| fault | the screen says | after |
|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class CabinOutcome:
    """What a person in the cabin was told, how long after something broke (s); None: nothing, it went on."""

    fault: str
    trouble: str | None
    told_s: float | None = None

    def row(self) -> str:
        """One line of the table."""
        told = "" if self.told_s is None else f"{self.told_s:.1f} s"
        return f"| {self.fault} | {self.trouble or 'nothing: it goes on measuring'} | {told} |"


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
    cabin: list[CabinOutcome] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        """Note an outcome; the story's own assertions judge it."""
        self.outcomes.append(outcome)

    def add_cabin(self, outcome: CabinOutcome) -> None:
        """Note what a person in the cabin was told."""
        self.cabin.append(outcome)

    def render(self) -> str:
        """Return the whole page."""
        return _HEAD + _rows(self.outcomes) + _CABIN_HEAD + _rows(self.cabin)


def _rows(outcomes: Sequence[Outcome | CabinOutcome]) -> str:
    return "".join(f"{outcome.row()}\n" for outcome in sorted(outcomes, key=lambda row: row.fault))


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
