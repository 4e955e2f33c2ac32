"""Papers and pictures of a request for its desk: which there are, and each sealed as it came."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import StreamingResponse

from cloud.api.context import Context, CurrentContext
from cloud.api.desks import require_desk
from cloud.api.guard import CurrentVisitor, GuardedRoute
from cloud.api.problems import Problem
from cloud.api.request_bodies import RequestPath
from cloud.api.shapes.blobs import BlobList
from cloud.store import audit, blob_lists, blobs, request_desks
from cloud.store.blob_lists import BlobState, Listed
from cloud.store.blobs import Key
from wire.entries import BLOB_PART_BYTES

router = APIRouter(prefix="/api", route_class=GuardedRoute)

MEDIA_TYPE = "application/age"
Sha256Path = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]


@router.get("/requests/{request}/blobs")
def list_blobs(request: RequestPath, context: CurrentContext, visitor: CurrentVisitor) -> BlobList:
    """Return which papers belong to a request, and how much of each is here."""
    with context.store.reading() as connection:
        require_desk(context, visitor, request_desks.require_row(connection, request))
        return BlobList.of(blob_lists.blobs_of(connection, request))


@router.get("/requests/{request}/blobs/{sha256}", response_class=StreamingResponse)
def read_blob(
    request: RequestPath, sha256: Sha256Path, context: CurrentContext, visitor: CurrentVisitor
) -> StreamingResponse:
    """Return one of them, an age file, once it is whole; that somebody took it is kept before it is handed over."""
    with context.store.reading() as connection:
        require_desk(context, visitor, request_desks.require_row(connection, request))
        named = {each.sha256: each for each in blob_lists.blobs_of(connection, request)}
    blob = _whole(named.get(sha256))
    with context.store.writing() as connection:
        audit.append(connection, visitor.login, "request.blob", request, {"sha256": sha256}, context.clock())
    return StreamingResponse(
        _parts(context, Key(request, sha256), blob.size_bytes),
        media_type=MEDIA_TYPE,
        headers={"Content-Length": str(blob.size_bytes)},
    )


def _whole(blob: Listed | None) -> Listed:
    if blob is None:
        raise Problem(HTTPStatus.NOT_FOUND, "not-found")
    if blob.state is not BlobState.WHOLE:
        members = {"here_parts": blob.here_parts, "parts": blob.parts}
        raise Problem(HTTPStatus.CONFLICT, f"blob-{blob.state}", members)
    return blob


def _parts(context: Context, key: Key, size_bytes: int) -> Iterator[bytes]:
    """Yield part by part, each read for itself: a slow reader keeps no transaction open. Short when it is deleted meanwhile."""
    for offset in range(0, size_bytes, BLOB_PART_BYTES):
        with context.store.reading() as connection:
            part = blobs.part_at(connection, key, offset)
        if part is None:
            return
        yield part
