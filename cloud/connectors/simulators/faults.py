"""What a payment simulator does wrong when it is told to, and how it tells our side of money."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Final

import httpx
from fastapi import FastAPI, Request, Response
from pydantic import BaseModel, ConfigDict, Field

NOTICE_TIMEOUT_S: Final = 15.0


class Faults(BaseModel):
    """What goes wrong until it is told otherwise.

    A pause before each answer; the next answers are lost, or nonsense; notices do not come, or several times, or tell
    another amount (dong, added) than was taken.
    """

    model_config = ConfigDict(extra="forbid")

    latency_s: Annotated[float, Field(ge=0, le=60)] = 0
    fail_next: Annotated[int, Field(ge=0)] = 0
    nonsense_next: Annotated[int, Field(ge=0)] = 0
    notices: Annotated[int, Field(ge=0, le=10)] = 1
    amount_off_dong: int = 0


class Desk:
    """The faults of one simulator, and the middle through which its service's answers go."""

    def __init__(self) -> None:
        self.faults = Faults()
        self.answered = 0

    def attach(self, app: FastAPI) -> None:
        """Let the faults apply to everything but `/control/`, and be set by `POST /control/faults`."""

        @app.middleware("http")
        async def spoil(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
            if request.url.path.startswith("/control/"):
                return await call_next(request)
            return await self._spoiled(request, call_next)

        @app.post("/control/faults")
        async def set_faults(faults: Faults) -> Faults:
            self.faults = faults
            return faults

    async def _spoiled(
        self, request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        faults = self.faults
        self.answered += 1
        await asyncio.sleep(faults.latency_s)
        if faults.nonsense_next:
            self.faults = faults.model_copy(update={"nonsense_next": faults.nonsense_next - 1})
            return Response('{"nonsense":1}', media_type="application/json")
        # The work is done and only its answer is lost: the harder of the two ways to fail.
        answer = await call_next(request)
        if faults.fail_next:
            self.faults = faults.model_copy(update={"fail_next": faults.fail_next - 1})
            return Response(status_code=503)
        return answer

    async def notify(self, send: Callable[[httpx.AsyncClient], Awaitable[httpx.Response]]) -> list[str]:
        """Send a notice as often as the faults say; return the answers as text, `lost` for none."""
        answers = []
        async with httpx.AsyncClient(timeout=NOTICE_TIMEOUT_S, trust_env=False) as client:
            for _ in range(self.faults.notices):
                try:
                    answer = await send(client)
                except httpx.HTTPError:
                    answers.append("lost")
                else:
                    answers.append(answer.text or str(answer.status_code))
        return answers
