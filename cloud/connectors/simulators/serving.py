"""Serving a simulator on a real port, in a thread of its own."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

import uvicorn
from fastapi import FastAPI

START_TIMEOUT_S: Final = 10.0


class _Server(uvicorn.Server):
    """A server that says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say so."""
        await super().startup(sockets)
        self.listens.set()

    def url(self) -> str:
        """Return the address, once it listens."""
        if not self.listens.wait(START_TIMEOUT_S):
            raise TimeoutError("simulator: does not listen")
        return f"http://127.0.0.1:{self.servers[0].sockets[0].getsockname()[1]}"


@contextmanager
def serving(app: FastAPI, *, port: int = 0) -> Iterator[str]:
    """Serve until the end of the block, on a free port of 127.0.0.1 unless one is named; give the address."""
    with serving_all({app: port}) as (url,):
        yield url


@contextmanager
def serving_all(ports: Mapping[FastAPI, int]) -> Iterator[list[str]]:
    """Serve several at once, each on its port (0: a free one); they also end at once, which saves most of the time."""
    servers = [_Server(_config(app, port)) for app, port in ports.items()]
    threads = [threading.Thread(target=server.run, name="simulator", daemon=True) for server in servers]
    for thread in threads:
        thread.start()
    try:
        yield [server.url() for server in servers]
    finally:
        for server in servers:
            server.should_exit = True
        for thread in threads:
            thread.join(START_TIMEOUT_S)


def _config(app: FastAPI, port: int) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host="127.0.0.1",
        port=port,
        log_config=None,
        access_log=False,
        ws="none",
        timeout_graceful_shutdown=1,
    )
