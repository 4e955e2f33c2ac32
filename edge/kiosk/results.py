"""A result sheet in words: one `Result` a row, as people read it; the paper and the phone's code are made from these."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from types import MappingProxyType
from typing import Final

from edge.cabin.rules.readings import REQUIRED
from edge.cabin.view import RowView, SheetView
from edge.kiosk.words import Words
from wire.entries import Flag
from wire.measures import MEASURES

VIETNAM: Final = timezone(timedelta(hours=7))
"""Asia/Ho_Chi_Minh: one offset all the year, since 1975."""

_DECIMALS: Final = MappingProxyType(
    {"body-temperature": 1, "body-weight": 1, "body-fat": 1, "body-mass-index": 1, "glucose": 1}
)
"""Digits that a device of its kind truly knows; everything else is whole."""
_UNSAID: Final = frozenset({Flag.UNTIMED})
"""True, kept, and of no use to the person."""


@dataclass(frozen=True, slots=True)
class Result:
    """One row: what was measured, its value with its unit, what came along with it, and what limits the trust in it."""

    label: str
    value: str
    unit: str
    extras: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def results(sheet: SheetView, words: Words) -> list[Result]:
    """Return the rows of a sheet in its own order."""
    return [_result(row, words) for row in sheet.rows]


def date_and_time(at_ms: int) -> str:
    """Return a moment as people in Vietnam write it; `at_ms` is ms since 1970 UTC."""
    return datetime.fromtimestamp(at_ms / 1000, VIETNAM).strftime("%d/%m/%Y %H:%M")


def _result(row: RowView, words: Words) -> Result:
    main = REQUIRED[row.kind]
    notes = [words.flags[flag] for flag in row.flags if flag not in _UNSAID]
    if row.is_doubtful:
        notes.append(words.doubtful)
    if row.calibration_overdue:
        notes.append(words.calibration_overdue)
    return Result(
        label=words.kinds[row.kind],
        value="/".join(_number(row.values, name, words) for name in main),
        unit=words.units[MEASURES[main[0]].unit],
        extras=tuple(_extras(row, words)),
        notes=tuple(notes),
    )


def _extras(row: RowView, words: Words) -> list[str]:
    """Return the other values that mean something to a person."""
    names = {
        "pulse-rate": words.pulse,
        "body-fat": words.body_fat,
        "body-mass-index": words.body_mass_index,
    }
    return [
        f"{name}: {_number(row.values, measure, words)} {words.units[MEASURES[measure].unit]}"
        for measure, name in names.items()
        if measure in row.values and measure not in REQUIRED[row.kind]
    ]


def _number(values: Mapping[str, float], measure: str, words: Words) -> str:
    """Return one value; what the device did not tell is a dash, never a number."""
    if measure not in values:
        return "---"
    return f"{values[measure]:.{_DECIMALS.get(measure, 0)}f}".replace(".", words.decimal)
