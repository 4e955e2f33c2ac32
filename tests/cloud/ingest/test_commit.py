"""One transaction for one drain: everything once, however often it comes, on both databases."""

from contextlib import suppress

import pytest
from sqlalchemy import Connection, Table, func, select

from cloud.ingest.commit import MAX_RANGES, commit_group
from cloud.ingest.intake import Arrival, sort_arrivals
from cloud.sos.plan import Plan
from cloud.store import identities, inbox, readings, vitals
from cloud.store.engine import Store
from cloud.store.schema import ASIDE, INCIDENT, PRESS, QUARANTINE, READING_BATCH, STATION_EVENT, VITAL
from cloud.store.schema import STATION as STATION_TABLE
from tests.cloud.cabin import RAW, SESSION, consent, ended, temperature, withdrawal
from tests.cloud.ingest.samples import (
    BOOT,
    JOURNAL,
    NOW_MS,
    STATION,
    arrival,
    batch,
    press,
    reading,
    spoiled_entry,
)
from tests.cloud.sharing import RECIPIENT, VISIT, agreed, shared
from wire.codec import decode_uplink, encode
from wire.entries import AnyBody, DaemonStarted, Dropped, SosReleased
from wire.errors import MessageError
from wire.messages import Birth, Death, Heartbeat
from wire.topics import Channel, Lane, Topic

KEEP_MS = 90 * 86_400_000
SHARES_MS = 30 * 86_400_000


def _commit(store: Store, *arrivals: Arrival) -> None:
    with store.writing() as connection:
        commit_group(
            connection,
            sort_arrivals(arrivals),
            now_ms=NOW_MS,
            plan=Plan(),
            keep_vitals_ms=KEEP_MS,
            keep_shares_ms=SHARES_MS,
        )


def _count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_a_press_opens_an_incident_and_is_kept_with_its_times(store: Store) -> None:
    _commit(store, arrival(Lane.SOS, batch(Lane.SOS, {1: press()})))
    with store.reading() as connection:
        row = connection.execute(select(PRESS)).one()
        incident = connection.execute(select(INCIDENT)).one()
    assert (row.station, row.journal, row.seq, row.ago_ms) == (STATION, JOURNAL, 1, 4)
    assert (row.at_ms, row.sent_at_ms, row.received_at_ms) == (NOW_MS - 20, NOW_MS - 10, NOW_MS)
    assert (incident.id, incident.state, incident.press_count) == (row.incident, "new", 1)


def test_the_same_batch_again_changes_nothing(store: Store) -> None:
    again = arrival(
        Lane.SOS, batch(Lane.SOS, {1: press(1), 2: SosReleased(button="standing", source="2a-1-2")})
    )
    _commit(store, again, again)
    _commit(store, again)
    with store.reading() as connection:
        assert _count(connection, PRESS) == 1
        assert _count(connection, STATION_EVENT) == 1
        assert connection.execute(select(INCIDENT.c.press_count)).scalar_one() == 1


def test_an_overlapping_batch_adds_only_what_is_new(store: Store) -> None:
    _commit(store, arrival(Lane.SOS, batch(Lane.SOS, {1: press(1), 2: press(2)})))
    _commit(store, arrival(Lane.SOS, batch(Lane.SOS, {2: press(2), 3: press(3)})))
    with store.reading() as connection:
        assert connection.execute(select(PRESS.c.seq).order_by(PRESS.c.seq)).scalars().all() == [1, 2, 3]
        key = inbox.LaneKey(STATION, JOURNAL, Lane.SOS)
        assert str(inbox.load(connection, [key])[key]) == "1-3"


def test_a_hole_in_the_sequence_stays_visible_until_it_is_filled(store: Store) -> None:
    key = inbox.LaneKey(STATION, JOURNAL, Lane.SOS)
    _commit(store, arrival(Lane.SOS, batch(Lane.SOS, {1: press(1), 4: press(4)})))
    with store.reading() as connection:
        assert str(inbox.load(connection, [key])[key].holes()) == "2-3"
    _commit(store, arrival(Lane.SOS, batch(Lane.SOS, {2: press(2), 3: press(3)})))
    with store.reading() as connection:
        assert str(inbox.load(connection, [key])[key].holes()) == ""


