"""Inside the tiny machine: D-Bus, bluetoothd, an adapter on the kernel's vhci, and the station's own host and agent.

`python -m tests.bluez.inside SCENARIO` runs coroutine `scenario` of tests.bluez.scenarios.SCENARIO and prints its
verdict; what it returns stands in there as `seen`, and how long each step took as `took_s`.
"""

import asyncio
import importlib
import json
import subprocess
import sys
import time
import traceback
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from bumble.controller import Controller
from bumble.core import PhysicalTransport
from bumble.hci import Address, LeFeatureMask
from bumble.transport import open_transport

from edge.drivers.ble.agent import PairingAgent
from edge.drivers.ble.bluez import BACKOFF, BluezHost
from edge.logs import start_logging
from edge.supervise import supervise
from tests.bluez.vm import VERDICT
from tests.fakes.ble.air import Air

START_LIMIT_S: Final = 60.0
SCENARIO_LIMIT_S: Final = 240.0
"""Without hardware acceleration a second of a real station takes several here."""
_STATION: Final = "C0:FF:EE:00:00:01"
_BLUETOOTHD: Final = "/usr/libexec/bluetooth/bluetoothd"


class MachineAir(Air):
    """Air for an adapter behind a real host, which scans under random addresses and connects with its own.

    bumble sends data in the name of the last random address; the other side knows the connection by the one it was
    made with.
    """

    def send_acl_data(
        self,
        sender_controller: Controller,
        destination_address: Address,
        transport: PhysicalTransport,
        data: bytes,
    ) -> None:
        """Carry data from the address that the connection was made with."""
        connection = sender_controller.le_connections.get(destination_address)
        receiver = self.find_le_controller(destination_address)
        if connection is not None and receiver is not None:
            asyncio.get_running_loop().call_soon(
                receiver.on_link_acl_data, connection.self_address, transport, data
            )


class Bluetoothd:
    """The real one, which a scenario may kill."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; it is there when D-Bus says so."""
        self._process = subprocess.Popen([_BLUETOOTHD, "--nodetach"])

    def kill(self) -> None:
        """End it as the kernel would, without a word."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()


@dataclass(slots=True)
class Station:
    """What a scenario works with."""

    air: Air
    host: BluezHost
    agent: PairingAgent
    bluetoothd: Bluetoothd
    took_s: dict[str, float] = field(default_factory=dict)
    port: AsyncExitStack = field(default_factory=AsyncExitStack)
    """Where the adapter is plugged in."""

    async def plug(self) -> None:
        """Put the adapter in."""
        await self.port.enter_async_context(adapter(self.air))

    async def unplug(self) -> None:
        """Pull the adapter out."""
        await self.port.aclose()

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Note how long a step takes, and that it was begun."""
        print(f"-- {name}", flush=True)  # noqa: T201  # the serial line is all that is left of a machine that hangs
        started_s = time.monotonic()
        yield
        self.took_s[name] = round(time.monotonic() - started_s, 2)


async def until(condition: Callable[[], object], limit_s: float = START_LIMIT_S) -> None:
    """Wait until `condition()` is true."""
    async with asyncio.timeout(limit_s):
        while not condition():  # noqa: ASYNC110  # what is waited for lives outside this loop
            await asyncio.sleep(0.05)


@asynccontextmanager
async def adapter(air: Air) -> AsyncIterator[Controller]:
    """Have the kernel find an adapter that transmits into `air`; leaving pulls it out."""
    async with await open_transport("vhci") as transport:
        controller = Controller(
            "adapter",
            host_source=transport.source,
            host_sink=transport.sink,
            link=air,
            public_address=_STATION,
        )
        # The emulator's address resolution and extended advertising do not yet work with a real host (bumble #841).
        controller.le_features &= ~(LeFeatureMask.LL_PRIVACY | LeFeatureMask.LE_EXTENDED_ADVERTISING)
        try:
            yield controller
        finally:
            air.remove_controller(controller)


@asynccontextmanager
async def running_station() -> AsyncIterator[Station]:
    """Start everything, and wait until the adapter is on and the agent registered."""
    agent = PairingAgent()
    air = MachineAir()
    station = Station(air, BluezHost("hci0", agent), agent, Bluetoothd())
    await station.plug()
    station.bluetoothd.start()
    task = asyncio.create_task(supervise("bluez", station.host.run, BACKOFF), name="bluez")
    try:
        with station.step("switched on"):
            await until(lambda: station.host.is_present and agent.is_registered)
        yield station
    finally:
        task.cancel()
        await asyncio.wait([task])
        station.bluetoothd.kill()
        await station.unplug()


async def verdict_of(name: str) -> dict[str, Any]:
    """Run a scenario and say how it went."""
    scenario = importlib.import_module(f"tests.bluez.scenarios.{name}").scenario
    async with running_station() as station:
        try:
            async with asyncio.timeout(SCENARIO_LIMIT_S):
                seen = await scenario(station)
        except Exception as error:  # noqa: BLE001  # told outside
            traceback.print_exc()
            return {"ok": False, "error": repr(error), "took_s": station.took_s}
        return {"ok": True, "seen": seen, "took_s": station.took_s}


def main() -> None:
    """Run the scenario named on the command line."""
    start_logging("info")
    Path("/run/dbus").mkdir(parents=True, exist_ok=True)
    subprocess.run(["/usr/bin/dbus-daemon", "--system", "--fork"], check=True)
    verdict = asyncio.run(verdict_of(sys.argv[1]))
    print(VERDICT + json.dumps(verdict), flush=True)  # noqa: T201  # the answer


if __name__ == "__main__":
    main()
