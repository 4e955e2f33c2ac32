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

MAX_CLEARINGS: Final = 8
DAY_MS: Final = 86_400_000


async def go_on(world: World, good: set[int]) -> None:
    """Go on until a state that is known to end well (`good`, each with how far it had come), or for more than a day.

    What was not acknowledged is told again only at the very end: polls and the statement must have found it before, all but
    a second payment of what is paid, after which nobody is asked.
    """
    passed: list[int] = []
    for stage, work in enumerate((_work, _be_late, _sleep, _work, _be_late)):
        await work(world)
        passed.append(hash((stage, essence(world))))
        if passed[-1] in good:
            good.update(passed)
            return
    check_found(world)
    await world.do(TELL_ALL)
    await _clear(world)
    await _do(world, TILL)
    check_end(world)
    good.update(passed)


async def _work(world: World) -> None:
    for deed in (SUBMIT, TILL, CLOSE_DAY) if world.is_bill else (SUBMIT, TILL, CARRY, CLOSE_DAY):
        await _do(world, deed)
    await _clear(world)


async def _be_late(world: World) -> None:
    for deed in (HOURS, CLOCK, TILL):
        await _do(world, deed)
    await _clear(world)


async def _sleep(world: World) -> None:
    world.outside.clock.now_ms += DAY_MS


async def _clear(world: World) -> None:
    """Let the clearing go round until it rests, as its loop does."""
    for _ in range(MAX_CLEARINGS):
        if not await world.roles.clearing.go_round():
            return
    raise AssertionError("the clearing finds no end")


async def _do(world: World, deed: Deed) -> None:
    with suppress(NotNowError):
        await world.do(deed)