def test_a_new_journal_starts_anew(store: Store) -> None:
    _commit(store, arrival(Lane.SOS, batch(Lane.SOS, {1: press(1)})))
    _commit(store, arrival(Lane.SOS, batch(Lane.SOS, {1: press(9)}, journal="c" * 32)))
    with store.reading() as connection:
        assert _count(connection, PRESS) == 2


def test_readings_are_kept_as_they_came_and_a_repetition_is_cut_out(store: Store) -> None:
    first = batch(Lane.TELEMETRY, {1: reading(20), 2: reading(21)})
    overlapping = batch(Lane.TELEMETRY, {2: reading(21), 3: reading(22)})
    _commit(store, arrival(Lane.TELEMETRY, first))
    _commit(store, arrival(Lane.TELEMETRY, overlapping), arrival(Lane.TELEMETRY, first))
    with store.reading() as connection:
        kept = [row for _, row in readings.batches_after(connection, 0, 10)]
    assert [(row.first_seq, row.last_seq) for row in kept] == [(1, 2), (3, 3)]
    assert kept[0].payload == first
    replayed = decode_uplink(Topic(STATION, Lane.TELEMETRY), kept[1].payload)
    assert [entry.body for entry in replayed.entries] == [reading(22)]  # type: ignore[union-attr]  # a batch


def test_a_broken_entry_is_set_aside_and_its_neighbours_are_stored(store: Store) -> None:
    payload = spoiled_entry(batch(Lane.SOS, {1: press(1), 2: press(2), 3: press(3)}), 1)
    _commit(store, arrival(Lane.SOS, payload))
    _commit(store, arrival(Lane.SOS, payload))
    with store.reading() as connection:
        assert connection.execute(select(PRESS.c.seq).order_by(PRESS.c.seq)).scalars().all() == [1, 3]
        assert connection.execute(select(ASIDE.c.seq, ASIDE.c.reason)).all() == [(2, "malformed")]


def test_events_keep_their_kind_and_body(store: Store) -> None:
    _commit(store, arrival(Lane.EVENT, batch(Lane.EVENT, {1: DaemonStarted(release="0.1.0")})))
    with store.reading() as connection:
        row = connection.execute(select(STATION_EVENT)).one()
    assert (row.kind, row.body) == ("daemon-started", {"release": "0.1.0"})


def test_a_reported_gap_closes_the_hole(store: Store) -> None:
    _commit(store, arrival(Lane.TELEMETRY, batch(Lane.TELEMETRY, {5: Dropped(first=1, last=4)})))
    key = inbox.LaneKey(STATION, JOURNAL, Lane.TELEMETRY)
    with store.reading() as connection:
        assert str(inbox.load(connection, [key])[key]) == "1-5"


def test_an_unreadable_payload_stands_in_quarantine_once(store: Store) -> None:
    for _ in range(3):
        _commit(store, arrival(Lane.SOS, b"nonsense"))
    with store.reading() as connection:
        assert connection.execute(select(QUARANTINE.c.reason, QUARANTINE.c.payload)).all() == [
            ("malformed", b"nonsense")
        ]


def test_birth_and_death_say_whether_a_station_is_there(store: Store) -> None:
    birth = Birth(station=STATION, journal=JOURNAL, boot=BOOT, at_ms=NOW_MS, release="0.1.0")
    _commit(store, arrival(Channel.BIRTH, encode(birth)))
    assert _state(store) == "online"
    _commit(store, arrival(Channel.DEATH, encode(Death(station=STATION, boot="0" * 32))))
    assert _state(store) == "online"
    _commit(store, arrival(Channel.DEATH, encode(Death(station=STATION, boot=BOOT))))
    assert _state(store) == "offline"
    beat = Heartbeat(station=STATION, boot=BOOT, at_ms=NOW_MS, uptime_ms=1, loop_lag_ms=0, disk_free_bytes=1)
    _commit(store, arrival(Channel.HEARTBEAT, encode(beat)))
    assert _state(store) == "online"


def _state(store: Store) -> str:
    with store.reading() as connection:
        return str(connection.execute(select(STATION_TABLE.c.state)).scalar_one())


def test_a_sequence_torn_into_countless_holes_is_stopped(store: Store) -> None:
    arrivals = [
        arrival(
            Lane.TELEMETRY,
            batch(Lane.TELEMETRY, {seq: reading() for seq in range(start, start + 1_000, 2)}),
        )
        for start in range(1, 2 * MAX_RANGES + 2_000, 1_000)
    ]
    with pytest.raises(MessageError, match="holes"):
        _commit(store, *arrivals)
    with store.reading() as connection:
        assert readings.count_batches(connection) == 0


