"""What a device says of itself: Device Information (2A24, 2A25, 2A26, 2A29) and its battery (2A19).

Source: GATT Specification Supplement, sections Manufacturer Name String, Model Number String, Serial Number String,
Firmware Revision String, Battery Level; Device Information Service 1.1, section 3.
"""

from typing import Final

from edge.codecs.gatt.reader import MAX_ATTRIBUTE, Reader
from edge.codecs.instrument import About, Battery, InstrumentEvent

MODEL: Final = 0x2A24
SERIAL_NUMBER: Final = 0x2A25
FIRMWARE: Final = 0x2A26
MANUFACTURER: Final = 0x2A29
MAX_TEXT: Final = 64
"""More of a name than any label shows."""

_FULL: Final = 100


def decode_text(data: bytes) -> str:
    """Decode a string: at most `MAX_TEXT` printable characters, without the NULs and blanks that devices pad with."""
    text = Reader(data, MAX_ATTRIBUTE).rest().decode("utf-8", "replace")
    return "".join(character for character in text if character.isprintable()).strip()[:MAX_TEXT]


def decode_battery(data: bytes) -> Battery:
    """Decode 2A19."""
    reader = Reader(data)
    percent = reader.uint8()
    if percent > _FULL:
        raise reader.noise()
    return Battery(percent)


def merged(known: About, news: About) -> About:
    """Put together what was read one by one; what `news` leaves empty stays as known."""
    return About(
        manufacturer=news.manufacturer or known.manufacturer,
        model=news.model or known.model,
        serial_number=news.serial_number or known.serial_number,
        firmware=news.firmware or known.firmware,
    )


def manufacturer_events(data: bytes) -> list[InstrumentEvent]:
    """Return who made it, of 2A29."""
    return [About(manufacturer=decode_text(data))]


def model_events(data: bytes) -> list[InstrumentEvent]:
    """Return the model, of 2A24."""
    return [About(model=decode_text(data))]


def serial_number_events(data: bytes) -> list[InstrumentEvent]:
    """Return the serial number, of 2A25."""
    return [About(serial_number=decode_text(data))]


def firmware_events(data: bytes) -> list[InstrumentEvent]:
    """Return the firmware's version, of 2A26."""
    return [About(firmware=decode_text(data))]


def battery_events(data: bytes) -> list[InstrumentEvent]:
    """Return the charge, of 2A19."""
    return [decode_battery(data)]
