"""What virtual health devices send: characteristics of the Bluetooth SIG, byte by byte, written from the specification.

An optional field is left out when its argument is None. Where a device has no value, give `NAN` (or `NRES`); where a
scale could not weigh, `UNSUCCESSFUL`. Units are those that the characteristic names, never converted.
"""

from collections.abc import Sequence
from typing import Final

from edge.codecs.instrument import DeviceTime
from tests.fakes.ble.encode import (
    NAN,
    Number,
    device_time,
    long_float,
    sfloat,
    steps,
    uint8,
    uint16,
    uint24,
)

UNSUCCESSFUL: Final = None
UNKNOWN_USER: Final = 0xFF


def blood_pressure(
    *,
    systolic: Number,
    diastolic: Number,
    mean: Number = NAN,
    kilopascal: bool = False,
    at: DeviceTime | None = None,
    pulse: Number | None = None,
    user: int | None = None,
    status: int | None = None,
) -> bytes:
    """2A35; `status`: 1 motion, 2 cuff loose, 4 irregular pulse, 8 too fast, 16 too slow, 32 wrong position."""
    flags = _bits(kilopascal, at is not None, pulse is not None, user is not None, status is not None)
    frame = uint8(flags) + sfloat(systolic) + sfloat(diastolic) + sfloat(mean)
    return frame + device_time(at) + sfloat(pulse) + uint8(user) + uint16(status)


def cuff_pressure(
    *,
    pressure: Number,
    kilopascal: bool = False,
    at: DeviceTime | None = None,
    pulse: Number | None = None,
    user: int | None = None,
    status: int | None = None,
) -> bytes:
    """2A36: a blood pressure measurement with two unused fields."""
    return blood_pressure(
        systolic=pressure,
        diastolic=NAN,
        kilopascal=kilopascal,
        at=at,
        pulse=pulse,
        user=user,
        status=status,
    )


def temperature(
    *,
    value: Number,
    fahrenheit: bool = False,
    at: DeviceTime | None = None,
    site: int | None = None,
) -> bytes:
    """2A1C (and 2A1E); `site`: 1 armpit, 2 body, 3 ear, 4 finger, 5 gut, 6 mouth, 7 rectum, 8 toe, 9 eardrum."""
    flags = _bits(fahrenheit, at is not None, site is not None)
    return uint8(flags) + long_float(value) + device_time(at) + uint8(site)


def plx_spot_check(
    *,
    saturation: Number,
    pulse: Number,
    at: DeviceTime | None = None,
    status: int | None = None,
    device_status: int | None = None,
    pulse_amplitude: Number | None = None,
    clock_unset: bool = False,
) -> bytes:
    """2A5E; for `status` and `device_status` see `PlxStatus` and `PlxDeviceStatus` of the codec."""
    flags = _bits(
        at is not None,
        status is not None,
        device_status is not None,
        pulse_amplitude is not None,
        clock_unset,
    )
    frame = uint8(flags) + sfloat(saturation) + sfloat(pulse) + device_time(at)
    return frame + uint16(status) + uint24(device_status) + sfloat(pulse_amplitude)


def plx_continuous(
    *,
    saturation: Number,
    pulse: Number,
    fast: tuple[Number, Number] | None = None,
    slow: tuple[Number, Number] | None = None,
    status: int | None = None,
    device_status: int | None = None,
    pulse_amplitude: Number | None = None,
) -> bytes:
    """2A5F; `fast` and `slow` are saturation and pulse once more, averaged shorter and longer."""
    flags = _bits(
        fast is not None,
        slow is not None,
        status is not None,
        device_status is not None,
        pulse_amplitude is not None,
    )
    frame = uint8(flags) + sfloat(saturation) + sfloat(pulse)
    for pair in (fast, slow):
        frame += b"".join(map(sfloat, pair or ()))
    return frame + uint16(status) + uint24(device_status) + sfloat(pulse_amplitude)


def weight(
    *,
    value: Number | None,
    imperial: bool = False,
    at: DeviceTime | None = None,
    user: int | None = None,
    index_and_height: tuple[Number, Number] | None = None,
) -> bytes:
    """2A9D: kg by 0.005 and m by 0.001, or lb by 0.01 and in by 0.1; body mass index by 0.1."""
    flags = _bits(imperial, at is not None, user is not None, index_and_height is not None)
    frame = uint8(flags) + steps(value, _weight_step(imperial)) + device_time(at) + uint8(user)
    if index_and_height is None:
        return frame
    index, height = index_and_height
    return frame + steps(index, "0.1") + steps(height, _height_step(imperial))


