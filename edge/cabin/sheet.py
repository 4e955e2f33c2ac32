"""The result sheet: what was measured, what came of it, what is kept. It names values and doubts, never an illness."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from edge.cabin import news2
from edge.cabin.rules.readings import Reading, is_plausible, rounded, shown
from edge.cabin.rules.series import Result, result_of
from edge.cabin.view import NewsView, ReadingView, RowView, SheetView, Trouble
from wire.entries import ConsentScope, VitalKind

BMI: Final = "body-mass-index"
_CM_PER_M: Final = 100
_PULSE_FROM: Final = (VitalKind.HEART_RATE, VitalKind.OXYGEN, VitalKind.BLOOD_PRESSURE)
"""Whose pulse counts for the score: the instrument made for it first, the cuff's moment of inflation last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the sheet is made of; `readings` by kind in the order of the session, at least one each.

    `kept` is what is on disk in full; `is_refused`: for want of space something could not be kept (or deleted).
    `overdue` names the instruments whose calibration should have been renewed.
    """

    at_ms: int
    readings: Mapping[VitalKind, Sequence[Reading]]
    skipped: Sequence[VitalKind]
    kept: ConsentScope | None
    is_withdrawn: bool = False
    is_refused: bool = False
    overdue: frozenset[str] = frozenset()


def make_sheet(facts: Facts) -> SheetView:
    """Return the sheet of one session."""
    results = {kind: result_of(kind, readings) for kind, readings in facts.readings.items()}
    return SheetView(
        at_ms=facts.at_ms,
        rows=[_row(kind, facts, results) for kind in results],
        skipped=list(facts.skipped),
        news2=_news(results),
        kept=facts.kept,
        is_withdrawn=facts.is_withdrawn,
        trouble=Trouble.NOT_RECORDED if facts.is_refused else None,
    )


def body_mass_index(weight_kg: Decimal, height_cm: Decimal) -> Decimal | None:
    """Return kg/m2 of what the person weighs and measures, to a tenth; None where it cannot be true of anybody."""
    height_m = height_cm / _CM_PER_M
    index = rounded(BMI, weight_kg / (height_m * height_m))
    return index if is_plausible(BMI, index) else None


def reading_view(reading: Reading) -> ReadingView:
    """Return one reading as the screen has it."""
    return ReadingView(values=shown(reading.values), flags=sorted(reading.flags))


def _row(kind: VitalKind, facts: Facts, results: Mapping[VitalKind, Result]) -> RowView:
    result, readings = results[kind], facts.readings[kind]
    values = dict(result.values)
    height = results.get(VitalKind.HEIGHT)
    if kind is VitalKind.WEIGHT and height is not None:
        index = body_mass_index(values["body-weight"], height.values["body-height"])
        if index is not None:
            values[BMI] = index
    return RowView(
        kind=kind,
        values=shown(values),
        flags=sorted(result.flags),
        readings=[reading_view(reading) for reading in readings],
        is_doubtful=result.is_doubtful,
        calibration_overdue=any(reading.sensor in facts.overdue for reading in readings),
    )


def _news(results: Mapping[VitalKind, Result]) -> NewsView | None:
    """Return the partial NEWS2; a doubtful value counts too, since it only ever makes help be offered."""
    values = {name: value for result in results.values() for name, value in result.values.items()}
    for kind in reversed(_PULSE_FROM):
        if kind in results and news2.PULSE in results[kind].values:
            values[news2.PULSE] = results[kind].values[news2.PULSE]
    score = news2.partial_score(values)
    if score is None:
        return None
    return NewsView(at_least=score.at_least, missing=list(score.missing), is_high=score.is_high)
