import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.idcard.apdu import MAX_LE, MAX_RESPONSE_BYTES, Command, Response
from edge.idcard.errors import CardError, GarbledError
from tests.edge.idcard.reading import unhurried


@pytest.mark.parametrize(
    ("command", "encoded"),
    [
        (Command(0x00, 0xA4, 0x00, 0x00), "00A40000"),
        (Command(0x00, 0x84, 0x00, 0x00, le=8), "0084000008"),
        (Command(0x00, 0xB0, 0x9C, 0x00, le=256), "00B09C0000"),
        (Command(0x00, 0xA4, 0x02, 0x0C, b"\x01\x1c"), "00A4020C02011C"),
        (Command(0x00, 0x88, 0x00, 0x00, b"\xaa\xbb", 256), "0088000002AABB00"),
        (Command(0x00, 0xB0, 0x81, 0x00, le=257), "00B08100000101"),
        (Command(0x00, 0xB0, 0x81, 0x00, le=4096), "00B08100001000"),
        (Command(0x00, 0xB0, 0x81, 0x00, le=MAX_LE), "00B08100000000"),
        (Command(0x00, 0x88, 0x00, 0x00, b"\xaa\xbb", MAX_LE), "00880000000002AABB0000"),
    ],
)
def test_commands_are_short_where_they_fit_and_else_extended(command: Command, encoded: str) -> None:
    assert command.encode().hex().upper() == encoded


def test_much_data_makes_a_command_extended_whatever_is_asked() -> None:
    command = Command(0x00, 0x22, 0x41, 0xA6, bytes(256))
    assert command.is_extended
    assert command.encode() == bytes.fromhex("002241A6 00 0100") + bytes(256)
    both = Command(0x00, 0x22, 0x41, 0xA6, bytes(256), 256)
    assert both.encode().endswith(b"\x01\x00")
    assert not Command(0x00, 0x22, 0x41, 0xA6, bytes(255), 256).is_extended


@pytest.mark.parametrize("command", [Command(0, 0, 0, 0, bytes(65_536)), Command(0, 0, 0, 0, le=65_537)])
def test_what_no_command_can_hold_is_a_mistake_of_ours(command: Command) -> None:
    with pytest.raises(ValueError, match="longer"):
        command.encode()


def test_the_header_is_the_first_four_bytes() -> None:
    command = Command(0x0C, 0xB0, 0x81, 0x02, b"\x01", 1)
    assert command.header == command.encode()[:4] == bytes.fromhex("0CB08102")


def test_an_answer_is_its_data_and_its_status() -> None:
    assert Response.decode(bytes.fromhex("AABB9000")) == Response(b"\xaa\xbb", 0x9000)
    assert Response.decode(bytes.fromhex("6A82")) == Response(b"", 0x6A82)


@pytest.mark.parametrize("raw", [b"", b"\x90", bytes(MAX_RESPONSE_BYTES + 1)])
def test_what_is_no_answer_is_refused(raw: bytes) -> None:
    with pytest.raises(GarbledError):
        Response.decode(raw)


@unhurried
@given(st.binary(max_size=300))
def test_any_bytes_are_an_answer_or_an_error(raw: bytes) -> None:
    try:
        response = Response.decode(raw)
    except CardError:
        assert len(raw) < 2
        return
    assert response.data + response.sw.to_bytes(2) == raw


def test_no_data_is_shown() -> None:
    assert "NGUYEN" not in repr(Command(0, 0xB0, 0, 0, b"NGUYEN", 1)) + repr(Response(b"NGUYEN", 0x9000))
