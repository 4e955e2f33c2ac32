"""Deleting what is due: in bounded steps, each thing at its time, on both databases."""

from sqlalchemy import func, select

from cloud.store import retention, vitals
from cloud.store.engine import Store, open_store
from cloud.store.retention import Swept
from cloud.store.schema import CABIN_SESSION, VITAL
from cloud.store.vitals import UNCONSENTED_MS
from tests.cloud.cabin import KEEP_MS, OTHER, SESSION, bring, consent, temperature, withdrawal
from tests.cloud.samples import NOW_MS


def sweep(store: Store, now_ms: int, limit: int = 100) -> Swept:
    with store.writing() as connection:
        return retention.sweep_vitals(connection, now_ms, limit)


def forget(store: Store, before_ms: int, limit: int = 100) -> int:
    with store.writing() as connection:
        return retention.forget_consents(connection, before_ms, limit)


def kept(store: Store) -> tuple[int, int]:
    """Return how many sessions and measurements there are."""
    with store.reading() as connection:
        return (
            connection.execute(select(func.count()).select_from(CABIN_SESSION)).scalar_one(),
            connection.execute(select(func.count()).select_from(VITAL)).scalar_one(),
        )


def test_measurements_go_when_their_time_is_over_and_the_record_stays(store: Store) -> None:
    bring(store, consent(), temperature(), temperature(number=2))
    assert sweep(store, NOW_MS + KEEP_MS - 1) == Swept(0, 0, 0)
    assert sweep(store, NOW_MS + KEEP_MS) == Swept(1, 2, 0)
    assert kept(store) == (1, 0)
    with store.reading() as connection:
        record = vitals.session(connection, SESSION)
    assert record is not None
    assert (record.text_version, record.keep_until_ms) == ("2026-11", None)
    assert sweep(store, NOW_MS + 2 * KEEP_MS) == Swept(0, 0, 0), "once is enough"


def test_what_comes_after_the_sweep_is_not_taken_again(store: Store) -> None:
    bring(store, consent(), temperature())
    sweep(store, NOW_MS + KEEP_MS)
    bring(store, consent(), temperature(), received_at_ms=NOW_MS + KEEP_MS + 1)
    assert kept(store) == (1, 0)


def test_a_measurement_without_a_consent_goes_after_a_day_with_its_session(store: Store) -> None:
    bring(store, temperature(), temperature(number=2))
    bring(store, consent(OTHER), temperature(OTHER, number=3))
    assert sweep(store, NOW_MS + UNCONSENTED_MS) == Swept(1, 2, 2)
    assert kept(store) == (1, 1)


def test_a_step_is_bounded(store: Store) -> None:
    for number in range(5):
        name = f"{number:032x}"
        bring(store, consent(name), temperature(name, number=number))
    steps = [sweep(store, NOW_MS + KEEP_MS, limit=2).sessions for _ in range(4)]
    assert steps == [2, 2, 1, 0]


def test_the_record_of_a_consent_goes_when_its_own_time_is_over(store: Store) -> None:
    bring(store, consent(), temperature(), withdrawal())
    bring(store, consent(OTHER), temperature(OTHER, number=2))
    bring(store, withdrawal("77" * 16))
    assert forget(store, NOW_MS) == 0
    assert forget(store, NOW_MS + 1, limit=1) == 1
    assert forget(store, NOW_MS + 1) == 1
    assert kept(store) == (1, 1), "a record whose measurements are still kept stays"


def test_two_sweepers_at_once_do_not_wait_for_each_other(postgres_url: str) -> None:
    """On SQLite there is one writer at a time anyhow."""
    with open_store(postgres_url) as store:
        bring(store, consent(), temperature())
        with store.writing() as first:
            assert retention.sweep_vitals(first, NOW_MS + KEEP_MS, 10).sessions == 1
            with store.writing() as second:
                assert retention.sweep_vitals(second, NOW_MS + KEEP_MS, 10).sessions == 0
