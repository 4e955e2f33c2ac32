"""From a sealed picture to the parts in which it travels. Pure."""

import hashlib
from collections.abc import Iterator

from wire.entries import BLOB_PART_BYTES, Blob, BlobPart


def blob_of(sealed: bytes) -> Blob:
    """Return how a request names it."""
    return Blob(sha256=hashlib.sha256(sealed).hexdigest(), size_bytes=len(sealed))


def part_count(blob: Blob) -> int:
    """Return in how many parts it travels."""
    return -(-blob.size_bytes // BLOB_PART_BYTES)


def cut(request: str, blob: Blob, sealed: bytes) -> Iterator[BlobPart]:
    """Yield its parts from the beginning on; each but the last has BLOB_PART_BYTES."""
    for offset in range(0, blob.size_bytes, BLOB_PART_BYTES):
        yield BlobPart(
            request=request, blob=blob, offset=offset, data=sealed[offset : offset + BLOB_PART_BYTES]
        )
