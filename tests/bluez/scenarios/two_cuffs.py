"""Two cuffs of the same model measure at the same time, and each result is its own."""

import asyncio
from dataclasses import replace
from typing import Any

from edge.instrument import Readiness
from tests.bluez.cabin import PACE, Technician, running_cabin
from tests.bluez.inside import Station, until
from tests.fakes.ble.devices import VirtualCuff
from wire.entries import VitalKind

LEFT = "F0:00:00:00:01:01"
RIGHT = "F0:00:00:00:01:02"


async def scenario(station: Station) -> dict[str, Any]:
    """Pair both, connect both, measure both."""
    left, right = VirtualCuff(LEFT, pace=PACE), VirtualCuff(RIGHT, pace=PACE)
    right.person = replace(right.person, systolic=151, diastolic=97)
    async with left.in_air(station.air), right.in_air(station.air), running_cabin(station) as cabin:
        for cuff in (left, right):
            await cuff.switch_on()
            with station.step(f"paired {cuff.address[-1]}"):
                await cabin.pair(cuff, Technician())
        kind = VitalKind.BLOOD_PRESSURE
        async with cabin.instrument("left", left, kind) as one, cabin.instrument("right", right, kind) as two:
            for instrument in (one, two):
                instrument.begin(kind)
            with station.step("both connected"):
                await until(lambda: one.readiness is two.readiness is Readiness.READY)
            with station.step("both measured"):
                values = await asyncio.gather(cabin.measure(one, left), cabin.measure(two, right))
        return {"values": values, "bonded": sorted(await station.host.bonded())}
