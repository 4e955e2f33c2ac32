"""Between bytes and messages: strict, bounded, and forgiving in one place only.

`decode_uplink` and `decode_downlink` are the doors of the two sides, `decode_question` that of whoever answers. A batch in which one entry is broken still delivers
the others: the fast path decodes all of it at once, and only when that fails are the entries looked at one by one.
"""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple, TypeVar

import msgspec

from wire import entries as ent
from wire.asking import Answer, Question
from wire.errors import MessageError, RefuseReason
from wire.measures import STATION_MEASURES, VITAL_MEASURES, Measure
from wire.messages import (
    MAX_BATCH_ENTRIES,
    MAX_PAYLOAD_BYTES,
    Batch,
    Birth,
    Command,
    Death,
    Heartbeat,
    Message,
    Receipt,
    Refusal,
    Rejected,
    RejectReason,
    Reply,
    Verdict,
)
from wire.topics import Channel, Lane, Topic

AnyMessage = TypeVar("AnyMessage", bound=Message)
Decoded = TypeVar("Decoded")

_encoder: Final = msgspec.json.Encoder()
_body_decoder: Final[msgspec.json.Decoder[ent.AnyBody]] = msgspec.json.Decoder(ent.AnyBody)
_batch_decoder: Final = msgspec.json.Decoder(Batch)
_verdict_decoder: Final[msgspec.json.Decoder[Verdict]] = msgspec.json.Decoder(Verdict)
_channel_readers: Final[dict[Channel, Callable[[bytes], Birth | Death | Heartbeat | Reply]]] = {
    Channel.BIRTH: msgspec.json.Decoder(Birth).decode,
    Channel.DEATH: msgspec.json.Decoder(Death).decode,
    Channel.HEARTBEAT: msgspec.json.Decoder(Heartbeat).decode,
    Channel.REPLY: msgspec.json.Decoder(Reply).decode,
}
_command_decoder: Final = msgspec.json.Decoder(Command)
_question_decoder: Final = msgspec.json.Decoder(Question)
_answer_decoder: Final = msgspec.json.Decoder(Answer)


class LooseEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An entry whose body is still the JSON that the journal keeps."""

    seq: ent.Sequence
    at_ms: ent.Millis
    uptime_ms: ent.Millis
    body: msgspec.Raw


class LooseBatch(Message, frozen=True, kw_only=True):
    """A batch on its way out: the bodies are the journal's own JSON, encoded once and for all."""

    journal: ent.Token
    boot: ent.Token
    lane: Lane
    sent_at_ms: ent.Millis
    entries: list[LooseEntry]


class _LooseBatch(Message, frozen=True, kw_only=True):
    journal: ent.Token
    boot: ent.Token
    lane: Lane
    sent_at_ms: ent.Millis
    entries: list[msgspec.Raw]


class _Numbered(msgspec.Struct, frozen=True):
    """The least that must be readable of an entry so that a receipt can name it."""

    seq: ent.Sequence


class _Versioned(msgspec.Struct, frozen=True):
    v: int


_loose_batch_decoder: Final = msgspec.json.Decoder(_LooseBatch)
_numbered_decoder: Final = msgspec.json.Decoder(_Numbered)
_entry_decoder: Final = msgspec.json.Decoder(ent.Entry)
_version_decoder: Final = msgspec.json.Decoder(_Versioned)


class Aside(NamedTuple):
    """One entry that will never be stored: which, why, and its bytes for a technician."""

    rejected: Rejected
    payload: bytes


class Intake(NamedTuple):
    """A batch sorted into the entries that can be stored and those that never will be.

    A tuple, as everything that is made once for each message: it costs a fifth of a frozen dataclass.
    """

    station: str
    journal: str
    boot: str
    lane: Lane
    sent_at_ms: int
    entries: tuple[ent.Entry, ...]
    aside: tuple[Aside, ...] = ()


Uplink = Intake | Birth | Death | Heartbeat | Reply
Downlink = Receipt | Refusal | Command | Answer


