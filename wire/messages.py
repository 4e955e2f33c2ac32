"""The messages, version 1: what stands in a payload on each topic.

Every message is a JSON object (RFC 8259, UTF-8) with `v: 1`; unknown fields are refused, everything has a bound.
"""

from enum import StrEnum
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from wire.entries import (
    Count,
    DeviceState,
    Entry,
    Millis,
    Name,
    Note,
    RequestAction,
    Sequence,
    Token,
    Tracking,
)
from wire.errors import RefuseReason
from wire.ids import STATION_PATTERN
from wire.topics import Lane

MAX_PAYLOAD_BYTES: Final = 120_000
"""AWS IoT takes 128 KB; the rest is room for topic and headers."""

MAX_BATCH_ENTRIES: Final = 500
MAX_RECEIPT_RANGES: Final = 500
MAX_DEVICES: Final = 32
MAX_WANTED: Final = 20
MAX_SLOTS: Final = 12

Station = Annotated[str, Meta(pattern=STATION_PATTERN)]


class Message(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Common form of every message."""

    v: Literal[1] = 1
    station: Station


class Batch(Message, frozen=True, kw_only=True):
    """Entries of one lane from one boot of one journal, ascending by `seq`. Topic: `up/{lane}`.

    `sent_at_ms` is the station's clock when it published, again at each repetition: against the time of arrival it
    shows how wrong that clock is.
    """

    journal: Token
    boot: Token
    lane: Lane
    sent_at_ms: Millis
    entries: Annotated[list[Entry], Meta(min_length=1, max_length=MAX_BATCH_ENTRIES)]


class RejectReason(StrEnum):
    """Why the cloud will never store an entry; the station sets it aside and tells a technician."""

    MALFORMED = "malformed"
    WRONG_LANE = "wrong-lane"
    IMPLAUSIBLE = "implausible"


class Rejected(Struct, frozen=True, forbid_unknown_fields=True):
    """One entry that was kept aside instead of stored."""

    seq: Sequence
    reason: RejectReason


Range = tuple[Sequence, Sequence]


class Receipt(Message, frozen=True, kw_only=True, tag_field="kind", tag="receipt"):
    """Committed: every sequence in `ranges` is in the store, or kept aside and named in `rejected`.

    Topic: `down/receipt`. The journal forgets an entry on this and nothing else.
    """

    journal: Token
    lane: Lane
    ranges: Annotated[list[Range], Meta(min_length=1, max_length=MAX_RECEIPT_RANGES)]
    rejected: Annotated[list[Rejected], Meta(max_length=MAX_BATCH_ENTRIES)] = []
    committed_at_ms: Millis


class Refusal(Message, frozen=True, kw_only=True, tag_field="kind", tag="refusal"):
    """A payload was unreadable and stands in quarantine; nothing of it was stored or may be forgotten.

    Topic: `down/receipt`. `digest` is the first 16 hex digits of the payload's SHA-256.
    """

    reason: RefuseReason
    digest: Annotated[str, Meta(pattern=r"^[0-9a-f]{16}$")]
    detail: Note = ""


class DeviceHealth(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How one device is, when it last proved it, and whether its calibration is overdue."""

    device: Name
    state: DeviceState
    seen_at_ms: Millis | None = None
    detail: Note = ""
    calibration_overdue: bool = False


class Birth(Message, frozen=True, kw_only=True):
    """The station is connected. Topic: `up/birth`, retained."""

    journal: Token
    boot: Token
    at_ms: Millis
    release: Name
    devices: Annotated[list[DeviceHealth], Meta(max_length=MAX_DEVICES)] = []


class Death(Message, frozen=True, kw_only=True):
    """Last will, set when connecting: the broker lost the connection that `boot` had made. Topic: `up/death`."""

    boot: Token


class LaneHealth(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How full a lane is: entries without a receipt, age of the oldest, entries set aside, entries dropped so far."""

    lane: Lane
    depth: Count
    oldest_age_ms: Millis = 0
    aside: Count = 0
    dropped: Count = 0


class Heartbeat(Message, frozen=True, kw_only=True):
    """The daemon works: not "the process exists" but when it last got something done. Topic: `up/heartbeat`."""

    boot: Token
    at_ms: Millis
    uptime_ms: Millis
    loop_lag_ms: Millis
    disk_free_bytes: Count
    reserve_used: bool = False
    last_receipt_at_ms: Millis | None = None
    lanes: Annotated[list[LaneHealth], Meta(max_length=len(Lane))] = []
    devices: Annotated[list[DeviceHealth], Meta(max_length=MAX_DEVICES)] = []


class SosStage(StrEnum):
    """What the person at the station may truthfully be told, in this order."""

    RECORDED = "recorded"
    RECEIVED = "received"
    POLICE_RECEIVED = "police-received"
    ON_THE_WAY = "on-the-way"
    ON_SCENE = "on-scene"
    CLOSED = "closed"


class ShowSos(
    Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="show-sos"
):
    """Tell the person how far the help has come; a lower `version` of the same incident is stale and refused."""

    incident: Token
    version: Count
    stage: SosStage


class AmendmentRefused(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the person wanted was not possible, and why: stale, not-allowed, too-often, invalid, not-yours, unknown."""

    amendment: Token
    code: Name


class RequestChanged(
    Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="request-changed"
):
    """Keep what is known of a request for when its owner asks; a lower `version` of it is stale.

    `state`, `reason`, `text` and the entries of `wanted` are keys of reviewed texts; `due_at_ms` is what was promised.
    `note` is the desk's own words, which say nothing of a person. `slots` are [start, end] to choose from. `allowed` is what
    the person can do now; `is_owned`: only with the card by which it was submitted.
    """

    request: Token
    tracking: Tracking
    version: Count
    state: Name
    at_ms: Millis
    due_at_ms: Millis | None = None
    is_late: bool = False
    reason: Name | None = None
    text: Name | None = None
    note: Note = ""
    wanted: Annotated[list[Name], Meta(max_length=MAX_WANTED)] = []
    slots: Annotated[list[tuple[Millis, Millis]], Meta(max_length=MAX_SLOTS)] = []
    case_number: Annotated[str, Meta(max_length=40)] | None = None
    allowed: Annotated[list[RequestAction], Meta(max_length=len(RequestAction))] = []
    is_owned: bool = False
    refused: AmendmentRefused | None = None


class RunDrill(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="run-drill"):
    """Send a press marked as a drill the whole way."""


class Ping(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="ping"):
    """Prove that the way down and back is open."""


class Command(Message, frozen=True, kw_only=True):
    """Something the station shall do once, however often it arrives. Topic: `down/command/{id}`."""

    id: Token
    issued_at_ms: Millis
    expires_at_ms: Millis
    body: ShowSos | RequestChanged | RunDrill | Ping


class Outcome(StrEnum):
    """How a command ended."""

    DONE = "done"
    REFUSED = "refused"
    EXPIRED = "expired"
    FAILED = "failed"


class Reply(Message, frozen=True, kw_only=True):
    """The one answer to command `id`, repeated when the command is. Topic: `up/reply/{id}`."""

    id: Token
    at_ms: Millis
    outcome: Outcome
    detail: Note = ""


Verdict = Receipt | Refusal
"""What arrives on `down/receipt`."""
