import asyncio
import logging

import pytest

from edge.errors import EdgeError
from edge.supervise import Backoff, supervise
from tests.edge.waiting import eventually

FAST = Backoff(first_s=0.001, limit_s=0.002, healthy_after_s=60)


def test_the_wait_doubles_up_to_its_limit() -> None:
    backoff = Backoff(first_s=0.5, limit_s=30, jitter=0.3)
    assert [backoff.wait_s(failures, 0.0) for failures in (1, 2, 3, 6, 7, 1_000)] == [0.5, 1, 2, 16, 30, 30]


def test_jitter_only_shortens_the_wait() -> None:
    backoff = Backoff(first_s=1, limit_s=30, jitter=0.3)
    assert backoff.wait_s(1, 0.999) == pytest.approx(0.7, abs=0.01)


async def test_whatever_ends_a_driver_it_is_started_again() -> None:
    ends: list[Exception | None] = [
        OSError(5, "gone"),
        ValueError("our mistake"),
        EdgeError("expected"),
        None,
    ]
    starts = 0

    async def run() -> None:
        nonlocal starts
        starts += 1
        if starts > len(ends):
            await asyncio.Event().wait()
        error = ends[starts - 1]
        if error is not None:
            raise error

    task = asyncio.create_task(supervise("driver", run, FAST))
    await eventually(lambda: starts > len(ends))
    assert not task.done()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_failing_driver_never_ends_its_sibling() -> None:
    beats = 0

    async def fail() -> None:
        raise RuntimeError

    async def beat() -> None:
        nonlocal beats
        while True:
            beats += 1
            await asyncio.sleep(0.001)

    async def some_time() -> None:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(supervise("bad", fail, FAST)), group.create_task(beat())]
            await asyncio.sleep(0.05)
            for task in tasks:
                task.cancel()

    await some_time()
    assert beats > 10


async def test_recovery_is_limited_in_rate() -> None:
    starts = 0

    async def run() -> None:
        nonlocal starts
        starts += 1
        raise OSError

    task = asyncio.create_task(supervise("driver", run, Backoff(first_s=0.02, limit_s=0.02, jitter=0)))
    await asyncio.sleep(0.11)
    task.cancel()
    assert 3 <= starts <= 6


async def test_what_is_fatal_goes_through_also_out_of_a_group() -> None:
    async def run() -> None:
        raise ExceptionGroup("group", [KeyError("x")])

    with pytest.raises(ExceptionGroup):
        await supervise("driver", run, FAST, fatal=(KeyError,))


async def test_a_repeated_reason_is_logged_at_powers_of_two(caplog: pytest.LogCaptureFixture) -> None:
    starts = 0

    async def run() -> None:
        nonlocal starts
        starts += 1
        raise EdgeError("no such port")

    with caplog.at_level(logging.WARNING):
        task = asyncio.create_task(supervise("driver", run, FAST))
        await eventually(lambda: starts >= 20)
        task.cancel()
    times = [record.__dict__["fields"]["times"] for record in caplog.records]
    assert times == [1, 2, 4, 8, 16]


async def test_our_own_mistake_has_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    async def run() -> None:
        raise ZeroDivisionError

    task = asyncio.create_task(supervise("driver", run, Backoff(first_s=10)))
    await asyncio.sleep(0.01)
    task.cancel()
    assert any(record.exc_info for record in caplog.records)


async def test_a_run_that_lasted_is_forgiven(caplog: pytest.LogCaptureFixture) -> None:
    async def run() -> None:
        await asyncio.sleep(0.02)
        raise EdgeError("again")

    backoff = Backoff(first_s=0.001, limit_s=10, jitter=0, healthy_after_s=0.01)
    with caplog.at_level(logging.WARNING):
        task = asyncio.create_task(supervise("driver", run, backoff))
        await asyncio.sleep(0.2)
        task.cancel()
    waits = {record.__dict__["fields"]["wait_s"] for record in caplog.records}
    assert len(caplog.records) > 3
    assert waits == {0.0}