def test_a_session_is_kept_and_leaves_no_copy_anywhere_else(store: Store) -> None:
    session = batch(Lane.VITALS, {1: consent(), 2: temperature(), 3: ended()})
    _commit(store, arrival(Lane.VITALS, session))
    with store.reading() as connection:
        kept = vitals.session(connection, SESSION)
        assert _count(connection, READING_BATCH) == 0
        assert _count(connection, STATION_EVENT) == 0
    assert kept is not None
    assert (kept.station, kept.received_at_ms, kept.keep_until_ms) == (STATION, NOW_MS, NOW_MS + KEEP_MS)
    (vital,) = kept.vitals
    assert (vital.at_ms, vital.received_at_ms) == (NOW_MS - 20, NOW_MS)


def test_vitals_are_receipted_as_any_lane(store: Store) -> None:
    _commit(store, arrival(Lane.VITALS, batch(Lane.VITALS, {1: consent(), 2: temperature()})))
    key = inbox.LaneKey(STATION, JOURNAL, Lane.VITALS)
    with store.reading() as connection:
        assert str(inbox.load(connection, [key])[key]) == "1-2"


def test_a_session_in_a_new_journal_is_not_kept_twice(store: Store) -> None:
    """The station was set up anew: other sequence numbers, the same measurement."""
    bodies: dict[int, AnyBody] = {1: consent(), 2: temperature()}
    _commit(store, arrival(Lane.VITALS, batch(Lane.VITALS, bodies)))
    _commit(store, arrival(Lane.VITALS, batch(Lane.VITALS, bodies, journal="c" * 32)))
    with store.reading() as connection:
        assert _count(connection, VITAL) == 1


def test_a_withdrawal_in_the_same_group_leaves_nothing(store: Store) -> None:
    bodies: dict[int, AnyBody] = {1: consent(), 2: temperature(), 3: withdrawal()}
    _commit(store, arrival(Lane.VITALS, batch(Lane.VITALS, bodies)))
    with store.reading() as connection:
        assert _count(connection, VITAL) == 0
        kept = vitals.session(connection, SESSION)
    assert kept is not None
    assert kept.withdrawn_at_ms == NOW_MS


def test_a_withdrawal_that_cannot_be_committed_has_not_happened(store: Store) -> None:
    _commit(store, arrival(Lane.VITALS, batch(Lane.VITALS, {1: consent(), 2: temperature()})))
    group = sort_arrivals([arrival(Lane.VITALS, batch(Lane.VITALS, {3: withdrawal()}))])
    with suppress(RuntimeError), store.writing() as connection:
        commit_group(
            connection, group, now_ms=NOW_MS, plan=Plan(), keep_vitals_ms=KEEP_MS, keep_shares_ms=SHARES_MS
        )
        assert _count(connection, VITAL) == 0
        raise RuntimeError
    with store.reading() as connection:
        assert _count(connection, VITAL) == 1


def test_what_is_shared_waits_for_its_recipient_and_leaves_no_copy_anywhere_else(store: Store) -> None:
    _commit(store, arrival(Lane.REQUEST, batch(Lane.REQUEST, {1: agreed(), 2: shared()})))
    with store.reading() as connection:
        (consent_kept,) = identities.consents(connection, VISIT)
        (share,) = identities.waiting(connection, RECIPIENT, NOW_MS + SHARES_MS - 1, 10)
        assert identities.waiting(connection, RECIPIENT, NOW_MS + SHARES_MS, 10) == []
        for table in (STATION_EVENT, READING_BATCH, ASIDE, QUARANTINE):
            assert _count(connection, table) == 0
        key = inbox.LaneKey(STATION, JOURNAL, Lane.REQUEST)
        assert str(inbox.load(connection, [key])[key]) == "1-2"
    assert (consent_kept.station, consent_kept.received_at_ms) == (STATION, NOW_MS)
    assert (share.station, share.shared_at_ms, share.sealed) == (STATION, NOW_MS - 20, shared().sealed)


