"""For machines that watch this one: does the process live, can it serve, and in figures how it is."""

from http import HTTPStatus

import structlog
from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST

from cloud.api.context import CurrentContext
from cloud.api.problems import Problem
from cloud.api.refusals import answers, refusals
from cloud.metrics import Metrics
from cloud.store import cards
from cloud.store.errors import StoreError

router = APIRouter()

log = structlog.get_logger(__name__)


@router.get("/healthz")
async def is_alive() -> dict[str, str]:
    """Answer as long as the event loop turns."""
    return {"status": "ok"}


@router.get("/readyz", responses=refusals(HTTPStatus.SERVICE_UNAVAILABLE))
def is_ready(context: CurrentContext) -> dict[str, str]:
    """Answer when the store can be read; its schema was checked at the start. The broker is not needed here."""
    try:
        with context.store.reading() as connection:
            cards.last_event_seq(connection)
    except StoreError as error:
        log.warning("store.away", error=type(error).__name__)
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "store") from error
    return {"status": "ok"}


@router.get(
    "/metrics",
    response_class=Response,
    responses=answers("text/plain") | refusals(HTTPStatus.SERVICE_UNAVAILABLE),
)
def read_metrics(request: Request) -> Response:
    """Return the figures; a reverse proxy keeps them from the outside."""
    metrics: Metrics = request.app.state.metrics
    return Response(metrics.text(), media_type=CONTENT_TYPE_LATEST)
