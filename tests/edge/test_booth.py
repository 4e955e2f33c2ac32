"""The booth: what the settings name is built, runs beside the rest, and says how it is."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from edge.booth import Booth, bluez_radio, open_desk
from edge.clock import SystemClock
from edge.devices import BLE
from edge.drivers.board import Press
from edge.following.known import Known
from edge.journal.journal import open_journal
from edge.journal.records import KIB, MIB, Limits
from edge.registry import PairedDevice, Registry
from edge.settings import BluetoothSettings, Settings, read_settings
from tests.edge.waiting import eventually
from tests.fakes.instruments.pm6750 import VirtualPm6750
from tests.fakes.line import LostLine
from tests.rig.processes import accepts, free_port
from wire.entries import DeviceState, VitalKind
from wire.messages import SosStage

LIMITS = Limits(max_bytes=8 * MIB, reserve_bytes=256 * KIB)


class Responder:
    """Nobody presses here."""

    stage: SosStage | None = None

    def pressed(self, press: Press, *, drill: bool = False) -> None:
        raise AssertionError(press, drill)


def settings_of(directory: Path, **sections: object) -> Settings:
    return read_settings(
        {
            "station": {"id": "st-1"},
            "broker": {"host": "h", "ca": "a", "certificate": "b", "key": "c"},
            "journal": {"path": "journal.db"},
            "board": {"port": "p"},
            **sections,
        },
        directory,
    )


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Booth]:
    clock = SystemClock()
    async with open_journal(settings.journal.path, LIMITS, boot=clock.boot) as journal:
        booth = Booth(
            settings,
            journal,
            Registry(settings.registry_path),
            clock,
            note=lambda _: None,
            responder=Responder(),
            link=LostLine(),
            known=Known(settings.requests_path, clock.wall_ms),
        )
        assert list(booth.health()) == []
        assert list(booth.readings()) == []
        task = asyncio.create_task(booth.run())
        try:
            yield booth
        finally:
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task


def states(booth: Booth) -> dict[str, DeviceState]:
    return {health.device: health.state for health in booth.health()}


async def test_a_wired_module_is_heard_and_counted_but_never_what_it_measured(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, cabin={})
    Registry(settings.registry_path).pair(
        PairedDevice(name="module", driver="berrymed-pm6750", address=str(tmp_path / "module"))
    )
    async with VirtualPm6750(tmp_path / "module"), running(settings) as booth:
        await eventually(lambda: states(booth).get("module") is DeviceState.OK)
        assert {reading.measure for reading in booth.readings()} == {
            "measurements-made",
            "measurements-refused",
        }


async def test_screen_and_printer_are_devices_of_the_station(tmp_path: Path) -> None:
    settings = settings_of(
        tmp_path,
        kiosk={"port": free_port(), "pages": str(tmp_path)},
        printer={"port": str(tmp_path / "printer")},
    )
    async with running(settings) as booth:
        await eventually(lambda: set(states(booth)) == {"screen", "printer"})


async def test_services_are_on_the_screen_when_the_settings_name_them(tmp_path: Path) -> None:
    (tmp_path / "recipients").mkdir()
    port = free_port()
    settings = settings_of(
        tmp_path,
        kiosk={"port": port, "pages": str(tmp_path)},
        card={},
        services={"recipients": "recipients"},
    )
    async with running(settings), httpx.AsyncClient(trust_env=False) as browser:
        await eventually(lambda: accepts(port), 30)
        menu = (await browser.get(f"http://127.0.0.1:{port}/api/services")).json()
        offered = {entry["id"] for need in menu["needs"] for entry in need["services"]}
        assert (await browser.get(f"http://127.0.0.1:{port}/api/kiosk")).json()["has_guide"] is True
    assert {"temporary-residence", "report-civic"} <= offered
    assert "cabin" not in offered


async def test_a_catalogue_that_cannot_be_used_keeps_nothing_else_from_running(tmp_path: Path) -> None:
    port = free_port()
    settings = settings_of(
        tmp_path,
        kiosk={"port": port, "pages": str(tmp_path)},
        services={"recipients": "recipients", "catalogue": "nowhere"},
    )
    async with running(settings), httpx.AsyncClient(trust_env=False) as browser:
        await eventually(lambda: accepts(port), 30)
        about = (await browser.get(f"http://127.0.0.1:{port}/api/kiosk")).json()
    assert about["has_services"] is False
    assert about["has_guide"] is False


async def test_a_wireless_device_without_a_radio_keeps_nothing_else_from_running(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, cabin={})
    registry = Registry(settings.registry_path)
    registry.pair(PairedDevice(name="cuff", driver=BLE, address="F0:01", kinds=[VitalKind.BLOOD_PRESSURE]))
    registry.pair(PairedDevice(name="rod", driver="height-rod", address=str(tmp_path / "none")))
    async with running(settings) as booth:
        await eventually(lambda: states(booth) == {"rod": DeviceState.LOST})


async def test_a_radio_that_is_not_there_is_told_of_its_devices_and_leaves_the_rest_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/no-bus")
    settings = settings_of(tmp_path, cabin={}, bluetooth={})
    registry = Registry(settings.registry_path)
    registry.pair(PairedDevice(name="cuff", driver=BLE, address="F0:01", kinds=[VitalKind.BLOOD_PRESSURE]))
    async with running(settings) as booth:
        await eventually(lambda: states(booth) == {"cuff": DeviceState.FAULT}, 30)
        assert [health.detail for health in booth.health()] == ["the station's radio is gone"]


async def test_the_desk_stands_without_a_daemon_and_runs_instruments_only_when_asked(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    Registry(settings.registry_path).pair(
        PairedDevice(name="module", driver="berrymed-pm6750", address=str(tmp_path / "module"))
    )
    async with VirtualPm6750(tmp_path / "module") as module:
        async with open_desk(settings) as desk:
            assert [device.name for device in await desk.listing()] == ["module"]
            assert BLE not in desk.drivers
            assert desk.rack.instrument("module") is None
        assert not module.heard
        async with open_desk(settings, is_rack_running=True) as desk:
            assert (await desk.test("module", 10)).is_ok


def test_the_machine_s_own_radio_is_made_without_touching_the_bus() -> None:
    parts = bluez_radio(BluetoothSettings(), SystemClock())
    assert [name for name, _, _ in parts.runs] == ["bluetooth", "radio"]
    assert not parts.radio.is_present
