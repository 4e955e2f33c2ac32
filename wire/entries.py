"""What a station's journal can hold: one Struct per kind of entry, and which lane takes which kind.

Times: `at_ms` is the station's wall clock in milliseconds since 1970 UTC, taken at the source; it may be wrong, which
is why `uptime_ms` (monotonic, since the boot that the batch names) stands beside it.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Final

from msgspec import Meta, Struct

from wire.ids import ID_PATTERN, WARD_PATTERN
from wire.topics import Lane
from wire.tracking import TRACKING_PATTERN

Millis = Annotated[int, Meta(ge=0, le=2**53 - 1, description="milliseconds")]
Count = Annotated[int, Meta(ge=0, le=2**53 - 1)]
Sequence = Annotated[int, Meta(ge=1, le=2**53 - 1, description="own sequence of a lane, dense, from 1")]
Token = Annotated[str, Meta(pattern=ID_PATTERN, description="128 random bits, lower-case hex")]
Name = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9](?:[a-z0-9.-]{0,63})$", description="a short name: a device, a release, a purpose"
    ),
]
Ward = Annotated[str, Meta(pattern=WARD_PATTERN)]
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
Tracking = Annotated[str, Meta(pattern=TRACKING_PATTERN)]
Note = Annotated[
    str,
    Meta(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$", description="for technicians; never personal"),
]

MAX_SHARED_FIELDS: Final = 16
MAX_SEALED_BYTES: Final = 8_192
MAX_REQUEST_BYTES: Final = 32_768
MAX_CONTACT_BYTES: Final = 1_024
MAX_RECIPIENTS: Final = 4
MAX_BLOBS: Final = 20
MAX_BLOB_BYTES: Final = 20_000_000
BLOB_PART_BYTES: Final = 65_536
"""Every part but the last has so many; in base64 it leaves room in a message."""
AGE_INTRO: Final = b"age-encryption.org/v1\n"
"""How every age file begins (age-encryption.org/v1, "Header"): what lacks it may be plain text."""


class Body(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", kw_only=True):
    """Common form of everything that a lane can hold."""


class SosPressed(Body, frozen=True, kw_only=True, tag="sos-pressed"):
    """Somebody asked for help. `source` names the press for ever: board serial, boot count, board sequence.

    The button went down `ago_ms` before the entry's `at_ms`, the time at which the station recorded it.
    """

    button: Name
    source: Name
    ago_ms: Millis = 0
    drill: bool = False


class SosReleased(Body, frozen=True, kw_only=True, tag="sos-released"):
    """The button came back up; it ends nothing."""

    button: Name
    source: Name


class SmsState(StrEnum):
    """How far the station's own text message came."""

    SENT = "sent"
    FAILED = "failed"


class SmsFallback(Body, frozen=True, kw_only=True, tag="sms-fallback"):
    """No receipt came in time, so the station sent an SMS itself; `press_seq` is the press in lane `sos`."""

    press_seq: Sequence
    state: SmsState
    detail: Note = ""


class LineState(StrEnum):
    """State of the supervised wire between board and button."""

    OK = "ok"
    CUT = "cut"
    SHORT = "short"


class LineChanged(Body, frozen=True, kw_only=True, tag="line-changed"):
    """The button's wire was cut, shorted or restored: while it is not ok, a press may not be seen."""

    button: Name
    state: LineState
    source: Name


class TamperChanged(Body, frozen=True, kw_only=True, tag="tamper-changed"):
    """The case was opened or closed."""

    opened: bool
    source: Name


class DeviceState(StrEnum):
    """Health of one device of the station."""

    OK = "ok"
    LOST = "lost"
    FAULT = "fault"


class DeviceChanged(Body, frozen=True, kw_only=True, tag="device-changed"):
    """A device came, went or broke."""

    device: Name
    state: DeviceState
    detail: Note = ""


class DaemonStarted(Body, frozen=True, kw_only=True, tag="daemon-started"):
    """The daemon came up; `release` is what it runs."""

    release: Name


class Reading(Body, frozen=True, kw_only=True, tag="reading"):
    """One value of one measure (wire.measures) from one sensor."""

    measure: Annotated[str, Meta(max_length=32)]
    value: float
    sensor: Name


class VitalKind(StrEnum):
    """What a person can have measured in the cabin."""

    BLOOD_PRESSURE = "blood-pressure"
    OXYGEN = "oxygen"
    TEMPERATURE = "temperature"
    HEART_RATE = "heart-rate"
    WEIGHT = "weight"
    HEIGHT = "height"
    GLUCOSE = "glucose"


