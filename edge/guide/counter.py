"""The guide as one part of the station: learns beside the loop, and opens the way to a second opinion where one is set up."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Final

from catalogue.model import Service
from edge.clock import Clock
from edge.guide.ear import Ear
from edge.guide.embedded import build_understanding
from edge.guide.errors import EndpointError, PhrasesError
from edge.guide.guide import Guide
from edge.guide.opinions import Opinions
from edge.guide.understanding import Understanding
from edge.logs import Log
from edge.settings import GuideSettings
from edge.supervise import Backoff

if TYPE_CHECKING:  # a station without a second opinion needs no HTTP client
    import httpx

    from edge.guide.remote import RemoteSettings

_INSIDE: Final = Backoff(first_s=0.5, limit_s=60.0)
_log: Final = Log(__name__)

Run = Callable[[], Awaitable[None]]


class GuideCounter:
    """One guide to `services`, by their id; `settings` None, the default of a station: nothing leaves it."""

    def __init__(self, settings: GuideSettings | None, services: Mapping[str, Service], clock: Clock) -> None:
        self._settings = settings
        self._services = services
        self._clock = clock
        self.guide: Final = Guide(services, clock)

    def runs(self) -> Iterator[tuple[str, Run, Backoff]]:
        """Return what is to run, and how patiently."""
        yield "guide", self._run, _INSIDE

    async def _run(self) -> None:
        async with AsyncExitStack() as stack:
            understanding = await asyncio.to_thread(_learn, self._services)
            if understanding is not None:
                self.guide.listen(Ear(understanding, await self._opinions(stack)))
                stack.callback(self.guide.listen, None)
            await self.guide.run()

    async def _opinions(self, stack: AsyncExitStack) -> Opinions | None:
        if self._settings is None:
            return None
        far = await asyncio.to_thread(_reach, self._settings)
        if far is None:
            return None
        from edge.guide.remote import RemoteOpinions  # noqa: PLC0415 - loaded by `_reach`

        settings, client = far
        await stack.enter_async_context(client)
        names = [(service, name.vi) for service, name in self.guide.names.items()]
        _log.info("guide asks for second opinions")
        return RemoteOpinions(settings, names, client, lambda: self._clock.uptime_ms() / 1000)


def _learn(services: Mapping[str, Service]) -> Understanding | None:
    """Build the understanding, which takes a second; None, and logged, when it cannot be learnt."""
    try:
        return build_understanding(services)
    except PhrasesError as error:
        _log.error("the guide understands no words", reason=str(error))
        return None


def _reach(settings: GuideSettings) -> "tuple[RemoteSettings, httpx.AsyncClient] | None":
    """Read the endpoint's settings and make its client; None, and logged, when they are wrong."""
    from edge.guide.endpoint import load_endpoint, make_client  # noqa: PLC0415 - see above

    try:
        return load_endpoint(settings), make_client()
    except EndpointError as error:
        _log.error("no second opinions for the guide", reason=str(error))
        return None
