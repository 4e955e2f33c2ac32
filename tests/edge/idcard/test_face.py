import pytest
from hypothesis import given

from edge.idcard.errors import UnreadableError
from edge.idcard.face import MAX_PHOTO_BYTES, parse_dg2
from tests.edge.idcard.encode import integer, tlv
from tests.edge.idcard.reading import (
    assert_no_front_piece_passes,
    damaged,
    gives_a_value_or_a_card_error,
    unhurried,
)

JPEG = b"\xff\xd8\xff\xe0" + b"a face" * 20 + b"\xff\xd9"
JP2 = b"\x00\x00\x00\x0cjP  \r\n\x87\n" + b"a face" * 20
CODESTREAM = b"\xff\x4f\xff\x51" + b"a face" * 20


def face(image: bytes, *, features: int = 0, length: int | None = None) -> bytes:
    """Facial information, feature points, image information, image (ISO/IEC 19794-5, 5.5 to 5.8)."""
    size = 20 + 8 * features + 12 + len(image)
    head = (size if length is None else length).to_bytes(4) + features.to_bytes(2) + bytes(14)
    return head + bytes(8 * features) + bytes(12) + image


def record(*faces: bytes, length: int | None = None, magic: bytes = b"FAC\x00010\x00") -> bytes:
    size = 14 + sum(map(len, faces)) if length is None else length
    return magic + size.to_bytes(4) + len(faces).to_bytes(2) + b"".join(faces)


def dg2(data: bytes, *, tag: int = 0x5F2E, instances: int = 1) -> bytes:
    template = tlv(0x7F60, tlv(0xA1, tlv(0x87, b"\x01\x01"), tlv(0x88, b"\x00\x08")), tlv(tag, data))
    return tlv(0x75, tlv(0x7F61, integer(instances), *([template] * instances)))


@pytest.mark.parametrize(
    ("image", "media_type"), [(JPEG, "image/jpeg"), (JP2, "image/jp2"), (CODESTREAM, "image/j2c")]
)
@pytest.mark.parametrize("tag", [0x5F2E, 0x7F2E])
@pytest.mark.parametrize("features", [0, 1, 128])
def test_the_photo_is_taken_out_and_its_kind_told_by_its_first_bytes(
    image: bytes, media_type: str, tag: int, features: int
) -> None:
    photo = parse_dg2(dg2(record(face(image, features=features)), tag=tag))
    assert (photo.media_type, photo.data) == (media_type, image)


def test_of_several_faces_the_first_is_taken() -> None:
    assert parse_dg2(dg2(record(face(JPEG), face(JP2)))).data == JPEG
    assert parse_dg2(dg2(record(face(JP2)), instances=2)).data == JP2


def test_a_photo_of_the_usual_and_of_the_largest_size_is_read() -> None:
    for size in (15_000, MAX_PHOTO_BYTES):
        image = JPEG.ljust(size, b"x")
        assert parse_dg2(dg2(record(face(image)))).data == image
    with pytest.raises(UnreadableError, match="more than"):
        parse_dg2(dg2(record(face(JPEG.ljust(MAX_PHOTO_BYTES + 1, b"x")))))


@pytest.mark.parametrize(
    "wrong",
    [
        record(face(JPEG), length=14),
        record(face(JPEG), length=2**32 - 1),
        record(face(JPEG), magic=b"FAC\x00030\x00"),
        record(face(JPEG), magic=b"FIR\x00010\x00"),
        record(face(JPEG, length=32)),
        record(face(JPEG, length=0)),
        record(face(JPEG, length=len(face(JPEG)) + 1)),
        record(face(JPEG, features=129)),
        record(face(JPEG)[:5]),
        record(face(b"")),
        record(face(b"GIF89a")),
        record(),
        JPEG,
        b"",
    ],
)
def test_a_record_whose_lengths_disagree_or_that_holds_no_photo_is_refused(wrong: bytes) -> None:
    with pytest.raises(UnreadableError, match=r"^DG2: "):
        parse_dg2(dg2(wrong))


@pytest.mark.parametrize(
    "wrong",
    [
        dg2(record(face(JPEG)), tag=0x5F2F),
        dg2(record(face(JPEG)), instances=0),
        tlv(0x75, tlv(0x7F61, integer(-1))),
        tlv(0x75, tlv(0x7F61, integer(1), tlv(0x7F60, tlv(0x5F2E, record(face(JPEG)))))),
        tlv(0x75, tlv(0x7F60)),
        tlv(0x63, dg2(record(face(JPEG)))[2:]),
    ],
)
def test_another_template_is_refused(wrong: bytes) -> None:
    with pytest.raises(UnreadableError, match=r"^DG2: "):
        parse_dg2(wrong)


RIGHT = dg2(record(face(JPEG, features=2)))


def test_no_part_of_the_file_passes_for_it() -> None:
    assert_no_front_piece_passes(parse_dg2, RIGHT)


def test_the_repr_does_not_show_the_photo() -> None:
    assert "face" not in repr(parse_dg2(RIGHT))


@unhurried
@given(damaged(RIGHT))
def test_any_bytes_give_a_photo_or_a_card_error(data: bytes) -> None:
    gives_a_value_or_a_card_error(parse_dg2, data)
    gives_a_value_or_a_card_error(lambda given_bytes: parse_dg2(dg2(given_bytes)), data)
    gives_a_value_or_a_card_error(lambda given_bytes: parse_dg2(dg2(record(given_bytes))), data)
