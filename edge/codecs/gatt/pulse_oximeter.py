"""Pulse oximetry: one finished measurement (2A5E), the stream (2A5F), and what an oximeter can tell (2A60).

Source: GATT Specification Supplement, sections PLX Spot-Check Measurement, PLX Continuous Measurement, PLX Features.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import IntFlag
from typing import Final

from edge.codecs.gatt.date_time import read_date_time
from edge.codecs.gatt.reader import Reader
from edge.codecs.instrument import DeviceTime

_SPOT_TIME: Final = 0x01
_SPOT_STATUS: Final = 0x02
_SPOT_DEVICE: Final = 0x04
_SPOT_AMPLITUDE: Final = 0x08
_SPOT_CLOCK_UNSET: Final = 0x10
_STREAM_FAST: Final = 0x01
_STREAM_SLOW: Final = 0x02
_STREAM_STATUS: Final = 0x04
_STREAM_DEVICE: Final = 0x08
_STREAM_AMPLITUDE: Final = 0x10


class PlxStatus(IntFlag):
    """Measurement Status: what kind of data this is. Bits 0 to 4 are reserved."""

    ONGOING = 1 << 5
    EARLY_ESTIMATE = 1 << 6
    VALIDATED = 1 << 7
    FULLY_QUALIFIED = 1 << 8
    FROM_STORAGE = 1 << 9
    DEMONSTRATION = 1 << 10
    TESTING = 1 << 11
    CALIBRATION_ONGOING = 1 << 12
    UNAVAILABLE = 1 << 13
    QUESTIONABLE = 1 << 14
    INVALID = 1 << 15


class PlxDeviceStatus(IntFlag):
    """Device and Sensor Status: what hinders the oximeter. Bits 16 to 23 are reserved."""

    DISPLAY_UPDATE_EXTENDED = 1 << 0
    EQUIPMENT_MALFUNCTION = 1 << 1
    PROCESSING_IRREGULARITY = 1 << 2
    INADEQUATE_SIGNAL = 1 << 3
    POOR_SIGNAL = 1 << 4
    LOW_PERFUSION = 1 << 5
    ERRATIC_SIGNAL = 1 << 6
    NONPULSATILE_SIGNAL = 1 << 7
    QUESTIONABLE_PULSE = 1 << 8
    ANALYSIS_ONGOING = 1 << 9
    INTERFERENCE = 1 << 10
    SENSOR_OFF_USER = 1 << 11
    UNKNOWN_SENSOR = 1 << 12
    SENSOR_DISPLACED = 1 << 13
    SENSOR_MALFUNCTION = 1 << 14
    SENSOR_DISCONNECTED = 1 << 15


class PlxFeature(IntFlag):
    """Supported Features."""

    STATUS = 1 << 0
    DEVICE_STATUS = 1 << 1
    STORAGE = 1 << 2
    TIME = 1 << 3
    FAST = 1 << 4
    SLOW = 1 << 5
    AMPLITUDE = 1 << 6
    MULTIPLE_BONDS = 1 << 7


@dataclass(frozen=True, slots=True)
class Saturation:
    """Oxygen saturation in % and pulse in /min, over one of the oximeter's averaging times."""

    saturation_percent: Decimal | None
    pulse_bpm: Decimal | None


@dataclass(frozen=True, slots=True)
class SpotCheck:
    """2A5E. `taken_at` is None also when the oximeter says that its clock was never set.

    Statuses are empty when not told; `has_amplitude` tells whether it measures the pulse amplitude (in %) at all.
    """

    normal: Saturation
    taken_at: DeviceTime | None
    status: PlxStatus
    device_status: PlxDeviceStatus
    has_amplitude: bool
    amplitude_percent: Decimal | None


@dataclass(frozen=True, slots=True)
class Continuous:
    """2A5F; `fast` and `slow` None: not told. The rest as in `SpotCheck`."""

    normal: Saturation
    fast: Saturation | None
    slow: Saturation | None
    status: PlxStatus
    device_status: PlxDeviceStatus
    has_amplitude: bool
    amplitude_percent: Decimal | None


@dataclass(frozen=True, slots=True)
class PlxFeatures:
    """2A60: which bits of the two statuses the oximeter ever sets; None: it does not tell that status."""

    features: PlxFeature
    status: PlxStatus | None
    device_status: PlxDeviceStatus | None


def decode_spot_check(data: bytes) -> SpotCheck:
    """Decode 2A5E."""
    reader = Reader(data)
    flags = reader.uint8()
    normal = _saturation(reader)
    taken_at = read_date_time(reader) if flags & _SPOT_TIME else None
    return SpotCheck(
        normal=normal,
        taken_at=None if flags & _SPOT_CLOCK_UNSET else taken_at,
        status=PlxStatus(reader.uint16() if flags & _SPOT_STATUS else 0),
        device_status=PlxDeviceStatus(reader.uint24() if flags & _SPOT_DEVICE else 0),
        has_amplitude=bool(flags & _SPOT_AMPLITUDE),
        amplitude_percent=reader.sfloat() if flags & _SPOT_AMPLITUDE else None,
    )


def decode_continuous(data: bytes) -> Continuous:
    """Decode 2A5F."""
    reader = Reader(data)
    flags = reader.uint8()
    return Continuous(
        normal=_saturation(reader),
        fast=_saturation(reader) if flags & _STREAM_FAST else None,
        slow=_saturation(reader) if flags & _STREAM_SLOW else None,
        status=PlxStatus(reader.uint16() if flags & _STREAM_STATUS else 0),
        device_status=PlxDeviceStatus(reader.uint24() if flags & _STREAM_DEVICE else 0),
        has_amplitude=bool(flags & _STREAM_AMPLITUDE),
        amplitude_percent=reader.sfloat() if flags & _STREAM_AMPLITUDE else None,
    )


def decode_plx_features(data: bytes) -> PlxFeatures:
    """Decode 2A60."""
    reader = Reader(data)
    features = PlxFeature(reader.uint16())
    return PlxFeatures(
        features=features,
        status=PlxStatus(reader.uint16()) if features & PlxFeature.STATUS else None,
        device_status=(PlxDeviceStatus(reader.uint24()) if features & PlxFeature.DEVICE_STATUS else None),
    )


def _saturation(reader: Reader) -> Saturation:
    return Saturation(reader.sfloat(), reader.sfloat())
