"""Names of things that cross the wire, each with one form and one pattern.

All of them are plain strings from `[a-z0-9-]`, so they stand in topics, certificates, file names and URLs alike.
"""

import re
import zlib
from typing import Final

from wire.errors import IdError

SHARDS: Final = 64
"""Ingest workers divide the stations by shard; fixed for ever, since it stands in every topic."""

STATION_PATTERN: Final = r"^[a-z0-9](?:[a-z0-9]|-(?=[a-z0-9])){2,31}$"
"""3 to 32 characters; also the common name of the station's certificate and its MQTT client id."""

ID_PATTERN: Final = r"^[0-9a-f]{32}$"
"""128 random bits in lower-case hex: journal, command, incident and boot ids."""

WARD_PATTERN: Final = r"^[0-9]{5}$"
"""Commune-level code of the General Statistics Office, zero-padded (27097 = phường Bình Trưng)."""

_STATION: Final = re.compile(STATION_PATTERN)
_ID: Final = re.compile(ID_PATTERN)
_SHARD: Final = re.compile(r"^[0-9]{2}$")


def require_station(text: str) -> str:
    """Return `text` if it is a station id, else raise IdError."""
    if _STATION.fullmatch(text) is None:
        raise IdError("station id: 3 to 32 characters of a-z, 0-9 and single inner hyphens")
    return text


def require_id(text: str) -> str:
    """Return `text` if it is a 32-digit hexadecimal token, else raise IdError."""
    if _ID.fullmatch(text) is None:
        raise IdError("id: 32 lower-case hexadecimal digits")
    return text


def shard_of(station: str) -> int:
    """Shard of a station, 0 to 63: CRC-32 (ISO-HDLC) of the id's ASCII bytes, modulo 64."""
    return zlib.crc32(station.encode("ascii")) % SHARDS


def shard_text(shard: int) -> str:
    """Two digits, as the shard stands in a topic."""
    if not 0 <= shard < SHARDS:
        raise IdError("shard: 0 to 63")
    return f"{shard:02d}"


def require_shard(text: str) -> int:
    """Return the shard that two digits name, else raise IdError."""
    if _SHARD.fullmatch(text) is None or int(text) >= SHARDS:
        raise IdError("shard: two digits, 00 to 63")
    return int(text)
