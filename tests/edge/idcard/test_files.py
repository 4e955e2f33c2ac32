from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.idcard.apdu import Command, Response
from edge.idcard.blocks import Blocks, Manner
from edge.idcard.errors import CardError, GarbledError, RefusedError, UnreadableError
from edge.idcard.exchange import Exchange
from edge.idcard.files import MAX_FILE_BYTES, MAX_PHOTO_FILE_BYTES, read_file
from edge.idcard.groups import File
from edge.idcard.tlv import encode_object, read_value
from tests.edge.idcard.reading import unhurried
from tests.edge.idcard.scripted import AnsweringPort, ScriptedPort

OK = b"\x90\x00"


class OneFile:
    """A chip with one file and no access control; `quirk` may answer before it, by the command's bytes."""

    def __init__(self, data: bytes, quirk: Callable[[bytes], bytes | None] = lambda _apdu: None) -> None:
        self._data = data
        self._quirk = quirk
        self.sent: list[bytes] = []

    def transmit(self, apdu: bytes) -> bytes:
        self.sent.append(apdu)
        quirky = self._quirk(apdu)
        return self._read(apdu) if quirky is None else quirky

    def _read(self, apdu: bytes) -> bytes:
        if apdu[1] == 0xA4:
            return OK
        if apdu[1] == 0xB1:
            offset, le = self._odd(apdu)
            return encode_object(0x53, self._data[offset : offset + le - 4]) + OK
        le = int.from_bytes(apdu[4:]) or 256
        offset = 0 if apdu[2] & 0x80 else int.from_bytes(apdu[2:4])
        return self._data[offset : offset + le] + OK

    def _odd(self, apdu: bytes) -> tuple[int, int]:
        wide = apdu[4] == 0
        at = 7 if wide else 5
        size = apdu[6] if wide else apdu[4]
        where = read_value(apdu[at : at + size], 0x54, "a command")
        return int.from_bytes(where), int.from_bytes(apdu[at + size :]) or 256


def file_of(tag: int, size: int) -> bytes:
    return encode_object(tag, bytes(at * 7 & 0xFF for at in range(size)))


def read(chip: OneFile, file: File, blocks: Blocks) -> bytes:
    return read_file(Exchange(chip), file, blocks)


def test_a_small_file_is_read_at_once_by_its_short_identifier() -> None:
    data = file_of(0x61, 93)
    port = ScriptedPort((bytes.fromhex("00B08100001000"), data + OK))
    assert read_file(Exchange(port), File.DG1, Blocks()) == data


def test_a_larger_one_is_read_on_from_where_the_answer_ended() -> None:
    data = file_of(0x6D, 470)
    port = ScriptedPort(
        (bytes.fromhex("00B08D0000"), data[:256] + OK),
        (bytes.fromhex("00B00100DA"), data[256:] + OK),
    )
    assert len(data) == 256 + 0xDA
    assert read_file(Exchange(port), File.DG13, Blocks(0)) == data


def test_a_warning_that_the_file_ended_is_no_refusal() -> None:
    data = file_of(0x61, 93)
    assert read_file(Exchange(AnsweringPort([data + b"\x62\x82"])), File.DG1, Blocks()) == data


def test_what_fills_the_file_up_behind_its_end_is_left_out() -> None:
    data = file_of(0x61, 93)
    assert read(OneFile(data + bytes(40)), File.DG1, Blocks()) == data


def test_where_the_short_identifier_is_unknown_the_file_is_selected() -> None:
    data = file_of(0x31, 20)
    port = ScriptedPort(
        (bytes.fromhex("00B09C0000"), b"\x6a\x82"),
        (bytes.fromhex("00A4020C02011C"), OK),
        (bytes.fromhex("00B0000000"), data + OK),
    )
    assert read_file(Exchange(port), File.CARD_ACCESS, Blocks(0)) == data
    assert port.is_done


def test_a_file_that_is_not_there_is_refused() -> None:
    exchange = Exchange(AnsweringPort(lambda _apdu: b"\x6a\x82"))
    with pytest.raises(RefusedError, match="SELECT DG15") as refusal:
        read_file(exchange, File.DG15, Blocks())
    assert refusal.value.sw == 0x6A82
    assert exchange.apdus == 2


def test_a_card_that_gives_less_at_a_time_is_asked_more_often() -> None:
    data = file_of(0x6E, 382)

    def frugal(apdu: bytes) -> bytes | None:
        offset = 0 if apdu[2] & 0x80 else int.from_bytes(apdu[2:4])
        return data[offset : offset + 100] + OK

    chip = OneFile(data, frugal)
    assert read(chip, File.DG14, Blocks()) == data
    assert len(chip.sent) == 4


def test_the_le_that_a_protected_status_asks_for_is_given() -> None:
    class Open:
        answers = 0
        overhead = 0

        def protect(self, command: Command) -> Command:
            return command

        def open(self, response: Response) -> Response:
            return Response(response.data[2:], int.from_bytes(response.data[:2]))

    data = file_of(0x61, 93)
    port = ScriptedPort(
        (bytes.fromhex("00B08100001000"), b"\x6c\x5f" + OK),
        (bytes.fromhex("00B081005F"), OK + data + OK),
    )
    exchange = Exchange(port)
    exchange.channel = Open()
    assert read_file(exchange, File.DG1, Blocks()) == data


