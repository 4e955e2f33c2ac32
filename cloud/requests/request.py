"""A request as it stands, what is done to it, and the event that says so.

Nothing of a person is in any of these: what they wrote is sealed, who they are is at most a pseudonym, and reasons are keys
of reviewed texts. The whole vocabulary of all kinds of requests is here, so that screens and statistics share it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

OPENING_VERSION: Final = 1
MAX_NOTE_LENGTH: Final = 200
MAX_SLOTS: Final = 12
MAX_FIELDS: Final = 16
MAX_WANTED: Final = 20


class Kind(StrEnum):
    """What a request is, which decides the states it goes through."""

    DOSSIER = "dossier"
    REPORT = "report"
    REFERRAL = "referral"
    BOOKING = "booking"
    CONTACT = "contact"
    """With the ward's area officer; goes the way of a referral."""
    BILL = "bill"


class State(StrEnum):
    """How far it has come; each kind uses some of them."""

    SUBMITTED = "submitted"
    RECEIVED = "received"
    REFUSED = "refused"
    PROCESSING = "processing"
    SUPPLEMENT_WANTED = "supplement-wanted"
    SUPPLEMENTED = "supplemented"
    FEE_WANTED = "fee-wanted"
    FEE_PAID = "fee-paid"
    DECIDED = "decided"
    RESULT_READY = "result-ready"
    DELIVERED = "delivered"
    STOPPED = "stopped"
    """The person brought or paid nothing in time."""
    WITHDRAWN = "withdrawn"

    NEW = "new"
    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in-progress"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    CONFIRMED = "confirmed"
    CLOSED = "closed"
    """Resolved, and the reporter did not say otherwise in time."""

    SENT = "sent"
    CONTACTED = "contacted"
    DONE = "done"
    DECLINED = "declined"

    ASKED = "asked"
    OFFERED = "offered"
    BOOKED = "booked"
    REMINDED = "reminded"
    ATTENDED = "attended"
    CANCELLED = "cancelled"
    MISSED = "missed"


class Verb(StrEnum):
    """What can be done to a request; not every kind knows each."""

    SUBMIT = "submit"
    RECEIVE = "receive"
    REFUSE = "refuse"
    START = "start"
    ASK_SUPPLEMENT = "ask-supplement"
    SUPPLEMENT = "supplement"
    ASK_FEE = "ask-fee"
    PAY = "pay"
    DECIDE = "decide"
    MAKE_READY = "make-ready"
    DELIVER = "deliver"
    STOP = "stop"
    WITHDRAW = "withdraw"
    ACCEPT = "accept"
    MARK_DUPLICATE = "mark-duplicate"
    ASSIGN = "assign"
    RESOLVE = "resolve"
    CONFIRM = "confirm"
    REOPEN = "reopen"
    CONTACT = "contact"
    FINISH = "finish"
    DECLINE = "decline"
    OFFER = "offer"
    BOOK = "book"
    REMIND = "remind"
    ATTEND = "attend"
    MISS = "miss"
    CANCEL = "cancel"
    RATE = "rate"
    APOLOGISE = "apologise"
    """A new date is promised."""
    FOLLOW = "follow"
    """An outside system says where the request stands there."""
    RUN_LATE = "run-late"
    """The clock: whoever decides has missed the promise."""
    NUDGE = "nudge"
    """The clock: the person has not done their part yet."""
    LAPSE = "lapse"
    """The clock: nobody acted in time, and that has a consequence."""


class ActorKind(StrEnum):
    """Who acts."""

    CITIZEN = "citizen"
    DESK = "desk"
    CONNECTOR = "connector"
    """An outside system, by what it says."""
    SYSTEM = "system"
    """The platform itself: its clock, and money that arrived."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: officers by their login, connectors by their name."""

    kind: ActorKind
    name: str | None = None


CITIZEN: Final = Actor(ActorKind.CITIZEN)
SYSTEM: Final = Actor(ActorKind.SYSTEM)


class Decision(StrEnum):
    """What an authority decided on a dossier."""

    GRANTED = "granted"
    DENIED = "denied"


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A time at which somebody may come, ms since 1970 UTC; its start names it within a request."""

    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request. `version` counts the events; `decided_version` is the last that changed what one may do about it.

    `due_at_ms` is what was promised for this state, and by whom is the flow's; `wake_at_ms` is when the clock has
    something to do. `late_since_ms` stays once a promise was missed. `fields` are names of what the person agreed to
    send; `reason` is a key; `rounds` counts repetitions of what has a limit (supplements, re-openings);
    `submitted_by` is a pseudonym, `proof` one of the word on the receipt. `is_anonymous`: the public is not told who reported.
    """

    id: str
    tracking: str
    kind: Kind
    service: str
    service_version: int
    station: str
    ward: str
    state: State
    version: int = OPENING_VERSION
    decided_version: int = OPENING_VERSION
    opened_at_ms: int
    entered_at_ms: int
    updated_at_ms: int
    due_at_ms: int | None = None
    wake_at_ms: int | None = None
    late_since_ms: int | None = None
    ended_at_ms: int | None = None
    reason: str | None = None
    decision: Decision | None = None
    duplicate_of: str | None = None
    assignee: str | None = None
    rating: int | None = None
    rounds: int = 0
    new_dates: int = 0
    case_number: str | None = None
    payment_order: str | None = None
    category: str | None = None
    is_anonymous: bool = True
    submitted_by: str | None = None
    proof: str | None = field(default=None, repr=False)
    fields: tuple[str, ...] = ()
    slots: tuple[Slot, ...] = ()
    slot: Slot | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Somebody's intent, made while looking at `version` of the request; None: whatever it is now.

    `key`, unique among those of its kind of actor, makes a repetition one and the same. Of the rest each verb needs and allows its own (flow.Move.needs).
    """

    verb: Verb
    by: Actor
    key: str
    version: int | None = None
    reason: str | None = None
    note: str = ""
    wanted: tuple[str, ...] = ()
    decision: Decision | None = None
    duplicate_of: str | None = None
    assignee: str | None = None
    rating: int | None = None
    slots: tuple[Slot, ...] = ()
    slot_start_ms: int | None = None
    new_due_ms: int | None = None
    order: str | None = None
    state: State | None = None
    case_number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What happened: never changed nor deleted. `sequence` counts within the request, from 1.

    `data` holds the action's own parameters; `text` is the key of what the person may be told beside the state, with
    its parameters in `data`.
    """

    request: str
    sequence: int
    at_ms: int
    actor: Actor
    verb: Verb
    state: State
    key: str
    data: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What a request becomes, and the event that says why."""

    request: Request
    event: Event
