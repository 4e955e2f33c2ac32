"""The alphabet: all that can happen to a request, its orders and their money, each a small thing with a name.

Not in it: an officer who ends a paid bill by hand. Whoever bills may have cleared it then without our having heard so; that is
for the officer to find out, and no machine of ours can.
"""

from collections.abc import Callable
from functools import partial
from typing import Final

from cloud.connectors.simulators.faults import Faults
from cloud.requests.request import Verb
from cloud.store.engine import Store
from tests.cloud.together import acts
from tests.cloud.together.acts import PAYMENTS
from tests.cloud.together.world import A, B, C, Deed, World


def _sync(name: str, act: Callable[[World, Store], object]) -> Deed:
    """Return a deed that is one or a few transactions of whichever process."""

    async def mine(world: World) -> None:
        act(world, world.stores.mine)

    return Deed(name, mine, lambda world: act(world, world.stores.others))


LOST: Final = Faults(notices=0, fail_next=3)
"""What was asked for is done; every answer is lost."""

NONSENSE: Final = Faults(notices=0, nonsense_next=1)
"""Nothing is done, and something unreadable comes."""

SUBMIT: Final = _sync("submit", acts.submit)
WITHDRAW: Final = _sync("withdraw", acts.withdraw)
CLOCK: Final = _sync("clock", acts.clock)
LATE: Final = _sync("two hours, and the clocks", acts.be_late)
SEND_BACK: Final = _sync("send back", acts.send_back)
PAY_OUT: Final = Deed("pay out by the bank", acts.pay_out)
ELSEWHERE: Final = _sync("paid elsewhere", acts.elsewhere)
ASK_FEE: Final = _sync("ask fee", acts.ask_fee)
START: Final = _sync("start", partial(acts.desk, verb=Verb.START))
TELL_ALL: Final = Deed("tell all", acts.tell_all, acts.hear)
ASK_A: Final = Deed("ask A", partial(acts.ask, order=A, place=0))
ASK_B: Final = Deed("ask B", partial(acts.ask, order=B, place=0))
ASK_C: Final = Deed("ask C of another bill", partial(acts.ask, order=C, place=1))
TRANSFER_A: Final = Deed("transfer A", partial(acts.transfer, order=A, share=1.0))
TRANSFER_B: Final = Deed("transfer B", partial(acts.transfer, order=B, share=1.0))
TRANSFER_C: Final = Deed("transfer C", partial(acts.transfer, order=C, share=1.0))
HALF_A: Final = Deed("half of A", partial(acts.transfer, order=A, share=0.5))
TOO_MUCH_A: Final = Deed("too much for A", partial(acts.transfer, order=A, share=1.5))
MOMO_A: Final = Deed("MoMo A", partial(acts.pay_by_momo, order=A))
MOMO_B: Final = Deed("MoMo B", partial(acts.pay_by_momo, order=B))
TELL: Final = tuple(Deed(f"tell {n}", partial(acts.tell, place=n, off_dong=0)) for n in range(PAYMENTS))
CONTRADICT: Final = Deed("tell 0 otherwise", partial(acts.tell, place=0, off_dong=1_000))
CLEAR: Final = Deed("clear", partial(acts.clear, name="", faults=None))
CLEAR_LOST: Final = Deed("clear, answer lost", partial(acts.clear, name="", faults=LOST))
CLEAR_AWAY: Final = Deed("clear, biller away", partial(acts.clear, name="away", faults=None))
CLEAR_NONSENSE: Final = Deed("clear, nonsense", partial(acts.clear, name="", faults=NONSENSE))
TILL: Final = Deed("till", partial(acts.till, faults=None))
TILL_LOST: Final = Deed("till, answer lost", partial(acts.till, faults=LOST))
CLOSE_DAY: Final = Deed("close the day", acts.close_day)
CARRY: Final = Deed("carry", partial(acts.carry, faults=None))
CARRY_LOST: Final = Deed("carry, answer lost", partial(acts.carry, faults=LOST))
NEWS: Final = Deed("news", acts.news)
MINUTE: Final = Deed("a minute", partial(acts.wait, minutes=1))
QUARTER: Final = Deed("16 minutes", partial(acts.wait, minutes=16))
HOURS: Final = Deed("two hours", partial(acts.wait, minutes=120))


MONEY: Final = (
    *(ASK_A, ASK_B, TRANSFER_A, TRANSFER_B, HALF_A, TOO_MUCH_A, MOMO_A, MOMO_B, *TELL, CONTRADICT),
    *(CLEAR, TILL, TILL_LOST, SEND_BACK, PAY_OUT, CLOSE_DAY, MINUTE, QUARTER, HOURS, CLOCK, SUBMIT, WITHDRAW),
)
OF_A_BILL: Final = (
    *MONEY,
    *(ASK_C, TRANSFER_C, CLEAR_LOST, CLEAR_AWAY, CLEAR_NONSENSE, ELSEWHERE),
)
OF_A_FEE: Final = (*MONEY, ASK_FEE, START, CARRY, CARRY_LOST, NEWS)
BESIDE_A_BILL: Final = (WITHDRAW, LATE, TELL_ALL, ELSEWHERE)
"""What another process may do in the middle of ours."""

BESIDE_A_FEE: Final = (WITHDRAW, LATE, TELL_ALL, ASK_FEE, START)
