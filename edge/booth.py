"""The health cabin and the touch screen as one part of the station: built from its settings, run beside its SOS path.

Nothing of it is loaded before it runs: libraries of radios and of HTTP take a second, and a press does not wait for
them. Whatever fails here is started again by itself and never takes the board with it.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final

from edge.cabin.cabin import Cabin
from edge.clock import Clock, SystemClock
from edge.devices import BLE, Air, Devices
from edge.drivers.printer.driver import BACKOFF as PRINTER_BACKOFF
from edge.drivers.printer.driver import PrinterDriver
from edge.drivers.serial_instrument import SERIAL_DRIVERS, SerialInstrument
from edge.following.following import Following
from edge.following.known import Known
from edge.instrument import Instrument, Listener
from edge.journal.errors import JournalBrokenError
from edge.journal.journal import Journal
from edge.kiosk.server import BACKOFF as KIOSK_BACKOFF
from edge.kiosk.server import Kiosk
from edge.kiosk.sos import Responding, ScreenButton
from edge.rack import Rack
from edge.registry import PairedDevice, Registry
from edge.service_desk import ServiceDesk
from edge.settings import BluetoothSettings, ServicesSettings, Settings
from edge.supervise import Backoff, supervise
from wire.entries import DeviceChanged, Reading
from wire.messages import DeviceHealth

if TYPE_CHECKING:  # see the module's docstring
    from edge.card_counter import CardCounter
    from edge.drivers.ble.radio import Radio
    from edge.services_counter import Line, ServicesCounter
    from edge.shelf import Shelf

_INSIDE: Final = Backoff(first_s=0.1, limit_s=5.0)

Note = Callable[[DeviceChanged], None]
Run = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class RadioParts:
    """A radio, and what has to run for it to hear."""

    radio: "Radio"
    runs: tuple[tuple[str, Run, Backoff], ...]


MakeRadio = Callable[[BluetoothSettings, Clock], RadioParts]


def bluez_radio(settings: BluetoothSettings, clock: Clock) -> RadioParts:
    """Return the machine's own radio: BlueZ behind bleak."""
    from edge.drivers.ble import bluez, radio  # noqa: PLC0415
    from edge.drivers.ble.agent import PairingAgent  # noqa: PLC0415 - see the module's docstring

    agent = PairingAgent()
    host = bluez.BluezHost(settings.adapter, agent)
    ears = radio.Radio(settings.adapter, clock, host=host, pairing=agent)
    return RadioParts(ears, (("bluetooth", host.run, bluez.BACKOFF), ("radio", ears.run, radio.BACKOFF)))


class Booth:
    """What a station has of cabin and screen. Run `run` under `supervise`; the rest may be asked at any time.

    `responder` takes the presses of the screen; `make_radio` is for virtual radios.
    """

    def __init__(
        self,
        settings: Settings,
        journal: Journal,
        registry: Registry,
        clock: Clock,
        *,
        note: Note,
        responder: Responding,
        link: "Line",
        known: Known,
        make_radio: MakeRadio | None = None,
    ) -> None:
        self._settings = settings
        self._journal = journal
        self._registry = registry
        self._clock = clock
        self._note = note
        self._sos = ScreenButton(journal, clock, responder)
        self._link = link
        self._known = known
        self._make_radio = make_radio or bluez_radio
        self._rack: Rack | None = None
        self._cabin: Cabin | None = None
        self._kiosk: Kiosk | None = None
        self._printer: PrinterDriver | None = None
        self._counter: CardCounter | None = None
        self._shelf: Shelf | None = None
        self._services: ServicesCounter | None = None

    def health(self) -> Iterator[DeviceHealth]:
        """Return how the devices of cabin and screen are; nothing before they run."""
        if self._kiosk is not None:
            yield self._kiosk.device.health
        if self._printer is not None:
            yield self._printer.device.health
        if self._counter is not None:
            yield from self._counter.health()
        if self._rack is not None:
            yield from self._rack.health()

    def readings(self) -> Iterator[Reading]:
        """Return numbers for telemetry: charge, signal, and how many measurements were made; never what they said."""
        if self._rack is not None:
            yield from self._rack.readings()
        if self._cabin is not None:
            for measure, count in (
                ("measurements-made", self._cabin.measurements_made),
                ("measurements-refused", self._cabin.measurements_refused),
            ):
                yield Reading(measure=measure, value=count, sensor="cabin")
        if self._counter is not None:
            yield from self._counter.readings()

    async def run(self) -> None:
        """Build what the settings name and run it until cancelled."""
        if self._settings.bluetooth is not None:
            await asyncio.to_thread(_load_radio)
        if self._settings.card is not None:
            await asyncio.to_thread(import_module, "edge.card_counter")
        if self._settings.services is not None:
            self._shelf = await asyncio.to_thread(_load_shelf, self._settings.services)
        async with asyncio.TaskGroup() as parts:
            for name, run, backoff in self._build():
                parts.create_task(supervise(name, run, backoff, fatal=(JournalBrokenError,)), name=name)

    def _build(self) -> Iterator[tuple[str, Run, Backoff]]:
        """Make all parts; yield what is to run, and how patiently."""
        settings = self._settings
        air = _air(settings, self._clock, self._make_radio)
        if air is not None:
            yield from air.runs
        self._rack = rack = make_rack(self._registry, self._clock, self._note, air)
        yield "rack", rack.run, _INSIDE
        if settings.cabin is not None:
            self._cabin = Cabin(settings.cabin, rack, self._journal, self._clock)
            yield "cabin", self._cabin.run, _INSIDE
        if settings.printer is not None:
            self._printer = PrinterDriver(settings.printer, self._clock, note=self._note)
            yield "printer", self._printer.run, PRINTER_BACKOFF
        if self._shelf is not None:
            from edge.services_counter import ServicesCounter  # noqa: PLC0415 - loaded by `run`

            self._services = ServicesCounter(
                settings, self._shelf, self._journal, self._clock, self._link, self._cabin
            )
            yield from self._services.runs()
        if settings.card is not None:
            from edge.card_counter import CardCounter  # noqa: PLC0415 - loaded by `run`

            self._counter = CardCounter(
                settings.card,
                settings.station.id,
                self._journal,
                self._clock,
                note=self._note,
                cabin=self._cabin,
                form=None if self._services is None else self._services.form,
            )
            if self._services is not None:
                self._services.meet(self._counter.identity)
            yield from self._counter.runs()
        if settings.kiosk is not None:
            desk = ServiceDesk(make_devices(self._registry, rack, air))
            self._kiosk = Kiosk(
                settings.station,
                settings.kiosk,
                settings.speech,
                self._clock,
                note=self._note,
                sos=self._sos,
                link=self._link,
                cabin=self._cabin,
                identity=None if self._counter is None else self._counter.identity,
                services=None if self._services is None else self._services.services,
                paying=None if self._services is None else self._services.paying,
                pictures=None if self._services is None else self._services.pictures,
                guide=None if self._services is None else self._services.guide,
                printer=self._printer,
                following=Following(self._known, self._journal, self._link.questions.ask, self._clock),
                devices=desk,
            )
            yield "kiosk", self._kiosk.run, KIOSK_BACKOFF


def make_rack(registry: Registry, clock: Clock, note: Note, air: RadioParts | None) -> Rack:
    """Return the rack of all paired instruments; without `air` those on wires only."""

    def build(device: PairedDevice, hear: Listener) -> Instrument:
        if device.driver != BLE:
            return SerialInstrument(device, clock, hear, note)
        if air is None:
            raise KeyError(BLE)
        from edge.drivers.ble.instrument import BleInstrument  # noqa: PLC0415 - loaded by `_load_radio`

        return BleInstrument(device, air.radio, clock, hear, note)

    return Rack(registry, clock, build)


def make_devices(registry: Registry, rack: Rack, air: RadioParts | None) -> Devices:
    """Return the technician's desk over a rack and a radio."""
    drivers = {name: make().traits.kinds for name, make in SERIAL_DRIVERS.items()}
    if air is None:
        return Devices(registry, rack, drivers)
    from edge.drivers.ble.discovery import pair, scan  # noqa: PLC0415 - loaded by `_load_radio`

    radio = air.radio
    return Devices(
        registry,
        rack,
        drivers,
        Air(lambda seconds: scan(radio, seconds), lambda address, answers: pair(radio, address, answers)),
    )


@asynccontextmanager
async def open_desk(
    settings: Settings, *, is_rack_running: bool = False, make_radio: MakeRadio = bluez_radio
) -> AsyncIterator[Devices]:
    """Have the technician's desk without the daemon, or beside it; the instruments run only when asked for."""
    registry, clock = Registry(settings.registry_path), SystemClock()
    air = _air(settings, clock, make_radio)
    rack = make_rack(registry, clock, _unheard, air)
    runs = [*(air.runs if air else ()), *([("rack", rack.run, _INSIDE)] if is_rack_running else [])]
    tasks = [asyncio.create_task(supervise(name, run, backoff), name=name) for name, run, backoff in runs]
    try:
        yield make_devices(registry, rack, air)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _air(settings: Settings, clock: Clock, make_radio: MakeRadio) -> RadioParts | None:
    return None if settings.bluetooth is None else make_radio(settings.bluetooth, clock)


def _load_radio() -> None:
    """Import the libraries of a radio, off the loop."""
    import_module("edge.drivers.ble.instrument")
    import_module("edge.drivers.ble.discovery")


def _load_shelf(settings: ServicesSettings) -> "Shelf | None":
    """Read catalogue and keys, off the loop."""
    from edge.shelf import load_shelf  # noqa: PLC0415 - see the module's docstring

    return load_shelf(settings)


def _unheard(_change: DeviceChanged) -> None:
    """Take a note of a desk without a journal: the technician sees the device himself."""
