"""Lane `blob`: parts of what is sealed, each where it belongs."""

import pytest
from msgspec.structs import replace

from tests.wire.batches import JOURNAL, batch_of, read
from wire.entries import AGE_INTRO, BLOB_PART_BYTES, Blob, BlobPart
from wire.messages import RejectReason
from wire.topics import Lane

PART = BlobPart(
    request=JOURNAL,
    blob=Blob(sha256="0" * 64, size_bytes=BLOB_PART_BYTES + 3),
    offset=0,
    data=AGE_INTRO.ljust(BLOB_PART_BYTES, b"."),
)


def test_the_parts_of_a_blob_lie_where_they_belong() -> None:
    last = replace(PART, offset=BLOB_PART_BYTES, data=b"end")
    intake = read(Lane.BLOB, batch_of(Lane.BLOB, PART))
    assert [entry.body for entry in intake.entries] == [PART]
    assert read(Lane.BLOB, batch_of(Lane.BLOB, last)).aside == ()


@pytest.mark.parametrize(
    "part",
    [
        replace(PART, data=b"p".ljust(BLOB_PART_BYTES, b".")),
        replace(PART, data=AGE_INTRO),
        replace(PART, offset=1),
        replace(PART, offset=BLOB_PART_BYTES, data=b"ends"),
        replace(PART, offset=BLOB_PART_BYTES * 2, data=b"end"),
    ],
    ids=["not sealed", "too short", "beside its place", "too long", "behind the end"],
)
def test_a_part_that_fits_nowhere_is_set_aside(part: BlobPart) -> None:
    (aside,) = read(Lane.BLOB, batch_of(Lane.BLOB, part)).aside
    assert aside.rejected.reason is RejectReason.IMPLAUSIBLE