def test_with_care_the_head_comes_first_and_never_is_more_asked_for_than_there_is() -> None:
    data = file_of(0x61, 93)
    blocks = Blocks(0)
    blocks.asking(223)
    assert blocks.step_down(refused=True)
    assert blocks.manner is Manner.CAREFUL
    port = ScriptedPort(
        (bytes.fromhex("00B0810008"), data[:8] + OK), (bytes.fromhex("00B0000857"), data[8:] + OK)
    )
    assert read_file(Exchange(port), File.DG1, blocks) == data


@pytest.mark.parametrize("capacity", [None, 1024, 0])
@pytest.mark.parametrize("size", [20_000, 32_760, 32_764, 32_768, 65_536, 100_000])
def test_a_large_photo_is_read_on_beyond_what_a_plain_offset_can_say(size: int, capacity: int | None) -> None:
    data = file_of(0x75, size)
    chip = OneFile(data)
    assert read(chip, File.DG2, Blocks(capacity)) == data


@pytest.mark.parametrize(("size", "is_beyond"), [(32_760, False), (40_000, True)])
def test_the_other_way_to_say_an_offset_is_taken_only_where_it_must_be(*, size: int, is_beyond: bool) -> None:
    chip = OneFile(file_of(0x75, size))
    read(chip, File.DG2, Blocks(0))
    assert any(apdu[1] == 0xB1 for apdu in chip.sent) == is_beyond


def test_a_photo_of_15_kb_takes_four_long_or_sixty_short_answers() -> None:
    data = file_of(0x75, 15_000)
    for capacity, count in ((None, 4), (0, 59)):
        chip = OneFile(data)
        assert read(chip, File.DG2, Blocks(capacity)) == data
        assert len(chip.sent) == count


def test_another_file_is_refused() -> None:
    with pytest.raises(UnreadableError, match="DG1: begins with another tag"):
        read(OneFile(file_of(0x6D, 93)), File.DG1, Blocks())


@pytest.mark.parametrize(
    ("file", "most"),
    [(File.DG1, MAX_FILE_BYTES), (File.SOD, MAX_FILE_BYTES), (File.DG2, MAX_PHOTO_FILE_BYTES)],
)
def test_a_file_that_says_it_is_larger_than_any_is_not_read(file: File, most: int) -> None:
    head_bytes = 4 if most < 0x10000 else 5
    largest = file_of(file.tag, most - head_bytes)
    assert len(largest) == most
    assert read(OneFile(largest), file, Blocks()) == largest
    chip = OneFile(file_of(file.tag, most - head_bytes + 1))
    with pytest.raises(UnreadableError, match="larger than it may be"):
        read(chip, file, Blocks())
    assert len(chip.sent) == 1


def test_a_file_that_ends_before_it_said_is_refused() -> None:
    with pytest.raises(GarbledError, match="empty"):
        read(OneFile(file_of(0x61, 93)[:-1]), File.DG1, Blocks())


def test_an_answer_longer_than_was_asked_for_is_refused() -> None:
    with pytest.raises(GarbledError, match="longer"):
        read(OneFile(file_of(0x61, 93), lambda _apdu: file_of(0x61, 300) + OK), File.DG1, Blocks(0))


@pytest.mark.parametrize("object_", [b"", encode_object(0x53, b""), encode_object(0x54, b"x"), b"\x53\x05x"])
def test_a_piece_of_a_large_photo_that_is_built_otherwise_is_refused(object_: bytes) -> None:
    def odd(apdu: bytes) -> bytes | None:
        return object_ + OK if apdu[1] == 0xB1 else None

    with pytest.raises(GarbledError):
        read(OneFile(file_of(0x75, 40_000), odd), File.DG2, Blocks())


def test_more_than_what_is_left_of_a_large_photo_is_refused() -> None:
    def generous(apdu: bytes) -> bytes | None:
        return encode_object(0x53, bytes(51)) + OK if apdu[1] == 0xB1 else None

    whole = file_of(0x75, 8 * 4096 + 50 - 4)
    with pytest.raises(GarbledError, match="left"):
        read(OneFile(whole, generous), File.DG2, Blocks())


def test_blocks_learn_what_came_through() -> None:
    blocks = Blocks()
    read(OneFile(file_of(0x75, 15_000)), File.DG2, blocks)
    blocks.asking(4096)
    assert not blocks.step_down(refused=True)


@unhurried
@given(st.lists(st.binary(max_size=40).map(lambda data: data + OK) | st.binary(max_size=40), max_size=8))
def test_any_answers_are_a_file_or_an_error(answers: list[bytes]) -> None:
    exchange = Exchange(AnsweringPort(answers + [b"\x6f\x00"] * 30), max_apdus=30)
    try:
        data = read_file(exchange, File.DG1, Blocks())
    except CardError:
        return
    assert data[0] == 0x61
