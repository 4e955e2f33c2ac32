"""What is kept of a cabin session: once, never without a consent, and gone when the consent is withdrawn."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from cloud.store import vitals
from cloud.store.engine import Store, open_store
from cloud.store.schema import CABIN_SESSION, VITAL
from cloud.store.vitals import UNCONSENTED_MS, AnyBody, CabinSession
from tests.cloud.cabin import (
    KEEP_MS,
    OTHER,
    RAW,
    SESSION,
    SUBJECT,
    bring,
    consent,
    ended,
    measured,
    temperature,
    withdrawal,
)
from tests.cloud.samples import NOW_MS, STATION
from wire.entries import ConsentScope, Flag, Quantity, SessionOutcome, VitalKind


def found(store: Store, session: str = SESSION) -> CabinSession:
    with store.reading() as connection:
        kept = vitals.session(connection, session)
    assert kept is not None
    return kept


def rows(store: Store) -> int:
    with store.reading() as connection:
        return connection.execute(select(func.count()).select_from(VITAL)).scalar_one()


def waiting(store: Store) -> int:
    with store.reading() as connection:
        return vitals.count_unconsented(connection)


def exportable(store: Store, *, now_ms: int = NOW_MS, shared_only: bool = False) -> list[str]:
    with store.reading() as connection:
        return vitals.exportable(
            connection, since_ms=0, until_ms=NOW_MS + 1, now_ms=now_ms, shared_only=shared_only
        )


def test_a_whole_session_is_kept_as_it_was(store: Store) -> None:
    pressures = {"systolic-pressure": 132.0, "diastolic-pressure": 84.5}
    cuff = measured(VitalKind.BLOOD_PRESSURE, pressures, number=2, flags=[Flag.IRREGULAR_PULSE, Flag.MOTION])
    bring(store, consent(), temperature(), cuff, ended())
    kept = found(store)
    assert (kept.station, kept.pseudonym, kept.is_personal) == (STATION, SESSION, False)
    assert (kept.scope, kept.text_version) == (ConsentScope.KEEP, "2026-11")
    assert (kept.consented_at_ms, kept.received_at_ms) == (NOW_MS, NOW_MS)
    assert (kept.outcome, kept.ended_at_ms) == (SessionOutcome.FINISHED, NOW_MS + 3_000)
    assert (kept.withdrawn_at_ms, kept.keep_until_ms) == (None, NOW_MS + KEEP_MS)
    first, second = kept.vitals
    assert first.quantities == (Quantity(measure="body-temperature", value=36.6),)
    assert (second.kind, second.sensor, second.raw) == (VitalKind.BLOOD_PRESSURE, "cuff", RAW)
    assert second.flags == (Flag.IRREGULAR_PULSE, Flag.MOTION)
    assert second.quantities == tuple(cuff.values)
    assert (second.at_ms, second.received_at_ms) == (NOW_MS + 2_000, NOW_MS)


def test_a_person_who_has_a_pseudonym_is_kept_under_it(store: Store) -> None:
    bring(store, consent(subject=SUBJECT), temperature())
    assert (found(store).pseudonym, found(store).is_personal) == (SUBJECT, True)


def test_everything_again_changes_nothing(store: Store) -> None:
    """A station that was set up anew brings all of its old entries again, later, under new sequence numbers."""
    everything = (consent(), temperature(), temperature(number=2), ended())
    bring(store, *everything)
    before = found(store)
    for _ in range(2):
        bring(store, *everything, received_at_ms=NOW_MS + 5_000)
    assert found(store) == before


def test_one_group_may_bring_everything_twice(store: Store) -> None:
    bring(store, consent(), temperature(), consent(), temperature())
    assert len(found(store).vitals) == 1


def test_a_measurement_without_a_consent_is_counted_and_neither_shown_nor_exported(store: Store) -> None:
    bring(store, temperature())
    assert (rows(store), waiting(store), exportable(store)) == (1, 1, [])
    with store.reading() as connection:
        assert vitals.session(connection, SESSION) is None
        assert vitals.exported(connection, [SESSION], now_ms=NOW_MS, shared_only=False) == []
        until = connection.execute(select(CABIN_SESSION.c.keep_until_ms)).scalar_one()
    assert until == NOW_MS + UNCONSENTED_MS


def test_a_consent_that_comes_late_repairs_it(store: Store) -> None:
    bring(store, temperature())
    bring(store, consent(), received_at_ms=NOW_MS + 60_000)
    kept = found(store)
    assert (len(kept.vitals), kept.keep_until_ms) == (1, NOW_MS + 60_000 + KEEP_MS)
    assert waiting(store) == 0


def test_a_withdrawal_deletes_what_was_measured_and_keeps_the_record(store: Store) -> None:
    bring(store, consent(), temperature(), consent(OTHER), temperature(OTHER, number=2))
    bring(store, withdrawal(), received_at_ms=NOW_MS + 7_000)
    kept = found(store)
    assert (kept.vitals, kept.keep_until_ms, kept.withdrawn_at_ms) == ((), None, NOW_MS + 7_000)
    assert (kept.scope, kept.text_version, kept.consented_at_ms) == (ConsentScope.KEEP, "2026-11", NOW_MS)
    assert exportable(store) == [OTHER]
    assert len(found(store, OTHER).vitals) == 1


def test_what_comes_after_a_withdrawal_is_not_kept(store: Store) -> None:
    bring(store, consent(), temperature(), withdrawal())
    bring(store, consent(), temperature(), temperature(number=2), received_at_ms=NOW_MS + 9_000)
    kept = found(store)
    assert (kept.vitals, kept.withdrawn_at_ms, kept.keep_until_ms) == ((), NOW_MS, None)


def test_a_withdrawal_of_what_never_came_holds_when_it_comes(store: Store) -> None:
    bring(store, withdrawal())
    bring(store, consent(), temperature(), received_at_ms=NOW_MS + 9_000)
    assert found(store).vitals == ()
    assert exportable(store) == []


def test_withdrawing_again_keeps_the_first_time(store: Store) -> None:
    bring(store, consent(), withdrawal())
    bring(store, withdrawal(), received_at_ms=NOW_MS + 9_000)
    assert found(store).withdrawn_at_ms == NOW_MS


def test_another_station_cannot_touch_a_session(store: Store) -> None:
    bring(store, consent(), temperature())
    before = found(store)
    stranger = (consent(scope=ConsentScope.SHARE), temperature(number=2), ended(), withdrawal())
    bring(store, *stranger, station="st-0002", at_ms=NOW_MS + 5_000)
    assert found(store) == before
    assert rows(store) == 1


def test_a_person_may_change_their_mind_about_sharing_but_never_lengthens_the_promise(store: Store) -> None:
    bring(store, consent(scope=ConsentScope.SHARE))
    bring(store, consent(scope=ConsentScope.KEEP), at_ms=NOW_MS + 5_000, received_at_ms=NOW_MS + 5_000)
    kept = found(store)
    assert (kept.scope, kept.consented_at_ms) == (ConsentScope.KEEP, NOW_MS + 5_000)
    assert kept.keep_until_ms == NOW_MS + KEEP_MS


def test_only_what_holds_may_leave(store: Store) -> None:
    bring(store, consent(), temperature())
    bring(store, consent(OTHER, ConsentScope.SHARE), temperature(OTHER, number=2))
    assert exportable(store) == [OTHER, SESSION]
    assert exportable(store, shared_only=True) == [OTHER]
    assert exportable(store, now_ms=NOW_MS + KEEP_MS) == [], "past its time, though nothing has swept it yet"
    with store.reading() as connection:
        both = [SESSION, OTHER, "f" * 32]
        held = vitals.exported(connection, both, now_ms=NOW_MS, shared_only=False)
        shared = vitals.exported(connection, both, now_ms=NOW_MS, shared_only=True)
        span = vitals.exportable(connection, since_ms=0, until_ms=NOW_MS, now_ms=NOW_MS, shared_only=False)
    assert [each.session for each in held] == [SESSION, OTHER]
    assert [each.session for each in shared] == [OTHER]
    assert span == [], "the end of a span is exclusive"


def test_the_end_of_a_session_nobody_agreed_to_is_not_noted(store: Store) -> None:
    bring(store, ended())
    with store.reading() as connection:
        assert connection.execute(select(func.count()).select_from(CABIN_SESSION)).scalar_one() == 0


def test_nothing_is_nothing(store: Store) -> None:
    bring(store)
    assert rows(store) == 0


def test_many_sessions_in_one_group(store: Store) -> None:
    names = [f"{number:032x}" for number in range(600)]
    bring(store, *(consent(name) for name in names))
    bring(store, *(temperature(name, number=number) for number, name in enumerate(names)))
    assert rows(store) == 600


def test_what_was_measured_does_not_show_in_a_repr(store: Store) -> None:
    bring(store, consent(), temperature(value=38.7))
    assert "38.7" not in repr(found(store))
    assert RAW not in repr(found(store))


STEPS = st.lists(
    st.sampled_from([consent(), temperature(), temperature(number=2), withdrawal(), ended()]), max_size=8
)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, cut=st.integers(0, 8))
def test_however_entries_are_grouped_the_outcome_is_the_same(
    sqlite_url: str, steps: Sequence[AnyBody], cut: int
) -> None:
    with open_store(sqlite_url) as store:
        outcomes = []
        for groups in ([steps], [steps[:cut], steps[cut:]], [[step] for step in steps]):
            with store.writing() as connection:
                connection.execute(VITAL.delete())
                connection.execute(CABIN_SESSION.delete())
            for group in groups:
                bring(store, *group)
            outcomes.append(_measurements(store))
    assert outcomes[0] == outcomes[1] == outcomes[2]
    if withdrawal() in steps:
        assert outcomes[0] == []


def _measurements(store: Store) -> list[str]:
    with store.reading() as connection:
        return list(connection.execute(select(VITAL.c.measurement).order_by(VITAL.c.measurement)).scalars())


def test_a_withdrawn_measurement_is_gone_from_the_files(sqlite_url: str) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    files = (path, path.with_name(path.name + "-wal"))

    def is_there() -> bool:
        return any(RAW.encode() in file.read_bytes() for file in files if file.exists())

    with open_store(sqlite_url) as store:
        bring(store, consent(), temperature(), temperature(number=2))
        assert store.scrub()
        assert is_there()
        bring(store, withdrawal())
        assert store.scrub()
        assert not is_there()


def test_taking_out_of_the_files_waits_for_nobody(sqlite_url: str) -> None:
    with open_store(sqlite_url) as store:
        bring(store, consent(), temperature())
        with store.writing() as writer:
            writer.exec_driver_sql("UPDATE vital SET flags = '[]'")
            assert not store.scrub()
        bring(store, temperature(number=2))
        assert store.scrub()


def test_both_databases_can_be_scrubbed(store: Store) -> None:
    bring(store, consent(), temperature(), withdrawal())
    assert store.scrub()
    assert rows(store) == 0


@pytest.mark.parametrize("scope", list(ConsentScope))
def test_every_scope_is_a_consent(store: Store, scope: ConsentScope) -> None:
    bring(store, consent(scope=scope), temperature())
    assert found(store).scope is scope
