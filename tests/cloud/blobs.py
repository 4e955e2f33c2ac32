"""Papers of invented people, as stations send them: sealed, cut into parts."""

import hashlib
from collections.abc import Iterable
from typing import Final

from cloud.store import blobs
from cloud.store.blobs import Key
from cloud.store.engine import Store
from tests.cloud.requesting import NOW_MS, REQUEST, STATION
from wire.entries import AGE_INTRO, BLOB_PART_BYTES, Blob, BlobPart

PARTS: Final = 3


def paper(number: int = 1, parts: int = PARTS) -> bytes:
    """Return what looks from outside like a sealed picture; its last part is short."""
    seed = hashlib.sha256(number.to_bytes(4)).digest()
    return AGE_INTRO + seed * ((parts - 1) * BLOB_PART_BYTES // len(seed))


def blob_of(content: bytes) -> Blob:
    """Return how a request names it."""
    return Blob(sha256=hashlib.sha256(content).hexdigest(), size_bytes=len(content))


def key_of(content: bytes, request: str = REQUEST) -> Key:
    """Return how the store names it."""
    return Key(request, blob_of(content).sha256)


def cut(content: bytes, request: str = REQUEST, blob: Blob | None = None) -> list[BlobPart]:
    """Return the parts, as a station cuts them; `blob`: what they say that they are of."""
    return [
        BlobPart(
            request=request,
            blob=blob or blob_of(content),
            offset=offset,
            data=content[offset : offset + BLOB_PART_BYTES],
        )
        for offset in range(0, len(content), BLOB_PART_BYTES)
    ]


def send(store: Store, parts: Iterable[BlobPart], *, now_ms: int = NOW_MS) -> None:
    """Let parts arrive together."""
    told = [blobs.Told(STATION, now_ms, now_ms - 60_000, part) for part in parts]
    with store.writing() as connection:
        blobs.record(connection, told, now_ms)


def content(store: Store, key: Key) -> bytes:
    """Return everything that is kept of a blob."""
    with store.reading() as connection:
        return b"".join(blobs.parts(connection, key))
