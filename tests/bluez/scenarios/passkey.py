"""A glucose meter shows a passkey: the wrong number is refused, the right one pairs it, and its record is read."""

from typing import Any

from edge.drivers.ble.errors import PairingError
from tests.bluez.cabin import PACE, Technician, running_cabin
from tests.bluez.inside import Station
from tests.fakes.ble.devices import VirtualGlucoseMeter
from tests.fakes.ble.peripheral import PASSKEY, Bonding
from wire.entries import VitalKind

ADDRESS = "F0:00:00:00:01:06"


async def scenario(station: Station) -> dict[str, Any]:
    """Type wrongly, type rightly, measure."""
    meter = VirtualGlucoseMeter(ADDRESS, bonding=Bonding.PASSKEY, pace=PACE)
    async with meter.in_air(station.air), running_cabin(station) as cabin:
        await meter.switch_on()
        hasty, careful = Technician(number=PASSKEY - 1), Technician()
        refusal = ""
        with station.step("refused"):
            try:
                await cabin.pair(meter, hasty)
            except PairingError as error:
                refusal = error.problem.value
        bonded_after_refusal = sorted(await station.host.bonded())
        await meter.switch_on()
        with station.step("paired"):
            await cabin.pair(meter, careful)
        async with cabin.instrument("meter", meter, VitalKind.GLUCOSE) as instrument:
            with station.step("measured"):
                values = await cabin.measure(instrument, meter)
        return {
            "refusal": refusal,
            "bonded_after_refusal": bonded_after_refusal,
            "asked": [hasty.asked, careful.asked],
            "values": values,
            "bonded": sorted(await station.host.bonded()),
        }
