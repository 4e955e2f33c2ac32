"""Keeping the roles of one machine alive: each is a child process that is started again when it dies.

For a trial or a small city; systemd units, one for each role, do the same on a machine that has it.
"""

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import structlog

from cloud.clock import pause

FIRST_WAIT_S: Final = 0.5
LONGEST_WAIT_S: Final = 30.0
HEALTHY_AFTER_S: Final = 60.0
"""A child that lived so long starts its back-off anew."""

GRACE_S: Final = 8.0
"""How long a child may take to end after SIGTERM; then it is killed."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Role:
    """A child process: its name in the log, and the arguments behind `python -m cloud`."""

    name: str
    arguments: tuple[str, ...]

    @property
    def command(self) -> tuple[str, ...]:
        """Return the whole command line."""
        return (sys.executable, "-m", "cloud", *self.arguments)


async def run_roles(roles: Sequence[Role], stop: asyncio.Event, first_wait_s: float = FIRST_WAIT_S) -> None:
    """Run all roles until `stop` is set, then end them all and return."""
    async with asyncio.TaskGroup() as group:
        for role in roles:
            group.create_task(_keep(role, stop, first_wait_s), name=f"role-{role.name}")


async def _keep(role: Role, stop: asyncio.Event, first_wait_s: float) -> None:
    wait_s = first_wait_s
    while not stop.is_set():
        started = time.monotonic()
        # An own process group: Ctrl-C reaches this process alone, which then ends the children in order.
        child = await asyncio.create_subprocess_exec(*role.command, stdin=subprocess.DEVNULL, process_group=0)
        log.info("role.started", name=role.name, pid=child.pid)
        status = await _wait(child, stop)
        if status is None:
            return
        if time.monotonic() - started >= HEALTHY_AFTER_S:
            wait_s = first_wait_s
        log.error("role.died", name=role.name, status=status, again_in_s=wait_s)
        await pause(stop, wait_s)
        wait_s = min(wait_s * 2, LONGEST_WAIT_S)


async def _wait(child: asyncio.subprocess.Process, stop: asyncio.Event) -> int | None:
    """Return the child's status when it ends by itself; None after it was ended because of `stop`."""
    ended = asyncio.create_task(child.wait(), name=f"wait-{child.pid}")
    stopped = asyncio.create_task(stop.wait(), name=f"stop-{child.pid}")
    try:
        await asyncio.wait({ended, stopped}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopped.cancel()
        if not ended.done():
            await _end(child, ended)
    return None if stop.is_set() else ended.result()


async def _end(child: asyncio.subprocess.Process, ended: asyncio.Task[int]) -> None:
    with suppress(ProcessLookupError):  # it ended by itself, and nobody has told `ended` yet
        child.send_signal(signal.SIGTERM)
    done, _ = await asyncio.wait({ended}, timeout=GRACE_S)
    if not done:
        log.error("role.killed", pid=child.pid)
        child.kill()
        await ended


def stop_on_signals(stop: asyncio.Event) -> None:
    """Set `stop` on SIGTERM or SIGINT; call it within the running loop."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
