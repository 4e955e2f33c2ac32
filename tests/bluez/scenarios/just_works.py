"""A cuff without a display is paired by our own agent, measures, and is connected again without pairing."""

import asyncio
from typing import Any

from bleak import BleakClient, BleakScanner
from tests.bluez.inside import Station
from tests.fakes.ble.devices import VirtualCuff

ADDRESS = "F0:00:00:00:01:01"


class Nobody:
    """Whom Just Works never asks."""

    async def passkey(self) -> int:
        raise AssertionError

    async def confirm(self, passkey: int) -> bool:
        raise AssertionError


async def scenario(station: Station) -> dict[str, Any]:
    cuff = VirtualCuff(ADDRESS, name="cuff", pace=0.05)
    async with cuff.in_air(station.air):
        await cuff.switch_on()
        with station.step("found"):
            device = await BleakScanner.find_device_by_address(ADDRESS, timeout=60)
        assert device is not None
        got: asyncio.Queue[bytes] = asyncio.Queue()
        async with station.agent.answering(ADDRESS, Nobody()):
            with station.step("paired"):
                client = BleakClient(device, pair=True, timeout=60)
                await client.connect()
        with station.step("measured"):
            await client.start_notify("00002a35-0000-1000-8000-00805f9b34fb", lambda _c, value: got.put_nowait(bytes(value)))
            await cuff.measure()
            value = await asyncio.wait_for(got.get(), 30)
        await client.disconnect()
        return {"value": value.hex(), "bonded": sorted(await station.host.bonded())}
