"""Papers come in parts: in any order, again and again, before their request; whole by their digest or set aside."""

import hashlib
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cloud.store import blobs
from cloud.store.blob_lists import BlobState, Listed, blobs_of
from cloud.store.engine import Store, open_store
from cloud.store.errors import MissingError
from tests.cloud.blobs import PARTS, blob_of, content, cut, key_of, paper, send
from tests.cloud.requesting import AMENDMENT, NOW_MS, REQUEST, amended, bring, submitted
from wire.entries import BLOB_PART_BYTES, Blob, BlobPart, RequestAction

PAPER = paper()


def listed(store: Store) -> list[Listed]:
    with store.reading() as connection:
        return blobs_of(connection, REQUEST)


def states(store: Store) -> list[tuple[BlobState, int, int]]:
    return [(each.state, each.here_parts, each.parts) for each in listed(store)]


def faulty(store: Store) -> int:
    with store.reading() as connection:
        return blobs.faulty_count(connection)


def test_a_paper_is_whole_with_its_last_part_whichever_that_is(store: Store) -> None:
    bring(store, submitted(blobs=[blob_of(PAPER)]))
    assert states(store) == [(BlobState.COMING, 0, PARTS)]
    first, second, last = cut(PAPER)
    send(store, [last])
    send(store, [first])
    assert states(store) == [(BlobState.COMING, 2, PARTS)]
    send(store, [second])
    assert states(store) == [(BlobState.WHOLE, PARTS, PARTS)]
    assert content(store, key_of(PAPER)) == PAPER


def test_parts_wait_for_their_request(store: Store) -> None:
    send(store, cut(PAPER))
    with pytest.raises(MissingError):
        listed(store)
    bring(store, submitted(blobs=[blob_of(PAPER)]))
    assert states(store) == [(BlobState.WHOLE, PARTS, PARTS)]


def test_a_part_that_comes_again_changes_nothing(store: Store) -> None:
    bring(store, submitted(blobs=[blob_of(PAPER)]))
    send(store, [*cut(PAPER), *cut(PAPER)])
    send(store, cut(PAPER), now_ms=NOW_MS + 5)
    assert states(store) == [(BlobState.WHOLE, PARTS, PARTS)]
    assert content(store, key_of(PAPER)) == PAPER


def test_what_is_not_what_its_digest_says_is_set_aside_and_not_kept(store: Store) -> None:
    other = paper(2)
    bring(store, submitted(blobs=[blob_of(PAPER)]))
    send(store, cut(other, blob=blob_of(PAPER)))
    assert states(store) == [(BlobState.FAULTY, 0, PARTS)]
    assert content(store, key_of(PAPER)) == b""
    assert faulty(store) == 1
    send(store, cut(PAPER))
    assert states(store) == [(BlobState.FAULTY, 0, PARTS)], "what was decided stays so"


def test_parts_that_disagree_about_the_size_are_set_aside(store: Store) -> None:
    first, second, _ = cut(PAPER)
    bring(store, submitted(blobs=[blob_of(PAPER)]))
    send(store, [first])
    send(store, [replace(second, blob=replace(second.blob, size_bytes=len(PAPER) + 1))])
    assert states(store) == [(BlobState.FAULTY, 0, PARTS)]


def test_a_paper_of_another_size_than_the_request_promised_is_no_good(store: Store) -> None:
    named = Blob(sha256=blob_of(PAPER).sha256, size_bytes=len(PAPER) + 7)
    bring(store, submitted(blobs=[named]))
    send(store, cut(PAPER))
    assert [state for state, *_ in states(store)] == [BlobState.FAULTY]


def test_papers_that_came_later_say_so_and_each_is_told_once(store: Store) -> None:
    later = paper(2)
    bring(store, submitted(blobs=[blob_of(PAPER)]))
    bring(store, amended(RequestAction.WITHDRAW, blobs=[blob_of(later), blob_of(PAPER)]))
    assert [(each.sha256, each.amendment) for each in listed(store)] == [
        (blob_of(PAPER).sha256, None),
        (blob_of(later).sha256, AMENDMENT),
    ]


def test_papers_of_what_was_refused_are_nobody_s(store: Store) -> None:
    bring(store, submitted(blobs=[blob_of(PAPER)]))
    bring(store, amended(RequestAction.WITHDRAW, blobs=[blob_of(paper(2))], proof="0f" * 32))
    assert [each.sha256 for each in listed(store)] == [blob_of(PAPER).sha256]


def test_a_request_has_only_so_many(store: Store) -> None:
    many = [paper(number, parts=1) + bytes([number]) for number in range(blobs.MAX_OF_REQUEST + 2)]
    send(store, [part for each in many[:50] for part in cut(each)])
    send(store, [part for each in many[50:] for part in cut(each)])
    send(store, cut(paper(), request="5f" * 16))
    assert faulty(store) == 2
    whole = [each for each in many if content(store, key_of(each))]
    assert len(whole) == blobs.MAX_OF_REQUEST


@pytest.fixture(scope="module")
def empty(migrated_file: Path) -> Path:
    """A database file to copy."""
    return migrated_file


@settings(max_examples=25, deadline=None)
@given(
    data=st.data(),
    sizes=st.lists(st.integers(1, 4 * BLOB_PART_BYTES), min_size=1, max_size=3),
)
def test_any_order_repetition_and_loss_end_in_the_same_blob(
    empty: Path, data: st.DataObject, sizes: list[int]
) -> None:
    """What was lost comes again, as a journal sends it until its receipt."""
    papers = [(paper(number, parts=6) * 2)[:size] for number, size in enumerate(sizes)]
    parts = [part for each in papers for part in cut(each)]
    drains = data.draw(st.lists(st.lists(st.sampled_from(parts), max_size=8), max_size=6))
    with TemporaryDirectory() as folder, open_store(f"sqlite:///{shutil.copy(empty, folder)}") as store:
        for drain in drains:
            send(store, drain)
        came = [(part.blob.sha256, part.offset) for drain in drains for part in drain]
        lost = [part for part in parts if (part.blob.sha256, part.offset) not in came]
        send(store, data.draw(st.permutations(lost)))
        bring(store, submitted(blobs=[blob_of(each) for each in dict.fromkeys(papers)]))
        assert {each.state for each in listed(store)} == {BlobState.WHOLE}
        for each in papers:
            assert hashlib.sha256(content(store, key_of(each))).hexdigest() == blob_of(each).sha256


def test_parts_of_the_property_are_as_stations_cut_them() -> None:
    assert b"".join(part.data for part in cut(PAPER)) == PAPER
    assert all(isinstance(part, BlobPart) and part.offset % BLOB_PART_BYTES == 0 for part in cut(PAPER))
