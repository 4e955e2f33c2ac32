from decimal import Decimal

import pytest

from edge.codecs.gatt.errors import CodecError
from edge.codecs.gatt.reader import MAX_ATTRIBUTE, MAX_FRAME, Reader
from edge.codecs.instrument import Damage, DamageReason
from edge.errors import EdgeError


def test_fields_are_read_one_after_the_other() -> None:
    reader = Reader(bytes.fromhex("01 0201 030201 feff bdf0 6c0100ff aabb"))
    assert reader.uint8() == 1
    assert reader.uint16() == 0x0102
    assert reader.uint24() == 0x010203
    assert reader.int16() == -2
    assert reader.sfloat() == Decimal("18.9")
    assert reader.float32() == Decimal("36.4")
    assert reader.left == 2
    assert reader.rest() == b"\xaa\xbb"
    assert reader.left == 0
    assert reader.rest() == b""


@pytest.mark.parametrize("field", ["uint8", "uint16", "uint24", "int16", "sfloat", "float32"])
def test_nothing_is_read_past_the_end(field: str) -> None:
    with pytest.raises(CodecError) as caught:
        getattr(Reader(b""), field)()
    assert caught.value.damage == Damage(DamageReason.TRUNCATED, 0)


def test_half_a_field_is_not_read_either() -> None:
    reader = Reader(b"\x01\x02\x03")
    reader.uint16()
    with pytest.raises(CodecError):
        reader.uint16()
    assert reader.uint8() == 3


def test_a_value_has_a_longest_size() -> None:
    assert Reader(bytes(MAX_FRAME)).left == MAX_FRAME
    with pytest.raises(CodecError) as caught:
        Reader(bytes(MAX_FRAME + 1))
    assert caught.value.damage == Damage(DamageReason.TOO_LONG, MAX_FRAME + 1)
    assert Reader(bytes(MAX_ATTRIBUTE), MAX_ATTRIBUTE).left == MAX_ATTRIBUTE


def test_an_error_tells_size_and_reason_and_no_byte_of_it() -> None:
    error = Reader(b"\xde\xad").noise()
    assert isinstance(error, EdgeError)
    assert error.damage == Damage(DamageReason.NOISE, 2)
    assert str(error) == "noise: 2 bytes"
