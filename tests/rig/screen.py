"""The cabin's touch screen without a browser, and somebody who uses the wireless instruments as it says."""

import asyncio
import json
import uuid
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Final, Self

import httpx

from tests.rig.room import Room
from wire.entries import VitalKind

_RETRY_S: Final = 0.1
_TIMEOUT_S: Final = 20.0

View = dict[str, Any]


class Screen:
    """`async with Screen(port) as screen`: follows the cabin's view, through every interruption, and touches it."""

    def __init__(self, port: int) -> None:
        url = f"http://127.0.0.1:{port}"
        self._client = httpx.AsyncClient(
            base_url=url, timeout=httpx.Timeout(20, read=30), trust_env=False, headers={"Origin": url}
        )
        self._task: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()
        self.view: View = {}
        self.status: View = {}
        self.waves = 0
        self.identity: View = {}
        self.services: View = {}
        self.paying: View = {}
        self.on_identity: Callable[[View], None] = lambda _view: None
        self.on_paying: Callable[[View], None] = lambda _view: None
        self.on_view: Callable[[View], None] = lambda _view: None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._follow(), name="screen")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._client.aclose()

    @property
    def phase(self) -> str:
        """Page, and within a step its kind and phase: `step blood-pressure measuring`."""
        step = self.view.get("step")
        page = str(self.view.get("page", ""))
        return page if step is None else f"{page} {step['kind']} {step['phase']}"

    async def until(self, *phases: str, timeout_s: float = _TIMEOUT_S) -> View:
        """Return the view as soon as the screen is at one of `phases`."""
        return await self.until_view(lambda _: self.phase in phases, f"{phases}", timeout_s)

    async def until_view(
        self, condition: Callable[[View], object], what: str, timeout_s: float = _TIMEOUT_S
    ) -> View:
        """Return the view as soon as `condition` holds for it; TimeoutError tells where it stood instead."""
        try:
            async with asyncio.timeout(timeout_s):
                while not self.view or not condition(self.view):
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            trouble = (self.view.get("step") or {}).get("trouble")
            raise TimeoutError(f"not {what}: the screen is at {self.phase!r}, trouble {trouble}") from None
        return self.view

    async def touch(self, action: str, **more: object) -> View:
        """Do what a finger does; the cabin has to take it."""
        answer = await self._client.post("/api/cabin/orders", json={"action": action, **more})
        assert answer.status_code == 200, answer.text
        view: View = answer.json()
        if is_newer(view, self.view):
            self._take(view)
        return view

    async def choose(self, *kinds: str, scope: str | None = "keep") -> View:
        """Choose what to measure, and answer the question for consent."""
        await self.touch("begin", kinds=list(kinds))
        return await self.touch("consent", scope=scope, text_version="cabin-1")

    async def touch_identity(self, action: str, **more: object) -> View:
        """Do what a finger does on the card's screen; the session has to take it."""
        answer = await self._client.post("/api/identity/orders", json={"action": action, **more})
        assert answer.status_code == 200, answer.text
        view: View = answer.json()
        if is_newer(view, self.identity):
            self._take_identity(view)
        return view

    async def touch_services(self, action: str, **more: object) -> View:
        """Do what a finger does on the services' screen; the session has to take it."""
        answer = await self._client.post("/api/services/orders", json={"action": action, **more})
        assert answer.status_code == 200, answer.text
        view: View = answer.json()
        if is_newer(view, self.services):
            self.services = view
        return view

    async def until_services(self, *pages: str, timeout_s: float = _TIMEOUT_S) -> View:
        """Return the view of the services' session as soon as it is on one of `pages`."""
        async with asyncio.timeout(timeout_s):
            while self.services.get("page") not in pages:
                self._changed.clear()
                await self._changed.wait()
        return self.services

    async def until_paying(self, *pages: str, timeout_s: float = _TIMEOUT_S) -> View:
        """Return the view of the payment as soon as it is on one of `pages`."""
        async with asyncio.timeout(timeout_s):
            while self.paying.get("page") not in pages:
                self._changed.clear()
                await self._changed.wait()
        return self.paying

    async def until_identity(self, *pages: str, timeout_s: float = _TIMEOUT_S) -> View:
        """Return the view of the identity session as soon as it is on one of `pages`."""
        try:
            async with asyncio.timeout(timeout_s):
                while self.identity.get("page") not in pages:
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            at, trouble = self.identity.get("page"), self.identity.get("trouble")
            raise TimeoutError(f"not {pages}: the card's screen is at {at}, trouble {trouble}") from None
        return self.identity

    async def until_offline(self, timeout_s: float = _TIMEOUT_S) -> None:
        """Return as soon as the screen says that the line is down."""
        async with asyncio.timeout(timeout_s):
            while self.status.get("online", True):
                self._changed.clear()
                await self._changed.wait()

    async def until_reader(self, timeout_s: float = _TIMEOUT_S) -> None:
        """Return as soon as the card reader works."""
        async with asyncio.timeout(timeout_s):
            while not self.identity.get("reader_ok"):
                self._changed.clear()
                await self._changed.wait()

    async def press_sos(self) -> str:
        """Touch the red button; return what the person is told."""
        answer = await self._client.post("/api/sos", json={"id": uuid.uuid4().hex})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["stage"])

    async def ask(self, method: str, path: str, **body: object) -> httpx.Response:
        """Ask the kiosk for anything else."""
        return await self._client.request(method, path, json=body or None)

    async def _follow(self) -> None:
        while True:
            try:
                await self._listen()
            except httpx.HTTPError:
                await asyncio.sleep(_RETRY_S)

    async def _listen(self) -> None:
        name = ""
        async with self._client.stream("GET", "/api/cabin/stream") as stream:
            async for line in stream.aiter_lines():
                field, _, value = line.partition(": ")
                if field == "event":
                    name = value
                elif field == "data":
                    self._hear(name, json.loads(value))

    def _hear(self, name: str, data: View) -> None:
        if name == "view":
            self._take(data)
        elif name == "identity":
            self._take_identity(data)
        elif name == "services":
            self.services = data
        elif name == "paying":
            self.paying = data
            self.on_paying(data)
        elif name == "status":
            self.status = data
        elif name == "wave":
            self.waves += 1
        self._changed.set()

    def _take(self, view: View) -> None:
        if view["version"] != self.view.get("version"):
            self.view = view
            self._changed.set()
            self.on_view(view)

    def _take_identity(self, view: View) -> None:
        self.identity = view
        self._changed.set()
        self.on_identity(view)


