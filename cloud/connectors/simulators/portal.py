"""The national public-service portal as it meets us: takes dossiers under case numbers, says how they stand.

What an official does there by hand is asked for under `/control/case`; the faults are those of every simulator, and one
more: it answers about another case than it was asked for.
"""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Final

from fastapi import FastAPI, Header, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from cloud.connectors.simulators.faults import Desk

AGENCY: Final = "H29.13.5"
NEW, TAKEN, REFUSED = "Mới đăng ký", "Được tiếp nhận", "Không được tiếp nhận"
WORKING, SUPPLEMENT, FEE = "Đang xử lý", "Yêu cầu bổ sung giấy tờ", "Yêu cầu thực hiện nghĩa vụ tài chính"
WITHDRAWN, STOPPED = "Công dân yêu cầu rút hồ sơ", "Dừng xử lý"
READY, DELIVERED = "Đã xử lý xong", "Đã trả kết quả"
_HANOI: Final = dt.timezone(dt.timedelta(hours=7))
_AFTER: Final = {"withdraw": WITHDRAWN, "supplement": WORKING}

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
    sealed: Annotated[str, Field(max_length=100_000)] = ""


class Move(BaseModel):
    """An official changes a case."""

    model_config = ConfigDict(extra="forbid")

    case_number: str
    status: str
    decision: str | None = None
    reason: str | None = None


class Wrong(BaseModel):
    """Until told otherwise: services that are not taken (for a reason), and the case that is named instead of the right one."""

    model_config = ConfigDict(extra="forbid")

    refused: dict[str, str] = {}
    other_case: str | None = None


@dataclass(slots=True)
class Case:
    """One case; `received` are all that came under it, in order."""

    number: str
    status: str = NEW
    decision: str | None = None
    reason: str | None = None
    received: list[Submitted] = field(default_factory=list, repr=False)


class PortalDesk:
    """The portal's memory."""

    def __init__(self, token: str, clock: Callable[[], int]) -> None:
        self.desk = Desk()
        self.wrong = Wrong()
        self.cases: dict[str, Case] = {}
        self.answers: dict[str, Answer] = {}
        self._token = token
        self._clock = clock

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
        case = Case(f"{AGENCY}-{day:%y%m%d}-{len(self.cases) + 1:04d}")
        self.cases[case.number] = case
        return case

    def _later(self, submitted: Submitted) -> Case:
        case = self.cases.get(submitted.case_number)
        if case is None:
            raise HTTPException(404, "no such case")
        case.status = _AFTER.get(submitted.action, case.status)
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
        }

    def move(self, asked: Move) -> Answer:
        """Let an official change a case."""
        case = self.cases.get(asked.case_number)
        if case is None:
            raise HTTPException(404, "no such case")
        case.status, case.decision, case.reason = asked.status, asked.decision, asked.reason
        return self.state(case.number)


def create_app(portal: PortalDesk) -> FastAPI:
    """Return the server."""
    app = FastAPI(title="National public-service portal (simulated)", openapi_url=None)
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

    @app.post("/control/wrong")
    async def wrong(asked: Wrong) -> Wrong:
        portal.wrong = asked
        return asked

    return app
