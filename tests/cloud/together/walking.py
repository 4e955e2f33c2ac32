"""Walking through all states that a few deeds lead to, breadth first, each deed also cut off and interrupted everywhere."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from cloud.requests.errors import RefusedError
from tests.cloud.together.going_on import go_on
from tests.cloud.together.holds import check
from tests.cloud.together.keeping import Kept, essence, keep, put_back
from tests.cloud.together.mortal import Cut, Fate
from tests.cloud.together.world import Deed, NotNowError, World


@dataclass(frozen=True, slots=True)
class Step:
    """A deed, where it is cut off, and what another process does before which of its transactions."""

    deed: Deed
    cut: Cut | None = None
    meanwhile: tuple[int, Deed] | None = None

    def __str__(self) -> str:
        if self.cut is not None:
            return f"{self.deed.name} ({'after' if self.cut.is_committed else 'before'} commit {self.cut.number})"
        if self.meanwhile is not None:
            return f"{self.deed.name} ({self.meanwhile[1].name} before transaction {self.meanwhile[0]})"
        return self.deed.name


@dataclass
class Walk:
    """What was walked so far; `good` are states known to end well."""

    world: World
    deeds: Sequence[Deed]
    beside: Sequence[Deed] = ()
    seen: set[int] = field(default_factory=set)
    good: set[int] = field(default_factory=set)
    steps: int = 0
    _at: Kept | None = None
    """Where the world is, if nothing was done since it was put back."""

    async def begin(self, *path: Deed) -> None:
        """Walk a path, then everything from its end."""
        for deed in path:
            await self.world.do(deed)
            check(self.world)

    async def breadth_first(self, depth: int, path: tuple[str, ...]) -> None:
        """Take every step from every state at most `depth` steps away; AssertionError with the way that broke it."""
        edge = [(keep(self.world), path)]
        self.seen.add(essence(self.world))
        for _ in range(depth):
            found: list[tuple[Kept, tuple[str, ...]]] = []
            for state, way in edge:
                for deed in self.deeds:
                    found += await self._all_of(state, way, deed)
            edge = found

    async def _all_of(
        self, state: Kept, way: tuple[str, ...], deed: Deed
    ) -> list[tuple[Kept, tuple[str, ...]]]:
        """Do one deed in every manner; return the states that are new."""
        fate = await self._take(state, way, Step(deed))
        if fate is None:
            return []
        found = self._new(way, Step(deed))
        if found:
            await self._goes_on(way, Step(deed))
        for step in self._manners(deed, fate.count):
            if await self._take(state, way, step) is None:
                continue
            new = self._new(way, step)
            if new:
                await self._goes_on(way, step)
            found += new
        return found

    def _manners(self, deed: Deed, count: int) -> Iterator[Step]:
        for number in range(1, count + 1):
            yield Step(deed, cut=Cut(number, is_committed=False))
            if number < count:
                yield Step(deed, cut=Cut(number, is_committed=True))
            for other in self.beside:
                yield Step(deed, meanwhile=(number, other))

    async def _take(self, state: Kept, way: tuple[str, ...], step: Step) -> Fate | None:
        if self._at is not state:
            put_back(self.world, state)
        self._at = None
        self.steps += 1
        try:
            fate = await self.world.do(step.deed, step.cut, step.meanwhile)
            check(self.world)
        except NotNowError:
            self._at = state
            return None
        except RefusedError:
            return None
        except AssertionError as error:
            raise AssertionError(f"{error}\nafter: {' > '.join((*way, str(step)))}") from error
        return fate

    def _new(self, way: tuple[str, ...], step: Step) -> list[tuple[Kept, tuple[str, ...]]]:
        now = essence(self.world)
        if now in self.seen:
            return []
        self.seen.add(now)
        return [(keep(self.world), (*way, str(step)))]

    async def _goes_on(self, way: tuple[str, ...], step: Step) -> None:
        try:
            await go_on(self.world, self.good)
        except AssertionError as error:
            raise AssertionError(f"{error}\nat the end of: {' > '.join((*way, str(step)))}") from error
