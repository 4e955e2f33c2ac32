"""An officer's console without a browser: logs in, follows the live feed with replay, counts what it shows."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Any, Self

import httpx

from tests.rig.cloud import Cloud

_RECONNECT_S = 0.3


class Console:
    """`async with Console(cloud) as console`: follows until the context ends, through every interruption."""

    def __init__(self, cloud: Cloud, role: str = "duty_officer") -> None:
        self._person = cloud.people[role]
        self._client = httpx.AsyncClient(
            base_url=cloud.url, timeout=httpx.Timeout(20, read=7), trust_env=False
        )
        self._task: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()
        self._last_event_id = ""
        self.cards: dict[str, dict[str, Any]] = {}
        self.on_screen_ns: dict[str, list[int]] = {}
        """For each station, `time.monotonic_ns()` at which its 1st, 2nd, ... press stood on the screen."""
        self.shown_twice = 0
        """Cards that came again without being newer."""
        self.interruptions = 0

    async def __aenter__(self) -> Self:
        answer = await self._client.post(
            "/api/session", json={"login": self._person.login, "password": self._person.password}
        )
        answer.raise_for_status()
        self._client.headers["X-CSRF-Token"] = answer.json()["csrf"]
        await self._load()
        self._task = asyncio.create_task(self._follow(), name="console")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._client.aclose()

    def on_screen(self, station: str) -> int:
        """Return how many presses of a station the cards show."""
        return sum(card["press_count"] for card in self.cards.values() if card["station"]["id"] == station)

    async def wait_for(self, station: str, presses: int, timeout_s: float = 30) -> None:
        """Return when so many presses of a station are on the screen; TimeoutError when they are not in time."""
        async with asyncio.timeout(timeout_s):
            while self.on_screen(station) < presses:
                self._changed.clear()
                await self._changed.wait()

    async def arm(self, *, armed: bool = True) -> None:
        """Take (or give up) the presence lease once."""
        answer = await self._client.put("/api/presence", json={"console": "c0" * 16, "armed": armed})
        answer.raise_for_status()

    async def act(self, card: dict[str, Any], action: str, **extra: str) -> httpx.Response:
        """Do something to an incident as the version that `card` shows."""
        body = {"action": action, "version": card["version"], "idempotency_key": _new_key(), **extra}
        return await self._client.post(f"/api/incidents/{card['id']}/actions", json=body)

    async def detail(self, incident: str) -> dict[str, Any]:
        """Return an incident with its custody line, events and presses."""
        answer = await self._client.get(f"/api/incidents/{incident}")
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    async def _load(self) -> None:
        answer = await self._client.get("/api/incidents", params={"scope": "recent"})
        answer.raise_for_status()
        listing = answer.json()
        for card in listing["incidents"]:
            self._show(card)
        self._last_event_id = str(listing["last_event_id"])

    async def _follow(self) -> None:
        while True:
            try:
                async for name, data in self._events():
                    if name == "incident":
                        self._show(data)
                    elif name == "resync":
                        await self._load()
            except httpx.HTTPError:
                self.interruptions += 1
                await asyncio.sleep(_RECONNECT_S)

    async def _events(self) -> AsyncIterator[tuple[str, Any]]:
        headers = {"Accept": "text/event-stream", "Last-Event-ID": self._last_event_id}
        async with self._client.stream("GET", "/api/stream", headers=headers) as stream:
            stream.raise_for_status()
            fields: dict[str, str] = {}
            async for line in stream.aiter_lines():
                if line:
                    key, _, value = line.partition(":")
                    fields[key] = value.removeprefix(" ")
                    continue
                self._last_event_id = fields.get("id", self._last_event_id)
                if "data" in fields:
                    yield fields.get("event", "message"), json.loads(fields["data"])
                fields = {}

    def _show(self, card: dict[str, Any]) -> None:
        now_ns = time.monotonic_ns()
        known = self.cards.get(card["id"])
        if known is not None and card["version"] < known["version"]:
            self.shown_twice += 1
            return
        self.cards[card["id"]] = card
        times = self.on_screen_ns.setdefault(card["station"]["id"], [])
        times.extend([now_ns] * (self.on_screen(card["station"]["id"]) - len(times)))
        self._changed.set()


def _new_key() -> str:
    return f"{time.monotonic_ns():032x}"
