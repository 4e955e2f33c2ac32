"""A drain with parts of papers: in the store once, receipted, and nowhere else."""

from cloud.store.engine import Store
from cloud.store.schema import ASIDE, STATION_EVENT
from tests.cloud.blobs import blob_of, content, cut, key_of, paper
from tests.cloud.ingest.samples import arrival, batch
from tests.cloud.ingest.test_commit_requests import commit, count
from tests.cloud.requesting import load, submitted
from wire.entries import BLOB_PART_BYTES, Blob, BlobPart
from wire.messages import Receipt, Rejected, RejectReason
from wire.topics import Lane

PAPER = paper()


def parts_from(first_seq: int) -> list[bytes]:
    """Return a batch for each part, as large as they are."""
    return [batch(Lane.BLOB, {first_seq + number: part}) for number, part in enumerate(cut(PAPER))]


def test_parts_are_taken_in_once_however_often_they_come(store: Store) -> None:
    receipts = commit(store, *(arrival(Lane.BLOB, payload) for payload in parts_from(1)))
    commit(store, *(arrival(Lane.BLOB, payload) for payload in parts_from(1)))
    commit(store, *(arrival(Lane.BLOB, payload) for payload in reversed(parts_from(11))))
    commit(store, arrival(Lane.REQUEST, batch(Lane.REQUEST, {1: submitted(blobs=[blob_of(PAPER)])})))
    (receipt,) = receipts
    assert isinstance(receipt, Receipt)
    assert (receipt.lane, receipt.ranges) == (Lane.BLOB, [(1, 3)])
    assert content(store, key_of(PAPER)) == PAPER
    assert load(store).version == 1
    assert count(store, "blob", "blob_part", STATION_EVENT.name) == [1, 3, 0]


def test_what_is_not_sealed_or_lies_nowhere_is_set_aside_without_its_bytes(store: Store) -> None:
    blob = Blob(sha256="0a" * 32, size_bytes=2 * BLOB_PART_BYTES)
    plain = BlobPart(request="5f" * 16, blob=blob, offset=0, data=b"\xff\xd8" * (BLOB_PART_BYTES // 2))
    crooked = BlobPart(request="5f" * 16, blob=blob, offset=BLOB_PART_BYTES, data=b"short")
    receipts = commit(
        store,
        arrival(Lane.BLOB, batch(Lane.BLOB, {1: plain})),
        arrival(Lane.BLOB, batch(Lane.BLOB, {2: crooked})),
    )
    rejected = [each for receipt in receipts if isinstance(receipt, Receipt) for each in receipt.rejected]
    assert rejected == [Rejected(1, RejectReason.IMPLAUSIBLE), Rejected(2, RejectReason.IMPLAUSIBLE)]
    with store.reading() as connection:
        assert [row.payload for row in connection.execute(ASIDE.select())] == [b"", b""]
    assert count(store, "blob", "blob_part") == [0, 0]
