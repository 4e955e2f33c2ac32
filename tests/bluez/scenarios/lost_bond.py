"""One of two cuffs is reset and refuses the station's key: it is paired anew, and the healthy bond is never touched."""

from typing import Any

from edge.instrument import Absence
from tests.bluez.cabin import PACE, Technician, running_cabin
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
        await reset.forget_bond()
        async with cabin.instrument("reset", reset, VitalKind.BLOOD_PRESSURE) as instrument:
            instrument.begin(VitalKind.BLOOD_PRESSURE)
            await reset.switch_on()
            with station.step("noticed"):
                await until(lambda: str(Absence.BOND) in cabin.absences(instrument), 150)
        bonded_when_noticed = sorted(await station.host.bonded())
        with station.step("paired anew"):
            await cabin.pair(reset, Technician())
        async with cabin.instrument("mended", reset, VitalKind.BLOOD_PRESSURE) as instrument:
            with station.step("measured anew"):
                mended = await cabin.measure(instrument, reset)
        async with cabin.instrument("healthy", healthy, VitalKind.BLOOD_PRESSURE) as instrument:
            await healthy.switch_on()
            with station.step("healthy one measured"):
                untouched = await cabin.measure(instrument, healthy)
        return {
            "bonded_when_noticed": bonded_when_noticed,
            "mended": mended,
            "untouched": untouched,
            "bonded": sorted(await station.host.bonded()),
        }
