"""A small program run once: what it says comes back, and nothing of it stays."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from edge.drivers.program import ProgramError, run_program
from tests.edge.waiting import eventually


async def run(*command: str, given: bytes = b"", limit_s: float = 10.0, max_bytes: int = 1 << 20) -> bytes:
    return await run_program(command, given, limit_s=limit_s, max_bytes=max_bytes)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def test_bytes_go_in_and_come_out() -> None:
    given = os.urandom(200_000)
    assert await run("cat", given=given) == given


async def test_a_program_that_does_not_listen_is_no_failure() -> None:
    assert await run("echo", "đây", given=bytes(1 << 20)) == "đây\n".encode()


async def test_exactly_what_is_allowed_may_be_said() -> None:
    assert await run("head", "-c", "1000", "/dev/zero", max_bytes=1_000) == bytes(1_000)
    with pytest.raises(ProgramError, match="more than 999 bytes"):
        await run("head", "-c", "1000", "/dev/zero", max_bytes=999)


async def test_what_is_wrong_is_told_without_what_was_given() -> None:
    with pytest.raises(ProgramError, match=r"^/no/program: No such file or directory$"):
        await run("/no/program", given=b"secret")
    with pytest.raises(ProgramError, match=r"^false: ended with 1$"):
        await run("false", given=b"secret")


async def test_what_it_started_ends_with_it_when_time_is_up(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    body = f"sleep 60 & echo $! >{pids}; echo $$ >>{pids}; wait"
    with pytest.raises(ProgramError, match="not done within"):
        await run("sh", "-c", body, limit_s=0.3)
    await eventually(lambda: not any(is_alive(int(pid)) for pid in pids.read_text().split()))


@pytest.mark.parametrize("after_s", [0.0, 0.001, 0.1])
async def test_who_is_cancelled_leaves_nothing_running(tmp_path: Path, after_s: float) -> None:
    """Also while the program is only being started."""
    pids = tmp_path / "pids"
    ending = asyncio.create_task(run("sleep", "60"))
    await asyncio.sleep(after_s)
    ending.cancel()
    await asyncio.wait([ending], timeout=5)
    assert ending.cancelled()
    task = asyncio.create_task(run("sh", "-c", f"echo $$ >{pids}; sleep 60"))
    await eventually(lambda: pids.exists() and pids.read_text().strip())
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    assert not is_alive(int(pids.read_text()))


async def test_its_environment_is_what_it_was_given() -> None:
    said = await run_program(
        [sys.executable, "-c", "import os; print(sorted(os.environ))"],
        b"",
        limit_s=10,
        max_bytes=1_000,
        environment={"ONLY": "this"},
    )
    assert b"ONLY" in said
    assert b"HOME" not in said
