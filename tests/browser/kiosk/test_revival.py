"""A dead page is started anew: a real Chromium whose renderer is killed comes back by the site's own command."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from edge.clock import SystemClock
from edge.kiosk.server import Kiosk
from edge.settings import KioskSettings, SpeechSettings
from tests.browser.officer import ARGUMENTS, CHROMIUM
from tests.edge.kiosk.conftest import STATION
from tests.fakes.kiosk_desks import ScriptedCabin, ScriptedLink, ScriptedSos
from tests.rig.cloud import ROOT
from tests.rig.processes import free_port
from wire.entries import DeviceChanged, DeviceState

pytestmark = [pytest.mark.browser, pytest.mark.timeout(90)]

_RESTART = """
import os, pathlib, signal, subprocess
for entry in pathlib.Path("/proc").iterdir():
    try:
        if b"--user-data-dir={marker}" in (entry / "cmdline").read_bytes():
            os.kill(int(entry.name), signal.SIGKILL)
    except (OSError, ValueError):
        pass
for lock in pathlib.Path("{marker}").glob("Singleton*"):
    lock.unlink(missing_ok=True)
null = subprocess.DEVNULL
subprocess.Popen({command!r}, start_new_session=True, stdin=null, stdout=null, stderr=null)
"""
"""As a service manager does it: the old browser is ended, the new one does not end with the command."""
SILENT_S = 12
"""Two beats of five seconds may come late."""


def _processes(marker: str) -> Iterator[tuple[int, str]]:
    """Yield every process of the browser whose profile is at `marker`, with its command line: they share a session."""
    lines: dict[int, str] = {}
    for entry in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            lines[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    for leader in [pid for pid, line in lines.items() if marker in line and "chromium" in line]:
        for pid, line in lines.items():
            with suppress(ProcessLookupError):
                if os.getsid(pid) == os.getsid(leader):
                    yield pid, line


def _end(marker: str) -> None:
    for pid, _ in _processes(marker):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@asynccontextmanager
async def _station(port: int, restart: tuple[str, ...]) -> AsyncIterator[asyncio.Queue[DeviceChanged]]:
    notes: asyncio.Queue[DeviceChanged] = asyncio.Queue()
    kiosk = Kiosk(
        STATION,
        KioskSettings(port=port, pages=ROOT / "dashboards/dist", silent_s=SILENT_S, restart=restart),
        SpeechSettings(),
        SystemClock(),
        note=notes.put_nowait,
        sos=ScriptedSos(),
        link=ScriptedLink(),
        cabin=ScriptedCabin(),
    )
    task = asyncio.create_task(kiosk.run(), name="kiosk")
    try:
        yield notes
    finally:
        task.cancel()
        await asyncio.wait([task])


async def test_a_page_whose_renderer_was_killed_comes_back(tmp_path: Path) -> None:
    port, profile = free_port(), tmp_path / "profile"
    command = [CHROMIUM, *ARGUMENTS, f"--user-data-dir={profile}", f"http://127.0.0.1:{port}/kiosk/"]
    script = tmp_path / "restart.py"
    script.write_text(_RESTART.format(marker=str(profile), command=command))
    try:
        async with _station(port, (sys.executable, str(script))) as notes, asyncio.timeout(80):
            first = await asyncio.create_subprocess_exec(sys.executable, script)
            await first.wait()
            assert (await notes.get()).state is DeviceState.OK
            renderers = [pid for pid, line in _processes(str(profile)) if "--type=renderer" in line]
            assert renderers
            for pid in renderers:
                os.kill(pid, signal.SIGKILL)
            lost = await notes.get()
            assert (lost.state, lost.detail) == (DeviceState.LOST, "its page says nothing; restarts: 1")
            assert (await notes.get()).state is DeviceState.OK
    finally:
        _end(str(profile))
