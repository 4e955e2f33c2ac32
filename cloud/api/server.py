"""Running the API: uvicorn on one port, until a signal; open streams end at once and nobody waits for them."""

import socket
from typing import Final

import uvicorn
from fastapi import FastAPI

from catalogue.model import Catalogue
from cloud.api.app import create_app
from cloud.clock import now_ms
from cloud.feed import Feed
from cloud.places import Places
from cloud.settings import Settings
from cloud.store.engine import Store

GRACE_S: Final = 2
"""How long requests may go on after a signal."""

_MAX_CONNECTIONS: Final = 2_000
_KEEP_ALIVE_S: Final = 20


class Server(uvicorn.Server):
    """Uvicorn waits for open connections before it tells the app to end; here the streams are told first."""

    def __init__(self, config: uvicorn.Config, feed: Feed) -> None:
        super().__init__(config)
        self._feed = feed

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, then everything else."""
        self._feed.end_all()
        await super().shutdown(sockets)


def serve(settings: Settings, places: Places, catalogue: Catalogue, store: Store) -> None:
    """Serve until SIGTERM or SIGINT."""
    app = create_app(settings, places, catalogue, store, now_ms)
    build_server(app, settings).run()


def build_server(app: FastAPI, settings: Settings) -> Server:
    """Return the configured server of an app made by `create_app`."""
    config = uvicorn.Config(
        app,
        host=settings.api.host,
        port=settings.api.port,
        loop="asyncio",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.api.trusted_proxies),
        forwarded_allow_ips=list(settings.api.trusted_proxies),
        limit_concurrency=_MAX_CONNECTIONS,
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=GRACE_S,
    )
    return Server(config, app.state.feed)
