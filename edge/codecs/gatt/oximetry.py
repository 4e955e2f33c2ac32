"""What an oximeter's frames mean for a person's measurement."""

from decimal import Decimal
from typing import Final

from edge.codecs.gatt.pulse_oximeter import (
    Continuous,
    PlxDeviceStatus,
    PlxStatus,
    SpotCheck,
    decode_continuous,
    decode_plx_features,
    decode_spot_check,
)
from edge.codecs.instrument import Failed, InstrumentEvent, Live, Taken, Trouble
from wire.entries import Flag, VitalKind

_NOBODYS: Final = PlxStatus.DEMONSTRATION | PlxStatus.TESTING
"""Made up by the oximeter, however well it looks."""
_WORTHLESS: Final = PlxStatus.UNAVAILABLE | PlxStatus.INVALID | PlxStatus.CALIBRATION_ONGOING
_UNFINISHED: Final = PlxStatus.ONGOING | PlxStatus.EARLY_ESTIMATE
_FINISHED: Final = PlxStatus.VALIDATED | PlxStatus.FULLY_QUALIFIED
_OFF: Final = PlxDeviceStatus.SENSOR_OFF_USER | PlxDeviceStatus.SENSOR_DISCONNECTED
_BROKEN: Final = (
    PlxDeviceStatus.EQUIPMENT_MALFUNCTION
    | PlxDeviceStatus.SENSOR_MALFUNCTION
    | PlxDeviceStatus.UNKNOWN_SENSOR
)
_WEAK: Final = (
    PlxDeviceStatus.PROCESSING_IRREGULARITY
    | PlxDeviceStatus.INADEQUATE_SIGNAL
    | PlxDeviceStatus.POOR_SIGNAL
    | PlxDeviceStatus.LOW_PERFUSION
    | PlxDeviceStatus.ERRATIC_SIGNAL
    | PlxDeviceStatus.NONPULSATILE_SIGNAL
    | PlxDeviceStatus.QUESTIONABLE_PULSE
    | PlxDeviceStatus.INTERFERENCE
)


def spot_check_events(data: bytes) -> list[InstrumentEvent]:
    """Return a measurement; `Live` while the oximeter still estimates, `Failed` where it found nothing.

    A stored record tells nothing of now, so it is a measurement with a value and a time, or nothing: without a time it
    can be anybody's.
    """
    told = decode_spot_check(data)
    values, trouble = _values(told), _trouble(told)
    is_empty = values["oxygen-saturation"] is None
    if told.status & PlxStatus.FROM_STORAGE:
        return [] if trouble or is_empty or told.taken_at is None else [_taken(told, data)]
    if trouble:
        return [Failed(VitalKind.OXYGEN, trouble, data)]
    if told.status & _UNFINISHED and not told.status & _FINISHED:
        return [Live(VitalKind.OXYGEN, values, flags=_flags(told))]
    return [Failed(VitalKind.OXYGEN, Trouble.NO_PULSE, data) if is_empty else _taken(told, data)]


def continuous_events(data: bytes) -> list[InstrumentEvent]:
    """Return how things stand; values are None while the oximeter has none, `Failed` while it cannot have any."""
    told = decode_continuous(data)
    if trouble := _trouble(told):
        return [Failed(VitalKind.OXYGEN, trouble, data)]
    return [Live(VitalKind.OXYGEN, _values(told), flags=_flags(told))]


def plx_features_events(data: bytes) -> list[InstrumentEvent]:
    """Return nothing: what an oximeter could tell is no news to the cabin."""
    decode_plx_features(data)
    return []


def _taken(told: SpotCheck, data: bytes) -> Taken:
    return Taken(
        kind=VitalKind.OXYGEN,
        values=_values(told),
        raw=data,
        flags=_flags(told),
        taken_at=told.taken_at,
    )


def _values(told: SpotCheck | Continuous) -> dict[str, Decimal | None]:
    values = {
        "oxygen-saturation": told.normal.saturation_percent,
        "pulse-rate": told.normal.pulse_bpm,
    }
    if told.has_amplitude:
        values["perfusion-index"] = told.amplitude_percent
    return dict.fromkeys(values) if told.status & _WORTHLESS else values


def _trouble(told: SpotCheck | Continuous) -> Trouble | None:
    if told.status & _NOBODYS or told.device_status & _BROKEN:
        return Trouble.BROKEN
    return Trouble.PROBE_OFF if told.device_status & _OFF else None


def _flags(told: SpotCheck | Continuous) -> frozenset[Flag]:
    flags = set()
    if told.device_status & _WEAK or told.status & PlxStatus.QUESTIONABLE:
        flags.add(Flag.WEAK_SIGNAL)
    if told.device_status & PlxDeviceStatus.SENSOR_DISPLACED:
        flags.add(Flag.WRONG_POSITION)
    return frozenset(flags)
