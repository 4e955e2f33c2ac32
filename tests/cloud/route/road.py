"""A request's road in tests: a clock that is set by hand, a connector that says what it is told to."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cloud.connectors.port import Handover, Standing
from cloud.requests.request import State
from cloud.route.carrier import Carrier
from cloud.store import errands
from cloud.store.engine import Store
from cloud.store.errands import Errand
from tests.cloud.requesting import NOW_MS

HOUR_MS = 3_600_000
CASE = "H29.13.5-261123-0001"


@dataclass
class SetClock:
    """Stands still until it is told otherwise."""

    at_ms: int = NOW_MS

    def __call__(self) -> int:
        return self.at_ms


@dataclass
class ScriptedConnector:
    """Gives the next answer of each list, the last one again and again; an exception is raised."""

    name: str = "portal"
    numbers: list[str | Exception] = field(default_factory=lambda: [CASE])
    standings: list[Standing | Exception] = field(
        default_factory=lambda: [Standing(word="Mới đăng ký", state=State.SUBMITTED)]
    )
    handed: list[Handover] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    async def lookup(self, number: str) -> Mapping[str, str | int]:
        return {"number": number}

    async def submit(self, handover: Handover) -> str:
        self.handed.append(handover)
        answer = self.numbers[0] if len(self.numbers) == 1 else self.numbers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def status(self, number: str) -> Standing:
        self.asked.append(number)
        answer = self.standings[0] if len(self.standings) == 1 else self.standings.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def dead(store: Store) -> list[Errand]:
    """Return the dead letters."""
    with store.reading() as connection:
        return errands.dead_letters(connection, 10)


async def asked(carrier: Carrier, clock: SetClock) -> None:
    """Let the submission go out, and the time for the first question come."""
    await carrier.carry_due()
    assert await carrier.poll_due() == 0
    clock.at_ms += HOUR_MS
    assert await carrier.poll_due() == 1
