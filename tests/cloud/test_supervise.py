"""Children are kept alive and end together; they are real processes here."""

import asyncio
import os
import sys
import time
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from cloud import supervise
from cloud.supervise import Role, run_roles


class Script(Role):
    """A role whose command is a few lines of Python."""

    __slots__ = ()

    @property
    def command(self) -> tuple[str, ...]:
        return (sys.executable, "-c", *self.arguments)


def writes_its_pid(path: Path, then: str) -> Script:
    text = f"import os, signal, sys, time; open({str(path)!r}, 'a').write(f'{{os.getpid()}}\\n'); {then}"
    return Script(path.name, (text,))


async def lines(path: Path, count: int) -> list[int]:
    return await asyncio.to_thread(lines_of, path, count)


def lines_of(path: Path, count: int) -> list[int]:
    limit = time.monotonic() + 20
    while time.monotonic() < limit:
        found = path.read_text().split() if path.exists() else []
        if len(found) >= count:
            return [int(line) for line in found]
        time.sleep(0.02)
    raise TimeoutError(path.name)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_all_roles_run_and_end_together(tmp_path: Path) -> None:
    stop = asyncio.Event()
    roles = [writes_its_pid(tmp_path / name, "time.sleep(60)") for name in ("a", "b")]
    running = asyncio.create_task(run_roles(roles, stop))
    pids = [*(await lines(tmp_path / "a", 1)), *(await lines(tmp_path / "b", 1))]
    assert all(map(is_alive, pids))
    started = time.monotonic()
    stop.set()
    await running
    assert time.monotonic() - started < 2
    assert not any(map(is_alive, pids))


async def test_a_dead_role_is_started_again_with_back_off(tmp_path: Path) -> None:
    stop = asyncio.Event()
    with capture_logs() as logs:
        running = asyncio.create_task(run_roles([writes_its_pid(tmp_path / "a", "sys.exit(3)")], stop, 0.01))
        pids = await lines(tmp_path / "a", 3)
        stop.set()
        await running
    assert len(set(pids)) == len(pids)
    died = [line for line in logs if line["event"] == "role.died"]
    assert died[0]["status"] == 3
    assert [line["again_in_s"] for line in died[:2]] == [0.01, 0.02]


async def test_stop_does_not_wait_for_the_back_off(tmp_path: Path) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(run_roles([writes_its_pid(tmp_path / "a", "sys.exit(1)")], stop, 30))
    await lines(tmp_path / "a", 1)
    await asyncio.sleep(0.1)
    stop.set()
    async with asyncio.timeout(2):
        await running


async def test_a_role_that_does_not_end_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervise, "GRACE_S", 0.2)
    stop = asyncio.Event()
    stubborn = f"signal.signal(signal.SIGTERM, signal.SIG_IGN); open({str(tmp_path / 'b')!r}, 'w').write('1'); time.sleep(60)"
    running = asyncio.create_task(run_roles([writes_its_pid(tmp_path / "a", stubborn)], stop))
    [pid] = await lines(tmp_path / "a", 1)
    await lines(tmp_path / "b", 1)
    stop.set()
    async with asyncio.timeout(5):
        await running
    assert not is_alive(pid)


async def test_a_cancelled_supervisor_leaves_no_child(tmp_path: Path) -> None:
    running = asyncio.create_task(
        run_roles([writes_its_pid(tmp_path / "a", "time.sleep(60)")], asyncio.Event())
    )
    [pid] = await lines(tmp_path / "a", 1)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert not is_alive(pid)


def test_a_role_is_this_python_running_the_cloud() -> None:
    assert Role("api", ("api", "--config", "x")).command == (
        sys.executable,
        "-m",
        "cloud",
        "api",
        "--config",
        "x",
    )


async def test_a_role_that_ends_in_the_moment_of_the_stop_is_ended_like_any_other(tmp_path: Path) -> None:
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", "")
    ended = asyncio.create_task(child.wait())
    await child.wait()
    await supervise._end(child, ended)
    assert ended.result() == 0
