"""What is kept of a visit at the card reader: once, sealed for a while, and in the end a record that names nobody."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from cloud.store import identities, retention
from cloud.store.engine import Store, open_store
from cloud.store.errors import ContentError
from cloud.store.identities import AnyBody, Consent, Share, Tally
from cloud.store.retention import Forgotten
from cloud.store.schema import IDENTITY_CONSENT, IDENTITY_SHARE
from tests.cloud.samples import NOW_MS, STATION
from tests.cloud.sharing import (
    KEEP_MS,
    PURPOSE,
    RECIPIENT,
    SECRET,
    SHARE,
    VISIT,
    agreed,
    sealed,
    send,
    shared,
)
from wire.entries import AGE_INTRO, MAX_SEALED_BYTES, CloneCheck, IssuerCheck


def waiting(store: Store, recipient: str = RECIPIENT, now_ms: int = NOW_MS, limit: int = 100) -> list[Share]:
    with store.reading() as connection:
        return identities.waiting(connection, recipient, now_ms, limit)


def consents(store: Store, visit: str = VISIT) -> list[Consent]:
    with store.reading() as connection:
        return identities.consents(connection, visit)


def fetch(store: Store, *shares: str, now_ms: int = NOW_MS + 5_000) -> None:
    with store.writing() as connection:
        identities.mark_fetched(connection, shares, now_ms)


def tally(store: Store, now_ms: int = NOW_MS) -> list[Tally]:
    with store.reading() as connection:
        return identities.tally(connection, now_ms)


def sweep(store: Store, now_ms: int, limit: int = 100) -> int:
    with store.writing() as connection:
        return retention.sweep_shares(connection, now_ms, limit)


def forget(store: Store, before_ms: int, limit: int = 100) -> Forgotten:
    with store.writing() as connection:
        return retention.forget_identities(connection, before_ms, limit)


def kept(store: Store) -> tuple[int, int, int]:
    """Return how many consents, shares, and shares with something sealed there are."""
    with store.reading() as connection:
        return (
            connection.execute(select(func.count()).select_from(IDENTITY_CONSENT)).scalar_one(),
            connection.execute(select(func.count()).select_from(IDENTITY_SHARE)).scalar_one(),
            connection.execute(select(func.count(IDENTITY_SHARE.c.sealed))).scalar_one(),
        )


def test_a_consent_and_a_share_are_kept_as_they_were(store: Store) -> None:
    send(store, agreed(), shared())
    assert consents(store) == [
        Consent(
            session=VISIT,
            purpose=PURPOSE,
            station=STATION,
            text_version="2026-11",
            consented_at_ms=NOW_MS,
            received_at_ms=NOW_MS,
        )
    ]
    assert waiting(store) == [
        Share(
            share=SHARE,
            session=VISIT,
            station=STATION,
            purpose=PURPOSE,
            text_version="2026-11.send",
            recipient=RECIPIENT,
            fields=("number", "name", "birth"),
            issuer=IssuerCheck.VERIFIED,
            clone_check=CloneCheck.CHIP_AUTHENTICATION,
            shared_at_ms=NOW_MS + 1_000,
            received_at_ms=NOW_MS,
            sealed=sealed(),
        )
    ]


def test_everything_again_changes_nothing(store: Store) -> None:
    """A station that was set up anew brings its old entries again, later, under new sequence numbers."""
    send(store, agreed(), shared())
    before = (consents(store), waiting(store))
    send(store, agreed(), agreed(), shared(), shared(), received_at_ms=NOW_MS + 9_000)
    assert (consents(store), waiting(store)) == before


def test_what_was_said_first_holds_whoever_says_otherwise(store: Store) -> None:
    send(store, agreed(), shared())
    before = (consents(store), waiting(store))
    send(store, agreed(), shared(sealed=sealed(b"other"), recipient="thief"), station="st-0002")
    assert (consents(store), waiting(store)) == before
    assert waiting(store, "thief") == []


def test_one_visit_may_agree_to_several_purposes(store: Store) -> None:
    send(store, agreed(purpose="card-check"), agreed())
    assert [each.purpose for each in consents(store)] == ["card-check", PURPOSE]


def test_a_share_whose_consent_never_came_reaches_its_recipient_all_the_same(store: Store) -> None:
    send(store, shared())
    assert [each.share for each in waiting(store)] == [SHARE]
    send(store, agreed(), received_at_ms=NOW_MS + 60_000)
    assert len(consents(store)) == 1


def test_the_oldest_waits_first_and_nobody_gets_what_is_anothers(store: Store) -> None:
    send(store, shared(3), received_at_ms=NOW_MS)
    send(store, shared(1), shared(2, recipient="clinic"), received_at_ms=NOW_MS + 1)
    assert [int(each.share, 16) for each in waiting(store)] == [3, 1]
    assert [int(each.share, 16) for each in waiting(store, limit=1)] == [3]
    assert [int(each.share, 16) for each in waiting(store, "clinic")] == [2]


def test_what_was_handed_over_is_deleted_and_the_record_stays(store: Store) -> None:
    send(store, shared(1), shared(2))
    fetch(store, f"{1:032x}")
    assert [int(each.share, 16) for each in waiting(store)] == [2]
    assert kept(store) == (0, 2, 1)
    fetch(store, f"{1:032x}", now_ms=NOW_MS + 9_000)
    with store.reading() as connection:
        first = connection.execute(
            select(IDENTITY_SHARE.c.fetched_at_ms).where(IDENTITY_SHARE.c.share == f"{1:032x}")
        ).scalar_one()
    assert first == NOW_MS + 5_000, "the first time is kept"


def test_what_was_handed_over_does_not_come_back(store: Store) -> None:
    send(store, shared())
    fetch(store, SHARE)
    send(store, shared(), received_at_ms=NOW_MS + 9_000)
    assert waiting(store) == []
    assert kept(store) == (0, 1, 0)


def test_nothing_is_nothing(store: Store) -> None:
    send(store)
    fetch(store)
    assert (kept(store), tally(store), waiting(store)) == ((0, 0, 0), [], [])


def test_what_nobody_fetches_in_time_is_not_given_out_and_then_deleted(store: Store) -> None:
    send(store, shared(1))
    send(store, shared(2), received_at_ms=NOW_MS + 1)
    end_ms = NOW_MS + KEEP_MS
    assert len(waiting(store, now_ms=end_ms - 1)) == 2
    assert [int(each.share, 16) for each in waiting(store, now_ms=end_ms)] == [2], "before anything sweeps"
    assert sweep(store, end_ms - 1) == 0
    assert sweep(store, end_ms) == 1
    assert sweep(store, end_ms) == 0, "once is enough"
    assert kept(store) == (0, 2, 1)
    send(store, shared(1), received_at_ms=end_ms)
    assert kept(store) == (0, 2, 1), "nor is it taken again"


def test_every_recipients_shares_are_counted(store: Store) -> None:
    send(store, shared(1), shared(2), shared(3), shared(4, recipient="clinic"))
    send(store, shared(5), received_at_ms=NOW_MS + 1)
    fetch(store, f"{1:032x}")
    assert tally(store) == [Tally("clinic", 1, 0, 0), Tally(RECIPIENT, 3, 1, 0)]
    late_ms = NOW_MS + KEEP_MS
    expected = [Tally("clinic", 0, 0, 1), Tally(RECIPIENT, 1, 1, 2)]
    assert tally(store, late_ms) == expected, "lapsed, though nothing has swept it yet"
    sweep(store, late_ms)
    assert tally(store, late_ms) == expected


def test_a_step_of_deleting_is_bounded(store: Store) -> None:
    send(store, *(shared(number) for number in range(5)))
    assert [sweep(store, NOW_MS + KEEP_MS, limit=2) for _ in range(4)] == [2, 2, 1, 0]
    assert [forget(store, NOW_MS + 1, limit=3).shares for _ in range(3)] == [3, 2, 0]


def test_records_go_when_their_own_time_is_over_and_what_waits_stays(store: Store) -> None:
    send(store, agreed(), agreed(purpose="card-check"), shared(1), shared(2))
    send(store, agreed("2d" * 16), received_at_ms=NOW_MS + 1)
    fetch(store, f"{1:032x}")
    assert forget(store, NOW_MS) == Forgotten(0, 0)
    assert forget(store, NOW_MS + 1) == Forgotten(2, 1)
    assert kept(store) == (1, 1, 1)
    assert consents(store) == []
    assert len(consents(store, "2d" * 16)) == 1


def test_two_sweepers_at_once_do_not_wait_for_each_other(postgres_url: str) -> None:
    """On SQLite there is one writer at a time anyhow."""
    with open_store(postgres_url) as store:
        send(store, shared())
        with store.writing() as first:
            assert retention.sweep_shares(first, NOW_MS + KEEP_MS, 10) == 1
            with store.writing() as second:
                assert retention.sweep_shares(second, NOW_MS + KEEP_MS, 10) == 0


def test_the_largest_share_is_kept_whole(store: Store) -> None:
    largest = AGE_INTRO + bytes(index % 256 for index in range(MAX_SEALED_BYTES - len(AGE_INTRO)))
    send(store, shared(sealed=largest))
    assert [each.sealed for each in waiting(store)] == [largest]


def test_many_in_one_group(store: Store) -> None:
    send(store, *(shared(number) for number in range(300)), *(agreed(f"{n:032x}") for n in range(300)))
    assert kept(store) == (300, 300, 300)


def test_what_is_sealed_does_not_show_in_a_repr(store: Store) -> None:
    send(store, shared())
    assert "b1e55ed0" not in repr(waiting(store))


@pytest.mark.parametrize("missing", ["sealed", "keep_until_ms"])
def test_what_is_sealed_always_has_an_end(store: Store, missing: str) -> None:
    send(store, shared())
    with pytest.raises(ContentError), store.writing() as connection:
        connection.execute(text(f"UPDATE identity_share SET {missing} = NULL"))


STEPS = st.lists(
    st.sampled_from([agreed(), agreed(purpose="card-check"), shared(1), shared(2), shared(1, recipient="x")]),
    max_size=6,
)


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, cut=st.integers(0, 6))
def test_however_entries_are_grouped_the_outcome_is_the_same(
    sqlite_url: str, steps: Sequence[AnyBody], cut: int
) -> None:
    with open_store(sqlite_url) as store:
        outcomes = []
        for groups in ([steps], [steps[:cut], steps[cut:]], [[step] for step in steps]):
            with store.writing() as connection:
                connection.execute(IDENTITY_SHARE.delete())
                connection.execute(IDENTITY_CONSENT.delete())
            for group in groups:
                send(store, *group)
            outcomes.append((kept(store), [each[0:2] for each in tally(store)]))
    assert outcomes[0] == outcomes[1] == outcomes[2]


@pytest.mark.parametrize("how", ["fetched", "lapsed"])
def test_what_is_sealed_no_more_is_gone_from_the_files(sqlite_url: str, how: str) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    files = (path, path.with_name(path.name + "-wal"))

    def is_there() -> bool:
        return any(SECRET in file.read_bytes() for file in files if file.exists())

    with open_store(sqlite_url) as store:
        send(store, agreed(), shared(1), shared(2))
        assert store.scrub()
        assert is_there()
        if how == "fetched":
            fetch(store, f"{1:032x}", f"{2:032x}")
        else:
            assert sweep(store, NOW_MS + KEEP_MS) == 2
        assert store.scrub()
        assert not is_there()


def test_both_databases_can_be_scrubbed(store: Store) -> None:
    send(store, shared())
    fetch(store, SHARE)
    assert store.scrub()
    assert kept(store) == (0, 1, 0)
