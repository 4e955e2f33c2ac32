"""The adapter: heard for as long as anything is paired, one connect at a time, and mended when it stumbles."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import ClassVar

import pytest
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.exc import BleakError

from edge.drivers.ble.errors import LinkError, RadioGoneError
from edge.drivers.ble.patience import Patience
from edge.drivers.ble.radio import Radio, Sighting
from edge.supervise import Backoff, supervise
from tests.edge.conftest import SetClock
from tests.edge.drivers.ble.cabin import PACE, cabin
from tests.edge.waiting import eventually
from tests.fakes.ble.devices import VirtualCuff, VirtualOximeter
from tests.fakes.ble.ward import VirtualHost, VirtualPairing

ADDRESS = "F0:00:00:00:04:01"
OTHER = "F0:00:00:00:04:02"


class FlakyScanner(BaseBleakScanner):
    """A scanner that fails as told, hangs as told, and hears whom it is told."""

    failures: ClassVar[int] = 0
    hangs: ClassVar[bool] = False
    starts: ClassVar[int] = 0
    current: "ClassVar[FlakyScanner | None]" = None

    def __init__(
        self,
        detection_callback: Callable[[BLEDevice, AdvertisementData], None] | None,
        service_uuids: list[str] | None,
        *_mode: str,
        **_options: object,
    ) -> None:
        super().__init__(detection_callback, service_uuids)

    async def start(self) -> None:
        kind = type(self)
        kind.starts += 1
        if kind.hangs:
            await asyncio.Event().wait()
        if kind.failures:
            kind.failures -= 1
            raise BleakError("Operation already in progress")
        kind.current = self

    async def stop(self) -> None:
        type(self).current = None

    def hear(self, address: str) -> None:
        told = AdvertisementData(None, {}, {}, [], None, -60, ())
        self.call_detection_callbacks(BLEDevice(address, None, None), told)


def fresh_scanner() -> type[FlakyScanner]:
    """A class of its own, since bleak makes the object."""

    class Scanner(FlakyScanner):
        pass

    return Scanner


class Bench:
    """A radio over a flaky scanner."""

    def __init__(self, **patience: float) -> None:
        self.scanner = fresh_scanner()
        self.host = VirtualHost(lambda _address: None)
        self.presences: list[bool] = []
        self.heard: list[Sighting] = []
        self.radio = Radio(
            "hci0",
            SetClock(),
            host=self.host,
            pairing=VirtualPairing(),
            scanner=self.scanner,
            patience=replace(Patience(start_s=0.05, stop_s=0.1), **patience),
        )
        self.radio.watch(self.presences.append)

    def hear(self, address: str) -> None:
        """Let a device advertise."""
        assert self.scanner.current is not None
        self.scanner.current.hear(address)

    @asynccontextmanager
    async def running(self, *, is_wanted: bool = True) -> AsyncIterator[None]:
        task = asyncio.create_task(supervise("radio", self.radio.run, Backoff(0.005, 0.01)))
        async with AsyncExitStack() as stack:
            if is_wanted:
                stack.enter_context(self.radio.adopting(ADDRESS, self.heard.append))
            try:
                yield
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)


async def test_nothing_is_scanned_while_nothing_is_paired() -> None:
    bench = Bench()
    async with bench.running(is_wanted=False):
        await asyncio.sleep(0.02)
        assert bench.scanner.starts == 0
        with bench.radio.adopting(ADDRESS, bench.heard.append):
            await eventually(lambda: bench.scanner.current)
        await eventually(lambda: bench.scanner.current is None)


async def test_only_the_paired_device_reaches_its_instrument() -> None:
    bench = Bench()
    async with bench.running():
        await eventually(lambda: bench.scanner.current)
        bench.hear(OTHER)
        bench.hear(ADDRESS)
    assert [sighting.address for sighting in bench.heard] == [ADDRESS]


async def test_no_other_device_is_ever_connected() -> None:
    bench = Bench()
    async with bench.running():
        await eventually(lambda: bench.scanner.current)
        bench.hear(OTHER)
        with pytest.raises(LinkError, match="no device of this station"):
            async with bench.radio.connected(OTHER):
                pass


async def test_a_device_that_was_not_just_seen_is_not_tried() -> None:
    bench = Bench(stale_s=-1.0)
    async with bench.running():
        with pytest.raises(LinkError, match="no longer"):
            async with bench.radio.connected(ADDRESS):
                pass
        await eventually(lambda: bench.scanner.current)
        bench.hear(ADDRESS)
        with pytest.raises(LinkError, match="no longer"):
            async with bench.radio.connected(ADDRESS):
                pass


async def test_a_scan_that_fails_once_is_begun_again_and_nobody_hears_of_it() -> None:
    bench = Bench()
    bench.scanner.failures = 1
    async with bench.running():
        await eventually(lambda: bench.scanner.current)
    assert bench.host.power_cycles == 0
    assert bench.presences == []


async def test_a_scan_that_fails_again_costs_a_power_cycle_and_then_the_radio_is_gone() -> None:
    bench = Bench()
    bench.scanner.failures = 3
    async with bench.running():
        await eventually(lambda: bench.presences)
        assert bench.presences == [False]
        await eventually(lambda: bench.presences == [False, True])
    assert bench.host.power_cycles == 1
    assert bench.scanner.starts >= 4


async def test_a_scan_that_hangs_is_no_different_from_one_that_fails() -> None:
    bench = Bench()
    bench.scanner.hangs = True
    async with bench.running():
        await eventually(lambda: bench.presences == [False])
        bench.scanner.hangs = False
        await eventually(lambda: bench.presences == [False, True])
    assert bench.host.power_cycles == 1


async def test_an_adapter_that_does_not_come_back_is_gone() -> None:
    bench = Bench()
    bench.host.is_mendable = False
    bench.scanner.failures = 2
    async with bench.running():
        await eventually(lambda: bench.presences[:1] == [False])


async def test_an_adapter_that_hears_nobody_is_restarted_power_cycled_and_given_up() -> None:
    bench = Bench(quiet_s=0.03)
    async with bench.running():
        await eventually(lambda: bench.presences == [False])
        assert bench.host.power_cycles >= 1
        assert bench.scanner.starts >= 3
        await eventually(lambda: bench.scanner.current)
        bench.hear(OTHER)
        assert bench.presences == [False, True]


async def test_without_an_adapter_nothing_is_tried_until_it_is_back() -> None:
    bench = Bench()
    bench.host.become(present=False)
    async with bench.running():
        await asyncio.sleep(0.02)
        assert bench.scanner.starts == 0
        assert not bench.radio.is_present
        with pytest.raises(LinkError):
            async with bench.radio.connected(ADDRESS):
                pass
        bench.host.become(present=True)
        await eventually(lambda: bench.scanner.current)
    assert bench.presences == [False, True]


async def test_a_cancellation_that_a_library_loses_ends_the_radio_all_the_same() -> None:
    bench = Bench()

    async def lose_cancellation(_scanner: FlakyScanner) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(10)

    bench.scanner.start = lose_cancellation  # type: ignore[method-assign,assignment]
    with bench.radio.adopting(ADDRESS, bench.heard.append):
        run = asyncio.create_task(bench.radio.run())
        await eventually(lambda: bench.radio.is_scanning)
        run.cancel()
        async with asyncio.timeout(5):
            await asyncio.wait([run])
    assert run.cancelled()


async def test_a_bond_that_the_host_does_not_forget_in_time_is_a_missing_radio() -> None:
    bench = Bench(stop_s=0.02)

    async def hang(_address: str) -> None:
        await asyncio.Event().wait()

    bench.host.remove_bond = hang  # type: ignore[method-assign,assignment]
    with pytest.raises(RadioGoneError):
        await bench.radio.remove_bond(ADDRESS)


async def test_scanning_rests_while_a_device_is_connected_to_and_goes_on_beside_the_link() -> None:
    cuff, oximeter = VirtualCuff(ADDRESS, pace=PACE), VirtualOximeter(OTHER, pace=PACE)
    async with cabin(cuff, oximeter) as room:
        await room.pair(cuff)
        seen: list[Sighting] = []
        with room.radio.adopting(ADDRESS, seen.append), room.radio.overhearing(seen.append):
            await cuff.switch_on()
            await eventually(lambda: any(sighting.address == ADDRESS for sighting in seen))
            async with room.radio.connected(ADDRESS) as link:
                assert link.is_up
                await eventually(lambda: room.virtual.device.is_scanning)
                seen.clear()
                await oximeter.switch_on()
                await eventually(lambda: any(sighting.address == OTHER for sighting in seen))


async def test_two_connects_never_go_together() -> None:
    devices = [VirtualCuff(f"F0:00:00:00:04:1{count}", pace=PACE) for count in range(3)]
    async with cabin(*devices) as room:
        for device in devices:
            await room.pair(device)
        overlaps: list[bool] = []
        connect = room.virtual.device.connect

        async def counted(*arguments: object, **options: object) -> object:
            overlaps.append(room.virtual.device.is_le_connecting or room.virtual.device.is_scanning)
            return await connect(*arguments, **options)  # type: ignore[arg-type]

        room.virtual.device.connect = counted  # type: ignore[method-assign,assignment]
        seats = [room.seat(device, name=f"cuff-{count}") for count, device in enumerate(devices)]
        for device in devices:
            await device.switch_on()
        for seat in seats:
            await seat.ready()
    assert len(overlaps) >= 3
    assert not any(overlaps)


async def test_a_device_that_leaves_while_it_is_connected_to_does_not_hold_the_others_up() -> None:
    gone, here = VirtualCuff(ADDRESS, pace=PACE), VirtualCuff(OTHER, pace=PACE)
    async with cabin(gone, here, connect_s=0.5) as room:
        await room.pair(gone)
        await room.pair(here)
        seen: list[Sighting] = []
        with room.radio.adopting(ADDRESS, seen.append):
            await gone.switch_on()
            await eventually(lambda: seen)
            await gone.walk_away()
            with pytest.raises(LinkError):
                async with room.radio.connected(ADDRESS):
                    pass
        seat = room.seat(here)
        await here.switch_on()
        await seat.ready()
