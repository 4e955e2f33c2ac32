"""The API on a real port, and a reader of its server-sent events."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
from fastapi import FastAPI

from cloud.api.server import Server, build_server
from tests.cloud.api.city import City
from tests.rig.processes import free_port


@dataclass(frozen=True)
class Sent:
    """One event as a browser would get it."""

    name: str
    data: dict[str, object]
    id: str | None = None


@dataclass
class Live:
    """The running server."""

    server: Server
    task: asyncio.Task[None]
    city: City
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self, role: str | None = None) -> httpx.AsyncClient:
        client = httpx.AsyncClient(base_url=self.url, timeout=10, trust_env=False)
        if role is not None:
            token, csrf = self.city.session(role)
            client.cookies.set("tcds", token)
            client.headers["X-CSRF-Token"] = csrf
        return client

    async def stop(self) -> None:
        self.server.should_exit = True
        async with asyncio.timeout(10):
            await self.task


@asynccontextmanager
async def running(app: FastAPI, city: City) -> AsyncIterator[Live]:
    """Serve on a free port until the context ends."""
    port = free_port()
    api = city.settings.api.model_copy(update={"port": port})
    server = build_server(app, city.settings.model_copy(update={"api": api}))
    task = asyncio.create_task(server.serve(), name="server")
    await until(lambda: server.started)
    live = Live(server, task, city, port)
    try:
        yield live
    finally:
        await live.stop()


@asynccontextmanager
async def stream(
    client: httpx.AsyncClient, last_event_id: str | None = None
) -> AsyncIterator[AsyncIterator[Sent]]:
    """Open the feed; the iterator ends when the server ends it."""
    headers = {} if last_event_id is None else {"Last-Event-ID": last_event_id}
    async with client.stream("GET", "/api/stream", headers=headers) as response:
        assert response.status_code == 200, await response.aread()
        assert response.headers["content-type"].startswith("text/event-stream")
        yield read_events(response.aiter_lines())


async def read_events(lines: AsyncIterator[str]) -> AsyncIterator[Sent]:
    fields: dict[str, str] = {}
    async for line in lines:
        if line.startswith(":"):
            continue
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif fields:
            yield Sent(fields["event"], json.loads(fields["data"]), fields.get("id"))
            fields = {}


async def next_of(events: AsyncIterator[Sent], *names: str, within_s: float = 5) -> Sent:
    """Return the next event of these names; others are passed over."""
    async with asyncio.timeout(within_s):
        async for sent in events:
            if sent.name in names:
                return sent
    raise AssertionError(f"the stream ended without {names}")


async def until(condition: Callable[[], bool], within_s: float = 5) -> None:
    """Return as soon as something holds."""
    limit = asyncio.get_running_loop().time() + within_s
    while not condition():  # what is waited for knows no event
        assert asyncio.get_running_loop().time() < limit, "not in time"
        await asyncio.sleep(0.01)
