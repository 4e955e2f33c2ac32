"""One life of a bill and one of a fee on each database: every deed dies before its commits and after them, then is done again."""

from collections.abc import AsyncIterator, Sequence
from contextlib import suppress

import pytest

from cloud.requests.request import State
from tests.cloud.together import deeds
from tests.cloud.together.going_on import go_on
from tests.cloud.together.holds import check
from tests.cloud.together.mortal import Cut, Stores
from tests.cloud.together.outside import Outside
from tests.cloud.together.world import Deed, NotNowError, World

BILL = (deeds.SUBMIT, deeds.ASK_A, deeds.MOMO_A, deeds.TILL, deeds.TELL[0], deeds.CLEAR_LOST, deeds.HOURS)
FEE = (deeds.SUBMIT, deeds.CARRY, deeds.ASK_FEE, deeds.ASK_A, deeds.MOMO_A, deeds.TELL[0], deeds.CLEAR)
WITHDRAWN = (*FEE, deeds.WITHDRAW, deeds.CLEAR, deeds.TILL)


@pytest.fixture
async def outside() -> AsyncIterator[Outside]:
    everybody = Outside()
    yield everybody
    await everybody.aclose()


async def _dies_and_goes_on(world: World, deed: Deed) -> None:
    for number in (1, 2):
        for is_committed in (False, True):
            with suppress(NotNowError):
                await world.do(deed, Cut(number, is_committed=is_committed))
            check(world)
    with suppress(NotNowError):
        await world.do(deed)
    check(world)


@pytest.mark.parametrize(
    ("path", "is_bill", "end", "owed"),
    [(BILL, True, State.DONE, 0), (FEE, False, State.FEE_PAID, 0), (WITHDRAWN, False, State.WITHDRAWN, 1)],
    ids=["bill", "fee", "withdrawn fee"],
)
async def test_who_dies_everywhere_pays_once(
    store_url: str, outside: Outside, path: Sequence[Deed], end: State, owed: int, *, is_bill: bool
) -> None:
    with Stores(store_url) as stores:
        world = World(stores, outside, is_bill=is_bill)
        for deed in path:
            await _dies_and_goes_on(world, deed)
        await go_on(world, set())
        request = world.request()
        assert request is not None
        assert request.state is end
        assert len(world.orders()) == 1
        assert len(outside.given_back()) == owed
        assert len(outside.billing.answers) == (1 if is_bill else 0), "cleared once"