class Flag(StrEnum):
    """What limits the trust in a measurement; kept with it for ever."""

    MOTION = "motion"
    CUFF_LOOSE = "cuff-loose"
    IRREGULAR_PULSE = "irregular-pulse"
    PULSE_OUT_OF_RANGE = "pulse-out-of-range"
    WRONG_POSITION = "wrong-position"
    WEAK_SIGNAL = "weak-signal"
    DIVERGENT = "divergent"
    """Readings of one session lay further apart than the rules allow, also after a third."""
    UNTIMED = "untimed"
    """The device named no time, so only the moment of arrival ties it to the session."""
    MANUAL = "manual"
    """Typed by the person."""


class Quantity(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One value of one measure (wire.measures), in the measure's unit."""

    measure: Annotated[str, Meta(max_length=32)]
    value: float


class Measured(Body, frozen=True, kw_only=True, tag="measured"):
    """One measurement of the person of `session`, who agreed to its being kept (`ConsentGiven` went before).

    `measurement` names it for ever, also towards hospitals. `raw` is what the device sent, as hex.
    """

    session: Token
    measurement: Token
    vital: VitalKind
    values: Annotated[list[Quantity], Meta(min_length=1, max_length=8)]
    flags: Annotated[list[Flag], Meta(max_length=len(Flag))] = []
    sensor: Name
    raw: Annotated[str, Meta(pattern=r"^(?:[0-9a-f]{2}){0,64}$")] = ""


class ConsentScope(StrEnum):
    """What a person agreed to; each includes the ones before."""

    KEEP = "keep"
    """Kept for a limited time without a name."""
    SHARE = "share"
    """And shown to a doctor of this platform."""


class ConsentGiven(Body, frozen=True, kw_only=True, tag="consent-given"):
    """The person of `session` agreed to `scope` after reading (or hearing) text `text_version`.

    `subject` is a pseudonym of the person, when the session is tied to an identity; without it only the session ties
    measurements together.
    """

    session: Token
    scope: ConsentScope
    text_version: Name
    subject: Token | None = None


class ConsentWithdrawn(Body, frozen=True, kw_only=True, tag="consent-withdrawn"):
    """The person wants what was kept of `session` deleted."""

    session: Token


class SessionOutcome(StrEnum):
    """How a cabin session ended."""

    FINISHED = "finished"
    ABANDONED = "abandoned"
    INTERRUPTED = "interrupted"


class SessionEnded(Body, frozen=True, kw_only=True, tag="session-ended"):
    """The session is over: nothing more will come of it."""

    session: Token
    outcome: SessionOutcome


class IdentityConsented(Body, frozen=True, kw_only=True, tag="identity-consented"):
    """The person of `session` agreed, after text `text_version`, that their card's chip is read for `purpose`.

    It says nothing of who they are, and nothing of the card.
    """

    session: Token
    purpose: Name
    text_version: Name


class IssuerCheck(StrEnum):
    """What is known of who signed a card."""

    VERIFIED = "verified"
    NOT_CHECKED = "not-checked"


class CloneCheck(StrEnum):
    """How a chip showed that it is the one that was signed; `not-supported`: it could be a copy."""

    CHIP_AUTHENTICATION = "chip-authentication"
    ACTIVE_AUTHENTICATION = "active-authentication"
    NOT_SUPPORTED = "not-supported"


class IdentityShared(Body, frozen=True, kw_only=True, tag="identity-shared"):
    """The person of `session` agreed, after text `text_version`, to send `fields` of their card to `recipient`.

    `share` names it for ever. `fields` are names, never values: those are in `sealed`, an age file
    (age-encryption.org/v1) that only the recipient can open. `issuer` and `clone_check` are what was proven of the card.
    """

    share: Token
    session: Token
    purpose: Name
    text_version: Name
    recipient: Name
    fields: Annotated[list[Name], Meta(min_length=1, max_length=MAX_SHARED_FIELDS)]
    issuer: IssuerCheck
    clone_check: CloneCheck
    sealed: Annotated[
        bytes,
        Meta(min_length=1, max_length=MAX_SEALED_BYTES, description=f"at most {MAX_SEALED_BYTES} bytes"),
    ]


class RequestKind(StrEnum):
    """What a request is, which decides what becomes of it."""

    DOSSIER = "dossier"
    REPORT = "report"
    REFERRAL = "referral"
    BOOKING = "booking"
    CONTACT = "contact"
    BILL = "bill"


class Blob(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A scan or photo that belongs to a request and travels for itself, sealed too; named by its sealed content."""

    sha256: Sha256
    size_bytes: Annotated[int, Meta(ge=1, le=MAX_BLOB_BYTES)]


Blobs = Annotated[list[Blob], Meta(max_length=MAX_BLOBS)]
SealedRequest = Annotated[
    bytes,
    Meta(min_length=1, max_length=MAX_REQUEST_BYTES, description=f"at most {MAX_REQUEST_BYTES} bytes"),
]
SealedContact = Annotated[
    bytes,
    Meta(min_length=1, max_length=MAX_CONTACT_BYTES, description=f"at most {MAX_CONTACT_BYTES} bytes"),
]


class RequestSubmitted(Body, frozen=True, kw_only=True, tag="request-submitted"):
    """Somebody submitted a request, after text `text_version` said who gets it; the station gave out `tracking`.

    `request` names it for ever: submitting it again changes nothing. What the person wrote is in `sealed`, an age file
    (age-encryption.org/v1) that `recipients` can open, the authority's desk among them, and nobody else on the way. In the
    open stand the service, at whom it is directed, and of a report its `category` and `ward` (none: the station's),
    which the public may see. `fields` are names of what goes along from the card. `contact` is an age file for whoever
    sends messages; `order` is the order of a payment made before; `submitted_by` is a pseudonym. `is_named`: the
    reporter wants to be named to the public. `proof` is of the word on the receipt (wire.tracking.proof_of).
    """

    request: Token
    tracking: Tracking
    service: Name
    service_version: Annotated[int, Meta(ge=1, le=100_000)]
    request_kind: RequestKind
    authority: Name
    text_version: Name
    recipients: Annotated[list[Name], Meta(min_length=1, max_length=MAX_RECIPIENTS)]
    fields: Annotated[list[Name], Meta(max_length=MAX_SHARED_FIELDS)] = []
    ward: Ward | None = None
    category: Name | None = None
    sealed: SealedRequest
    blobs: Blobs = []
    contact: SealedContact | None = None
    order: Name | None = None
    submitted_by: Token | None = None
    is_named: bool = False
    proof: Sha256 | None = None


class RequestAction(StrEnum):
    """What a person can do to a request that is on its way."""

    SUPPLEMENT = "supplement"
    WITHDRAW = "withdraw"
    RATE = "rate"
    CONFIRM = "confirm"
    REOPEN = "reopen"
    BOOK = "book"
    CANCEL = "cancel"


class RequestAmended(Body, frozen=True, kw_only=True, tag="request-amended"):
    """The person did `action` to `request`; `amendment` names it for ever. It may be refused: the request says so then.

    `version` is the one that the person saw. `rating` (1 to 5) belongs to rate, `slot_start_ms` to book, and only there;
    `sealed` and `blobs` are as in `RequestSubmitted`. `by` is the pseudonym of a request that has one;
    any other needs the `proof` of its receipt's word.
    """

    amendment: Token
    request: Token
    action: RequestAction
    version: Count | None = None
    by: Token | None = None
    proof: Sha256 | None = None
    reason: Name | None = None
    rating: Annotated[int, Meta(ge=1, le=5)] | None = None
    slot_start_ms: Millis | None = None
    sealed: SealedRequest | None = None
    blobs: Blobs = []


class BlobPart(Body, frozen=True, kw_only=True, tag="blob-part"):
    """A part of a blob of `request`: the bytes from `offset` on, a multiple of 65,536. The same part again is the same."""

    request: Token
    blob: Blob
    offset: Annotated[int, Meta(ge=0, lt=MAX_BLOB_BYTES)]
    data: Annotated[
        bytes,
        Meta(min_length=1, max_length=BLOB_PART_BYTES, description=f"at most {BLOB_PART_BYTES} bytes"),
    ]


class Dropped(Body, frozen=True, kw_only=True, tag="dropped"):
    """Bounded lane full: the entries `first` to `last` of this lane were dropped, oldest first, and will not come."""

    first: Sequence
    last: Sequence


AnyBody = (
    SosPressed
    | SosReleased
    | SmsFallback
    | LineChanged
    | TamperChanged
    | DeviceChanged
    | DaemonStarted
    | Reading
    | Measured
    | ConsentGiven
    | ConsentWithdrawn
    | SessionEnded
    | IdentityConsented
    | IdentityShared
    | RequestSubmitted
    | RequestAmended
    | BlobPart
    | Dropped
)

LANE_BODIES: Final[Mapping[Lane, tuple[type[Body], ...]]] = MappingProxyType(
    {
        Lane.SOS: (SosPressed, SosReleased),
        Lane.REQUEST: (IdentityConsented, IdentityShared, RequestSubmitted, RequestAmended),
        Lane.VITALS: (ConsentGiven, Measured, ConsentWithdrawn, SessionEnded),
        Lane.EVENT: (SmsFallback, LineChanged, TamperChanged, DeviceChanged, DaemonStarted),
        Lane.TELEMETRY: (Reading, Dropped),
        Lane.BLOB: (BlobPart,),
    }
)
"""What each lane carries."""


class Entry(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One journal entry: its place in the lane, when it happened, and what."""

    seq: Sequence
    at_ms: Millis
    uptime_ms: Millis
    body: AnyBody
