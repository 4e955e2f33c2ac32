import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.idcard.errors import CardError, GarbledError
from edge.idcard.tlv import (
    MAX_BYTES,
    MAX_OBJECTS,
    Head,
    Tlv,
    encode_object,
    read_head,
    read_objects,
    read_value,
)
from tests.edge.idcard.reading import unhurried

TAGS = st.sampled_from([0x04, 0x30, 0x7C, 0x87, 0x7F49, 0x5F2E, 0x7F4E, 0x7F8101])


@pytest.mark.parametrize(
    ("data", "head"),
    [
        ("8100", Head(0x81, 2, 0)),
        ("617F", Head(0x61, 2, 127)),
        ("618180", Head(0x61, 3, 128)),
        ("6D8201F4", Head(0x6D, 4, 500)),
        ("75830186A0", Head(0x75, 5, 100_000)),
        ("758400010000", Head(0x75, 6, 65_536)),
        ("7F4903", Head(0x7F49, 3, 3)),
        ("7F81010A", Head(0x7F8101, 4, 10)),
        ("3081050000", Head(0x30, 3, 5)),
    ],
)
def test_heads_are_read_though_their_value_is_not_there_yet(data: str, head: Head) -> None:
    assert read_head(bytes.fromhex(data), "a file") == head


@pytest.mark.parametrize(
    "data",
    ["", "81", "1F", "7F81", "7F818101 00", "8180", "8185 0000000001", "8182 01", "81FF"],
)
def test_damaged_heads_are_refused(data: str) -> None:
    with pytest.raises(GarbledError, match="a file"):
        read_head(bytes.fromhex(data), "a file")


def test_objects_are_read_in_their_order() -> None:
    data = bytes.fromhex("8709 01AABBCCDDEEFF0011 9902 9000 8E00")
    assert read_objects(data, "an answer") == [
        Tlv(0x87, bytes.fromhex("01AABBCCDDEEFF0011")),
        Tlv(0x99, b"\x90\x00"),
        Tlv(0x8E, b""),
    ]


def test_nothing_is_made_of_nothing() -> None:
    assert read_objects(b"", "an answer") == []


def test_an_object_that_ends_after_what_holds_it_is_refused() -> None:
    with pytest.raises(GarbledError, match="ends after"):
        read_objects(bytes.fromhex("8103AABB"), "an answer")


def test_objects_and_bytes_are_capped() -> None:
    assert len(read_objects(bytes.fromhex("8100") * MAX_OBJECTS, "a list")) == MAX_OBJECTS
    with pytest.raises(GarbledError):
        read_objects(bytes.fromhex("8100") * (MAX_OBJECTS + 1), "a list")
    with pytest.raises(GarbledError, match="more than"):
        read_objects(bytes(MAX_BYTES + 1), "a list")


def test_the_one_expected_object_is_opened() -> None:
    assert read_value(bytes.fromhex("7C03800155"), 0x7C, "an answer") == bytes.fromhex("800155")


@pytest.mark.parametrize("data", ["", "800155", "7C00 7C00", "7C00 00"])
def test_another_object_or_a_second_one_is_refused(data: str) -> None:
    with pytest.raises(GarbledError):
        read_value(bytes.fromhex(data), 0x7C, "an answer")


@pytest.mark.parametrize("size", [0, 1, 127, 128, 255, 256, 65_535, 65_536])
def test_lengths_are_written_in_the_fewest_bytes(size: int) -> None:
    written = encode_object(0x53, bytes(size))
    assert read_value(written, 0x53, "an object") == bytes(size)
    extra = 0 if size < 128 else (size.bit_length() + 7) // 8
    assert len(written) == 2 + extra + size


@unhurried
@given(st.lists(st.tuples(TAGS, st.binary(max_size=300)), max_size=8))
def test_what_is_written_is_read_again(objects: list[tuple[int, bytes]]) -> None:
    data = b"".join(encode_object(tag, value) for tag, value in objects)
    assert [(one.tag, one.value) for one in read_objects(data, "an answer")] == objects


@unhurried
@given(st.binary(max_size=600))
def test_any_bytes_are_objects_or_an_error(data: bytes) -> None:
    try:
        objects = read_objects(data, "an answer")
    except CardError:
        return
    assert sum(len(one.value) for one in objects) <= len(data)


def test_no_value_is_shown() -> None:
    assert "4142" not in repr(Tlv(0x04, b"AB"))
    assert "AB" not in repr(Tlv(0x04, b"AB"))