def encode(message: Message) -> bytes:
    """JSON of a message; MessageError when it is larger than every broker takes."""
    return _capped(_encoder.encode(message))


def encode_body(body: ent.AnyBody) -> bytes:
    """JSON of an entry's body, as a journal keeps it."""
    return _encoder.encode(body)


def decode_body(payload: bytes) -> ent.AnyBody:
    """Read what `encode_body` wrote; MessageError for anything else."""
    return _decode(_body_decoder.decode, payload)


def decode_uplink(topic: Topic, payload: bytes) -> Uplink:
    """Read what a station sent; MessageError (with its reason) when it is not what `topic` promises."""
    if isinstance(topic.kind, Lane):
        return _decode_batch(topic, payload)
    read = _channel_readers.get(topic.kind)
    if read is None:
        raise MessageError("topic: not one that a station sends on", RefuseReason.NOT_YOURS)
    message = _decode(read, payload)
    _require_sender(topic, message)
    if isinstance(message, Reply):
        _require_id(topic, message.id)
    return message


def decode_question(topic: Topic, payload: bytes) -> Question:
    """Read what a station asks; MessageError when it is not what `topic` promises."""
    if topic.kind is not Channel.ASK:
        raise MessageError("topic: not one that a station asks on", RefuseReason.NOT_YOURS)
    question = _decode(_question_decoder.decode, payload)
    _require_sender(topic, question)
    _require_id(topic, question.id)
    return question


def decode_downlink(topic: Topic, payload: bytes) -> Downlink:
    """Read what the cloud sent to a station; MessageError when it is not what `topic` promises."""
    if topic.kind is Channel.RECEIPT:
        message: Downlink = _decode(_verdict_decoder.decode, payload)
    elif topic.kind is Channel.COMMAND:
        message = _decode(_command_decoder.decode, payload)
    elif topic.kind is Channel.ANSWER:
        message = _decode(_answer_decoder.decode, payload)
    else:
        raise MessageError("topic: not one that the cloud sends on", RefuseReason.NOT_YOURS)
    _require_sender(topic, message)
    if isinstance(message, (Command, Answer)):
        _require_id(topic, message.id)
    return message


def _decode_batch(topic: Topic, payload: bytes) -> Intake:
    try:
        batch = _decode(_batch_decoder.decode, payload)
    except MessageError as error:
        if error.reason is not RefuseReason.MALFORMED:
            raise
        return _salvage(topic, payload)
    _require_lane(topic, batch.station, batch.lane)
    faults = [(entry, reason) for entry in batch.entries if (reason := _fault(entry, batch.lane)) is not None]
    if not faults:
        return Intake(
            batch.station, batch.journal, batch.boot, batch.lane, batch.sent_at_ms, tuple(batch.entries)
        )
    bad = {id(entry) for entry, _ in faults}
    good = tuple(entry for entry in batch.entries if id(entry) not in bad)
    aside = tuple(Aside(Rejected(entry.seq, reason), _encoder.encode(entry)) for entry, reason in faults)
    return Intake(batch.station, batch.journal, batch.boot, batch.lane, batch.sent_at_ms, good, aside)


def _salvage(topic: Topic, payload: bytes) -> Intake:
    """Read a batch entry by entry; what has a number but no sense goes aside, what has no number fails the batch."""
    loose = _decode(_loose_batch_decoder.decode, payload)
    _require_lane(topic, loose.station, loose.lane)
    if not 1 <= len(loose.entries) <= MAX_BATCH_ENTRIES:
        raise MessageError(f"batch: 1 to {MAX_BATCH_ENTRIES} entries")
    good: list[ent.Entry] = []
    aside: list[Aside] = []
    for raw in loose.entries:
        try:
            entry = _decode(_entry_decoder.decode, bytes(raw))
            reason = _fault(entry, loose.lane)
            seq = entry.seq
        except MessageError:
            seq = _decode(_numbered_decoder.decode, bytes(raw)).seq
            reason = RejectReason.MALFORMED
        if reason is None:
            good.append(entry)
        else:
            aside.append(Aside(Rejected(seq, reason), bytes(raw)))
    return Intake(
        loose.station, loose.journal, loose.boot, loose.lane, loose.sent_at_ms, tuple(good), tuple(aside)
    )


