"""Uvicorn as a part of the daemon: in its loop, on its socket, deaf to signals. Imported when the kiosk starts."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import uvicorn

from edge.kiosk.app import create_app
from edge.kiosk.context import Context
from edge.kiosk.stream import Streams

GRACE_S: Final = 1
"""How long requests may go on when the daemon ends; a press on its way to the disk takes milliseconds."""
_MAX_CONNECTIONS: Final = 64
_KEEP_ALIVE_S: Final = 20


class Server(uvicorn.Server):
    """Signals belong to the daemon, and open streams end before everything else."""

    def __init__(self, config: uvicorn.Config, streams: Streams) -> None:
        super().__init__(config)
        self._streams = streams

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the daemon's handlers alone."""
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, then everything else."""
        self._streams.end_all()
        await super().shutdown(sockets)


def build_server(context: Context, streams: Streams) -> Server:
    """Return a server that serves what the station has, once `serve` is given its socket."""
    config = uvicorn.Config(
        create_app(context, streams),
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_MAX_CONNECTIONS,
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=GRACE_S,
    )
    return Server(config, streams)
