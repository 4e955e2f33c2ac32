"""How a request goes on after it was submitted: states, who acts in each, by when, and what leads to the next.

A state's `id` is the service's own; its `stage` is the one vocabulary that screens, desks and statistics share, and to
which a connector maps what the far end says. What may really happen to a request, the cloud's own rules decide: here
stands what people are told of it, and what was promised.
"""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from catalogue.words import Label, Slug, Text


class Stage(StrEnum):
    """Where a request stands; after the public states of the national portal."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    PROCESSING = "processing"
    SUPPLEMENT = "supplement"
    """Something is missing; the person must bring it."""
    PAYMENT = "payment"
    """The person must pay before it goes on."""
    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"
    DECIDED = "decided"
    RETURNED = "returned"
    """The result is in the person's hands."""


class Actor(StrEnum):
    """Who acts."""

    CITIZEN = "citizen"
    OFFICER = "officer"
    PROVIDER = "provider"
    """A utility, a bank, a hospital, an operator."""
    SYSTEM = "system"
    """The platform itself, e.g. when a payment arrives."""


class Action(StrEnum):
    """What leads from one state to another."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    START = "start"
    ASK_SUPPLEMENT = "ask-supplement"
    SUPPLEMENT = "supplement"
    ASK_PAYMENT = "ask-payment"
    PAY = "pay"
    DECIDE = "decide"
    RETURN = "return"
    WITHDRAW = "withdraw"
    STOP = "stop"
    REOPEN = "reopen"
    LAPSE = "lapse"
    """Nobody acted in time."""


class Unit(StrEnum):
    """What a deadline counts in."""

    HOURS = "hours"
    """Of whoever acts: working hours of an office, all hours of who is there day and night (duty desk, machine)."""
    DAYS = "days"
    """Of the calendar."""
    WORKING_DAYS = "working-days"


class Deadline(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long a state may last, from when it is entered; working days of Vietnam."""

    amount: Annotated[int, Meta(ge=1, le=1_000)]
    unit: Unit


class Move(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One way out of a state."""

    action: Action
    by: Actor
    to: Slug


class State(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One state; without moves it is an end. A state that is no end waits for `who`, until `deadline`.

    `told` is what the person is told, no more than is true.
    """

    id: Slug
    stage: Stage
    name: Label
    told: Text
    start: bool = False
    who: Actor | None = None
    deadline: Deadline | None = None
    moves: Annotated[tuple[Move, ...], Meta(max_length=8)] = ()
