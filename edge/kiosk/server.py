"""The kiosk as a part of the station: made with the others, and costing nothing until it runs.

FastAPI and uvicorn take a second and 26 MiB to import. That happens in a thread, after the station has said that it is
ready: the way of a press does not wait for a screen.
"""

import asyncio
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from edge.clock import Clock
from edge.drivers.device import Device
from edge.health import release
from edge.kiosk.context import Context
from edge.kiosk.ports import (
    CabinDesk,
    DeviceDesk,
    FollowingDesk,
    GuideDesk,
    IdentityDesk,
    Link,
    PayingDesk,
    PicturesDesk,
    PrintDesk,
    ServicesDesk,
    SosDesk,
)
from edge.kiosk.screen import Screen
from edge.kiosk.service import ServiceDoor
from edge.kiosk.speech import Voice
from edge.kiosk.stream import Streams
from edge.logs import Log
from edge.settings import KioskSettings, SpeechSettings, StationSettings
from edge.supervise import Backoff
from wire.entries import DeviceChanged

if TYPE_CHECKING:
    from edge.kiosk.web import Server

ADDRESS: Final = "127.0.0.1"
BACKOFF: Final = Backoff(first_s=0.5, limit_s=10.0)
END_LIMIT_S: Final = 3.0

_log: Final = Log(__name__)


class Kiosk:
    """The screen's server. Run `run` under `supervise`; what the station has not is None."""

    def __init__(
        self,
        station: StationSettings,
        settings: KioskSettings,
        speech: SpeechSettings,
        clock: Clock,
        *,
        note: Callable[[DeviceChanged], None],
        sos: SosDesk,
        link: Link,
        cabin: CabinDesk | None = None,
        identity: IdentityDesk | None = None,
        services: ServicesDesk | None = None,
        paying: PayingDesk | None = None,
        following: FollowingDesk | None = None,
        pictures: PicturesDesk | None = None,
        guide: GuideDesk | None = None,
        printer: PrintDesk | None = None,
        devices: DeviceDesk | None = None,
    ) -> None:
        self._clock = clock
        self._link = link
        pin = settings.service_pin
        self._context = Context(
            station=station,
            settings=settings,
            release=release(),
            sos=sos,
            voice=Voice(speech),
            screen=Screen(clock, note, settings.restart, settings.silent_s),
            cabin=cabin,
            identity=identity,
            services=services,
            paying=paying,
            following=following,
            pictures=pictures,
            guide=guide,
            printer=printer,
            devices=devices,
            door=None if pin is None else ServiceDoor(pin, clock),
        )

    @property
    def device(self) -> Device:
        """The screen's health."""
        return self._context.screen.device

    async def run(self) -> None:
        """Serve until cancelled; OSError when the port is taken."""
        async with asyncio.TaskGroup() as parts:
            parts.create_task(self._context.screen.run(), name="screen")
            parts.create_task(self._serve(), name="kiosk-server")

    async def _serve(self) -> None:
        streams = Streams(
            self._context.cabin,
            self._context.identity,
            self._context.sos,
            self._link,
            self._clock,
            services=self._context.services,
            paying=self._context.paying,
        )
        with socket.create_server((ADDRESS, self._context.settings.port)) as listener:
            server = await asyncio.to_thread(_build, self._context, streams)
            serving = asyncio.create_task(server.serve([listener]), name="kiosk-uvicorn")
            _log.info("kiosk serves", port=self._context.settings.port)
            try:
                await asyncio.shield(serving)
            finally:
                # Uvicorn ends in order only when it is asked to: a cancelled one leaves its connections open.
                streams.end_all()
                server.should_exit = True
                await asyncio.wait([serving], timeout=END_LIMIT_S)
                serving.cancel()


def _build(context: Context, streams: Streams) -> "Server":
    from edge.kiosk.web import build_server  # noqa: PLC0415 - see above

    return build_server(context, streams)
