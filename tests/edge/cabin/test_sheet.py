"""The sheet: values, doubts and what is kept."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from edge.cabin.rules.readings import Reading
from edge.cabin.sheet import Facts, body_mass_index, make_sheet
from edge.cabin.view import NewsView, SheetView, Trouble
from tests.edge.cabin.sayings import read, read_pressure
from wire.entries import ConsentScope, Flag, VitalKind

BP, SPO2, KG, CM, BEAT, CEL = (
    VitalKind.BLOOD_PRESSURE,
    VitalKind.OXYGEN,
    VitalKind.WEIGHT,
    VitalKind.HEIGHT,
    VitalKind.HEART_RATE,
    VitalKind.TEMPERATURE,
)


def sheet(*readings: Reading, skipped: Sequence[VitalKind] = (), **more: object) -> SheetView:
    by_kind: dict[VitalKind, list[Reading]] = {}
    for reading in readings:
        by_kind.setdefault(reading.kind, []).append(reading)
    facts = {"kept": ConsentScope.KEEP, **more}
    return make_sheet(Facts(at_ms=5, readings=by_kind, skipped=skipped, **facts))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kg", "cm", "index"),
    [("61.5", "163", "23.1"), ("80", "200", "20.0"), ("2", "250", None), ("300", "40", None)],
)
def test_the_body_mass_index(kg: str, cm: str, index: str | None) -> None:
    found = body_mass_index(Decimal(kg), Decimal(cm))
    assert found == (None if index is None else Decimal(index))


def test_the_index_stands_with_the_weight_when_both_are_known() -> None:
    both = sheet(read(CM, {Flag.MANUAL}, body_height=163), read(KG, body_weight="61.5"))
    assert both.rows[1].values == {"body-weight": 61.5, "body-mass-index": 23.1}
    assert both.rows[0].flags == [Flag.MANUAL]
    alone = sheet(read(KG, body_weight="61.5"))
    assert alone.rows[0].values == {"body-weight": 61.5}


def test_an_index_that_nobody_has_is_not_shown() -> None:
    odd = sheet(read(CM, body_height=250), read(KG, body_weight=2))
    assert odd.rows[1].values == {"body-weight": 2.0}


def test_blood_pressure_shows_the_mean_and_where_it_came_from() -> None:
    (row,) = sheet(read_pressure(140, 90), read_pressure(135, 86, {Flag.IRREGULAR_PULSE})).rows
    assert row.values == {"systolic-pressure": 138.0, "diastolic-pressure": 88.0}
    assert row.flags == [Flag.IRREGULAR_PULSE]
    assert [reading.values["systolic-pressure"] for reading in row.readings] == [140.0, 135.0]
    assert not row.is_doubtful


def test_doubt_is_shown() -> None:
    (row,) = sheet(read(KG, {Flag.MOTION}, body_weight=60)).rows
    assert row.is_doubtful


def test_a_partial_score_says_what_is_missing() -> None:
    news = sheet(
        read(SPO2, oxygen_saturation=93, pulse_rate=112), read_pressure(104, 70), read_pressure(106, 70)
    ).news2
    assert news == NewsView(
        at_least=5,
        missing=["respiration-rate", "supplemental-oxygen", "consciousness", "body-temperature"],
        is_high=True,
    )


def test_without_any_of_its_signs_there_is_no_score() -> None:
    assert sheet(read(KG, body_weight=60)).news2 is None


@pytest.mark.parametrize(
    ("others", "at_least"),
    [
        ([read(BEAT, pulse_rate=72), read(SPO2, oxygen_saturation=98, pulse_rate=95)], 0),
        ([read(SPO2, oxygen_saturation=98, pulse_rate=95)], 1),
        ([], 2),
    ],
)
def test_the_best_pulse_counts(others: list[Reading], at_least: int) -> None:
    cuffs = [read(BP, systolic_pressure=120, diastolic_pressure=80, pulse_rate=120)] * 2
    news = sheet(*cuffs, *others).news2
    assert news is not None
    assert news.at_least == at_least
    assert "pulse-rate" not in news.missing


def test_a_low_temperature_alone_is_high() -> None:
    news = sheet(read(CEL, body_temperature="34.9")).news2
    assert news is not None
    assert (news.at_least, news.is_high) == (3, True)


def test_an_instrument_whose_calibration_is_overdue_is_named_with_its_row() -> None:
    rows = sheet(
        read(KG, body_weight=60), read(CEL, body_temperature=37), overdue=frozenset({"weight-1"})
    ).rows
    assert [row.calibration_overdue for row in rows] == [True, False]


def test_the_sheet_tells_what_became_of_it() -> None:
    told = sheet(skipped=[BP, KG])
    assert (told.at_ms, told.rows, told.skipped) == (5, [], [BP, KG])
    assert (told.kept, told.is_withdrawn, told.trouble) == (ConsentScope.KEEP, False, None)
    withdrawn = sheet(kept=None, is_withdrawn=True)
    assert (withdrawn.kept, withdrawn.is_withdrawn) == (None, True)
    assert sheet(kept=None, is_refused=True).trouble is Trouble.NOT_RECORDED
