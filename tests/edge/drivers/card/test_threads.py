"""Blocking work beside the loop."""

import asyncio
import gc
import threading

import pytest

from edge.drivers.card.threads import in_thread


async def test_what_comes_of_the_work_comes_to_the_loop() -> None:
    assert await in_thread("work", threading.current_thread) is not threading.main_thread()


async def test_the_thread_has_the_name_and_does_not_hold_up_the_end_of_the_program() -> None:
    thread = await in_thread("card-reading", threading.current_thread)
    assert (thread.name, thread.daemon) == ("card-reading", True)


async def test_a_failure_reaches_whoever_waits() -> None:
    def fail() -> None:
        raise LookupError("of the work")

    with pytest.raises(LookupError, match="of the work"):
        await in_thread("work", fail)


async def test_a_failure_that_nobody_waits_for_is_no_noise() -> None:
    noise: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: noise.append(context))
    done = threading.Event()

    def fail() -> None:
        try:
            raise LookupError
        finally:
            done.set()

    future = in_thread("work", fail)
    await asyncio.to_thread(done.wait)
    await asyncio.wait([future])
    del future
    gc.collect()
    assert noise == []


async def test_a_cancelled_future_lets_the_work_go_on_and_wants_nothing_of_it() -> None:
    go_on, done = threading.Event(), threading.Event()

    def work() -> int:
        go_on.wait()
        done.set()
        return 1

    future = in_thread("work", work)
    future.cancel()
    go_on.set()
    await asyncio.to_thread(done.wait)
    with pytest.raises(asyncio.CancelledError):
        await future


def test_work_that_outlives_the_loop_is_nobodys() -> None:
    go_on = threading.Event()
    threads: list[threading.Thread] = []

    async def start() -> None:
        in_thread("outliving", go_on.wait)
        threads.extend(one for one in threading.enumerate() if one.name == "outliving")

    asyncio.run(start())
    go_on.set()
    for thread in threads:
        thread.join(5)
    assert [thread.is_alive() for thread in threads] == [False]
