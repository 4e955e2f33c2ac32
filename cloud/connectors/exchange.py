"""One request and its answer over HTTP, within bounds; what httpx raises is translated here, once."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

import httpx
import msgspec

from cloud.connectors.errors import AnswerError, OutOfReachError

MAX_ANSWER_BYTES: Final = 1 << 20
_LATER: Final = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})


async def post_json(client: httpx.AsyncClient, url: str, body: Mapping[str, str | int]) -> bytes:
    """Send JSON and return the answer's body.

    OutOfReachError when none came, or it says to try later; AnswerError when it is refused, or too long.
    """
    headers = {"Content-Type": "application/json; charset=utf-8"}
    return await _send(
        client, client.build_request("POST", url, content=msgspec.json.encode(body), headers=headers)
    )


async def get(client: httpx.AsyncClient, url: str, query: Mapping[str, str]) -> bytes:
    """Ask and return the answer's body; raises as `post_json`."""
    return await _send(client, client.build_request("GET", url, params=dict(query)))


async def _send(client: httpx.AsyncClient, request: httpx.Request) -> bytes:
    try:
        answer = await client.send(request, stream=True)
        try:
            body = await _read(answer)
        finally:
            await answer.aclose()
    except httpx.HTTPError as error:
        raise OutOfReachError(f"no answer: {type(error).__name__}") from error
    if answer.is_server_error or answer.status_code in _LATER:
        raise OutOfReachError(f"no answer: HTTP {answer.status_code}")
    if not answer.is_success:
        raise AnswerError(f"refused: HTTP {answer.status_code}")
    return body


async def _read(answer: httpx.Response) -> bytes:
    body = bytearray()
    async for piece in answer.aiter_bytes():
        body += piece
        if len(body) > MAX_ANSWER_BYTES:
            raise AnswerError("answer: too long")
    return bytes(body)