def _fault(entry: ent.Entry, lane: Lane) -> RejectReason | None:
    body = entry.body
    if not isinstance(body, ent.LANE_BODIES[lane]):
        return RejectReason.WRONG_LANE
    if isinstance(body, ent.Reading):
        is_sound = _is_plausible(STATION_MEASURES, body.measure, body.value)
    elif isinstance(body, ent.Measured):
        is_sound = all(_is_plausible(VITAL_MEASURES, part.measure, part.value) for part in body.values)
    elif isinstance(body, ent.IdentityShared):
        is_sound = _are_sealed(body.sealed)
    elif isinstance(body, ent.RequestSubmitted):
        is_sound = _are_sealed(body.sealed, body.contact)
    elif isinstance(body, ent.RequestAmended):
        is_sound = _are_sealed(body.sealed) and _has_its_own(body)
    elif isinstance(body, ent.BlobPart):
        is_sound = _is_whole_part(body)
    else:
        is_sound = not isinstance(body, ent.Dropped) or body.first <= body.last < entry.seq
    return None if is_sound else RejectReason.IMPLAUSIBLE


def _are_sealed(*parts: bytes | None) -> bool:
    return all(part is None or part.startswith(ent.AGE_INTRO) for part in parts)


def _has_its_own(body: ent.RequestAmended) -> bool:
    """Whether what belongs to one action stands there, and only there."""
    rates, books = body.action is ent.RequestAction.RATE, body.action is ent.RequestAction.BOOK
    return rates is (body.rating is not None) and books is (body.slot_start_ms is not None)


def _is_whole_part(body: ent.BlobPart) -> bool:
    """Whether it lies where parts begin and is as long as its place wants; the first begins as what is sealed does."""
    left = body.blob.size_bytes - body.offset
    is_placed = body.offset % ent.BLOB_PART_BYTES == 0 and len(body.data) == min(ent.BLOB_PART_BYTES, left)
    return is_placed and (body.offset > 0 or body.data.startswith(ent.AGE_INTRO))


def _is_plausible(known: Mapping[str, Measure], name: str, value: float) -> bool:
    measure = known.get(name)
    return measure is not None and measure.low <= value <= measure.high


def _require_sender(topic: Topic, message: Message) -> None:
    if message.station != topic.station:
        raise MessageError("message: another station than its topic's", RefuseReason.NOT_YOURS)


def _require_id(topic: Topic, identity: str) -> None:
    if identity != topic.id:
        raise MessageError("message: another id than its topic's", RefuseReason.NOT_YOURS)


def _require_lane(topic: Topic, station: str, lane: Lane) -> None:
    if station != topic.station or lane is not topic.kind:
        raise MessageError("batch: another station or lane than its topic's", RefuseReason.NOT_YOURS)


def _capped(payload: bytes) -> bytes:
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise MessageError(f"message: larger than {MAX_PAYLOAD_BYTES} bytes", RefuseReason.OVERSIZED)
    return payload


def _decode(read: Callable[[bytes], Decoded], payload: bytes) -> Decoded:
    try:
        return read(_capped(payload))
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise MessageError(_explain(error), _reason(payload)) from None


def _explain(error: Exception) -> str:
    """Say which rule was broken and where, without any of the sender's values."""
    text, _, place = str(error).partition(" - at ")
    is_rule = text.startswith(("Expected", "Object missing"))
    return f"message: {text if is_rule else 'not of its form'}{f' at {place}' if is_rule and place else ''}"


def _reason(payload: bytes) -> RefuseReason:
    try:
        version = _version_decoder.decode(payload).v
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return RefuseReason.MALFORMED
    return RefuseReason.MALFORMED if version == 1 else RefuseReason.WRONG_VERSION