def is_newer(answer: View, known: View) -> bool:
    """Tell whether an answer is news: the stream, which is always in order, may have overtaken it."""
    newer: bool = answer["version"] > known.get("version", 0)
    return newer


class Patient:
    """Does what the screen says: switches the wireless instrument on when it is waited for, and measures."""

    def __init__(self, room: Room, screen: Screen) -> None:
        self._room = room
        self._at: tuple[str, int] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.is_idle = False
        """Just sits there."""
        screen.on_view = self.follow

    def follow(self, view: View) -> None:
        """Take a new view."""
        step = view.get("step")
        if step is None or step["phase"] not in {"waiting", "measuring"}:
            self._at = None
            return
        at = (step["kind"], step["reading"])
        if at == self._at or self.is_idle:
            return
        self._at = at
        device = self._room.used_by.get(VitalKind(step["kind"]))
        if device is not None:
            self._do(self._use(device))

    async def _use(self, device: Any) -> None:
        while device.is_measuring:  # noqa: ASYNC110  # it still does what nobody waits for any more
            await asyncio.sleep(0.05)
        await device.switch_on()
        while not device.is_connected:  # noqa: ASYNC110  # the link belongs to the emulated radio
            await asyncio.sleep(0.05)
        await device.rest(2.0)
        await device.measure()

    def _do(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def leave(self) -> None:
        """Stop whatever is being done."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
