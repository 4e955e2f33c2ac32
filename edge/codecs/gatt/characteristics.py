"""The one table of the SIG's characteristics that a cabin uses: what each means, and what a driver does with it.

Source: Bluetooth Assigned Numbers, sections 3.4 (services) and 3.8 (characteristics).
"""

from collections.abc import Iterable
from types import MappingProxyType
from typing import Final

from edge.codecs.gatt.blood_pressure import (
    blood_pressure_events,
    cuff_pressure_events,
    pressure_feature_events,
)
from edge.codecs.gatt.body_composition import body_composition_events
from edge.codecs.gatt.date_time import encode_current_time, encode_date_time
from edge.codecs.gatt.device_information import (
    FIRMWARE,
    MANUFACTURER,
    MODEL,
    SERIAL_NUMBER,
    battery_events,
    firmware_events,
    manufacturer_events,
    model_events,
    serial_number_events,
)
from edge.codecs.gatt.errors import CodecError
from edge.codecs.gatt.glucose import glucose_events
from edge.codecs.gatt.glucose_context import glucose_context_events
from edge.codecs.gatt.heart_rate import heart_rate_events
from edge.codecs.gatt.oximetry import continuous_events, plx_features_events, spot_check_events
from edge.codecs.gatt.record_access import record_access_events
from edge.codecs.gatt.thermometer import settling_temperature_events, temperature_events
from edge.codecs.gatt.weight import weight_events
from edge.codecs.instrument import DamageReason, InstrumentEvent
from wire.entries import VitalKind

DATE_TIME: Final = 0x2A08
BATTERY_LEVEL: Final = 0x2A19
GLUCOSE: Final = 0x2A18
TEMPERATURE: Final = 0x2A1C
SETTLING_TEMPERATURE: Final = 0x2A1E
CURRENT_TIME: Final = 0x2A2B
GLUCOSE_CONTEXT: Final = 0x2A34
BLOOD_PRESSURE: Final = 0x2A35
CUFF_PRESSURE: Final = 0x2A36
HEART_RATE: Final = 0x2A37
PRESSURE_FEATURE: Final = 0x2A49
RECORD_ACCESS: Final = 0x2A52
SPOT_CHECK: Final = 0x2A5E
CONTINUOUS: Final = 0x2A5F
PLX_FEATURES: Final = 0x2A60
BODY_COMPOSITION: Final = 0x2A9C
WEIGHT: Final = 0x2A9D

SUBSCRIBED: Final = frozenset(
    {
        BLOOD_PRESSURE,
        BODY_COMPOSITION,
        CONTINUOUS,
        CUFF_PRESSURE,
        GLUCOSE,
        GLUCOSE_CONTEXT,
        HEART_RATE,
        RECORD_ACCESS,
        SETTLING_TEMPERATURE,
        SPOT_CHECK,
        TEMPERATURE,
        WEIGHT,
    }
)
"""What a driver listens to, by indication or notification as the device offers it."""

READ_ONCE: Final = frozenset({BATTERY_LEVEL, FIRMWARE, MANUFACTURER, MODEL, SERIAL_NUMBER})
"""What a driver reads after it has connected."""

CLOCKS: Final = MappingProxyType({DATE_TIME: encode_date_time, CURRENT_TIME: encode_current_time})
"""Where a driver writes the time, where that can be written, and how."""

_BASE: Final = "-0000-1000-8000-00805f9b34fb"
_HEX: Final = frozenset("0123456789abcdef")
_LARGEST: Final = 0xFFFF
_SHORT: Final = 4
_LONG: Final = 8

_KINDS: Final = MappingProxyType(
    {
        0x1808: VitalKind.GLUCOSE,
        0x1809: VitalKind.TEMPERATURE,
        0x180D: VitalKind.HEART_RATE,
        0x1810: VitalKind.BLOOD_PRESSURE,
        0x181B: VitalKind.WEIGHT,
        0x181D: VitalKind.WEIGHT,
        0x1822: VitalKind.OXYGEN,
    }
)

_EVENTS: Final = MappingProxyType(
    {
        BATTERY_LEVEL: battery_events,
        BLOOD_PRESSURE: blood_pressure_events,
        BODY_COMPOSITION: body_composition_events,
        CONTINUOUS: continuous_events,
        CUFF_PRESSURE: cuff_pressure_events,
        FIRMWARE: firmware_events,
        GLUCOSE: glucose_events,
        GLUCOSE_CONTEXT: glucose_context_events,
        HEART_RATE: heart_rate_events,
        MANUFACTURER: manufacturer_events,
        MODEL: model_events,
        PLX_FEATURES: plx_features_events,
        PRESSURE_FEATURE: pressure_feature_events,
        RECORD_ACCESS: record_access_events,
        SERIAL_NUMBER: serial_number_events,
        SETTLING_TEMPERATURE: settling_temperature_events,
        SPOT_CHECK: spot_check_events,
        TEMPERATURE: temperature_events,
        WEIGHT: weight_events,
    }
)


def number_of(uuid: str | int) -> int | None:
    """Return the SIG's 16-bit number of a UUID given as number, `2a35`, or in full; None for a maker's own."""
    if isinstance(uuid, int):
        return uuid if 0 <= uuid <= _LARGEST else None
    text = uuid.lower().removesuffix(_BASE)
    if len(text) == _LONG and text.startswith("0000"):
        text = text[_SHORT:]
    return int(text, 16) if len(text) == _SHORT and _HEX.issuperset(text) else None


def kinds_of(services: Iterable[str | int]) -> frozenset[VitalKind]:
    """Return what a device with these services measures; services that are no measurement count nothing."""
    numbers = (number_of(service) for service in services)
    return frozenset(_KINDS[number] for number in numbers if number is not None and number in _KINDS)


def events_of(characteristic: str | int, data: bytes) -> list[InstrumentEvent]:
    """Return what the value of a characteristic says, each by itself (`Joiner` puts together what comes in parts).

    CodecError for a value that is not as specified, and for a characteristic that is not in this table.
    """
    number = number_of(characteristic)
    if number is None or number not in _EVENTS:
        raise CodecError(DamageReason.UNKNOWN, len(data))
    return _EVENTS[number](data)
