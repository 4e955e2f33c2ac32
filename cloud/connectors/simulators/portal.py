"""A system that takes requests, as it meets us: the national portal, or another by its manner.

It takes them under numbers and says how they stand. What its people do by hand is asked for under `/control/case`, the next
step of a case that goes well under `/control/advance`; with a pace it takes those steps by itself. The faults are those of
every simulator, and one more: it answers about another case than it was asked for.
"""

import asyncio
import datetime as dt
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Annotated, Final

from fastapi import FastAPI, Header, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from cloud.connectors.simulators.faults import Desk
from cloud.connectors.simulators.manners import BOOKED, CASES, FULL, Manner, Step
from cloud.connectors.simulators.slots import Span, free_slots

_HANOI: Final = dt.timezone(dt.timedelta(hours=7))

Answer = dict[str, object]


class Submitted(BaseModel):
    """A submission, or with `action` and `case_number` what came later."""

    model_config = ConfigDict(extra="forbid")

    key: Annotated[str, Field(min_length=1, max_length=64)]
    tracking: Annotated[str, Field(max_length=20)]
    service: Annotated[str, Field(max_length=64)]
    service_version: int
    authority: Annotated[str, Field(max_length=64)]
    ward: Annotated[str, Field(max_length=5)]
    action: Annotated[str, Field(max_length=20)] = ""
    case_number: Annotated[str, Field(max_length=40)] = ""
    parts: Annotated[str, Field(max_length=20_000)]
    slot_start_ms: int | None = None
    sealed: Annotated[str, Field(max_length=100_000)] = ""


class Move(BaseModel):
    """Somebody over there changes a case."""

    model_config = ConfigDict(extra="forbid")

    case_number: str
    status: str
    decision: str | None = None
    reason: str | None = None
    slots: list[Span] = []
    duplicate_of: str | None = None


class Advance(BaseModel):
    """A case takes its next step."""

    model_config = ConfigDict(extra="forbid")

    case_number: str


class Wrong(BaseModel):
    """Until told otherwise: services that are not taken (for a reason), and the case that is named instead of the right one."""

    model_config = ConfigDict(extra="forbid")

    refused: dict[str, str] = {}
    other_case: str | None = None


@dataclass(slots=True)
class Case:
    """One case; `received` are all that came under it, in order."""

    number: str
    status: str
    decision: str | None = None
    reason: str | None = None
    card: str | None = None
    slots: list[Span] = field(default_factory=list)
    slot: Span | None = None
    duplicate_of: str | None = None
    received: list[Submitted] = field(default_factory=list, repr=False)


