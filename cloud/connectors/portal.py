"""Systems that take requests under a number and say how they stand, as far as their interface is our own guess.

The national portal and the city's case systems, the social insurance, hospitals, banks and operators, 1022: all real ones are
closed. This speaks to cloud.connectors.simulators.portal, and stands where agreed interfaces will; what differs between them
today, their words and their numbers, is cloud.connectors.dialects.
"""

import base64
from typing import Annotated, Final, TypeVar

import httpx
import msgspec

from cloud.connectors.dialects import CASES, Dialect
from cloud.connectors.errors import AnswerError
from cloud.connectors.exchange import get, post_json
from cloud.connectors.guard import Guard
from cloud.connectors.port import Handover, NotTakenError, Standing, UnknownNumberError
from cloud.requests.request import MAX_SLOTS, Decision, Slot

NAME: Final = "national-portal"
MAX_WORD_LENGTH: Final = 100
CARD_NOTE: Final = "Số thẻ: {}"

_Key = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9](?:[a-z0-9.-]{0,63})$")]
_Word = Annotated[str, msgspec.Meta(max_length=MAX_WORD_LENGTH)]
_Masked = Annotated[str, msgspec.Meta(pattern=r"^(?:[A-Z]{2})?\*{4,12}[0-9]{3,4}$")]
"""A number of which whoever issued it shows the end only; one that shows more is no answer."""
_Millis = Annotated[int, msgspec.Meta(ge=0)]

_Answer = TypeVar("_Answer", bound=msgspec.Struct)


class _Taken(msgspec.Struct, frozen=True, kw_only=True):
    """Answer to a submission: its case number, or the reason why it is not taken."""

    key: str
    case_number: str | None = None
    refused: _Key | None = None


class _Case(msgspec.Struct, frozen=True, kw_only=True):
    """Answer to a question; `known`: false stands alone. `slots` are [start, end] to choose from, `card` was issued.

    `duplicate_of` is the number of the case that was first.
    """

    known: bool
    case_number: str = ""
    status: _Word = ""
    decision: Decision | None = None
    reason: _Key | None = None
    card: _Masked | None = None
    slots: Annotated[list[tuple[_Millis, _Millis]], msgspec.Meta(max_length=MAX_SLOTS)] = []
    duplicate_of: _Word | None = None


class Portal:
    """One such system behind the port; `client` has the base URL and the credentials."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        guard: Guard,
        *,
        name: str = NAME,
        dialect: Dialect = CASES,
    ) -> None:
        self.name = name
        self._client = client
        self._guard = guard
        self._dialect = dialect

    async def lookup(self, number: str) -> dict[str, str | int]:
        """Return the public status of a case number, in the system's own word."""
        case = await self._case(number)
        return {"case_number": case.case_number, "status": case.status}

    async def submit(self, handover: Handover) -> str:
        """Submit, or send what came later; return the case number."""
        body = await self._guard.call(lambda: post_json(self._client, "/submissions", _form(handover)))
        taken = self._read(body, _Taken)
        if taken.key != handover.key:
            raise AnswerError(f"{self.name}: an answer to another submission")
        if taken.refused is not None:
            raise NotTakenError(taken.refused)
        if taken.case_number is None or self._dialect.number(taken.case_number) is None:
            raise AnswerError(f"{self.name}: no case number")
        if handover.outside not in {None, taken.case_number}:
            raise AnswerError(f"{self.name}: another case than asked for")
        return taken.case_number

    async def status(self, number: str) -> Standing:
        """Return how a case stands."""
        case = await self._case(number)
        meaning = self._dialect.words.meaning(case.status)
        return Standing(
            word=case.status,
            state=None if meaning is None else meaning.state,
            decision=case.decision or (None if meaning is None else meaning.decision),
            reason=case.reason,
            case_number=case.case_number,
            note="" if case.card is None else CARD_NOTE.format(case.card),
            slots=tuple(Slot(*slot) for slot in case.slots),
            duplicate_of=None if case.duplicate_of is None else self._dialect.number(case.duplicate_of),
        )

    async def _case(self, number: str) -> _Case:
        wanted = self._dialect.number(number)
        if wanted is None:
            raise UnknownNumberError(f"{self.name}: not a case number")
        body = await self._guard.call(lambda: get(self._client, "/cases", {"number": wanted}))
        case = self._read(body, _Case)
        if not case.known:
            raise UnknownNumberError(f"{self.name}: no such case")
        if self._dialect.number(case.case_number) != wanted:
            raise AnswerError(f"{self.name}: another case than asked for")
        return case

    def _read(self, body: bytes, kind: type[_Answer]) -> _Answer:
        try:
            return msgspec.json.decode(body, type=kind)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise AnswerError(f"{self.name}: not an answer") from None


def _form(handover: Handover) -> dict[str, str | int]:
    parts = {
        "recipients": list(handover.recipients),
        "fields": list(handover.fields),
        "blobs": [list(blob) for blob in handover.blobs],
    }
    form: dict[str, str | int] = {
        "key": handover.key,
        "tracking": handover.tracking,
        "service": handover.service,
        "service_version": handover.service_version,
        "authority": handover.authority,
        "ward": handover.ward,
        "action": handover.action or "",
        "case_number": handover.outside or "",
        "parts": msgspec.json.encode(parts).decode(),
        "sealed": base64.b64encode(handover.sealed or b"").decode(),
    }
    if handover.slot_start_ms is not None:
        form["slot_start_ms"] = handover.slot_start_ms
    return form
