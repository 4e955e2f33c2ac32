"""bluetoothd is killed while a cuff is awaited, and comes back; then the adapter is pulled out and put in again."""

from typing import Any

from edge.instrument import Readiness
from tests.bluez.cabin import PACE, Technician, running_cabin
from tests.bluez.inside import Station, until
from tests.fakes.ble.devices import VirtualCuff
from wire.entries import VitalKind

ADDRESS = "F0:00:00:00:01:01"


async def scenario(station: Station) -> dict[str, Any]:
    """Lose the service, then the adapter, each with the cuff connected, and measure after each."""
    cuff = VirtualCuff(ADDRESS, pace=PACE)
    presence: list[bool] = []
    station.host.watch(presence.append)
    async with cuff.in_air(station.air), running_cabin(station) as cabin:
        await cuff.switch_on()
        with station.step("paired"):
            await cabin.pair(cuff, Technician())
        async with cabin.instrument("cuff", cuff, VitalKind.BLOOD_PRESSURE) as instrument:
            instrument.begin(VitalKind.BLOOD_PRESSURE)
            await until(lambda: instrument.readiness is Readiness.READY)
            with station.step("service gone"):
                station.bluetoothd.kill()
                await until(lambda: instrument.readiness is Readiness.MISSING)
            registered_while_gone = station.agent.is_registered
            station.bluetoothd.start()
            with station.step("service back"):
                await until(lambda: station.host.is_present and station.agent.is_registered)
            with station.step("measured after the service's return"):
                first = await cabin.measure(instrument, cuff)
            with station.step("adapter gone"):
                await station.unplug()
                await until(lambda: instrument.readiness is Readiness.MISSING)
            await cuff.switch_off()
            with station.step("adapter back"):
                await station.plug()
                await until(lambda: station.host.is_present)
            await cuff.switch_on()
            with station.step("measured after the adapter's return"):
                second = await cabin.measure(instrument, cuff)
            absences = cabin.absences(instrument)
            with station.step("power cycled"):
                await station.host.power_cycle()
        return {
            "presence": list(presence),
            "registered_while_gone": registered_while_gone,
            "first": first,
            "second": second,
            "absences": absences,
            "bonded": sorted(await station.host.bonded()),
        }
