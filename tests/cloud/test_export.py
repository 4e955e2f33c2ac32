"""What leaves the house as FHIR: only with a consent that holds, and never without a word in the audit log."""

import json
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from fhir.resources.R4B.bundle import Bundle

from cloud import export as export_module
from cloud.export import ACTION, Exported, ExportError, Span, choose, export
from cloud.store import audit, retention
from cloud.store.engine import Store
from tests.cloud.cabin import KEEP_MS, OTHER, SESSION, bring, consent, measured, temperature, withdrawal
from tests.cloud.samples import NOW_MS
from wire.entries import ConsentScope, VitalKind

EVER = Span(since_ms=0, until_ms=NOW_MS + 1)


def exported(
    store: Store, chosen: str | Span = EVER, *, now_ms: int = NOW_MS, shared_only: bool = False
) -> tuple[list[Any], Exported]:
    """Return what was written, line by line, and what is told of it."""
    written: list[bytes] = []
    told = export(store, chosen, written.append, actor="operator", now_ms=now_ms, shared_only=shared_only)
    return [json.loads(line) for line in b"".join(written).splitlines()], told


def audited(store: Store) -> list[tuple[str, str, str, dict[str, Any]]]:
    with store.reading() as connection:
        return [
            (row.actor, row.action, row.subject, msgspec.json.decode(row.detail))
            for row in audit.entries(connection, 0, 100)
        ]


def subject_of(line: Any) -> str:
    value = line["entry"][0]["resource"]["subject"]["identifier"]["value"]
    assert isinstance(value, str)
    return value


def test_one_session_is_one_bundle_that_others_can_read(store: Store) -> None:
    pressures = {"systolic-pressure": 132.0, "diastolic-pressure": 84.0, "pulse-rate": 71.0}
    cuff = measured(VitalKind.BLOOD_PRESSURE, pressures, number=2)
    bring(store, consent(), temperature(), cuff)
    lines, told = exported(store, SESSION)
    assert told == Exported(1, 3)
    (line,) = lines
    assert Bundle.model_validate(line).type == "transaction"
    values = [entry["resource"].get("valueQuantity", {}).get("value") for entry in line["entry"]]
    assert values == [36.6, None, 71]
    assert audited(store) == [("operator", ACTION, SESSION, {"shared_only": False, "sessions": 1})]


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("unknown", "none of this id"),
        ("not agreed to", "none of this id"),
        ("withdrawn", "withdrawn"),
        ("expired", "past its time"),
        ("swept", "past its time"),
        ("not shared", "not for a doctor"),
    ],
)
def test_a_session_that_may_not_leave_is_refused_and_nothing_is_written(
    store: Store, reason: str, told: str
) -> None:
    if reason != "unknown":
        bring(store, temperature())
    if reason not in {"unknown", "not agreed to"}:
        bring(store, consent())
    if reason == "withdrawn":
        bring(store, withdrawal())
    late_ms = NOW_MS + KEEP_MS
    if reason == "swept":
        with store.writing() as connection:
            retention.sweep_vitals(connection, late_ms, 10)
    with pytest.raises(ExportError, match=f"--session: .*{told}"):
        exported(
            store,
            SESSION,
            now_ms=late_ms if reason in {"expired", "swept"} else NOW_MS,
            shared_only=reason == "not shared",
        )
    assert audited(store) == []


def test_a_span_holds_what_was_agreed_to_within_it_and_nothing_else(store: Store) -> None:
    names = [f"{number:032x}" for number in range(5)]
    for number, name in enumerate(names):
        bring(store, consent(name), temperature(name, number=number), received_at_ms=NOW_MS + number)
    bring(store, withdrawal(names[2]))
    bring(store, temperature(SESSION, number=9), received_at_ms=NOW_MS + 2)
    lines, told = exported(store, Span(since_ms=NOW_MS + 1, until_ms=NOW_MS + 4))
    assert [subject_of(line) for line in lines] == [names[1], names[3]]
    assert told == Exported(2, 2)
    assert audited(store) == [
        (
            "operator",
            ACTION,
            "vitals",
            {"since_ms": NOW_MS + 1, "until_ms": NOW_MS + 4, "shared_only": False, "sessions": 2},
        )
    ]


def test_only_what_is_shared_leaves_when_that_is_asked(store: Store) -> None:
    bring(store, consent(), temperature())
    bring(store, consent(OTHER, ConsentScope.SHARE), temperature(OTHER, number=2))
    lines, _ = exported(store, shared_only=True)
    assert [subject_of(line) for line in lines] == [OTHER]


def test_a_session_without_a_measurement_is_no_line(store: Store) -> None:
    bring(store, consent())
    assert exported(store) == ([], Exported(0, 0))


def test_an_empty_export_is_audited_too(store: Store) -> None:
    assert exported(store) == ([], Exported(0, 0))
    assert [detail["sessions"] for _, _, _, detail in audited(store)] == [0]


def test_a_consent_that_is_withdrawn_meanwhile_stops_what_has_not_left(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_module, "_PAGE", 1)
    bring(store, consent(OTHER), temperature(OTHER, number=1))
    bring(store, consent(), temperature(number=2), received_at_ms=NOW_MS + 1)
    written: list[bytes] = []

    def withdraw_the_other(line: bytes) -> None:
        written.append(line)
        bring(store, withdrawal())

    told = export(
        store, Span(since_ms=0, until_ms=NOW_MS + 2), withdraw_the_other, actor="operator", now_ms=NOW_MS
    )
    assert told == Exported(1, 1)
    assert len(written) == 1


def test_no_value_is_audited(store: Store) -> None:
    bring(store, consent(), temperature(value=38.73))
    exported(store)
    exported(store, SESSION)
    assert "38.73" not in repr(audited(store))


def ms(year: int, month: int, day: int, hour: int = 0) -> int:
    return int(datetime(year, month, day, hour, tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("since", "until", "span"),
    [
        ("2026-05-20", None, (ms(2026, 5, 19, 17), NOW_MS)),
        ("2026-05-01", "2026-05-02", (ms(2026, 4, 30, 17), ms(2026, 5, 1, 17))),
        ("2026-05-01T08:00", "2026-05-01T08:00+00:00", (ms(2026, 5, 1, 1), ms(2026, 5, 1, 8))),
    ],
)
def test_days_and_times_are_vietnams_unless_they_say_otherwise(
    since: str, until: str | None, span: tuple[int, int]
) -> None:
    assert choose(None, since, until, NOW_MS) == Span(since_ms=span[0], until_ms=span[1])


@pytest.mark.parametrize(
    ("session", "since", "until", "told"),
    [
        (None, None, None, "--session, or --since"),
        (SESSION, "2026-05-01", None, "--session, or --since"),
        (SESSION, None, "2026-05-01", "--session, or --since"),
        (None, None, "2026-05-01", "--session, or --since"),
        (None, "yesterday", None, "--since: a date or time such as"),
        (None, "2026-05-01", "22/11/2026", "--until: a date or time such as"),
        (None, "2026-05-02", "2026-05-01", "--since: not before --until"),
        (None, "9999-01-01", None, "--since: not before --until"),
    ],
)
def test_what_cannot_be_meant_is_told(
    session: str | None, since: str | None, until: str | None, told: str
) -> None:
    with pytest.raises(ExportError, match=told):
        choose(session, since, until, NOW_MS)
