"""Walking through all states that a few deeds lead to, breadth first, each deed also cut off and interrupted everywhere."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

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


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A state, and the way to it."""

    state: Kept
    way: tuple[str, ...]

    def to(self, step: Step) -> str:
        """Name the way to it and one step on."""
        return " > ".join((*self.way, str(step)))


@dataclass
class Walk:
    """What was walked so far; `good` are states known to end well."""

    world: World
    deeds: Sequence[Deed]
    beside: Sequence[Deed] = ()
    seen: set[int] = field(default_factory=set)
    good: set[int] = field(default_factory=set)
    steps: int = 0
    _at: Place | None = None
    """Where the world is, if nothing was done since it was put back."""

    async def begin(self, *path: Deed) -> None:
        """Walk a path, then everything from its end."""
        for deed in path:
            await self.world.do(deed)
            check(self.world)

    async def breadth_first(self, depth: int, path: tuple[str, ...]) -> None:
        """Take every step from every state at most `depth` steps away; AssertionError with the way that broke it."""
        edge = [Place(keep(self.world), path)]
        self.seen.add(essence(self.world))
        for left in reversed(range(depth)):
            found: list[Place] = []
            for place in edge:
                for deed in self.deeds:
                    found += await self._all_of(place, deed, is_last=not left)
            edge = found

    async def _all_of(self, place: Place, deed: Deed, *, is_last: bool) -> list[Place]:
        """Do one deed in every manner; return the new states, from which something else follows unless it `is_last`."""
        fate = await self._take(place, Step(deed))
        if fate is None:
            return []
        found = await self._look(place, Step(deed), is_last=is_last)
        for step in self._manners(deed, fate.count):
            if await self._take(place, step) is not None:
                found += await self._look(place, step, is_last=is_last)
        return found

    def _manners(self, deed: Deed, count: int) -> Iterator[Step]:
        for number in range(1, count + 1):
            yield Step(deed, cut=Cut(number, is_committed=False))
            if number < count:
                yield Step(deed, cut=Cut(number, is_committed=True))
            for other in self.beside:
                yield Step(deed, meanwhile=(number, other))

    async def _take(self, place: Place, step: Step) -> Fate | None:
        if self._at is not place:
            put_back(self.world, place.state)
        self._at = None
        self.steps += 1
        try:
            fate = await self.world.do(step.deed, step.cut, step.meanwhile)
            check(self.world)
        except NotNowError:
            self._at = place
            return None
        except AssertionError as error:
            raise AssertionError(f"{error}\nafter: {place.to(step)}") from error
        return fate

    async def _look(self, place: Place, step: Step, *, is_last: bool) -> list[Place]:
        """Return where the step led if nobody was there before; everything must go on well from there."""
        now = essence(self.world)
        if now in self.seen:
            return []
        self.seen.add(now)
        found = [] if is_last else [Place(keep(self.world), (*place.way, str(step)))]
        try:
            await go_on(self.world, self.good)
        except AssertionError as error:
            raise AssertionError(f"{error}\nat the end of: {place.to(step)}") from error
        return found
