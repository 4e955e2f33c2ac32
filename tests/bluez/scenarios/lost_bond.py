"""One of two cuffs is reset and refuses the station's key: it is paired anew, and the healthy bond is never touched.

BlueZ 5.66 tells of the refusal by nothing but links that end at once; `BluezHost.watching_links` counts them.
"""

import asyncio
from contextlib import suppress
from typing import Any

from edge.drivers.ble.errors import BleError
from edge.drivers.ble.short_links import ShortLinks
from tests.bluez.cabin import PACE, Cabin, Technician, running_cabin
from tests.bluez.inside import Station, until
from tests.fakes.ble.devices import VirtualCuff
from wire.entries import VitalKind

RESET = "F0:00:00:00:01:01"
HEALTHY = "F0:00:00:00:01:02"


async def scenario(station: Station) -> dict[str, Any]:
    """Lose one bond of two, notice it, mend it."""
    reset, healthy = VirtualCuff(RESET, pace=PACE), VirtualCuff(HEALTHY, pace=PACE)
    async with reset.in_air(station.air), healthy.in_air(station.air), running_cabin(station) as cabin:
        for cuff in (reset, healthy):
            await cuff.switch_on()
            with station.step(f"paired {cuff.address[-1]}"):
                await cabin.pair(cuff, Technician())
            await cuff.switch_off()
        async with station.host.watching_links(HEALTHY) as links:
            untouched = await measured(cabin, "before", healthy)
        short_links_when_healthy = links.count
        await reset.forget_bond()
        await reset.switch_on()
        async with station.host.watching_links(RESET) as links:
            with station.step("refused"):
                await refused(cabin, links)
        bonded_when_noticed = sorted(await station.host.bonded())
        await cabin.radio.remove_bond(RESET)
        with station.step("paired anew"):
            await cabin.pair(reset, Technician())
        return {
            "short_links_when_healthy": short_links_when_healthy,
            "bonded_when_noticed": bonded_when_noticed,
            "mended": await measured(cabin, "mended", reset),
            "untouched": [untouched, await measured(cabin, "after", healthy)],
            "bonded": sorted(await station.host.bonded()),
        }


async def measured(cabin: Cabin, name: str, cuff: VirtualCuff) -> dict[str, Any]:
    """Switch a cuff on, measure with it, switch it off."""
    async with cabin.instrument(name, cuff, VitalKind.BLOOD_PRESSURE) as instrument:
        await cuff.switch_on()
        with cabin.station.step(f"measured {name}"):
            values = await cabin.measure(instrument, cuff)
        await cuff.switch_off()
    return values


async def refused(cabin: Cabin, links: ShortLinks) -> None:
    """Connect to the reset cuff until it is plain that it refuses the key."""
    seen: list[object] = []
    with cabin.radio.adopting(RESET, seen.append):
        await until(lambda: seen)
        connecting = asyncio.create_task(connect(cabin))
        async with asyncio.timeout(90):
            await links.refused()
        connecting.cancel()
        await asyncio.wait([connecting])


async def connect(cabin: Cabin) -> None:
    """Have a link for as long as it lasts, which is none."""
    with suppress(BleError):
        async with cabin.radio.connected(RESET) as link:
            await link.lost()
