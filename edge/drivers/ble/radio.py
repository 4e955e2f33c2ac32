"""The station's one Bluetooth adapter: it listens for the paired devices, and connects one of them at a time.

It scans for as long as anything is paired, since health devices advertise when they have something to say, whether or
not a person sits there. Scanning and connecting never go together, and no two connects: adapters mind both. Only
devices that somebody has adopted are ever connected. What goes wrong is mended step by step (`Presence`).
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Final

from bleak import BleakScanner
from bleak.backends.client import BaseBleakClient
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner

from edge.clock import Clock
from edge.drivers.ble.errors import LinkError, RadioGoneError
from edge.drivers.ble.link import BLEAK_ERRORS, Link, linked, paired_link
from edge.drivers.ble.patience import Patience
from edge.drivers.ble.ports import Host, PairingAnswers, PairingHost, PresenceListener
from edge.drivers.ble.presence import Presence
from edge.logs import Log
from edge.supervise import Backoff

BACKOFF: Final = Backoff(first_s=0.5, limit_s=15.0, healthy_after_s=60.0)

MAX_NAME: Final = 60
MAX_SERVICES: Final = 32

_log: Final = Log(__name__)


@dataclass(frozen=True, slots=True)
class Sighting:
    """A device just advertised; `heard_ms` is uptime, `services` are UUIDs."""

    address: str
    name: str
    signal_dbm: int
    services: tuple[str, ...]
    heard_ms: int
    device: BLEDevice


Ear = Callable[[Sighting], None]
"""Takes sightings; called from the event loop, must not block or raise."""


class Radio:
    """One adapter, `adapter` by name (hci0). Run `run` under `supervise`, beside the host's own.

    `scanner` and `client` are bleak's backends, None for the platform's (BlueZ).
    """

    def __init__(
        self,
        adapter: str,
        clock: Clock,
        *,
        host: Host,
        pairing: PairingHost,
        scanner: type[BaseBleakScanner] | None = None,
        client: type[BaseBleakClient] | None = None,
        patience: Patience | None = None,
    ) -> None:
        self._adapter = adapter
        self._clock = clock
        self._host = host
        self._pairing = pairing
        self._scanner = scanner
        self._client = client
        self.patience = patience or Patience()
        self._ears: dict[str, list[Ear]] = {}
        self._overhearers: list[Ear] = []
        self._presence = Presence(adapter, host, self.patience)
        self._sightings: dict[str, Sighting] = {}
        self._pauses = 0
        self._links: dict[str, Link] = {}
        self._is_scanning = False
        self._heard_ms = 0
        self._turn = asyncio.Lock()
        self._changed = asyncio.Event()
        self._stopped = asyncio.Event()

    @property
    def is_present(self) -> bool:
        """Whether devices can be heard and reached, as far as is known."""
        return self._presence.is_present

    @property
    def is_scanning(self) -> bool:
        """Whether it listens at this moment, or is about to begin or end that."""
        return self._is_scanning

    def watch(self, listener: PresenceListener) -> Callable[[], None]:
        """Call `listener` at each change of `is_present`; return what ends that."""
        return self._presence.watch(listener)

    @contextmanager
    def adopting(self, address: str, ear: Ear, *, takes_over: bool = False) -> Iterator[None]:
        """Let `address` be connected while inside, and tell `ear` whenever it advertises.

        LinkError when somebody else has adopted it, unless this one `takes_over` for a while: then a link ends.
        """
        key = address.upper()
        ears = self._ears.setdefault(key, [])
        if ears and not takes_over:
            raise LinkError("the device is in use already")
        ears.append(ear)
        if key in self._links:
            self._links[key].let_go()
        self._changed.set()
        try:
            yield
        finally:
            ears.remove(ear)
            if not ears:
                self._ears.pop(key, None)
                self._sightings.pop(key, None)
            self._changed.set()

    @contextmanager
    def overhearing(self, ear: Ear) -> Iterator[None]:
        """Tell `ear` of every device, paired or not, while inside."""
        self._overhearers.append(ear)
        self._changed.set()
        try:
            yield
        finally:
            self._overhearers.remove(ear)
            self._changed.set()

    @asynccontextmanager
    async def connected(self, address: str) -> AsyncIterator[Link]:
        """Have a link to an adopted, bonded device that has just been seen; waits for its turn.

        LinkError (CancelledConnectError), BondLostError, RadioGoneError.
        """
        async with AsyncExitStack() as stack:
            async with self._occupied(address) as device:
                self._check_not_lent(address)
                async with self._host.watching_links(address) as watch:
                    link = await stack.enter_async_context(linked(device, self._client, self.patience, watch))
                self._check_not_lent(address)
            self._links[address.upper()] = link
            stack.callback(self._links.pop, address.upper())
            yield link

    @asynccontextmanager
    async def paired(self, address: str, answers: PairingAnswers) -> AsyncIterator[Link]:
        """Have a link to an adopted device after making a bond with it, and the adapter alone; errors as `connected`."""
        async with (
            self._occupied(address) as device,
            self._pairing.answering(address, answers),
            self._host.watching_links(address) as watch,
            paired_link(device, self._client, self.patience, watch) as link,
        ):
            yield link

    async def remove_bond(self, address: str) -> None:
        """Forget a device's keys: only when a technician pairs that very device anew, and it has refused them."""
        try:
            async with asyncio.timeout(self.patience.stop_s):
                await self._host.remove_bond(address)
        except TimeoutError as error:
            raise RadioGoneError("the host does not forget a bond in time") from error

    async def run(self) -> None:
        """Listen whenever somebody wants to hear; RadioGoneError when the adapter does not do it."""
        unwatch = self._host.watch(self._host_changed)
        self._presence.tell()
        try:
            while True:
                heed_cancellation()
                self._changed.clear()
                if self._wants_to_scan:
                    await self._listen()
                else:
                    await self._changed.wait()
        finally:
            unwatch()

    @property
    def _wants_to_scan(self) -> bool:
        return bool(self._ears or self._overhearers) and not self._pauses and self._host.is_present

    async def _listen(self) -> None:
        """Scan until something else is to be done."""
        scanner = BleakScanner(self._hear, bluez={"adapter": self._adapter}, backend=self._scanner)
        self._is_scanning = True
        self._stopped.clear()
        try:
            await self._start(scanner)
            is_deaf = await self._until_disturbed()
        finally:
            await self._stop(scanner)
            self._is_scanning = False
            self._stopped.set()
        if is_deaf:
            await self._presence.hears_nobody()

    async def _start(self, scanner: BleakScanner) -> None:
        try:
            async with asyncio.timeout(self.patience.start_s):
                await scanner.start()
        except BLEAK_ERRORS as error:
            await self._presence.cannot_start()
            raise RadioGoneError(f"scanning does not begin: {type(error).__name__}") from error
        self._presence.started()

    async def _stop(self, scanner: BleakScanner) -> None:
        """End scanning; a host that does not is found out when the next scan begins."""
        try:
            async with asyncio.timeout(self.patience.stop_s):
                await scanner.stop()
        except BLEAK_ERRORS as error:
            _log.debug("scanning did not end cleanly", reason=type(error).__name__)

    async def _until_disturbed(self) -> bool:
        """Return when scanning has to end; true when nobody was heard for too long, links included."""
        quiet_ms = self.patience.quiet_s * 1000
        while self._wants_to_scan:
            heed_cancellation()
            self._changed.clear()
            try:
                async with asyncio.timeout(self.patience.quiet_s):
                    await self._changed.wait()
            except TimeoutError:
                if not self._links and self._clock.uptime_ms() - self._heard_ms >= quiet_ms:
                    return True
        return False

    def _hear(self, device: BLEDevice, advertisement: AdvertisementData) -> None:
        self._heard_ms = self._clock.uptime_ms()
        self._presence.heard()
        key = device.address.upper()
        ears = self._ears.get(key)
        if not ears and not self._overhearers:
            return
        sighting = Sighting(
            address=device.address,
            name=(advertisement.local_name or "")[:MAX_NAME],
            signal_dbm=advertisement.rssi,
            services=tuple(advertisement.service_uuids[:MAX_SERVICES]),
            heard_ms=self._heard_ms,
            device=device,
        )
        if ears:
            self._sightings[key] = sighting
            ears[-1](sighting)
        for overhearer in self._overhearers:
            overhearer(sighting)

    @asynccontextmanager
    async def _occupied(self, address: str) -> AsyncIterator[BLEDevice]:
        """Have the adapter alone, not scanning, for a device that advertises; LinkError, RadioGoneError."""
        if address.upper() not in self._ears:
            raise LinkError("no device of this station")
        async with self._turn:
            sighting = self._sightings.get(address.upper())
            if sighting is None or self._is_stale(sighting):
                raise LinkError("the device advertises no longer")
            self._pauses += 1
            self._changed.set()
            try:
                await self._silence()
                yield sighting.device
            finally:
                self._pauses -= 1
                self._changed.set()

    def _check_not_lent(self, address: str) -> None:
        """Raise LinkError when the one who pairs the device has taken it over."""
        if len(self._ears[address.upper()]) > 1:
            raise LinkError("the device is being paired")

    def _is_stale(self, sighting: Sighting) -> bool:
        return self._clock.uptime_ms() - sighting.heard_ms > self.patience.stale_s * 1000

    async def _silence(self) -> None:
        if not self._host.is_present:
            raise RadioGoneError("no adapter")
        try:
            async with asyncio.timeout(self.patience.start_s + self.patience.stop_s):
                if self._is_scanning:
                    await self._stopped.wait()
        except TimeoutError as error:
            raise RadioGoneError("scanning does not end") from error

    def _host_changed(self, _is_present: bool) -> None:  # noqa: FBT001  # a listener of the port
        self._changed.set()
        self._presence.tell()


def heed_cancellation() -> None:
    """Raise CancelledError when this task was cancelled and a library lost that, as asyncio.wait_for can before 3.12."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
