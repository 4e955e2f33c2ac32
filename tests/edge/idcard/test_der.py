import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.idcard import der
from edge.idcard.errors import UnreadableError
from tests.edge.idcard.encode import bits, integer, oid, seq, tlv
from tests.edge.idcard.reading import assert_no_front_piece_passes, gives_a_value_or_a_card_error, unhurried


def read(data: bytes) -> der.Element:
    return der.parse(data, "FILE")


def walk(element: der.Element, depth: int = 0) -> int:
    """Go through all that can be gone through; return how many elements there were."""
    if element.tag not in {der.SEQUENCE, der.SET} or depth > 5:
        return 1
    return 1 + sum(walk(child, depth + 1) for child in element.children().rest())


@pytest.mark.parametrize("size", [0, 1, 127, 128, 255, 256, 65535, 65536])
def test_an_element_of_any_length_is_read_whole(size: int) -> None:
    data = tlv(der.OCTET_STRING, bytes(size))
    element = read(data)
    assert (element.tag, element.content, element.whole) == (der.OCTET_STRING, bytes(size), data)


@pytest.mark.parametrize("tag", [0x6D, 0x5F01, 0x7F61, 0x7F2E])
def test_a_tag_of_two_bytes_is_one_number(tag: int) -> None:
    assert read(tlv(tag, b"x")).tag == tag


def test_a_length_may_be_longer_than_needed_but_not_indefinite() -> None:
    assert read(bytes.fromhex("0482000178")).content == b"x"
    for wrong in ("0480780000", "04850000000001", "0485000000000178"):
        with pytest.raises(UnreadableError):
            read(bytes.fromhex(wrong))


def test_nothing_may_be_missing_and_nothing_may_follow() -> None:
    assert_no_front_piece_passes(
        lambda data: read(data).sequence(), seq(integer(5), oid("1.2.3"), bits(b"x"))
    )


@given(st.integers(-(2**70), 2**70))
def test_whole_numbers_are_read_with_their_sign(value: int) -> None:
    assert read(integer(value)).integer() == value


@pytest.mark.parametrize(
    "dotted", ["1.2.840.113549.1.7.2", "2.23.136.1.1.1", "2.999.3", "0.4.0.127.0.7", "1.3.14"]
)
def test_object_identifiers_are_read_in_dots(dotted: str) -> None:
    assert read(oid(dotted)).oid() == dotted


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: read(tlv(0x02)).integer(),
        lambda: read(tlv(0x02, bytes(der.MAX_INTEGER_BYTES + 1))).integer(),
        lambda: read(tlv(0x06)).oid(),
        lambda: read(tlv(0x06, b"\x2a\x86")).oid(),
        lambda: read(tlv(0x06, b"\x2a" * (der.MAX_OID_BYTES + 1))).oid(),
        lambda: read(tlv(0x03)).bits(),
        lambda: read(tlv(0x03, b"\x04\xf0")).bits(),
        lambda: read(tlv(0x04)).integer(),
        lambda: read(tlv(0x04)).sequence(),
    ],
)
def test_what_is_empty_too_long_or_of_another_kind_is_refused(wrong: object) -> None:
    assert callable(wrong)
    with pytest.raises(UnreadableError, match=r"^FILE: "):
        wrong()


def test_children_are_taken_in_their_order() -> None:
    children = read(seq(integer(1), oid("1.2.3"), integer(2), integer(3))).sequence()
    assert children.take().integer() == 1
    assert children.maybe(der.INTEGER) is None
    assert children.maybe(der.OID) is not None
    assert [one.integer() for one in children.rest()] == [2, 3]
    children.end()
    assert children.maybe(der.INTEGER) is None
    with pytest.raises(UnreadableError, match="missing"):
        children.take()


def test_what_nobody_took_is_found_at_the_end() -> None:
    children = read(seq(integer(1))).sequence()
    with pytest.raises(UnreadableError, match="too many"):
        children.end()


def test_elements_without_end_are_refused() -> None:
    assert len(read(seq(tlv(0x05) * der.MAX_CHILDREN)).sequence().rest()) == der.MAX_CHILDREN
    with pytest.raises(UnreadableError, match="more than"):
        read(seq(tlv(0x05) * (der.MAX_CHILDREN + 1))).sequence()


def test_neither_repr_nor_error_shows_what_was_read() -> None:
    element = read(tlv(der.UTF8_STRING, b"NGUYEN VAN AN"))
    assert "NGUYEN" not in repr(element)
    with pytest.raises(UnreadableError) as caught:
        element.integer()
    assert "NGUYEN" not in str(caught.value)


@unhurried
@given(st.binary(max_size=300))
def test_any_bytes_are_walked_through_or_refused(data: bytes) -> None:
    gives_a_value_or_a_card_error(lambda given_bytes: walk(read(given_bytes)), data)
    gives_a_value_or_a_card_error(lambda given_bytes: walk(read(given_bytes)), seq(data))


@pytest.mark.parametrize(
    "damaged", ["1f", "1f81", "1f81818101", "04", "0481", "0482ff", "0402aa", "3003020500", "300104"]
)
def test_damage_at_any_depth_is_unreadable_and_names_the_file(damaged: str) -> None:
    for data in (bytes.fromhex(damaged), seq(bytes.fromhex(damaged)), seq(seq(bytes.fromhex(damaged)))):
        with pytest.raises(UnreadableError, match=r"^FILE: "):
            walk(read(data))


def test_an_element_knows_where_it_stood_however_deep() -> None:
    inner = read(seq(seq(integer(1)))).sequence().take().sequence().take()
    assert (inner.file, inner.whole, inner.content) == ("FILE", integer(1), b"\x01")
    with pytest.raises(UnreadableError, match=r"^FILE: an element 06 was expected, 02 is there$"):
        inner.oid()


def test_a_length_that_reaches_beyond_its_wrap_is_refused_though_the_file_is_long_enough() -> None:
    inner = b"\x04\x05abc"
    with pytest.raises(UnreadableError, match="longer than what it stands in"):
        read(seq(inner, b"")).sequence()
    with pytest.raises(UnreadableError, match="longer than what it stands in"):
        read(seq(seq(inner), tlv(0x04, bytes(20)))).sequence().take().sequence()


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_elements_are_parted_where_they_were_joined(values: list[bytes]) -> None:
    children = read(seq(*(tlv(0x04, value) for value in values))).sequence().rest()
    assert [child.content for child in children] == values
    assert [child.whole for child in children] == [tlv(0x04, value) for value in values]