def test_what_is_shared_comes_once_however_often_it_is_sent(store: Store) -> None:
    """The same batch, one that overlaps, and everything anew from a station that was set up anew."""
    first = arrival(Lane.REQUEST, batch(Lane.REQUEST, {1: agreed(), 2: shared(1)}))
    _commit(store, first, first)
    _commit(store, arrival(Lane.REQUEST, batch(Lane.REQUEST, {2: shared(1), 3: shared(2)})), first)
    anew: dict[int, AnyBody] = {1: agreed(), 2: shared(1), 3: shared(2)}
    _commit(store, arrival(Lane.REQUEST, batch(Lane.REQUEST, anew, journal="c" * 32)))
    with store.reading() as connection:
        assert len(identities.waiting(connection, RECIPIENT, NOW_MS, 10)) == 2
        assert len(identities.consents(connection, VISIT)) == 1


def test_a_share_that_cannot_be_committed_has_not_come(store: Store) -> None:
    group = sort_arrivals([arrival(Lane.REQUEST, batch(Lane.REQUEST, {1: shared()}))])
    with suppress(RuntimeError), store.writing() as connection:
        commit_group(
            connection,
            group,
            now_ms=NOW_MS,
            plan=Plan(),
            keep_vitals_ms=KEEP_MS,
            keep_shares_ms=SHARES_MS,
        )
        assert identities.tally(connection, NOW_MS) != []
        raise RuntimeError
    _commit(store, arrival(Lane.REQUEST, batch(Lane.REQUEST, {1: shared()})))
    with store.reading() as connection:
        assert len(identities.waiting(connection, RECIPIENT, NOW_MS, 10)) == 1


def test_of_what_was_shared_and_cannot_be_stored_not_a_byte_is_kept(store: Store) -> None:
    """Plain text where something sealed should be, a broken entry, one astray, one of another station, and noise."""
    broken = spoiled_entry(batch(Lane.REQUEST, {1: agreed(), 2: shared(1), 3: shared(2)}), 2)
    plain = batch(Lane.REQUEST, {4: shared(4, sealed=b"NGUYEN VAN AN")})
    astray = batch(Lane.EVENT, {1: shared(5), 2: DaemonStarted(release="0.1.0")})
    mislaid = batch(Lane.EVENT, {5: shared(6)}, station="st-0002")
    _commit(
        store,
        arrival(Lane.REQUEST, broken),
        arrival(Lane.REQUEST, plain),
        arrival(Lane.EVENT, astray),
        arrival(Lane.EVENT, mislaid),
        arrival(Lane.REQUEST, b"nonsense"),
    )
    with store.reading() as connection:
        aside = connection.execute(select(ASIDE.c.lane, ASIDE.c.reason, ASIDE.c.payload)).all()
        spoiled = connection.execute(select(QUARANTINE.c.reason, QUARANTINE.c.payload)).all()
        waits = identities.waiting(connection, RECIPIENT, NOW_MS, 10)
        events = connection.execute(select(STATION_EVENT.c.kind)).scalars().all()
    assert sorted(aside) == [
        ("event", "wrong-lane", b""),
        ("request", "implausible", b""),
        ("request", "malformed", b""),
    ]
    assert sorted(spoiled) == [("malformed", b""), ("not-yours", b"")]
    assert [int(each.share, 16) for each in waits] == [1]
    assert events == ["daemon-started"]


def test_bytes_that_may_be_of_a_person_are_not_kept_for_technicians(store: Store) -> None:
    broken = spoiled_entry(batch(Lane.VITALS, {1: consent(), 2: temperature()}), 0)
    astray = batch(Lane.TELEMETRY, {1: temperature(), 2: reading()})
    mislaid = batch(Lane.VITALS, {5: temperature()}, station="st-0002")
    _commit(
        store,
        arrival(Lane.VITALS, broken),
        arrival(Lane.TELEMETRY, astray),
        arrival(Lane.TELEMETRY, mislaid),
        arrival(Lane.VITALS, b"nonsense"),
    )
    with store.reading() as connection:
        aside = connection.execute(select(ASIDE.c.lane, ASIDE.c.reason, ASIDE.c.payload)).all()
        spoiled = connection.execute(select(QUARANTINE.c.reason, QUARANTINE.c.payload)).all()
        kept = [batch.payload for _, batch in readings.batches_after(connection, 0, 10)]
    assert sorted(aside) == [("telemetry", "wrong-lane", b""), ("vitals", "malformed", b"")]
    assert sorted(spoiled) == [("malformed", b""), ("not-yours", b"")]
    assert not any(RAW.encode() in payload for payload in kept)
