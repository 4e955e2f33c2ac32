"""What the screen's page asks about pictures of papers: one is taken, looked at, discarded. They are kept by no browser."""

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Path, Request, Response

from edge.kiosk.asking import Here
from edge.kiosk.context import Context
from edge.kiosk.ports import PicturesDesk
from edge.kiosk.problems import Problem, answer
from edge.papers.errors import NoPictureError, TooManyError
from edge.services.errors import OrderRefusedError

PREFIX: Final = "/api/services/pictures"
router = APIRouter(prefix=PREFIX)

JPEG: Final = "image/jpeg"
QuestionPath = Annotated[str, Path(max_length=48, pattern=r"^[a-z0-9-]+$")]
NamePath = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]


@router.get("/{question}")
async def list_taken(question: QuestionPath, here: Here) -> Response:
    """Tell which pictures there are for the question that is asked."""
    return answer({"taken": _pictures(here).taken(question)})


@router.post("/{question}")
async def take(question: QuestionPath, request: Request, here: Here) -> Response:
    """Keep one more picture; its size is bounded by the border."""
    pictures = _pictures(here)
    if request.headers.get("content-type") != JPEG:
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "no-picture")
    try:
        return answer({"taken": await pictures.take(question, await request.body())})
    except NoPictureError:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "no-picture") from None
    except TooManyError:
        raise Problem(HTTPStatus.CONFLICT, "too-many") from None
    except OrderRefusedError as error:
        raise Problem(HTTPStatus.CONFLICT, "refused", {"reason": error.reason}) from None


@router.get("/{question}/{name}")
async def look(question: QuestionPath, name: NamePath, here: Here) -> Response:
    """Show a picture to its person."""
    pictures = _pictures(here)
    jpeg = pictures.look(name) if name in pictures.taken(question) else None
    if jpeg is None:
        raise Problem(HTTPStatus.NOT_FOUND, "not-found")
    return Response(jpeg, media_type=JPEG)


@router.delete("/{question}/{name}")
async def discard(question: QuestionPath, name: NamePath, here: Here) -> Response:
    """Forget a picture."""
    try:
        return answer({"taken": _pictures(here).discard(question, name)})
    except OrderRefusedError as error:
        raise Problem(HTTPStatus.CONFLICT, "refused", {"reason": error.reason}) from None


def _pictures(here: Context) -> PicturesDesk:
    if here.pictures is None:
        raise Problem(HTTPStatus.NOT_FOUND, "no-services")
    return here.pictures
