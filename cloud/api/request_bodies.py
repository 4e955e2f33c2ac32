"""What a desk may send about requests, field by field, within the bounds of what stations are told (wire.messages)."""

from typing import Annotated, Literal

from fastapi import Path, Query
from pydantic import AfterValidator, Field

from cloud.api.bodies import MAX_MILLIS, MAX_VERSION, Body, Key, Login, Token
from cloud.requests.request import MAX_NOTE_LENGTH, MAX_SLOTS, MAX_WANTED, Action, Actor, Decision, Slot, Verb
from cloud.requests.tracking import MAX_LENGTH, parse_case_number
from cloud.store.request_desks import Cursor
from wire.ids import ID_PATTERN

MAX_PAGE = 200
_NAME = r"^[a-z0-9][a-z0-9.-]{0,63}$"
_SLUG = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"
_CURSOR = r"^[0-9]{1,16}-[0-9a-f]{32}$"


def _case_number(text: str) -> str:
    """Return a case number in its one form."""
    number = parse_case_number(text)
    if number is None:
        raise ValueError("case_number: <agency>-<yymmdd>-<digits>")
    return str(number)


Name = Annotated[str, Field(pattern=_NAME)]
"""Key of a reviewed text."""

Note = Annotated[str, Field(max_length=MAX_NOTE_LENGTH, pattern=r"^[^\x00-\x1f\x7f]*$")]
CaseNumber = Annotated[str, Field(max_length=MAX_LENGTH), AfterValidator(_case_number)]
Millis = Annotated[int, Field(strict=True, ge=0, le=MAX_MILLIS)]

RequestPath = Annotated[str, Path(pattern=ID_PATTERN)]
DeskQuery = Annotated[str, Query(max_length=48, pattern=_SLUG)]
WardQuery = Annotated[str, Query(pattern=r"^[0-9]{5}$")]
AfterQuery = Annotated[str, Query(pattern=_CURSOR)]
PageQuery = Annotated[int, Query(ge=1, le=MAX_PAGE)]

DeskVerb = Literal[
    "receive", "refuse", "start", "ask-supplement", "ask-fee", "decide", "make-ready", "deliver", "stop", "accept",
    "mark-duplicate", "assign", "resolve", "contact", "finish", "decline", "offer", "attend", "miss", "cancel",
    "apologise",
]  # fmt: skip
"""What a desk does; which of it a request allows now, its card says."""


class RequestActionBody(Body):
    """POST /api/requests/{id}/actions: what the officer wants, seen from `version` of the card.

    Each verb needs and allows its own parameters (cloud.requests.flow). `slots` are [start, end], `reason` and `wanted`
    keys of reviewed texts; `note` is read by the person, and stands in no log.
    """

    action: DeskVerb
    version: Annotated[int, Field(strict=True, ge=1, le=MAX_VERSION)]
    idempotency_key: Key
    reason: Name | None = None
    note: Note = ""
    wanted: Annotated[tuple[Name, ...], Field(max_length=MAX_WANTED)] = ()
    decision: Literal["granted", "denied"] | None = None
    duplicate_of: Token | None = None
    assignee: Login | None = None
    slots: Annotated[tuple[tuple[Millis, Millis], ...], Field(max_length=MAX_SLOTS)] = ()
    new_due_ms: Millis | None = None
    case_number: CaseNumber | None = None

    def action_by(self, actor: Actor, key: str) -> Action:
        """Return the same as an action of somebody, under a key that is theirs alone."""
        return Action(
            verb=Verb(self.action),
            by=actor,
            key=key,
            version=self.version,
            reason=self.reason,
            note=self.note,
            wanted=self.wanted,
            decision=None if self.decision is None else Decision(self.decision),
            duplicate_of=self.duplicate_of,
            assignee=self.assignee,
            slots=tuple(Slot(*slot) for slot in self.slots),
            new_due_ms=self.new_due_ms,
            case_number=self.case_number,
        )


def cursor_text(cursor: Cursor) -> str:
    """Return a cursor as clients carry it."""
    return f"{cursor.at_ms}-{cursor.request}"


def read_cursor(text: str) -> Cursor:
    """Return the cursor of an AfterQuery."""
    at_ms, _, request = text.partition("-")
    return Cursor(int(at_ms), request)
