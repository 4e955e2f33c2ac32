"""Blood pressure: the measurement (2A35), the cuff while it works (2A36) and what a cuff can tell (2A49).

Source: GATT Specification Supplement, sections Blood Pressure Measurement, Intermediate Cuff Pressure, Blood Pressure
Feature; Blood Pressure Service 1.1.1, section 3.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import IntFlag
from types import MappingProxyType
from typing import Final

from edge.codecs.gatt.date_time import read_date_time
from edge.codecs.gatt.reader import Reader
from edge.codecs.gatt.units import mmhg_of_kpa
from edge.codecs.instrument import DeviceTime, Failed, InstrumentEvent, Live, Taken, Trouble
from wire.entries import Flag, VitalKind

_KPA: Final = 0x01
_TIME: Final = 0x02
_PULSE: Final = 0x04
_USER: Final = 0x08
_STATUS: Final = 0x10
_UNKNOWN_USER: Final = 0xFF


class PressureStatus(IntFlag):
    """Measurement Status: what the cuff noticed. Both pulse bits together are reserved."""

    MOTION = 0x01
    CUFF_LOOSE = 0x02
    IRREGULAR_PULSE = 0x04
    PULSE_TOO_FAST = 0x08
    PULSE_TOO_SLOW = 0x10
    WRONG_POSITION = 0x20


class PressureFeature(IntFlag):
    """Blood Pressure Feature: what a cuff is able to notice, and how many stations it remembers."""

    MOTION = 0x01
    CUFF_FIT = 0x02
    IRREGULAR_PULSE = 0x04
    PULSE_RANGE = 0x08
    POSITION = 0x10
    MULTIPLE_BONDS = 0x20
    CHECKSUM = 0x40
    USER_DATA = 0x80
    USER_FACING_TIME = 0x100


_FLAGS: Final = MappingProxyType(
    {
        PressureStatus.MOTION: Flag.MOTION,
        PressureStatus.CUFF_LOOSE: Flag.CUFF_LOOSE,
        PressureStatus.IRREGULAR_PULSE: Flag.IRREGULAR_PULSE,
        PressureStatus.WRONG_POSITION: Flag.WRONG_POSITION,
    }
)


@dataclass(frozen=True, slots=True)
class BloodPressure:
    """2A35, pressures in mm[Hg] whatever the device uses, pulse in /min; None where it has no value.

    `user` None: not told, or unknown (FF). `status` is empty when the device tells none.
    """

    systolic_mmhg: Decimal | None
    diastolic_mmhg: Decimal | None
    mean_mmhg: Decimal | None
    taken_at: DeviceTime | None
    has_pulse: bool
    pulse_bpm: Decimal | None
    user: int | None
    status: PressureStatus


@dataclass(frozen=True, slots=True)
class CuffPressure:
    """2A36, the pressure in the cuff now; the rest as in `BloodPressure`."""

    cuff_mmhg: Decimal | None
    taken_at: DeviceTime | None
    has_pulse: bool
    pulse_bpm: Decimal | None
    user: int | None
    status: PressureStatus


def decode_blood_pressure(data: bytes) -> BloodPressure:
    """Decode 2A35."""
    reader = Reader(data)
    flags = reader.uint8()
    systolic, diastolic, mean = (_pressure(reader, flags) for _ in range(3))
    return BloodPressure(
        systolic_mmhg=systolic,
        diastolic_mmhg=diastolic,
        mean_mmhg=mean,
        taken_at=read_date_time(reader) if flags & _TIME else None,
        has_pulse=bool(flags & _PULSE),
        pulse_bpm=reader.sfloat() if flags & _PULSE else None,
        user=_user(reader, flags),
        status=PressureStatus(reader.uint16() if flags & _STATUS else 0),
    )


def decode_cuff_pressure(data: bytes) -> CuffPressure:
    """Decode 2A36: laid out like 2A35, with diastolic and mean unused."""
    whole = decode_blood_pressure(data)
    return CuffPressure(
        cuff_mmhg=whole.systolic_mmhg,
        taken_at=whole.taken_at,
        has_pulse=whole.has_pulse,
        pulse_bpm=whole.pulse_bpm,
        user=whole.user,
        status=whole.status,
    )


def decode_pressure_feature(data: bytes) -> PressureFeature:
    """Decode 2A49."""
    return PressureFeature(Reader(data).uint16())


def blood_pressure_events(data: bytes) -> list[InstrumentEvent]:
    """Return a measurement, or a failure where neither systolic nor diastolic has a value (Service, section 3.1.1)."""
    told = decode_blood_pressure(data)
    if told.systolic_mmhg is None and told.diastolic_mmhg is None:
        return [Failed(VitalKind.BLOOD_PRESSURE, _trouble(told.status), data)]
    values = {
        "systolic-pressure": told.systolic_mmhg,
        "diastolic-pressure": told.diastolic_mmhg,
        "mean-arterial-pressure": told.mean_mmhg,
    }
    if told.has_pulse:
        values["pulse-rate"] = told.pulse_bpm
    return [
        Taken(
            kind=VitalKind.BLOOD_PRESSURE,
            values=values,
            raw=data,
            flags=_flags(told.status),
            taken_at=told.taken_at,
            user=told.user,
        )
    ]


def cuff_pressure_events(data: bytes) -> list[InstrumentEvent]:
    """Return how the running measurement stands."""
    told = decode_cuff_pressure(data)
    values = {"cuff-pressure": told.cuff_mmhg}
    if told.has_pulse:
        values["pulse-rate"] = told.pulse_bpm
    return [Live(VitalKind.BLOOD_PRESSURE, values, flags=_flags(told.status))]


def pressure_feature_events(data: bytes) -> list[InstrumentEvent]:
    """Return nothing: what a cuff could notice is no news to the cabin."""
    decode_pressure_feature(data)
    return []


def _pressure(reader: Reader, flags: int) -> Decimal | None:
    value = reader.sfloat()
    return mmhg_of_kpa(value) if flags & _KPA else value


def _user(reader: Reader, flags: int) -> int | None:
    user = reader.uint8() if flags & _USER else _UNKNOWN_USER
    return None if user == _UNKNOWN_USER else user


def _flags(status: PressureStatus) -> frozenset[Flag]:
    found = {flag for bit, flag in _FLAGS.items() if bit & status}
    pulse = status & (PressureStatus.PULSE_TOO_FAST | PressureStatus.PULSE_TOO_SLOW)
    if pulse in {PressureStatus.PULSE_TOO_FAST, PressureStatus.PULSE_TOO_SLOW}:
        found.add(Flag.PULSE_OUT_OF_RANGE)
    return frozenset(found)


def _trouble(status: PressureStatus) -> Trouble:
    """Choose what the person can most easily put right; a cuff that says nothing found no pulse."""
    if status & PressureStatus.CUFF_LOOSE:
        return Trouble.CUFF_LOOSE
    return Trouble.MOTION if status & PressureStatus.MOTION else Trouble.NO_PULSE
