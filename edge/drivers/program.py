"""Running a small program once: bytes in, bytes out, with a bound on time and size. Nothing of it outlives the call."""

import asyncio
import os
import signal
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final

from edge.errors import EdgeError

_READ_BYTES: Final = 65_536


class ProgramError(EdgeError):
    """The program is not there, failed, said too much or took too long; the text carries nothing of what it was given."""


async def run_program(
    command: Sequence[str],
    given: bytes,
    *,
    limit_s: float,
    max_bytes: int,
    environment: Mapping[str, str] | None = None,
) -> bytes:
    """Start `command`, give it `given` on stdin and return what it writes to stdout.

    What it starts itself ends with it. `environment` None: the daemon's own. Raise ProgramError.
    """
    name = command[0]
    try:
        process = await _start(command, environment)
    except OSError as error:
        raise ProgramError(f"{name}: {error.strerror}") from error
    try:
        async with asyncio.timeout(limit_s):
            said = await _exchange(process, given, max_bytes)
            status = await process.wait()
    except TimeoutError:
        raise ProgramError(f"{name}: not done within {limit_s:g} s") from None
    finally:
        await _end(process)
    if len(said) > max_bytes:
        raise ProgramError(f"{name}: said more than {max_bytes} bytes")
    if status != 0:
        raise ProgramError(f"{name}: ended with {status}")
    return said


async def _start(command: Sequence[str], environment: Mapping[str, str] | None) -> Process:
    """Start it; whoever is cancelled meanwhile waits the few milliseconds: asyncio's own start would hang for ever."""
    starting = asyncio.create_task(
        asyncio.create_subprocess_exec(
            *command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, process_group=0, env=environment
        ),
        name="start-program",
    )
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        with suppress(OSError):
            await _end(await starting)
        raise


async def _exchange(process: Process, given: bytes, max_bytes: int) -> bytes:
    """Return all that the program says, or one piece more than is allowed."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(given)
    process.stdin.close()  # sends what was written first
    said = bytearray()
    while len(said) <= max_bytes and (piece := await process.stdout.read(_READ_BYTES)):
        said += piece
    if len(said) > max_bytes:
        _kill(process)
    return bytes(said)


async def _end(process: Process) -> None:
    """Kill what still runs and take the rest of its words, so that its pipes are closed."""
    _kill(process)
    assert process.stdout is not None
    while await process.stdout.read(_READ_BYTES):
        pass
    await process.wait()


def _kill(process: Process) -> None:
    """Kill the whole group: the program may be a script that has started another."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
