"""The way to a second opinion as the settings name it: its address, and the key from its file. Imports an HTTP client."""

from pathlib import Path
from typing import Final

import httpx

from edge.guide.errors import EndpointError
from edge.guide.remote import RemoteSettings, check_address
from edge.settings import GuideSettings

MAX_KEY_BYTES: Final = 4 << 10
_CONNECTIONS: Final = 1
"""One person stands before the station."""


def load_endpoint(settings: GuideSettings) -> RemoteSettings:
    """Return what the settings name; EndpointError says what is wrong with it."""
    check_address(settings.url)
    key = None if settings.key_file is None else load_key(settings.key_file)
    return RemoteSettings(settings.url, settings.model, key)


def load_key(path: Path) -> str:
    """Return the key that stands in a file alone; EndpointError names the file."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_KEY_BYTES + 1)
        key = content.decode("ascii").strip()
    except OSError as error:
        raise EndpointError(f"{path}: {error.strerror or 'cannot be read'}") from error
    except UnicodeDecodeError:
        raise EndpointError(f"{path}: must hold a key in ASCII") from None
    if len(content) > MAX_KEY_BYTES or not key or not key.isprintable() or " " in key:
        raise EndpointError(f"{path}: must hold one key and nothing else")
    return key


def make_client() -> httpx.AsyncClient:
    """Return the client, which the environment's proxies do not lead elsewhere. Reads certificates: not on the loop."""
    return httpx.AsyncClient(trust_env=False, limits=httpx.Limits(max_connections=_CONNECTIONS))
