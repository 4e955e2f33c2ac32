"""The kiosk as a part of the daemon: cheap until it runs, alone on its port, deaf to signals, able to run again."""

import asyncio
import signal
import socket
import subprocess
import sys

import pytest

from edge.kiosk.server import Kiosk
from edge.settings import KioskSettings, SpeechSettings
from tests.edge.kiosk.conftest import STATION, Rig, RunKiosk
from tests.edge.waiting import eventually
from tests.rig.processes import accepts


def build(rig: Rig) -> Kiosk:
    return Kiosk(
        STATION,
        KioskSettings(port=rig.port),
        SpeechSettings(),
        rig.clock,
        note=rig.notes.append,
        sos=rig.sos,
        link=rig.link,
    )


def test_a_station_pays_for_the_web_only_when_the_kiosk_runs() -> None:
    program = (
        "import sys, edge.kiosk.server, edge.kiosk.sos\n"
        "print([m for m in ('fastapi', 'starlette', 'uvicorn', 'pydantic', 'segno', 'PIL') if m in sys.modules])"
    )
    assert subprocess.check_output([sys.executable, "-c", program], text=True).strip() == "[]"


async def test_it_listens_on_this_machine_alone(rig: Rig, run_kiosk: RunKiosk) -> None:
    async with run_kiosk():
        with socket.socket() as outside:
            outside.bind(("127.0.0.2", 0))
        assert accepts(rig.port)
        with socket.socket() as probe:
            probe.settimeout(1)
            assert probe.connect_ex(("127.0.0.2", rig.port)) != 0


async def test_a_port_that_is_taken_is_told(rig: Rig) -> None:
    with socket.create_server(("127.0.0.1", rig.port)), pytest.raises(ExceptionGroup) as raised:
        await build(rig).run()
    assert raised.group_contains(OSError, match="Address already in use")


async def test_it_runs_again_on_the_same_port(rig: Rig) -> None:
    kiosk = build(rig)
    for _ in range(2):
        task = asyncio.create_task(kiosk.run())
        await eventually(lambda: accepts(rig.port))
        async with rig.browser() as browser:
            assert (await browser.get("/api/kiosk")).status_code == 200
        task.cancel()
        await asyncio.wait([task])
        assert not accepts(rig.port)


async def test_the_daemons_signals_stay_the_daemons(run_kiosk: RunKiosk) -> None:
    loop, heard = asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, heard.set)
    try:
        async with run_kiosk() as browser:
            await browser.get("/api/kiosk")
            signal.raise_signal(signal.SIGTERM)
            await asyncio.wait_for(heard.wait(), 5)
            assert (await browser.get("/api/kiosk")).status_code == 200
    finally:
        loop.remove_signal_handler(signal.SIGTERM)


async def test_a_press_on_its_way_to_the_disk_is_answered_although_the_daemon_ends(
    rig: Rig, run_kiosk: RunKiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk, is_asked = asyncio.Event(), asyncio.Event()

    async def press(_press: str) -> None:
        is_asked.set()
        await disk.wait()

    monkeypatch.setattr(rig.sos, "press", press)
    async with rig.browser() as page:
        async with run_kiosk():
            pressing = asyncio.create_task(page.post("/api/sos", json={"id": "ab" * 16}))
            await is_asked.wait()
            asyncio.get_running_loop().call_later(0.3, disk.set)
        assert (await pressing).json() == {"stage": "recorded"}
