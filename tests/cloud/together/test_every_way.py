"""A request, its orders, their money and whoever bills, walked through together: every deed from every state nearby.

Each deed is done, done and cut off before and after each of its commits, and (where `beside` is given) done while another
process does something before each of its transactions. From every new state everything goes on to its end. The walks begin at
milestones, since from the very beginning most ways lead nowhere. `TCDS_WALK_DEEPER=1` walks one step further from each (some
minutes), 2 two.
"""

import os
from collections.abc import Sequence
from typing import Final

import pytest

from tests.cloud.together import deeds
from tests.cloud.together.walking import Walk
from tests.cloud.together.world import Deed, World

DEEPER: Final = int(os.environ.get("TCDS_WALK_DEEPER", "0"))

Milestone = tuple[str, int, bool, tuple[Deed, ...]]
"""Bill or fee; how many steps from it; whether others come in between; the way to it."""

SHOWN: Final = (deeds.SUBMIT, deeds.ASK_A)
PAID: Final = (*SHOWN, deeds.TRANSFER_A, deeds.TELL[0])
HALF: Final = (*SHOWN, deeds.HALF_A, deeds.TELL[0])
TWO_CODES: Final = (*SHOWN, deeds.ASK_B, deeds.MOMO_A, deeds.TRANSFER_B)
TWO_BILLS: Final = (*SHOWN, deeds.ASK_C, deeds.TRANSFER_A, deeds.TELL[0], deeds.TRANSFER_C)
SENT_BACK: Final = (*SHOWN, deeds.HALF_A, deeds.TELL[0], deeds.SEND_BACK, deeds.PAY_OUT)
LOST: Final = (*PAID, deeds.CLEAR_LOST)
VAIN: Final = (*SHOWN, deeds.ELSEWHERE, deeds.MOMO_A, deeds.TELL[0])
FEE_SHOWN: Final = (deeds.SUBMIT, deeds.ASK_FEE, deeds.ASK_A)
FEE_PAID: Final = (deeds.SUBMIT, deeds.CARRY, *FEE_SHOWN[1:], deeds.MOMO_A, deeds.TELL[0])
FEE_OWED: Final = (*FEE_PAID, deeds.CLEAR, deeds.WITHDRAW, deeds.CLEAR)
SECOND_FEE: Final = (*FEE_PAID, deeds.CLEAR, deeds.ASK_FEE, deeds.ASK_B, deeds.TRANSFER_B)
THIRD_FEE: Final = (*SECOND_FEE, deeds.TELL_ALL, deeds.CLEAR)

MILESTONES: Final[dict[str, Milestone]] = {
    "nothing": ("bill", 2, False, ()),
    "shown": ("bill", 1, True, SHOWN),
    "paid": ("bill", 1, True, PAID),
    "half paid": ("bill", 1, False, HALF),
    "sent back": ("bill", 1, False, SENT_BACK),
    "two codes": ("bill", 1, True, TWO_CODES),
    "two bills": ("bill", 1, False, TWO_BILLS),
    "answer lost": ("bill", 1, True, LOST),
    "in vain": ("bill", 1, True, VAIN),
    "no fee yet": ("fee", 1, True, (deeds.SUBMIT,)),
    "fee shown": ("fee", 1, True, FEE_SHOWN),
    "fee paid": ("fee", 1, True, FEE_PAID),
    "fee owed back": ("fee", 1, False, FEE_OWED),
    "second fee": ("fee", 1, True, SECOND_FEE),
    "third fee": ("fee", 1, False, THIRD_FEE),
}


@pytest.mark.timeout(0 if DEEPER else 60)
@pytest.mark.parametrize(("kind", "depth", "is_busy", "path"), MILESTONES.values(), ids=MILESTONES.keys())
async def test_nothing_is_lost_or_doubled(
    world: World, depth: int, path: Sequence[Deed], *, is_busy: bool
) -> None:
    alphabet = deeds.OF_A_BILL if world.is_bill else deeds.OF_A_FEE
    beside = deeds.BESIDE_A_BILL if world.is_bill else deeds.BESIDE_A_FEE
    walk = Walk(world, alphabet, beside if is_busy else ())
    await walk.begin(*path)
    await walk.breadth_first(depth + DEEPER, tuple(deed.name for deed in path))
    assert len(walk.seen) > 5, "a walk that leads nowhere shows nothing"
