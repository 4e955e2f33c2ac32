"""Pictures are held for one visit, only so many, and nothing that is none."""

import pytest

from edge.papers.album import MAX_JPEG_BYTES, Album, require_jpeg
from edge.papers.errors import LostPaperError, NoPictureError, TooManyError
from tests.edge.papers.samples import jpeg, picture
from wire.entries import MAX_BLOBS

ONE, TWO, OTHER = picture(1), picture(2), picture(3, "lease-scan")


@pytest.fixture
def album() -> Album:
    album = Album()
    album.belong_to("visit-1")
    for each in (ONE, TWO, OTHER):
        album.add(each)
    return album


def test_a_question_has_its_pictures_in_the_order_of_taking(album: Album) -> None:
    assert album.of("photos") == [ONE.blob.sha256, TWO.blob.sha256]
    assert album.of("lease-scan") == [OTHER.blob.sha256]
    assert album.find(TWO.blob.sha256) is TWO


def test_a_discarded_picture_is_gone_and_discarding_again_does_no_harm(album: Album) -> None:
    for _ in range(2):
        album.remove(ONE.blob.sha256)
        assert album.find(ONE.blob.sha256) is None


def test_nothing_is_left_for_whoever_comes_next(album: Album) -> None:
    album.belong_to("visit-1")
    assert album.of("photos") != []
    album.belong_to(None)
    assert (album.of("photos"), album.find(ONE.blob.sha256)) == ([], None)


def test_a_request_takes_the_pictures_that_it_names_each_once(album: Album) -> None:
    names = [OTHER.blob.sha256, ONE.blob.sha256, OTHER.blob.sha256]
    assert album.collect(names) == (OTHER, ONE)
    album.remove(ONE.blob.sha256)
    with pytest.raises(LostPaperError):
        album.collect(names)


def test_there_are_only_so_many() -> None:
    album = Album()
    for number in range(MAX_BLOBS):
        album.add(picture(number, size_bytes=200))
    with pytest.raises(TooManyError):
        album.add(ONE)


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xd8\xff\xd9", jpeg()[:-1], jpeg()[1:], b"\x89PNG" + jpeg(), jpeg(1, MAX_JPEG_BYTES + 2)],
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(NoPictureError):
        require_jpeg(data)


def test_a_picture_of_the_largest_size_is_taken() -> None:
    require_jpeg(jpeg(1, MAX_JPEG_BYTES))


def test_no_picture_shows_in_what_is_written_of_it() -> None:
    assert "\\x" not in repr(ONE)