class PortalDesk:
    """The system's memory."""

    def __init__(self, token: str, clock: Callable[[], int], manner: Manner = CASES) -> None:
        self.desk = Desk()
        self.wrong = Wrong()
        self.cases: dict[str, Case] = {}
        self.answers: dict[str, Answer] = {}
        self._token = token
        self._clock = clock
        self._manner = manner

    def admit(self, authorization: str) -> None:
        """401 without the token."""
        if authorization != f"Bearer {self._token}":
            raise HTTPException(401, "no such client")

    def take(self, submitted: Submitted) -> Answer:
        """Take a submission, each key once: repeating it gives the first answer."""
        json.loads(submitted.parts)
        if submitted.key not in self.answers:
            self.answers[submitted.key] = self._take(submitted)
        return self.answers[submitted.key]

    def _take(self, submitted: Submitted) -> Answer:
        reason = self.wrong.refused.get(submitted.service)
        if reason is not None:
            return {"key": submitted.key, "refused": reason}
        case = self._later(submitted) if submitted.action else self._open()
        case.received.append(submitted)
        return {"key": submitted.key, "case_number": case.number}

    def _open(self) -> Case:
        day = dt.datetime.fromtimestamp(self._clock() / 1000, _HANOI)
        number = self._manner.number.format(day=day, serial=len(self.cases) + 1)
        self.cases[number] = Case(number, self._manner.first)
        return self.cases[number]

    def _later(self, submitted: Submitted) -> Case:
        case = self._case(submitted.case_number)
        case.status = self._manner.after.get(submitted.action, case.status)
        if case.status == BOOKED and submitted.action == "book":
            self._book(case, submitted.slot_start_ms)
        return case

    def _book(self, case: Case, start_ms: int | None) -> None:
        """Give the time that was chosen to whoever came first; there is none left for the next."""
        taken = {each.slot for each in self.cases.values()}
        case.slot = next((each for each in case.slots if each[0] == start_ms and each not in taken), None)
        case.slots = []
        if case.slot is None:
            case.status, case.reason = FULL, "no-slot"

    def _case(self, number: str) -> Case:
        case = self.cases.get(number)
        if case is None:
            raise HTTPException(404, "no such case")
        return case

    def state(self, number: str) -> Answer:
        """Say how a case stands."""
        case = self.cases.get(self.wrong.other_case or number)
        if case is None:
            return {"known": False}
        return {
            "known": True,
            "case_number": case.number,
            "status": case.status,
            "decision": case.decision,
            "reason": case.reason,
            "card": case.card,
            "slots": case.slots,
            "duplicate_of": case.duplicate_of,
        }

    def move(self, asked: Move) -> Answer:
        """Let somebody change a case."""
        case = self._case(asked.case_number)
        case.status, case.decision, case.reason = asked.status, asked.decision, asked.reason
        case.slots, case.duplicate_of = asked.slots, asked.duplicate_of
        if asked.slots:
            case.slot = None
        return self.state(case.number)

    def advance(self, number: str) -> bool:
        """Let a case take its next step; False when it is at its end, or waits for a person or a time."""
        case = self._case(number)
        step = self._manner.steps.get(case.status)
        if step is None or (step.after_slot and (case.slot is None or self._clock() < case.slot[1])):
            return False
        self._take_step(case, step)
        return True

    def _take_step(self, case: Case, step: Step) -> None:
        case.status, case.decision, case.reason = step.status, step.decision, step.reason
        if step.issues_card:
            case.card = f"********{len(self.cases):04d}"
        if step.offers_slots:
            case.slots = free_slots(self._clock(), {each.slot for each in self.cases.values()})

    @asynccontextmanager
    async def pacing(self, pace_s: float | None) -> AsyncIterator[None]:
        """Let all cases take a step at this pace for as long as the block lasts; None: only when told to."""
        if pace_s is None:
            yield
            return
        task = asyncio.create_task(self._pace(pace_s), name="pace")
        try:
            yield
        finally:
            task.cancel()

    async def _pace(self, pace_s: float) -> None:
        while True:
            await asyncio.sleep(pace_s)
            for number in list(self.cases):
                self.advance(number)


def create_app(portal: PortalDesk, *, pace_s: float | None = None) -> FastAPI:
    """Return the server; with a pace, cases go on by themselves."""
    app = FastAPI(
        title="A system that takes requests (simulated)",
        openapi_url=None,
        lifespan=lambda _app: portal.pacing(pace_s),
    )
    portal.desk.attach(app)

    @app.post("/submissions")
    async def submit(submitted: Submitted, authorization: Annotated[str, Header()] = "") -> Answer:
        portal.admit(authorization)
        return portal.take(submitted)

    @app.get("/cases")
    async def state(number: str, authorization: Annotated[str, Header()] = "") -> Answer:
        portal.admit(authorization)
        return portal.state(number)

    @app.post("/control/case")
    async def move(asked: Move) -> Answer:
        return portal.move(asked)

    @app.post("/control/advance")
    async def advance(asked: Advance) -> bool:
        return portal.advance(asked.case_number)

    @app.post("/control/wrong")
    async def wrong(asked: Wrong) -> Wrong:
        portal.wrong = asked
        return asked

    return app
