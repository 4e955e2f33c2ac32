import asyncio
from collections.abc import Awaitable, Callable

import pytest

from cloud.connectors.breaker import Policy
from cloud.connectors.errors import AnswerError, BreakerOpenError, OutOfReachError
from cloud.connectors.guard import ATTEMPTS, Guard


class Peer:
    """Fails in the ways it is told to, then answers; counts how often it was asked."""

    def __init__(self, *troubles: Exception) -> None:
        self.troubles = list(troubles)
        self.asked = 0

    async def __call__(self) -> str:
        self.asked += 1
        if self.troubles:
            raise self.troubles.pop(0)
        return "answer"


class Rig:
    """A guard with a clock and pauses of the test's own."""

    def __init__(self, *, jitter: float = 0.5, timeout_s: float = 5, policy: Policy | None = None) -> None:
        self.now_ms = 0
        self.pauses_s: list[float] = []
        self.guard = Guard(
            "peer",
            timeout_s=timeout_s,
            policy=policy,
            clock=lambda: self.now_ms,
            pause=self.pause,
            jitter=lambda: jitter,
        )

    async def pause(self, seconds: float) -> None:
        self.pauses_s.append(seconds)


def away() -> OutOfReachError:
    return OutOfReachError("HTTP 503")


async def test_an_answer_is_passed_on() -> None:
    rig, peer = Rig(), Peer()
    assert await rig.guard.call(peer) == "answer"
    assert (peer.asked, rig.pauses_s) == (1, [])


async def test_a_lost_answer_is_asked_for_again_after_growing_pauses() -> None:
    rig, peer = Rig(), Peer(away(), away())
    assert await rig.guard.call(peer) == "answer"
    assert (peer.asked, rig.pauses_s) == (3, [0.2, 0.4])


@pytest.mark.parametrize(("jitter", "first_s"), [(0.0, 0.1), (0.999, 0.2998)])
async def test_pauses_have_jitter(jitter: float, first_s: float) -> None:
    rig = Rig(jitter=jitter)
    await rig.guard.call(Peer(away()))
    assert rig.pauses_s == [pytest.approx(first_s)]


async def test_attempts_have_an_end() -> None:
    rig, peer = Rig(), Peer(*(away() for _ in range(9)))
    with pytest.raises(OutOfReachError, match="peer"):
        await rig.guard.call(peer)
    assert peer.asked == ATTEMPTS


async def test_an_answer_that_is_none_is_not_asked_for_again_and_does_not_open() -> None:
    rig = Rig()
    for _ in range(20):
        peer = Peer(AnswerError("refused"))
        with pytest.raises(AnswerError):
            await rig.guard.call(peer)
        assert peer.asked == 1
    assert rig.guard.breaker.until_ms is None


async def test_what_hangs_is_left_after_its_time() -> None:
    rig = Rig(timeout_s=0.01)

    async def hang() -> str:
        await asyncio.Event().wait()
        return "never"

    with pytest.raises(OutOfReachError):
        await rig.guard.call(hang)
    assert rig.guard.breaker.failures == ATTEMPTS


async def test_while_it_is_open_nobody_is_asked_and_then_one_tries() -> None:
    rig = Rig(policy=Policy(failures=3, open_ms=1_000))
    with pytest.raises(OutOfReachError):
        await rig.guard.call(Peer(away(), away(), away()))
    peer = Peer()
    with pytest.raises(BreakerOpenError):
        await rig.guard.call(peer)
    assert peer.asked == 0
    rig.now_ms = 1_000
    assert await rig.guard.call(peer) == "answer"


async def test_opening_ends_the_attempts_of_a_call() -> None:
    rig, peer = Rig(policy=Policy(failures=2)), Peer(away(), away(), away())
    with pytest.raises(BreakerOpenError):
        await rig.guard.call(peer)
    assert peer.asked == 2


async def test_when_the_budget_is_used_up_nobody_asks_twice() -> None:
    rig = Rig(policy=Policy(failures=100, saved_retries=1))
    for asked in (2, 1):
        peer = Peer(away(), away(), away())
        with pytest.raises(OutOfReachError):
            await rig.guard.call(peer)
        assert peer.asked == asked


async def test_a_mistake_of_our_own_is_passed_on_as_it_is() -> None:
    rig = Rig()
    attempt: Callable[[], Awaitable[str]] = Peer(ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        await rig.guard.call(attempt)
    assert rig.guard.breaker.failures == 0
