"""A drain with what people submitted: once in the store, kept nowhere else, and told until the station confirmed it."""

from sqlalchemy import func, select, text

from cloud.ingest.commit import commit_group
from cloud.ingest.intake import Arrival, receipts, sort_arrivals
from cloud.requests.request import State, Verb
from cloud.sos.plan import Plan
from cloud.store.engine import Store
from cloud.store.schema import ASIDE, COMMAND, QUARANTINE, REQUEST, REQUEST_EVENT, STATION_EVENT
from tests.cloud.ingest.samples import BOOT, JOURNAL, NOW_MS, STATION, arrival, batch, press, spoiled_entry
from tests.cloud.requesting import OFFICES, SECRET, amended, do, load, news, submitted
from tests.cloud.samples import WARD, add_station
from wire.codec import encode
from wire.messages import Birth, Outcome, Receipt, Reply
from wire.topics import Channel, Lane


def commit(store: Store, *arrivals: Arrival, now_ms: int = NOW_MS) -> list[object]:
    group = sort_arrivals(arrivals)
    with store.writing() as connection:
        commit_group(
            connection,
            group,
            now_ms=now_ms,
            plan=Plan(),
            keep_vitals_ms=1,
            keep_shares_ms=1,
            offices=OFFICES,
        )
    return [message for _, message in receipts(group, now_ms)]


def count(store: Store, *tables: str) -> list[int]:
    with store.reading() as connection:
        return [connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() for table in tables]


def test_a_submission_and_what_was_done_to_it_are_committed_and_receipted(store: Store) -> None:
    with store.writing() as connection:
        add_station(connection)
    (receipt,) = commit(store, arrival(Lane.REQUEST, batch(Lane.REQUEST, {1: submitted(), 2: amended()})))
    assert isinstance(receipt, Receipt)
    assert (receipt.lane, receipt.ranges) == (Lane.REQUEST, [(1, 2)])
    request = load(store)
    assert (request.state, request.version, request.ward) == (State.WITHDRAWN, 2, WARD)


def test_the_same_drain_again_or_under_new_numbers_changes_nothing(store: Store) -> None:
    payload = batch(Lane.REQUEST, {1: submitted(), 2: amended()})
    commit(store, arrival(Lane.REQUEST, payload), arrival(Lane.REQUEST, payload))
    commit(store, arrival(Lane.REQUEST, payload))
    commit(
        store, arrival(Lane.REQUEST, batch(Lane.REQUEST, {5: submitted(), 6: amended()}, journal="c" * 32))
    )
    assert count(store, "request", "request_event", "request_amendment") == [1, 2, 1]


def test_an_sos_beside_a_submission_opens_its_incident(store: Store) -> None:
    commit(
        store,
        arrival(Lane.REQUEST, batch(Lane.REQUEST, {1: submitted()})),
        arrival(Lane.SOS, batch(Lane.SOS, {1: press()})),
    )
    assert count(store, "incident", "request") == [1, 1]


def test_what_is_submitted_is_copied_nowhere_else(store: Store) -> None:
    commit(store, arrival(Lane.REQUEST, batch(Lane.REQUEST, {1: submitted(), 2: amended()})))
    assert count(store, "station_event", "reading_batch", "aside") == [0, 0, 0]


def test_bytes_that_nobody_can_read_are_not_kept_here_whatever_lane_they_come_on(store: Store) -> None:
    torn = spoiled_entry(batch(Lane.REQUEST, {1: submitted(), 2: submitted(1)}), 1)
    commit(store, arrival(Lane.REQUEST, torn))
    commit(store, arrival(Lane.EVENT, batch(Lane.EVENT, {1: submitted(2)})))
    commit(store, arrival(Lane.EVENT, b"{" + batch(Lane.REQUEST, {1: submitted(3)})))
    with store.reading() as connection:
        aside = connection.execute(select(ASIDE.c.payload)).scalars().all()
        spoiled = connection.execute(select(QUARANTINE.c.payload)).scalars().all()
        assert connection.execute(select(func.count()).select_from(REQUEST)).scalar_one() == 1
        assert connection.execute(select(func.count()).select_from(STATION_EVENT)).scalar_one() == 0
    assert [bytes(each) for each in aside] == [b"", b""]
    assert [bytes(each) for each in spoiled] == [b""]


def test_a_station_that_confirmed_a_change_is_not_told_again_when_it_comes_back(store: Store) -> None:
    commit(store, arrival(Lane.REQUEST, batch(Lane.REQUEST, {1: submitted()})))
    do(store, Verb.RECEIVE)
    with store.reading() as connection:
        command = connection.execute(select(COMMAND.c.id)).scalar_one()
    reply = Reply(station=STATION, id=command, at_ms=NOW_MS, outcome=Outcome.DONE)
    commit(store, arrival(Channel.REPLY, encode(reply), command=command))
    born(store)
    assert news(store) == []
    with store.reading() as connection:
        assert connection.execute(select(REQUEST.c.told_version)).scalar_one() == 2


def test_a_station_that_was_away_longer_than_a_command_lives_hears_it_when_it_comes_back(
    store: Store,
) -> None:
    commit(store, arrival(Lane.REQUEST, batch(Lane.REQUEST, {1: submitted()})))
    do(store, Verb.RECEIVE)
    with store.writing() as connection:
        connection.execute(COMMAND.delete())
    born(store)
    assert [(each.state, each.version) for each in news(store)] == [("received", 2)]
    born(store)
    assert len(news(store)) == 1


def test_a_station_that_refused_a_change_hears_it_again(store: Store) -> None:
    commit(store, arrival(Lane.REQUEST, batch(Lane.REQUEST, {1: submitted()})))
    do(store, Verb.RECEIVE)
    with store.reading() as connection:
        command = connection.execute(select(COMMAND.c.id)).scalar_one()
    reply = Reply(station=STATION, id=command, at_ms=NOW_MS, outcome=Outcome.REFUSED)
    commit(store, arrival(Channel.REPLY, encode(reply), command=command))
    assert news(store) == []
    born(store)
    assert len(news(store)) == 1


def born(store: Store) -> None:
    birth = Birth(station=STATION, journal=JOURNAL, boot=BOOT, at_ms=NOW_MS, release="0.1.0")
    commit(store, arrival(Channel.BIRTH, encode(birth)), now_ms=NOW_MS + 7_200_000)


def test_nothing_of_what_was_submitted_stands_anywhere_in_the_open(store: Store) -> None:
    """Also not in events, commands, or the inbox: only in the sealed column itself."""
    commit(store, arrival(Lane.REQUEST, batch(Lane.REQUEST, {1: submitted()})))
    do(store, Verb.RECEIVE)
    with store.reading() as connection:
        event = connection.execute(select(REQUEST_EVENT)).all()
        command = connection.execute(select(COMMAND.c.body)).scalars().all()
    assert SECRET not in repr(event).encode()
    assert all(SECRET not in bytes(body) for body in command)
