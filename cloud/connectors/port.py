"""The port to whoever receives requests: look something up, submit, ask how it stands.

Submitting bears repeating: `Handover.key` is the same for every attempt, and the other side takes the same key once. Besides
what is raised here, each call raises what cloud.connectors.errors has: OutOfReachError (later, the same again), AnswerError
(what came is no answer).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from cloud.connectors.errors import AnswerError
from cloud.requests.request import Decision, Slot, State


class NotTakenError(AnswerError):
    """The other side understood and will never take it; `reason` is a key. Somebody has to look at it."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"not taken: {reason}")
        self.reason = reason


class UnknownNumberError(AnswerError):
    """The other side knows nothing under that number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """What is handed over: a submission, or (with `outside`, the number it is known under, and `action`) what came later.

    `fields` and `blobs` (sha256, bytes) say what is inside; `sealed` is an age file that the recipients can open;
    `slot_start_ms` belongs to the action `book`.
    """

    key: str
    tracking: str
    service: str
    service_version: int
    authority: str
    ward: str
    recipients: tuple[str, ...]
    fields: tuple[str, ...] = ()
    blobs: tuple[tuple[str, int], ...] = ()
    action: str | None = None
    outside: str | None = None
    slot_start_ms: int | None = None
    sealed: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How it stands over there. `state` is ours; None: their `word` is not one that anybody has explained yet.

    `reason` is a key, `note` what the person is told beside it; `slots` are offered together with OFFERED; `duplicate_of`
    is the number there of the report that was first.
    """

    word: str
    state: State | None
    decision: Decision | None = None
    reason: str | None = None
    case_number: str | None = None
    note: str = ""
    slots: tuple[Slot, ...] = ()
    duplicate_of: str | None = None


class Connector(Protocol):
    """One outside system that receives requests."""

    @property
    def name(self) -> str:
        """How routes and the outbox call it."""

    async def lookup(self, number: str) -> Mapping[str, str | int]:
        """Return what anybody may see of a number (a bill, a case); UnknownNumberError."""

    async def submit(self, handover: Handover) -> str:
        """Hand over, and return the number under which it is known there; NotTakenError."""

    async def status(self, number: str) -> Standing:
        """Return how it stands; UnknownNumberError."""
