from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI, Request, Response

from cloud.connectors.errors import AnswerError, OutOfReachError
from cloud.connectors.exchange import MAX_ANSWER_BYTES, get, post_json
from cloud.connectors.simulators.serving import serving


def echo() -> FastAPI:
    """Answer with what was sent, with a status, or with as many bytes as asked for."""
    app = FastAPI(openapi_url=None)

    @app.post("/echo")
    async def post(request: Request) -> Response:
        return Response(await request.body(), media_type=request.headers["content-type"])

    @app.get("/status")
    async def status(code: int) -> Response:
        return Response(b"body", status_code=code)

    @app.get("/bytes")
    async def many(count: int) -> Response:
        return Response(b"x" * count)

    return app


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    with serving(echo()) as url:
        async with httpx.AsyncClient(base_url=url, timeout=5, trust_env=False) as opened:
            yield opened


async def test_json_goes_there_and_back_with_its_letters(client: httpx.AsyncClient) -> None:
    assert await post_json(client, "/echo", {"a": "Lệ phí", "b": 1}) == '{"a":"Lệ phí","b":1}'.encode()


@pytest.mark.parametrize("code", [500, 502, 503, 408, 425, 429])
async def test_later_is_out_of_reach(client: httpx.AsyncClient, code: int) -> None:
    with pytest.raises(OutOfReachError, match=f"HTTP {code}"):
        await get(client, "/status", {"code": str(code)})


@pytest.mark.parametrize("code", [400, 401, 404, 302])
async def test_a_refusal_is_an_answer(client: httpx.AsyncClient, code: int) -> None:
    with pytest.raises(AnswerError, match=f"HTTP {code}"):
        await get(client, "/status", {"code": str(code)})


async def test_an_answer_has_an_end(client: httpx.AsyncClient) -> None:
    assert len(await get(client, "/bytes", {"count": str(MAX_ANSWER_BYTES)})) == MAX_ANSWER_BYTES
    with pytest.raises(AnswerError):
        await get(client, "/bytes", {"count": str(MAX_ANSWER_BYTES + 1)})


async def test_nobody_there_is_out_of_reach() -> None:
    with serving(echo()) as url:
        gone = url
    async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
        with pytest.raises(OutOfReachError, match="ConnectError"):
            await get(client, f"{gone}/status", {"code": "200"})
