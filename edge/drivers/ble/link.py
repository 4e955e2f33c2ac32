"""One connection to one device: bleak with a time limit on everything, and errors of our own."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient
from bleak.backends.device import BLEDevice
from bleak.exc import BleakError
from bleak_retry_connector import BleakClientWithServiceCache, establish_connection

from edge.codecs.gatt.characteristics import number_of
from edge.drivers.ble.bond import Evidence, evidence_in
from edge.drivers.ble.errors import BondLostError, LinkError
from edge.drivers.ble.patience import Patience
from edge.drivers.ble.ports import LinkWatch
from edge.logs import Log

MAX_VALUE: Final = 512
"""The longest value an attribute can have (Core, vol. 3, part F, 3.2.9)."""
ATTEMPTS: Final = 3
BLEAK_ERRORS: Final = (BleakError, OSError, EOFError, TimeoutError, AttributeError, KeyError)
"""What bleak lets through: its own, a lost D-Bus, and slips over objects that vanished meanwhile."""

_log: Final = Log(__name__)
Hear = Callable[[bytes], None]


class _DoubtError(BleakError):
    """A connect that says something of the bond; not among what bleak-retry-connector takes for passing."""

    def __init__(self, evidence: Evidence) -> None:
        super().__init__("the device ended the connection before it was encrypted")
        self.evidence = evidence


class _Client(BleakClientWithServiceCache):
    """Names evidence of a lost bond, so that it is tried a few times and not a dozen."""

    async def connect(self, **options: Any) -> None:
        """Connect as bleak does."""
        try:
            await super().connect(**options)
        except BleakError as error:
            evidence = evidence_in(str(error))
            if evidence is None:
                raise
            raise _DoubtError(evidence) from error


class Link:
    """A connected device. Its methods raise LinkError, or BondLostError where the device refuses the key."""

    def __init__(self, client: BleakClient, gone: asyncio.Event, patience: Patience) -> None:
        self._client = client
        self._gone = gone
        self._patience = patience

    @property
    def services(self) -> frozenset[str]:
        """UUIDs of all services, 128 bit, in lower case."""
        return frozenset(service.uuid for service in self._client.services)

    def can(self, number: int, *able: str) -> bool:
        """Tell whether there is a characteristic of that number of the SIG's with one of bleak's properties."""
        found = self._find(number)
        return found is not None and any(name in found.properties for name in able)

    async def lost(self) -> None:
        """Return when the connection has ended."""
        await self._gone.wait()

    @property
    def is_up(self) -> bool:
        """Whether it still stands."""
        return not self._gone.is_set()

    def let_go(self) -> None:
        """Have whoever uses it end it, as if it were lost."""
        self._gone.set()

    async def read(self, number: int) -> bytes:
        """Read a characteristic, the first of its number."""
        value = await self._bounded(self._client.read_gatt_char(self._require(number)), "reading")
        return bytes(value[:MAX_VALUE])

    async def write(self, number: int, value: bytes) -> None:
        """Write a characteristic and wait for the device to confirm."""
        await self._bounded(
            self._client.write_gatt_char(self._require(number), value, response=True), "writing"
        )

    async def subscribe(self, number: int, hear: Hear) -> None:
        """Have `hear` called with each value of a characteristic."""

        def take(_characteristic: BleakGATTCharacteristic, value: bytearray) -> None:
            hear(bytes(value[:MAX_VALUE]))

        await self._bounded(self._client.start_notify(self._require(number), take), "subscribing")

    def _find(self, number: int) -> BleakGATTCharacteristic | None:
        return next(
            (
                characteristic
                for service in self._client.services
                for characteristic in service.characteristics
                if number_of(characteristic.uuid) == number
            ),
            None,
        )

    def _require(self, number: int) -> BleakGATTCharacteristic:
        found = self._find(number)
        if found is None:
            raise LinkError("the device has no such characteristic")
        return found

    async def _bounded(self, asked: Any, doing: str) -> Any:
        try:
            async with asyncio.timeout(self._patience.gatt_s):
                return await asked
        except BLEAK_ERRORS as error:
            if evidence_in(str(error)) is Evidence.REFUSED:
                raise BondLostError(f"the device refuses the key while {doing}") from error
            raise LinkError(f"{type(error).__name__} while {doing}") from error


class CancelledConnectError(LinkError):
    """A connect that broke the way it does when the device lost its key, and otherwise too."""


@asynccontextmanager
async def _limited(limit_s: float, watch: LinkWatch) -> AsyncIterator[None]:
    """Bound what is inside; BondLostError as soon as the host sees that the device refuses the key."""
    refusal = asyncio.create_task(watch.refused(), name="ble-refusal")
    try:
        async with asyncio.timeout(limit_s) as limit:

            def cut_short(task: "asyncio.Task[None]") -> None:
                if not task.cancelled():
                    limit.reschedule(0)

            refusal.add_done_callback(cut_short)
            try:
                yield
            finally:
                refusal.remove_done_callback(cut_short)
    except BLEAK_ERRORS as error:
        if refusal.done() and not refusal.cancelled():
            raise BondLostError("the device ends every connection before it is encrypted") from error
        raise
    finally:
        refusal.cancel()


@asynccontextmanager
async def linked(
    device: BLEDevice, client: type[BaseBleakClient] | None, patience: Patience, watch: LinkWatch
) -> AsyncIterator[Link]:
    """Connect to a bonded device with a few attempts; LinkError, BondLostError or CancelledConnectError."""
    gone = asyncio.Event()
    try:
        async with _limited(patience.connect_s, watch):
            connected = await establish_connection(
                _Client,
                device,
                "instrument",
                disconnected_callback=lambda _client: gone.set(),
                max_attempts=ATTEMPTS,
                use_services_cache=False,  # after a restart of bluetoothd the kept ones lead nowhere
                backend=client,
            )
    except BLEAK_ERRORS as error:
        raise _named(error) from error
    async with closing_link(connected, gone, patience) as link:
        yield link


@asynccontextmanager
async def paired_link(
    device: BLEDevice, client: type[BaseBleakClient] | None, patience: Patience, watch: LinkWatch
) -> AsyncIterator[Link]:
    """Connect to a new device and make a bond, once: a person stands by who can try again."""
    gone = asyncio.Event()
    fresh = _Client(device, disconnected_callback=lambda _client: gone.set(), pair=True, backend=client)
    try:
        async with _limited(patience.pair_s, watch):
            await fresh.connect()
    except (*BLEAK_ERRORS, BondLostError) as error:
        await _close(fresh, patience)
        raise (error if isinstance(error, BondLostError) else _named(error)) from error
    async with closing_link(fresh, gone, patience) as link:
        yield link


@asynccontextmanager
async def closing_link(client: BleakClient, gone: asyncio.Event, patience: Patience) -> AsyncIterator[Link]:
    """Have the link, and end it whatever happens."""
    try:
        yield Link(client, gone, patience)
    finally:
        gone.set()
        await _close(client, patience)


async def _close(client: BleakClient, patience: Patience) -> None:
    try:
        async with asyncio.timeout(patience.stop_s):
            await client.disconnect()
    except BLEAK_ERRORS as error:
        _log.debug("connection did not end cleanly", reason=type(error).__name__)


def _named(error: BaseException) -> LinkError | BondLostError:
    doubt = error if isinstance(error, _DoubtError) else error.__cause__
    if isinstance(doubt, _DoubtError):
        if doubt.evidence is Evidence.REFUSED:
            return BondLostError("the device refuses the key of this station")
        return CancelledConnectError("the device ends every connection at once")
    return LinkError(f"not connected: {type(error).__name__}")
