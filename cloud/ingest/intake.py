"""From arrivals to work: decode, sort, and say of each payload what the sender will be told. Pure.

Nothing is dropped here. What can be read becomes work for the store, what cannot becomes a `Spoiled` payload for the
quarantine with a refusal for its sender, when the topic still tells who that is.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from wire.codec import Intake, decode_uplink
from wire.entries import Dropped
from wire.errors import MessageError, RefuseReason, TopicError
from wire.messages import MAX_RECEIPT_RANGES, Birth, Death, Heartbeat, Receipt, Refusal, Rejected, Reply
from wire.ranges import SequenceSet
from wire.topics import Channel, Lane, Topic, parse_topic

_MAX_DETAIL = 200
_PRIVATE_LANES: Final = frozenset({Lane.VITALS, Lane.REQUEST, Lane.BLOB})
_PRIVATE_MARKS: Final = (
    *(b'"measured"', b'"identity-shared"', b'"request-submitted"', b'"request-amended"', b'"blob-part"'),
)
"""Signs of a measurement, or of what somebody sent or submitted, on a lane where it does not belong."""

LaneKey = tuple[str, str, Lane]
"""Station, journal, lane: whose sequence numbers they are."""


class Arrival(NamedTuple):
    """One message as it came; `epoch` numbers the connection it came by."""

    topic: str
    payload: bytes
    mid: int
    epoch: int
    received_at_ms: int


class Parcel(NamedTuple):
    """One readable batch with its bytes and the time it arrived."""

    intake: Intake
    payload: bytes
    received_at_ms: int


@dataclass(frozen=True, slots=True)
class Sign:
    """One readable message that is not journaled."""

    message: Birth | Death | Heartbeat | Reply
    received_at_ms: int


@dataclass(frozen=True, slots=True)
class Spoiled:
    """One payload that nobody can use; `station` is None when even the topic is not one of ours."""

    topic: str
    station: str | None
    reason: RefuseReason
    detail: str
    digest: str
    payload: bytes
    received_at_ms: int


@dataclass(slots=True)
class Group:
    """Everything of one drain, sorted, in the order of arrival within each kind."""

    parcels: dict[LaneKey, list[Parcel]] = field(default_factory=dict)
    signs: list[Sign] = field(default_factory=list)
    spoiled: list[Spoiled] = field(default_factory=list)
    _accounted: dict[LaneKey, SequenceSet] = field(default_factory=dict)

    def accounted(self, key: LaneKey) -> SequenceSet:
        """Return every sequence that one lane's parcels account for; asked by the commit and again by the receipts."""
        if key not in self._accounted:
            self._accounted[key] = accounted(self.parcels[key])
        return self._accounted[key]


def sort_arrivals(arrivals: Iterable[Arrival]) -> Group:
    """Decode and sort one drain."""
    group = Group()
    for arrival in arrivals:
        if not arrival.payload:
            continue  # a cleared retained message
        try:
            topic = parse_topic(arrival.topic)
            if topic.kind is Channel.ASK:
                continue  # for whoever answers; nothing of it is kept, not even what cannot be read
            message = decode_uplink(topic, arrival.payload)
        except TopicError as error:
            group.spoiled.append(spoil(arrival, RefuseReason.NOT_YOURS, str(error)))
            continue
        except MessageError as error:
            group.spoiled.append(spoil(arrival, error.reason, str(error)))
            continue
        if isinstance(message, Intake):
            key = (message.station, message.journal, message.lane)
            group.parcels.setdefault(key, []).append(Parcel(message, arrival.payload, arrival.received_at_ms))
        else:
            group.signs.append(Sign(message, arrival.received_at_ms))
    return group


def accounted(parcels: Iterable[Parcel]) -> SequenceSet:
    """Return every sequence that these parcels account for: stored, set aside, or reported as dropped."""
    spans: list[tuple[int, int]] = []
    for parcel in parcels:
        first, last = 1, 0
        for entry in parcel.intake.entries:
            if entry.seq != last + 1:
                spans.append((first, last))
                first = entry.seq
            last = entry.seq
            if isinstance(entry.body, Dropped):
                spans.append((entry.body.first, entry.body.last))
        spans.append((first, last))
        spans.extend((aside.rejected.seq, aside.rejected.seq) for aside in parcel.intake.aside)
    return SequenceSet.of(span for span in spans if span[0] <= span[1])


def receipts(group: Group, now_ms: int) -> list[tuple[Topic, Receipt | Refusal]]:
    """Return what to tell the senders once the group is committed, receipts for an SOS first."""
    told: list[tuple[Topic, Receipt | Refusal]] = []
    order = {lane: rank for rank, lane in enumerate(Lane)}
    for key in sorted(group.parcels, key=lambda key: order[key[2]]):
        told.extend(
            (Topic(key[0], Channel.RECEIPT), receipt) for receipt in _lane_receipts(key, group, now_ms)
        )
    for spoiled in group.spoiled:
        if spoiled.station is not None:
            refusal = Refusal(
                station=spoiled.station, reason=spoiled.reason, digest=spoiled.digest, detail=spoiled.detail
            )
            told.append((Topic(spoiled.station, Channel.RECEIPT), refusal))
    return told


def _lane_receipts(key: LaneKey, group: Group, now_ms: int) -> Iterable[Receipt]:
    """Yield one receipt for all clean batches of a lane, and one for each batch that has something to reject."""
    clean = [parcel for parcel in group.parcels[key] if not parcel.intake.aside]
    is_clean = len(clean) == len(group.parcels[key])
    ranges = (group.accounted(key) if is_clean else accounted(clean)).ranges
    for start in range(0, len(ranges), MAX_RECEIPT_RANGES):
        yield _receipt(key, ranges[start : start + MAX_RECEIPT_RANGES], [], now_ms)
    for parcel in group.parcels[key]:
        if parcel.intake.aside:
            rejected = [aside.rejected for aside in parcel.intake.aside]
            yield _receipt(key, accounted([parcel]).ranges, rejected, now_ms)


def _receipt(
    key: LaneKey, ranges: Iterable[tuple[int, int]], rejected: list[Rejected], now_ms: int
) -> Receipt:
    station, journal, lane = key
    return Receipt(
        station=station,
        journal=journal,
        lane=lane,
        ranges=list(ranges),
        rejected=rejected,
        committed_at_ms=now_ms,
    )


def spoil(arrival: Arrival, reason: RefuseReason, detail: str) -> Spoiled:
    """Make a payload that nobody can use out of an arrival."""
    topic = _topic(arrival.topic)
    return Spoiled(
        topic=arrival.topic,
        station=topic.station if topic else None,
        reason=reason,
        detail=detail[:_MAX_DETAIL],
        digest=hashlib.sha256(arrival.payload).hexdigest()[:16],
        payload=bytes_to_keep(arrival.payload, topic.kind if topic else None),
        received_at_ms=arrival.received_at_ms,
    )


def bytes_to_keep(payload: bytes, kind: Lane | Channel | None) -> bytes:
    """Return what may be kept of bytes that cannot be stored: nothing of what a person may have had measured or sent.

    Nobody can tell whether such bytes have a consent, nor find them when it is withdrawn or their time is over, nor
    whether they are sealed at all; the station keeps them.
    """
    is_private = kind in _PRIVATE_LANES or any(mark in payload for mark in _PRIVATE_MARKS)
    return b"" if is_private else payload


def _topic(text: str) -> Topic | None:
    try:
        return parse_topic(text)
    except TopicError:
        return None
