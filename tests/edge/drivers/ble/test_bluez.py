"""The station's host over a real bus, with a bluetoothd that can be killed and an adapter that can be pulled."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from edge.drivers.ble import bluez as host_module
from edge.drivers.ble import system_bus
from edge.drivers.ble.agent import AGENT_PATH, PairingAgent
from edge.drivers.ble.bluez import BluezHost
from edge.drivers.ble.errors import RadioGoneError
from edge.drivers.ble.system_bus import BusError
from edge.supervise import Backoff, first_cause, supervise
from tests.edge.waiting import eventually
from tests.fakes.bluez import FakeBluez, PrivateBus, private_bus

QUICK = Backoff(first_s=0.01, limit_s=0.05)
CUFF = "AA:BB:CC:00:00:01"
OTHER = "AA:BB:CC:00:00:02"


@pytest.fixture
def bus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivateBus]:
    with private_bus(tmp_path_factory.mktemp("bus")) as running:
        yield running


@asynccontextmanager
async def running_host(address: str) -> AsyncIterator[BluezHost]:
    """A host under supervision, which may not be there yet."""
    host = BluezHost("hci0", PairingAgent(), bus_address=address)
    task = asyncio.create_task(supervise("bluez", host.run, QUICK))
    try:
        yield host
    finally:
        task.cancel()
        await asyncio.wait([task])


def told_by(host: BluezHost) -> list[bool]:
    """Every change that the host tells from now on."""
    told: list[bool] = []
    host.watch(told.append)
    return told


async def test_an_adapter_that_is_off_is_switched_on_and_the_agent_is_registered(bus: PrivateBus) -> None:
    async with FakeBluez(bus.address) as bluez, running_host(bus.address) as host:
        told = told_by(host)
        await eventually(lambda: host.is_present)
        assert told == [True]
        assert bluez.is_powered
        assert bluez.agents[bluez.default_agent] == (AGENT_PATH, "KeyboardDisplay")


async def test_a_killed_bluetoothd_is_noticed_and_taken_up_again_with_a_new_agent(bus: PrivateBus) -> None:
    async with FakeBluez(bus.address) as bluez, running_host(bus.address) as host:
        await eventually(lambda: host.is_present)
        told = told_by(host)
        await bluez.kill()
        await eventually(lambda: not host.is_present)
        with pytest.raises(RadioGoneError):
            await host.remove_bond(CUFF)
        await bluez.start()
        await eventually(lambda: host.is_present and bluez.default_agent)
        assert told == [False, True]
        assert len(bluez.agents) == 1


async def test_a_bluetoothd_that_starts_after_the_station_is_taken_up(bus: PrivateBus) -> None:
    async with running_host(bus.address) as host:
        async with FakeBluez(bus.address) as bluez:
            await eventually(lambda: host.is_present)
            assert bluez.is_powered
        await eventually(lambda: not host.is_present)


async def test_a_bluetoothd_that_comes_without_its_adapter_has_it_later(bus: PrivateBus) -> None:
    async with FakeBluez(bus.address) as bluez, running_host(bus.address) as host:
        await eventually(lambda: host.is_present)
        await bluez.kill()
        await bluez.start(has_adapter=False)
        await eventually(lambda: bluez.default_agent)
        assert not host.is_present
        bluez.plug()
        await eventually(lambda: host.is_present)


async def test_a_dead_service_is_started_when_the_machine_knows_how(
    bus: PrivateBus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host_module, "LOOK_INTERVAL_S", 0.05)
    trace = tmp_path / "started"
    (bus.services / "org.bluez.service").write_text(
        f"[D-BUS Service]\nName=org.bluez\nExec=/usr/bin/touch {trace}\n"
    )
    async with running_host(bus.address):
        await eventually(trace.exists)


async def test_an_unplugged_adapter_is_gone_at_once_and_switched_on_when_it_is_back(bus: PrivateBus) -> None:
    async with FakeBluez(bus.address) as bluez, running_host(bus.address) as host:
        await eventually(lambda: host.is_present)
        told = told_by(host)
        bluez.unplug()
        await eventually(lambda: told == [False])
        with pytest.raises(BusError, match="UnknownObject"):
            await host.power_cycle()
        bluez.plug()
        await eventually(lambda: told == [False, True])
        assert len(bluez.agents) == 1


async def test_an_adapter_that_somebody_switches_off_is_switched_on_again(bus: PrivateBus) -> None:
    async with FakeBluez(bus.address) as bluez, running_host(bus.address) as host:
        await eventually(lambda: host.is_present)
        told = told_by(host)
        bluez.set_adapter(Powered=False)
        await eventually(lambda: told == [False, True])


async def test_a_blocked_adapter_is_tried_again_without_any_news(
    bus: PrivateBus, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(host_module, "LOOK_INTERVAL_S", 0.02)
    async with FakeBluez(bus.address) as bluez:
        bluez.faults.power_error = "org.bluez.Error.Blocked"
        async with running_host(bus.address) as host:
            await eventually(lambda: bluez.calls.count("Set Powered on") >= 3)
            assert not host.is_present
            bluez.faults.power_error = ""
            await eventually(lambda: host.is_present)
    assert [record.message for record in caplog.records].count("no radio") == 1


async def test_an_adapter_that_says_it_is_on_and_is_not_is_not_present(
    bus: PrivateBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host_module, "LOOK_INTERVAL_S", 0.02)
    monkeypatch.setattr(host_module, "SETTLE_TIMEOUT_S", 0.05)
    async with FakeBluez(bus.address) as bluez:
        bluez.faults.stays_off = True
        async with running_host(bus.address) as host:
            await eventually(lambda: bluez.calls.count("Set Powered on") >= 2)
            assert not host.is_present


async def test_an_adapter_that_bluetoothd_is_switching_on_itself_is_waited_for_without_complaint(
    bus: PrivateBus, caplog: pytest.LogCaptureFixture
) -> None:
    async with FakeBluez(bus.address) as bluez:
        bluez.faults.power_error = "org.bluez.Error.Busy"
        async with running_host(bus.address) as host:
            await eventually(lambda: "Set Powered on" in bluez.calls)
            bluez.set_adapter(Powered=True)
            await eventually(lambda: host.is_present)
    assert "no radio" not in [record.message for record in caplog.records]


async def test_power_cycling_switches_off_and_on_and_tells_both(bus: PrivateBus) -> None:
    async with FakeBluez(bus.address) as bluez, running_host(bus.address) as host:
        await eventually(lambda: host.is_present)
        told = told_by(host)
        bluez.calls.clear()
        await host.power_cycle()
        assert host.is_present
        assert told == [False, True]
        assert bluez.calls == ["Set Powered off", "Set Powered on"]


async def test_power_cycling_ends_when_the_adapter_does_not_come_back(
    bus: PrivateBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host_module, "POWER_CYCLE_TIMEOUT_S", 0.1)
    async with FakeBluez(bus.address) as bluez, running_host(bus.address) as host:
        await eventually(lambda: host.is_present)
        bluez.faults.stays_off = True
        with pytest.raises(RadioGoneError, match="does not come back"):
            await host.power_cycle()


async def test_a_bluetoothd_that_hangs_is_given_up_and_tried_anew(
    bus: PrivateBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host_module, "SWITCH_TIMEOUT_S", 0.05)
    async with FakeBluez(bus.address) as bluez, running_host(bus.address) as host:
        await eventually(lambda: host.is_present)
        told = told_by(host)
        bluez.faults.mute = True
        with pytest.raises(BusError, match="no answer"):
            await host.power_cycle()
        monkeypatch.setattr(system_bus.SystemBus.call, "__kwdefaults__", {"timeout_s": 0.05})
        bluez.set_adapter(Powered=False)
        await eventually(lambda: told == [False])
        bluez.faults.mute = False
        await eventually(lambda: host.is_present)


async def test_scanning_is_seen(bus: PrivateBus) -> None:
    async with FakeBluez(bus.address) as bluez, running_host(bus.address) as host:
        await eventually(lambda: host.is_present)
        assert not host.is_discovering
        bluez.set_adapter(Discovering=True)
        await eventually(lambda: host.is_discovering)
        bluez.unplug()
        await eventually(lambda: not host.is_discovering)


async def test_bonds_are_listed_and_only_the_named_one_is_removed(bus: PrivateBus) -> None:
    async with FakeBluez(bus.address) as bluez, running_host(bus.address) as host:
        await eventually(lambda: host.is_present)
        bluez.add_device(CUFF, is_bonded=True)
        bluez.add_device(OTHER, is_bonded=True)
        bluez.add_device("AA:BB:CC:00:00:03", is_bonded=False)
        assert await host.bonded() == {CUFF, OTHER}
        await host.remove_bond(CUFF.lower())
        assert await host.bonded() == {OTHER}


async def test_no_bond_is_removed_unless_asked_whatever_happens(bus: PrivateBus) -> None:
    async with FakeBluez(bus.address) as bluez, running_host(bus.address) as host:
        await eventually(lambda: host.is_present)
        await host.power_cycle()
        await bluez.kill()
        await bluez.start()
        bluez.add_device(CUFF, is_bonded=True)
        await eventually(lambda: host.is_present)
        assert await host.bonded() == {CUFF}
        assert "RemoveDevice" not in bluez.calls


@pytest.mark.parametrize("address", [CUFF, "", "nonsense", "/dev/ttyUSB0", CUFF + "/../x"])
async def test_a_device_that_is_not_known_is_forgotten_already(bus: PrivateBus, address: str) -> None:
    async with FakeBluez(bus.address) as bluez, running_host(bus.address) as host:
        await eventually(lambda: host.is_present)
        bluez.add_device(OTHER, is_bonded=True)
        await host.remove_bond(address)
        assert await host.bonded() == {OTHER}


async def test_a_listener_that_has_gone_is_told_nothing(bus: PrivateBus) -> None:
    async with FakeBluez(bus.address) as bluez, running_host(bus.address) as host:
        early: list[bool] = []
        end = host.watch(early.append)
        end()
        end()
        told = told_by(host)
        await eventually(lambda: told == [True])
        assert bluez.is_powered
        assert early == []


async def test_signals_of_a_stranger_change_nothing(bus: PrivateBus) -> None:
    """Another program on the bus says that the adapter went; only org.bluez is believed."""
    async with FakeBluez(bus.address) as bluez, running_host(bus.address) as host:
        await eventually(lambda: host.is_present)
        told = told_by(host)
        stranger = FakeBluez(bus.address)
        stranger._bus = None
        stranger._add_adapter()
        async with system_bus.open_bus(bus.address) as connection:
            stranger._bus = connection._connection
            stranger.set_adapter(Powered=False)
            stranger.unplug()
            await connection.owner("org.bluez")
        bluez.set_adapter(Discovering=True)
        await eventually(lambda: host.is_discovering)
        assert told == []


async def test_without_a_bus_the_host_says_so_and_is_not_present(tmp_path: Path) -> None:
    host = BluezHost("hci0", PairingAgent(), bus_address=f"unix:path={tmp_path}/none")
    with pytest.raises(BusError, match="no D-Bus"):
        await host.run()
    assert not host.is_present
    for asked in (host.power_cycle, host.bonded):
        with pytest.raises(RadioGoneError):
            await asked()


async def test_a_bus_that_ends_takes_the_host_with_it(bus: PrivateBus) -> None:
    async with FakeBluez(bus.address):
        host = BluezHost("hci0", PairingAgent(), bus_address=bus.address)
        run = asyncio.create_task(host.run())
        await eventually(lambda: host.is_present)
        told = told_by(host)
        bus.end()
        await asyncio.wait([run])
    error = run.exception()
    assert error is not None
    assert isinstance(first_cause(error), BusError)
    assert told == [False]


async def test_a_bus_without_bluetoothd_is_waited_for_and_complained_of_once(
    bus: PrivateBus, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host_module, "LOOK_INTERVAL_S", 0.01)
    looks: list[str] = []
    start = system_bus.SystemBus.start

    async def counted(bus: system_bus.SystemBus, name: str, *, timeout_s: float) -> None:
        looks.append(name)
        await start(bus, name, timeout_s=timeout_s)

    monkeypatch.setattr(system_bus.SystemBus, "start", counted)
    async with running_host(bus.address) as host:
        await eventually(lambda: len(looks) > 3)
        assert not host.is_present
    said = [record.message for record in caplog.records if record.name.startswith("edge.")]
    assert said == ["no radio"]