def body_composition(
    *,
    fat: Number | None,
    imperial: bool = False,
    at: DeviceTime | None = None,
    user: int | None = None,
    basal_metabolism: int | None = None,
    muscle_share: Number | None = None,
    muscle: Number | None = None,
    fat_free: Number | None = None,
    soft_lean: Number | None = None,
    water: Number | None = None,
    impedance: Number | None = None,
    weight: Number | None = None,
    height: Number | None = None,
    is_part: bool = False,
) -> bytes:
    """2A9C: shares in % by 0.1, basal metabolism in kJ, impedance in ohm by 0.1, masses and height as in `weight`."""
    mass, length = _weight_step(imperial), _height_step(imperial)
    fields = (
        (basal_metabolism, "1"),
        (muscle_share, "0.1"),
        (muscle, mass),
        (fat_free, mass),
        (soft_lean, mass),
        (water, mass),
        (impedance, "0.1"),
        (weight, mass),
        (height, length),
    )
    present = (value is not None for value, _ in fields)
    flags = _bits(imperial, at is not None, user is not None, *present, is_part)
    frame = uint16(flags) + steps(fat, "0.1") + device_time(at) + uint8(user)
    return frame + b"".join(steps(value, step) for value, step in fields if value is not None)


def heart_rate(
    *,
    rate: int,
    is_wide: bool = False,
    contact: bool | None = None,
    energy: int | None = None,
    intervals: Sequence[int] = (),
) -> bytes:
    """2A37: `rate` in 16 bits when `is_wide`; `contact` None: no such sensor; `energy` kJ; `intervals` by 1/1024 s."""
    flags = _bits(is_wide, contact is True, contact is not None, energy is not None, bool(intervals))
    frame = uint8(flags) + (uint16(rate) if is_wide else uint8(rate)) + uint16(energy)
    return frame + b"".join(map(uint16, intervals))


def glucose(
    *,
    sequence: int,
    at: DeviceTime,
    offset_min: int | None = None,
    concentration: Number | None = None,
    sample: int = 0x11,
    molar: bool = False,
    status: int | None = None,
    has_context: bool = False,
) -> bytes:
    """2A18: `concentration` in kg/L (100 mg/dL is 0.001) or mol/L; `sample`: type and, times 16, where it is from."""
    has_value = concentration is not None
    flags = _bits(offset_min is not None, has_value, molar, status is not None, has_context)
    frame = uint8(flags) + uint16(sequence) + device_time(at)
    if offset_min is not None:
        frame += offset_min.to_bytes(2, "little", signed=True)
    return frame + sfloat(concentration) + uint8(sample if has_value else None) + uint16(status)


def glucose_context(
    *,
    sequence: int,
    extended: int | None = None,
    carbohydrate: tuple[int, Number] | None = None,
    meal: int | None = None,
    tester_and_health: int | None = None,
    exercise: tuple[int, int] | None = None,
    medication: tuple[int, Number] | None = None,
    litres: bool = False,
    hba1c: Number | None = None,
) -> bytes:
    """2A34: `carbohydrate` kind and kg; `exercise` seconds and %; `medication` kind and kg, or `litres`; `hba1c` %."""
    flags = _bits(
        carbohydrate is not None,
        meal is not None,
        tester_and_health is not None,
        exercise is not None,
        medication is not None,
        litres,
        hba1c is not None,
        extended is not None,
    )
    frame = uint8(flags) + uint16(sequence) + uint8(extended) + _dose(carbohydrate)
    frame += uint8(meal) + uint8(tester_and_health)
    if exercise is not None:
        frame += uint16(exercise[0]) + uint8(exercise[1])
    return frame + _dose(medication) + sfloat(hba1c)


def record_count(count: int) -> bytes:
    """2A52, from the meter: so many records match."""
    return bytes((5, 0)) + uint16(count)


def record_answer(request: int, code: int = 1) -> bytes:
    """2A52, from the meter: request `request` is over; 1 success, 6 no records, 8 not completed."""
    return bytes((6, 0, request, code))


def date_time(at: DeviceTime) -> bytes:
    """2A08."""
    return device_time(at)


def current_time(at: DeviceTime, *, weekday: int = 0, fraction: int = 0, reason: int = 0) -> bytes:
    """2A2B: `weekday` 1 Monday to 7, 0 unknown; `fraction` by 1/256 s."""
    return device_time(at) + bytes((weekday, fraction, reason))


def _bits(*present: bool) -> int:
    return sum(bit << place for place, bit in enumerate(present))


def _weight_step(imperial: bool) -> str:  # noqa: FBT001  # a device's unit, private
    return "0.01" if imperial else "0.005"


def _height_step(imperial: bool) -> str:  # noqa: FBT001  # a device's unit, private
    return "0.1" if imperial else "0.001"


def _dose(dose: tuple[int, Number] | None) -> bytes:
    return b"" if dose is None else uint8(dose[0]) + sfloat(dose[1])
