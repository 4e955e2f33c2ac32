"""The national public-service portal, or a province's system behind it, as far as its interface is our own guess.

The real one is closed: this speaks to cloud.connectors.simulators.portal, and stands where the agreed interface will. What
it states are the portal's public words, which cloud.requests.outside explains.
"""

import base64
from typing import Annotated, Final, TypeVar

import httpx
import msgspec

from cloud.connectors.errors import AnswerError
from cloud.connectors.exchange import get, post_json
from cloud.connectors.guard import Guard
from cloud.connectors.port import Handover, NotTakenError, Standing, UnknownNumberError
from cloud.requests.outside import NATIONAL_PORTAL, Vocabulary
from cloud.requests.request import Decision
from cloud.requests.tracking import parse_case_number

NAME: Final = "national-portal"
MAX_WORD_LENGTH: Final = 100

_Key = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9](?:[a-z0-9.-]{0,63})$")]
_Word = Annotated[str, msgspec.Meta(max_length=MAX_WORD_LENGTH)]


_Answer = TypeVar("_Answer", bound=msgspec.Struct)


class _Taken(msgspec.Struct, frozen=True, kw_only=True):
    """Answer to a submission: its case number, or the reason why it is not taken."""

    key: str
    case_number: str | None = None
    refused: _Key | None = None


class _Case(msgspec.Struct, frozen=True, kw_only=True):
    """Answer to a question; `known`: false stands alone."""

    known: bool
    case_number: str = ""
    status: _Word = ""
    decision: Decision | None = None
    reason: _Key | None = None


class Portal:
    """The portal behind the port; `client` has the base URL and the credentials.

    The city's systems stand behind several names, each with words of its own.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        guard: Guard,
        *,
        name: str = NAME,
        words: Vocabulary | None = None,
    ) -> None:
        self.name = name
        self._client = client
        self._guard = guard
        self._words = words or Vocabulary(NATIONAL_PORTAL)

    async def lookup(self, number: str) -> dict[str, str | int]:
        """Return the public status of a case number, in the portal's own word."""
        case = await self._case(number)
        return {"case_number": case.case_number, "status": case.status}

    async def submit(self, handover: Handover) -> str:
        """Submit, or send what came later; return the case number."""
        body = await self._guard.call(lambda: post_json(self._client, "/submissions", _form(handover)))
        taken = _decode(body, _Taken)
        if taken.key != handover.key:
            raise AnswerError("portal: an answer to another submission")
        if taken.refused is not None:
            raise NotTakenError(taken.refused)
        if taken.case_number is None or parse_case_number(taken.case_number) is None:
            raise AnswerError("portal: no case number")
        if handover.outside not in {None, taken.case_number}:
            raise AnswerError("portal: another case than asked for")
        return taken.case_number

    async def status(self, number: str) -> Standing:
        """Return how a case stands."""
        case = await self._case(number)
        meaning = self._words.meaning(case.status)
        return Standing(
            word=case.status,
            state=None if meaning is None else meaning.state,
            decision=case.decision or (None if meaning is None else meaning.decision),
            reason=case.reason,
            case_number=case.case_number,
        )

    async def _case(self, number: str) -> _Case:
        wanted = parse_case_number(number)
        if wanted is None:
            raise UnknownNumberError("portal: not a case number")
        body = await self._guard.call(lambda: get(self._client, "/cases", {"number": str(wanted)}))
        case = _decode(body, _Case)
        if not case.known:
            raise UnknownNumberError("portal: no such case")
        if parse_case_number(case.case_number) != wanted:
            raise AnswerError("portal: another case than asked for")
        return case


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
    return form


def _decode(body: bytes, kind: type[_Answer]) -> _Answer:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise AnswerError("portal: not an answer") from None
