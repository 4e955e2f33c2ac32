"""One group, one transaction: everything that a drain brought is in the store, or nothing of it.

Repetitions are recognised by the inbox, which remembers what was taken in of every lane. A station that tears its
sequence into countless holes is stopped at MAX_RANGES: its batch fails, loudly, and alone.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from types import UnionType
from typing import Any, Final, NamedTuple, TypeVar

import msgspec

from cloud.ingest.intake import Group, Parcel, bytes_to_keep
from cloud.requests.offices import Offices
from cloud.sos.plan import Plan
from cloud.store import (
    blobs,
    identities,
    inbox,
    incidents,
    readings,
    request_news,
    requests,
    stations,
    vitals,
)
from cloud.store.engine import Transaction
from wire.codec import LooseBatch, LooseEntry, encode, encode_body
from wire.entries import BlobPart, Entry, SosPressed
from wire.errors import MessageError
from wire.messages import Birth, Death, Heartbeat, Outcome, Reply, RequestChanged
from wire.ranges import SequenceSet
from wire.topics import Lane

MAX_RANGES: Final = 4096
_EVENT_LANES: Final = frozenset({Lane.SOS, Lane.EVENT})


Row = TypeVar("Row")

WITHOUT_HOLIDAYS: Final = Offices()
"""Whoever runs an ingest for people hands in the real calendar."""


class Fresh(NamedTuple):
    """The part of one batch that was not taken in before."""

    parcel: Parcel
    entries: tuple[Entry, ...]

    @property
    def is_whole(self) -> bool:
        """Whether the batch is new from its first entry to its last."""
        return len(self.entries) == len(self.parcel.intake.entries) and not self.parcel.intake.aside


def commit_group(
    connection: Transaction,
    group: Group,
    *,
    now_ms: int,
    plan: Plan,
    keep_vitals_ms: int,
    keep_shares_ms: int,
    offices: Offices = WITHOUT_HOLIDAYS,
) -> None:
    """Write a group's effects into the open transaction; any error leaves nothing behind.

    `keep_vitals_ms` is how long measurements are kept from the receipt of their consent, `keep_shares_ms` how long what was
    sealed waits for its recipient, `offices` what is promised to those who submit something.
    """
    fresh = _take_in(connection, group, now_ms)
    _keep_presses(connection, fresh, now_ms, plan)
    # Both take the turn, so before any row that another worker may hold while it waits for its own.
    requests.record(connection, _told(fresh, Lane.REQUEST, requests.AnyBody, requests.Told), offices, now_ms)
    stations.record_events(connection, [row for part in fresh for row in _event_rows(part)])
    readings.keep_batches(connection, [row for part in fresh for row in _reading_rows(part)])
    vitals.record(connection, _told(fresh, Lane.VITALS, vitals.AnyBody, vitals.Heard), keep_ms=keep_vitals_ms)
    identities.record(
        connection, _told(fresh, Lane.REQUEST, identities.AnyBody, identities.Told), keep_ms=keep_shares_ms
    )
    blobs.record(connection, _told(fresh, Lane.BLOB, BlobPart, blobs.Told), now_ms)
    inbox.set_aside(connection, [row for part in fresh for row in _aside_rows(part)])
    _apply_signs(connection, group, now_ms)
    inbox.quarantine(
        connection,
        [
            inbox.Quarantined(
                spoiled.topic, spoiled.reason, spoiled.digest, spoiled.payload, spoiled.received_at_ms
            )
            for spoiled in group.spoiled
        ],
    )


def _take_in(connection: Transaction, group: Group, now_ms: int) -> list[Fresh]:
    """Merge what came with what was there; return what is new, in the order of arrival within each lane."""
    keys = {key: inbox.LaneKey(*key) for key in group.parcels}
    known = inbox.load(connection, keys.values())
    fresh: list[Fresh] = []
    merged: dict[inbox.LaneKey, SequenceSet] = {}
    for key, batches in group.parcels.items():
        taken = known.get(keys[key], SequenceSet())
        fresh.extend(_what_is_new(batches, taken))
        merged[keys[key]] = taken | group.accounted(key)
        if len(merged[keys[key]].ranges) > MAX_RANGES:
            raise MessageError(f"lane: more than {MAX_RANGES} holes in its sequence")
    inbox.save(connection, merged, now_ms)
    return fresh


def _what_is_new(batches: Iterable[Parcel], taken: SequenceSet) -> Iterator[Fresh]:
    """Yield of each batch the entries that are neither in the store nor in an earlier batch of this group."""
    seen: set[int] = set()
    highest = taken.ranges[-1][1] if taken.ranges else 0
    for parcel in batches:
        entries: list[Entry] = []
        for entry in parcel.intake.entries:
            seq = entry.seq
            if seq > highest:  # nearly always: a lane only grows
                highest = seq
            elif seq in seen or seq in taken:
                continue
            seen.add(seq)
            entries.append(entry)
        yield Fresh(parcel, tuple(entries))


def _keep_presses(connection: Transaction, fresh: Iterable[Fresh], now_ms: int, plan: Plan) -> None:
    presses = [
        incidents.NewPress(
            station=part.parcel.intake.station,
            journal=part.parcel.intake.journal,
            seq=entry.seq,
            button=entry.body.button,
            source=entry.body.source,
            drill=entry.body.drill,
            at_ms=entry.at_ms,
            ago_ms=entry.body.ago_ms,
            sent_at_ms=part.parcel.intake.sent_at_ms,
            received_at_ms=part.parcel.received_at_ms,
        )
        for part in fresh
        for entry in part.entries
        if isinstance(entry.body, SosPressed)
    ]
    if presses:
        incidents.record_presses(connection, presses, now_ms=now_ms, plan=plan)


def _event_rows(part: Fresh) -> Iterable[stations.StationEvent]:
    intake = part.parcel.intake
    if intake.lane not in _EVENT_LANES:
        return
    for entry in part.entries:
        if not isinstance(entry.body, SosPressed):
            body = msgspec.to_builtins(entry.body)
            kind = body.pop("kind")
            yield stations.StationEvent(
                intake.station,
                intake.journal,
                intake.lane,
                entry.seq,
                entry.at_ms,
                part.parcel.received_at_ms,
                kind,
                body,
            )


def _told(
    fresh: Iterable[Fresh], lane: Lane, bodies: type | UnionType, row: Callable[[str, int, int, Any], Row]
) -> list[Row]:
    """Make a row of every entry of a lane with such a body: whose, when it arrived, when it happened, what."""
    return [
        row(part.parcel.intake.station, part.parcel.received_at_ms, entry.at_ms, entry.body)
        for part in fresh
        if part.parcel.intake.lane is lane
        for entry in part.entries
        if isinstance(entry.body, bodies)
    ]


def _reading_rows(part: Fresh) -> Iterable[readings.Batch]:
    intake = part.parcel.intake
    if intake.lane is not Lane.TELEMETRY or not part.entries:
        return
    yield readings.Batch(
        intake.station,
        intake.journal,
        intake.lane,
        part.entries[0].seq,
        part.entries[-1].seq,
        part.parcel.received_at_ms,
        part.parcel.payload if part.is_whole else _encode_again(part),
    )


def _encode_again(part: Fresh) -> bytes:
    """Write a batch anew with only what is new in it, so that a replay counts nothing twice."""
    intake = part.parcel.intake
    entries = [
        LooseEntry(
            seq=entry.seq,
            at_ms=entry.at_ms,
            uptime_ms=entry.uptime_ms,
            body=msgspec.Raw(encode_body(entry.body)),
        )
        for entry in part.entries
    ]
    return encode(
        LooseBatch(
            station=intake.station,
            journal=intake.journal,
            boot=intake.boot,
            lane=intake.lane,
            sent_at_ms=intake.sent_at_ms,
            entries=entries,
        )
    )


def _aside_rows(part: Fresh) -> Iterable[inbox.Aside]:
    intake = part.parcel.intake
    for aside in intake.aside:
        yield inbox.Aside(
            intake.station,
            intake.journal,
            intake.lane,
            aside.rejected.seq,
            aside.rejected.reason,
            bytes_to_keep(aside.payload, intake.lane),
            part.parcel.received_at_ms,
        )


def _apply_signs(connection: Transaction, group: Group, now_ms: int) -> None:
    """Apply what stations say of themselves; deaths first, since a birth in the same drain came after."""
    births: list[tuple[Birth, int]] = []
    deaths: list[Death] = []
    heartbeats: list[tuple[Heartbeat, int]] = []
    for sign in group.signs:
        match sign.message:
            case Birth():
                births.append((sign.message, sign.received_at_ms))
            case Death():
                deaths.append(sign.message)
            case Heartbeat():
                heartbeats.append((sign.message, sign.received_at_ms))
            case Reply():
                _settle(connection, sign.message, sign.received_at_ms)
    stations.apply_deaths(connection, deaths)
    stations.apply_births(connection, births, now_ms)
    stations.apply_heartbeats(connection, heartbeats)
    _tell_again(connection, births, now_ms)


def _settle(connection: Transaction, reply: Reply, at_ms: int) -> None:
    settled = incidents.mark_shown(connection, reply, at_ms)
    if settled is not None and settled.outcome is Outcome.DONE and isinstance(settled.body, RequestChanged):
        request_news.mark_told(connection, settled.station, settled.body)


def _tell_again(connection: Transaction, births: Sequence[tuple[Birth, int]], now_ms: int) -> None:
    """Tell stations that came back what has expired with its command while they were away."""
    request_news.tell_again(connection, sorted({birth.station for birth, _ in births}), now_ms)
