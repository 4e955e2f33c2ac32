import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.frames import (
    MAX_BODY,
    MAX_ENCODED,
    Damage,
    DamageReason,
    Frame,
    FrameDecoder,
    FrameTooLongError,
    encode,
)

FRAMES = st.builds(Frame, st.integers(0, 255), st.binary(max_size=MAX_BODY - 3))
STREAMS = st.lists(FRAMES.map(encode) | st.binary(max_size=100), max_size=8).map(b"".join)


def test_a_frame_on_the_line_is_what_the_readme_says() -> None:
    assert encode(Frame(0x84, b"\x05\x00")) == bytes.fromhex("00 03 84 05 03 f3 d4 00")


def test_the_crc_is_ccitt_false() -> None:
    """Its check value over "123456789" is 0x29B1 in the CRC catalogue."""
    assert encode(Frame(ord("1"), b"23456789")) == b"\0\x0c123456789\xb1\x29\0"


@given(FRAMES)
def test_what_is_encoded_is_decoded(frame: Frame) -> None:
    assert FrameDecoder().feed(encode(frame)) == [frame]


@given(FRAMES)
def test_zero_stands_only_at_both_ends(frame: Frame) -> None:
    assert encode(frame).strip(b"\0").count(0) == 0


@given(STREAMS, st.data())
def test_any_chunking_gives_the_same_results(stream: bytes, data: st.DataObject) -> None:
    decoder, results = FrameDecoder(), []
    rest = stream
    while rest:
        size = data.draw(st.integers(1, len(rest)))
        results += decoder.feed(rest[:size])
        rest = rest[size:]

    assert results == FrameDecoder().feed(stream)


@given(st.binary(max_size=300), FRAMES)
def test_a_frame_behind_any_noise_arrives(noise: bytes, frame: Frame) -> None:
    assert FrameDecoder().feed(noise + encode(frame))[-1] == frame


@given(FRAMES, st.data())
def test_a_flipped_bit_is_never_taken_for_a_frame(frame: Frame, data: st.DataObject) -> None:
    line = bytearray(encode(frame))
    line[data.draw(st.integers(0, len(line) - 1))] ^= 1 << data.draw(st.integers(0, 7))

    frames = [result for result in FrameDecoder().feed(bytes(line)) if isinstance(result, Frame)]

    assert frames in ([], [frame])


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        pytest.param(b"\x05ab", DamageReason.COBS, id="the block ends too early"),
        pytest.param(b"\x03ab", DamageReason.TOO_SHORT, id="no room for a CRC"),
        pytest.param(b"\x05abcd", DamageReason.CRC, id="another CRC"),
        pytest.param(b"x" * (MAX_ENCODED + 1), DamageReason.TOO_LONG, id="longer than any frame"),
    ],
)
def test_damage_says_what_was_wrong(line: bytes, reason: DamageReason) -> None:
    assert FrameDecoder().feed(line + b"\0") == [Damage(reason, len(line))]


def test_the_longest_frame_passes_and_a_longer_one_is_refused() -> None:
    longest = Frame(1, bytes(MAX_BODY - 3))
    assert FrameDecoder().feed(encode(longest)) == [longest]
    with pytest.raises(FrameTooLongError):
        encode(Frame(1, bytes(MAX_BODY - 2)))


def test_a_line_without_delimiter_is_not_collected() -> None:
    decoder = FrameDecoder()
    for _ in range(1_000):
        decoder.feed(b"x" * 1_000)

    assert len(decoder._held) <= MAX_ENCODED
    assert decoder.feed(b"\0") == [Damage(DamageReason.TOO_LONG, 1_000_000)]


def test_idle_delimiters_are_no_damage() -> None:
    assert FrameDecoder().feed(b"\0" * 100) == []
