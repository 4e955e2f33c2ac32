"""Everything goes on, undisturbed, until nothing moves any more. No notice comes again: polls and the statement must do."""

from contextlib import suppress
from typing import Final

from tests.cloud.together.deeds import (
    CARRY,
    CLOCK,
    CLOSE_DAY,
    HOURS,
    SUBMIT,
    TELL_ALL,
    TILL,
)
from tests.cloud.together.holds import check_end, check_found
from tests.cloud.together.keeping import essence
from tests.cloud.together.world import Deed, NotNowError, World

MAX_ROUNDS: Final = 12
MAX_CLEARINGS: Final = 8
DAY_MS: Final = 86_400_000


async def go_on(world: World, good: set[int]) -> None:
    """Go on until a state that is known to end well, or until nothing changes; that state must be a good end.

    What was not acknowledged is told again only at the very end: polls and the statement must have found it before, all but
    a second payment of what is paid, after which nobody is asked.
    """
    passed: list[int] = []
    for count in range(MAX_ROUNDS):
        await _round(world)
        now = essence(world)
        if now in good:
            good.update(passed)
            return
        if passed and passed[-1] == now:
            check_found(world)
            await world.do(TELL_ALL)
            await _round(world)
            check_end(world)
            good.update(passed)
            return
        passed.append(now)
        world.outside.clock.now_ms += DAY_MS if count > 1 else 0
    raise AssertionError("it finds no end")


async def _round(world: World) -> None:
    for deed in (SUBMIT, TILL, CARRY, CLOSE_DAY):
        await _do(world, deed)
    await _clear(world)
    for deed in (HOURS, CLOCK, TILL):
        await _do(world, deed)
    await _clear(world)
    await _do(world, TILL)


async def _clear(world: World) -> None:
    for _ in range(MAX_CLEARINGS):
        if not await world.roles.clearing.go_round():
            return
    raise AssertionError("the clearing finds no end")


async def _do(world: World, deed: Deed) -> None:
    with suppress(NotNowError):
        await world.do(deed)
