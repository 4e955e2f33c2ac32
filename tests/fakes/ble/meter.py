"""A glucose meter as a process of its own: `python -m tests.fakes.ble.meter unix-client:/path/of/a/controller`.

It says `on` when it advertises, measures at each line `measure` and ends at the end of its input.
"""

import asyncio
import sys

from tests.fakes.ble.devices import VirtualGlucoseMeter
from tests.fakes.ble.peripheral import Bonding

ADDRESS = "F0:00:00:00:09:01"


async def serve(transport: str) -> None:
    """Be the meter until the input ends."""
    meter = VirtualGlucoseMeter(ADDRESS, bonding=Bonding.PASSKEY, pace=0.01)
    async with meter.in_air(transport):
        await meter.switch_on()
        print("on", flush=True)  # noqa: T201  # its only way to speak
        while line := await asyncio.to_thread(sys.stdin.readline):
            if line.strip() == "measure":
                await meter.measure()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
