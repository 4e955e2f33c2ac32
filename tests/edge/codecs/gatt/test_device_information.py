import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.codecs.gatt.device_information import (
    MAX_TEXT,
    battery_events,
    decode_battery,
    decode_text,
    firmware_events,
    manufacturer_events,
    merged,
    model_events,
    serial_number_events,
)
from edge.codecs.gatt.errors import CodecError
from edge.codecs.instrument import About, Battery, DamageReason
from tests.edge.codecs.gatt.captures import capture
from tests.edge.codecs.gatt.cases import unhurried


def test_a_real_devices_name_is_read() -> None:
    (frame,) = capture("2a29-omron-hem-6232t-omblepy-58")
    assert manufacturer_events(frame) == [About(manufacturer="OMRONHEALTHCARE")]


def test_each_string_has_its_place() -> None:
    assert model_events(b"HEM-6232T") == [About(model="HEM-6232T")]
    assert serial_number_events(b"0001") == [About(serial_number="0001")]
    assert firmware_events(b"1.04") == [About(firmware="1.04")]


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        (b"", ""),
        (b"UA-651BLE\x00\x00", "UA-651BLE"),
        (b"  A&D  ", "A&D"),
        (b"a\nb\x1b[31mc", "ab[31mc"),
        ("Máy đo".encode(), "Máy đo"),
        (b"\xff\xfeX", "��X"),
        (b"x" * 200, "x" * MAX_TEXT),
    ],
)
def test_padding_and_control_characters_are_left_out(sent: bytes, text: str) -> None:
    assert decode_text(sent) == text


@unhurried
@given(st.binary(max_size=512))
def test_whatever_a_device_calls_itself_can_be_shown(sent: bytes) -> None:
    text = decode_text(sent)
    assert len(text) <= MAX_TEXT
    assert all(character.isprintable() for character in text)


def test_a_string_that_no_attribute_can_hold_is_refused() -> None:
    with pytest.raises(CodecError) as caught:
        decode_text(bytes(513))
    assert caught.value.damage.reason is DamageReason.TOO_LONG


def test_what_is_read_one_by_one_is_put_together() -> None:
    about = About()
    for news in (About(manufacturer="A&D"), About(model="UA-651BLE"), About(), About(firmware="2")):
        about = merged(about, news)
    about = merged(about, About(serial_number="5"))
    assert about == About("A&D", "UA-651BLE", "5", "2")
    assert merged(about, About(firmware="3")).firmware == "3"


@pytest.mark.parametrize("percent", [0, 1, 99, 100])
def test_a_charge_is_at_most_full(percent: int) -> None:
    assert battery_events(bytes((percent,))) == [Battery(percent)]


@pytest.mark.parametrize("percent", [101, 255])
def test_a_battery_fuller_than_full_is_noise(percent: int) -> None:
    with pytest.raises(CodecError) as caught:
        decode_battery(bytes((percent,)))
    assert caught.value.damage.reason is DamageReason.NOISE


def test_no_charge_is_no_empty_battery() -> None:
    with pytest.raises(CodecError):
        decode_battery(b"")
