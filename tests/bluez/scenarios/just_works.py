"""A cuff without display and keys is paired, measures, is switched off and on, and measures again unpaired."""

from typing import Any

from edge.instrument import Readiness
from tests.bluez.cabin import PACE, Technician, running_cabin
from tests.bluez.inside import Station, until
from tests.fakes.ble.devices import VirtualCuff
from wire.entries import VitalKind

ADDRESS = "F0:00:00:00:01:01"


async def scenario(station: Station) -> dict[str, Any]:
    """Pair, measure, come back."""
    cuff, technician = VirtualCuff(ADDRESS, pace=PACE), Technician()
    async with cuff.in_air(station.air), running_cabin(station) as cabin:
        await cuff.switch_on()
        with station.step("paired"):
            paired = await cabin.pair(cuff, technician)
        async with cabin.instrument("cuff", cuff, VitalKind.BLOOD_PRESSURE) as instrument:
            with station.step("measured"):
                first = await cabin.measure(instrument, cuff)
            await cuff.switch_off()
            await until(lambda: instrument.readiness is Readiness.ASLEEP)
            await cuff.switch_on()
            with station.step("measured again"):
                second = await cabin.measure(instrument, cuff)
        return {
            "asked": technician.asked,
            "first": first,
            "second": second,
            "bonded": sorted(await station.host.bonded()),
            "kinds": sorted(paired.kinds),
            "manufacturer": paired.about.manufacturer,
            "battery": instrument.battery,
            "clock_off_s": abs(cuff.clock.offset.total_seconds()),
        }
