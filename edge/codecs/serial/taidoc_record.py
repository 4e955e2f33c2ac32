"""The newest record of a TaiDoc meter: what it says, and whether it can be the present person's.

Published (glucometer-protocols, "TaiDoc TD-42xx"; the command tables of readers of TaiDoc's meters): the value of glucose
is mg/dL in two bytes, low byte first; the fourth byte has the kind of strip in bits 2-5 (0 glucose, others ketone, uric acid
...) and the meal in bits 6-7 (3: control solution). Of blood pressure: systolic, (mean), diastolic, pulse; a pulse of 3 or
less is an error code. In the time of a blood pressure record the minute has bit 7 set, and bit 6 as well as bits 5 and 6 of
the hour tell an irregular pulse.
Assumed: the second byte of a blood pressure is the mean when it lies between the two; glucose below 20 or above 600 mg/dL is
the meter's "Lo" or "Hi", and no value.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from edge.codecs.instrument import Failed, InstrumentEvent, Taken, Trouble
from edge.codecs.serial.taidoc_frames import Frame, decode_time, minutes
from wire.entries import Flag, VitalKind

MG_PER_MMOL: Final = Decimal("18.0156")
"""mg/dL of glucose in one mmol/L."""
LOWEST_MG: Final = 20
HIGHEST_MG: Final = 600
MAX_ERROR_CODE: Final = 3
_TENTH: Final = Decimal("0.1")
_CONTROL: Final = 3
_MINUTE_MS: Final = 60_000


@dataclass(frozen=True, slots=True)
class Record:
    """The newest of `count` records, as the meter sent it."""

    count: int
    stamp: Frame
    value: Frame


def is_newer(record: Record, clock: Frame, elapsed_ms: int) -> bool:
    """Tell whether the record was certainly made in the last `elapsed_ms`, by the meter's own `clock` (whole minutes).

    No other clock is asked: a meter's may be wrong by years and still tell how long ago something was.
    """
    age = _age_minutes(record, clock)
    return age is not None and age >= 0 and (age + 1) * _MINUTE_MS <= elapsed_ms


def is_older(record: Record, clock: Frame, elapsed_ms: int) -> bool:
    """Tell whether the record was certainly made before the last `elapsed_ms`."""
    age = _age_minutes(record, clock)
    return age is not None and (age - 1) * _MINUTE_MS > elapsed_ms


def read(kind: VitalKind, record: Record) -> list[InstrumentEvent]:
    """Return what the record says; nothing for a control solution or another kind of strip."""
    return _read_pressure(record) if kind is VitalKind.BLOOD_PRESSURE else _read_glucose(record)


def _age_minutes(record: Record, clock: Frame) -> int | None:
    now, then = decode_time(clock.data), decode_time(record.stamp.data)
    if now is None or then is None:
        return None
    now_minutes, then_minutes = minutes(now), minutes(then)
    return None if now_minutes is None or then_minutes is None else now_minutes - then_minutes


def _read_glucose(record: Record) -> list[InstrumentEvent]:
    data = record.value.data
    if data[3] >> 6 == _CONTROL or data[3] >> 2 & 0x0F:
        return []
    said_mg = int.from_bytes(data[:2], "little")
    glucose = None
    if LOWEST_MG <= said_mg <= HIGHEST_MG:
        glucose = (Decimal(said_mg) / MG_PER_MMOL).quantize(_TENTH, ROUND_HALF_UP)
    return [
        Taken(
            VitalKind.GLUCOSE,
            {"glucose": glucose},
            record.stamp.raw + record.value.raw,
            taken_at=decode_time(record.stamp.data),
            sequence=record.count,
        )
    ]


def _read_pressure(record: Record) -> list[InstrumentEvent]:
    systolic, mean, diastolic, pulse = record.value.data
    raw = record.stamp.raw + record.value.raw
    if pulse <= MAX_ERROR_CODE or not systolic or not diastolic:
        return [Failed(VitalKind.BLOOD_PRESSURE, Trouble.BROKEN, raw)]
    is_irregular = bool(record.stamp.data[2] & 0x40 or record.stamp.data[3] & 0x60)
    return [
        Taken(
            VitalKind.BLOOD_PRESSURE,
            {
                "systolic-pressure": Decimal(systolic),
                "diastolic-pressure": Decimal(diastolic),
                "mean-arterial-pressure": Decimal(mean) if diastolic < mean < systolic else None,
                "pulse-rate": Decimal(pulse),
            },
            raw,
            flags=frozenset({Flag.IRREGULAR_PULSE}) if is_irregular else frozenset(),
            taken_at=decode_time(record.stamp.data),
            sequence=record.count,
        )
    ]
