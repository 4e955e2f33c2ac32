"""The composition root: builds the station's parts, runs them, and ends them in the right order.

The sink (journal, uplink) stands outside, the sources inside: what fails or ends first must never take the way out from
what is still being recorded. SIGTERM stops the sources, lets what waits go out within a limit, then ends the sink.
"""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING, Final

from edge.alarm import Alarm, Rules
from edge.clock import Clock, SystemClock
from edge.codecs.sms import Delivery, Sender
from edge.drivers import board as board_driver
from edge.drivers import modem as modem_driver
from edge.drivers.board import BoardDriver
from edge.drivers.modem import ModemDriver
from edge.following.known import Known, KnownError
from edge.health import Health, release
from edge.journal.errors import JournalBrokenError
from edge.journal.journal import Journal, open_journal
from edge.journal.records import Limits
from edge.logs import Log
from edge.notes import Notes
from edge.registry import Registry
from edge.responder import Answer, Responder
from edge.sd_notify import Notifier
from edge.settings import Settings
from edge.supervise import Backoff, supervise
from edge.telemetry import Telemetry
from edge.texting import Texter
from edge.uplink.uplink import Uplink
from edge.watch import Watch
from wire.entries import DaemonStarted
from wire.messages import Command, DeviceHealth, Outcome, Ping, RequestChanged, RunDrill, ShowSos

if TYPE_CHECKING:
    from edge.booth import MakeRadio

DRAIN_LIMIT_S: Final = 3.0
"""How long a station that is told to end waits for receipts of what it has recorded."""

_log: Final = Log(__name__)
_INSIDE: Final = Backoff(first_s=0.1, limit_s=5.0)
"""For parts without a device: they only end by a mistake of ours."""


