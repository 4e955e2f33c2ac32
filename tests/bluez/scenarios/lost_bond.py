"""One of two cuffs is reset and refuses the station's key: it is paired anew, and the healthy bond is never touched.

BlueZ 5.66 tells of the refusal by nothing but links that end at once; `BluezHost.watching_links` counts them.
"""

from typing import Any

from edge.instrument import Absence
from tests.bluez.cabin import PACE, Cabin, Technician, running_cabin
from tests.bluez.inside import Station, until
from tests.fakes.ble.devices import VirtualCuff
from wire.entries import VitalKind

RESET = "F0:00:00:00:01:01"
HEALTHY = "F0:00:00:00:01:02"
KIND = VitalKind.BLOOD_PRESSURE


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
        await reset.forget_bond()
        with station.step("refused"):
            absences = await refused(cabin, reset)
        bonded_when_noticed = sorted(await station.host.bonded())
        with station.step("paired anew"):
            await cabin.pair(reset, Technician())
        return {
            "absences": absences,
            "short_links_when_healthy": links.count,
            "bonded_when_noticed": bonded_when_noticed,
            "mended": await measured(cabin, "mended", reset),
            "untouched": [untouched, await measured(cabin, "after", healthy)],
            "bonded": sorted(await station.host.bonded()),
        }


async def measured(cabin: Cabin, name: str, cuff: VirtualCuff) -> dict[str, Any]:
    """Switch a cuff on, measure with it, switch it off."""
    async with cabin.instrument(name, cuff, KIND) as instrument:
        await cuff.switch_on()
        with cabin.station.step(f"measured {name}"):
            values = await cabin.measure(instrument, cuff)
        await cuff.switch_off()
    return values


async def refused(cabin: Cabin, cuff: VirtualCuff) -> list[str]:
    """Want a measurement of a cuff that refuses the key; return why it does not come."""
    async with cabin.instrument("refusing", cuff, KIND) as instrument:
        instrument.begin(KIND)
        await cuff.switch_on()
        await until(lambda: str(Absence.BOND) in cabin.absences(instrument), 150)
        return cabin.absences(instrument)
