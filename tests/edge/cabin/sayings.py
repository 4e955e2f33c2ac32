"""What the instruments of an invented person say."""

from collections.abc import Iterable
from decimal import Decimal

from edge.cabin.rules.readings import Reading
from edge.codecs.instrument import DeviceTime, Live, Taken
from wire.entries import Flag, VitalKind

NOON = DeviceTime(2026, 11, 22, 12, 0, 0)


def number(value: str | int | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def pressure(
    systolic: str | int | None = 132,
    diastolic: str | int | None = 84,
    pulse: str | int | None = 76,
    flags: Iterable[Flag] = (),
    taken_at: DeviceTime | None = None,
) -> Taken:
    values = {
        "systolic-pressure": number(systolic),
        "diastolic-pressure": number(diastolic),
        "pulse-rate": number(pulse),
    }
    return Taken(VitalKind.BLOOD_PRESSURE, values, b"\x1e\x8a", frozenset(flags), taken_at)


def taken(kind: VitalKind, flags: Iterable[Flag] = (), **values: str | int | None) -> Taken:
    """`taken(VitalKind.WEIGHT, body_weight="61.5")`"""
    named = {name.replace("_", "-"): number(value) for name, value in values.items()}
    return Taken(kind, named, b"\x01\x02", frozenset(flags))


def weight(kg: str | int | None = "61.5", flags: Iterable[Flag] = ()) -> Taken:
    return taken(VitalKind.WEIGHT, flags, body_weight=kg)


def warmth(cel: str | int | None = "36.7", flags: Iterable[Flag] = ()) -> Taken:
    return taken(VitalKind.TEMPERATURE, flags, body_temperature=cel)


def live(
    kind: VitalKind, signal: str | None = None, flags: Iterable[Flag] = (), **values: str | int | None
) -> Live:
    named = {name.replace("_", "-"): number(value) for name, value in values.items()}
    return Live(kind, named, number(signal), None, frozenset(flags))


def finger(
    spo2: str | int | None = 97,
    pulse: str | int | None = 72,
    signal: str | None = "0.9",
    flags: Iterable[Flag] = (),
) -> Live:
    return live(VitalKind.OXYGEN, signal, flags, oxygen_saturation=spo2, pulse_rate=pulse)


def cuff(mmhg: int) -> Live:
    return live(VitalKind.BLOOD_PRESSURE, cuff_pressure=mmhg)


def read_pressure(systolic: str | int, diastolic: str | int, flags: Iterable[Flag] = ()) -> Reading:
    """A reading of blood pressure that was judged already."""
    values = {"systolic-pressure": Decimal(systolic), "diastolic-pressure": Decimal(diastolic)}
    return Reading(
        kind=VitalKind.BLOOD_PRESSURE, values=values, flags=frozenset(flags), sensor="blood-pressure-1"
    )


def read(kind: VitalKind, flags: Iterable[Flag] = (), **values: str | int) -> Reading:
    named = {name.replace("_", "-"): Decimal(value) for name, value in values.items()}
    return Reading(kind=kind, values=named, flags=frozenset(flags), sensor=f"{kind.value}-1")