class Station:
    """One station's parts, wired; `run` it once."""

    def __init__(
        self,
        settings: Settings,
        journal: Journal,
        registry: Registry,
        clock: Clock,
        notifier: Notifier,
        make_radio: "MakeRadio | None" = None,
    ) -> None:
        self._settings = settings
        self._journal = journal
        self._clock = clock
        self._notifier = notifier
        self._notes = Notes(journal, clock)
        self._known = Known(settings.requests_path, clock.wall_ms)
        self._board = BoardDriver(
            settings.board, journal, clock, on_press=self._pressed, note=self._notes.add
        )
        self._modem = self._texter = None
        if settings.modem is not None:
            self._modem = ModemDriver(
                settings.modem, clock, note=self._notes.add, on_delivery=self._delivered
            )
            sender = Sender(settings.station.id, settings.station.name, settings.station.place)
            self._texter = Texter(self._modem, settings.modem.numbers, sender, journal, self._notes)
        self._responder = Responder(
            Alarm(_rules(settings)), self._board, self._texter, journal, registry, clock
        )
        self._health = Health(
            settings,
            journal,
            clock,
            devices=self._devices,
            last_receipt_at_ms=lambda: self._uplink.last_receipt_at_ms,
        )
        self._uplink = Uplink(
            settings.broker,
            settings.station.id,
            journal,
            clock=clock,
            on_receipt=self._responder.receipted,
            on_command=self._obey,
            birth=self._health.birth,
            heartbeat=self._health.heartbeat,
            heartbeat_interval_s=settings.heartbeat.interval_s,
        )
        self._booth = None
        if settings.cabin is not None or settings.kiosk is not None or settings.card is not None:
            from edge.booth import Booth  # noqa: PLC0415 - a station without one does not pay for it

            self._booth = Booth(
                settings,
                journal,
                registry,
                clock,
                note=self._notes.add,
                responder=self._responder,
                link=self._uplink,
                known=self._known,
                make_radio=make_radio,
            )
        self._watch = Watch(notifier, journal, self._board, self._uplink)

    async def run(self, stop: asyncio.Event) -> None:
        """Serve until `stop` is set; raise JournalBrokenError when only a new start helps."""
        await self._responder.restore()
        self._notes.add(DaemonStarted(release=release()))
        async with asyncio.TaskGroup() as sink:
            uplink = sink.create_task(_kept("uplink", self._uplink.run, _INSIDE), name="uplink")
            await self._run_sources(stop)
            await self._drain()
            uplink.cancel()

    async def _run_sources(self, stop: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as sources:
            tasks = [
                sources.create_task(_kept(name, run, backoff), name=name)
                for name, run, backoff in self._sources()
            ]
            await asyncio.sleep(0)
            self._notifier.ready()
            _log.info("ready", station=self._settings.station.id, boot=self._journal.boot)
            await stop.wait()
            self._notifier.stopping()
            _log.info("stopping")
            for task in tasks:
                task.cancel()

    def _sources(self) -> list[tuple[str, Callable[[], Awaitable[None]], Backoff]]:
        """Return what runs beside the uplink, the SOS path first."""
        parts: list[tuple[str, Callable[[], Awaitable[None]], Backoff]] = [
            ("record", self._board.record, _INSIDE),
            ("board", self._board.run, board_driver.BACKOFF),
            ("responder", self._responder.run, _INSIDE),
            ("notes", self._notes.run, _INSIDE),
            ("lag", self._health.measure_lag, _INSIDE),
            ("watch", self._watch.run, _INSIDE),
        ]
        if self._modem is not None:
            parts.append(("modem", self._modem.run, modem_driver.BACKOFF))
        if self._booth is not None:
            telemetry = Telemetry(self._journal, self._clock, self._booth.readings)
            parts += [("booth", self._booth.run, _INSIDE), ("telemetry", telemetry.run, _INSIDE)]
        return parts

    async def _drain(self) -> None:
        """Give what is recorded a moment to be receipted; the rest waits in the journal for the next start."""
        if self._uplink.connected and not await self._uplink.drain(DRAIN_LIMIT_S):
            _log.warning("ended with entries waiting")

    def _devices(self) -> Iterator[DeviceHealth]:
        """Return how every device is, the SOS path first."""
        yield self._board.device.health
        if self._modem is not None:
            yield self._modem.device.health
        if self._booth is not None:
            yield from self._booth.health()

    def _pressed(self, press: board_driver.Press) -> None:
        self._responder.pressed(press)

    def _delivered(self, delivery: Delivery) -> None:
        if self._texter is not None:
            self._texter.delivered(delivery)

    async def _obey(self, command: Command) -> Answer | None:
        match command.body:
            case ShowSos() as order:
                return await self._responder.show(order)
            case RequestChanged() as news:
                return await self._keep(news)
            case RunDrill():
                return await self._responder.drill(command, self._settings.board.button_names[0])
            case Ping():
                return Outcome.DONE, ""

    async def _keep(self, news: RequestChanged) -> Answer:
        """Keep what is told of a request: done once the disk has it."""
        try:
            is_new = await asyncio.to_thread(self._known.keep, news)
        except KnownError as error:
            return Outcome.FAILED, str(error)
        return Outcome.DONE, "" if is_new else "a newer version was known already"


async def _kept(name: str, run: Callable[[], Awaitable[None]], backoff: Backoff) -> None:
    await supervise(name, run, backoff, fatal=(JournalBrokenError,))


def _rules(settings: Settings) -> Rules:
    return Rules(
        receipt_timeout_ms=round(settings.alarm.receipt_timeout_s * 1000),
        siren_s=settings.alarm.siren_s,
        sms_retry_ms=round(settings.alarm.sms_retry_s * 1000),
        can_text=settings.modem is not None,
    )


async def run_station(
    settings: Settings,
    notifier: Notifier,
    *,
    clock: Clock | None = None,
    stop: asyncio.Event | None = None,
    make_radio: "MakeRadio | None" = None,
) -> None:
    """Run one station until `stop` is set, by default by SIGTERM or SIGINT; `make_radio` is for virtual ones.

    Raise JournalError when its journal cannot be opened, or is damaged and only a new start helps.
    """
    clock = clock or SystemClock()
    limits = Limits(
        max_bytes=settings.journal.max_bytes,
        reserve_bytes=settings.journal.reserve_bytes,
        telemetry_max_entries=settings.journal.telemetry_max_entries,
    )
    registry = Registry(settings.registry_path)
    with notifier:
        journal_path, boot = settings.journal.path, clock.boot
        async with open_journal(journal_path, limits, boot=boot, wall_ms=clock.wall_ms) as journal:
            station = Station(settings, journal, registry, clock, notifier, make_radio)
            await station.run(stop or _stop_on_signals())


def _stop_on_signals() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop
