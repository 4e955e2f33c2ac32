"""A picture is cut as the wire wants it, and put together it is the same."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from edge.papers.parts import blob_of, cut, part_count
from wire.codec import decode_body, encode_body
from wire.entries import AGE_INTRO, BLOB_PART_BYTES, Blob
from wire.messages import MAX_PAYLOAD_BYTES

REQUEST = "4e" * 16


@given(size=st.integers(1, 4 * BLOB_PART_BYTES), seed=st.binary(min_size=1, max_size=50))
def test_the_parts_of_a_picture_are_the_picture(size: int, seed: bytes) -> None:
    sealed = (AGE_INTRO + seed * (size // len(seed) + 1))[:size]
    blob = blob_of(sealed)
    parts = list(cut(REQUEST, blob, sealed))
    assert b"".join(part.data for part in parts) == sealed
    assert blob == Blob(sha256=hashlib.sha256(sealed).hexdigest(), size_bytes=size)
    assert [part.offset for part in parts] == [number * BLOB_PART_BYTES for number in range(part_count(blob))]
    assert all(len(part.data) == BLOB_PART_BYTES for part in parts[:-1])


def test_a_full_part_fits_into_a_message() -> None:
    sealed = b"\xff" * BLOB_PART_BYTES
    (part,) = cut(REQUEST, blob_of(sealed), sealed)
    payload = encode_body(part)
    assert decode_body(payload) == part
    assert len(payload) < 88_000 < MAX_PAYLOAD_BYTES
