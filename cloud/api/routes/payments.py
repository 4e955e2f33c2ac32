"""Where providers tell of money: each notice is verified by its own signature, booked once, and answered as its protocol wants.

None of them has a session, and none learns more than whether to tell again. A provider that is not agreed is not there.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Final, TypeVar, cast

from fastapi import APIRouter, Header, Request, Response
from fastapi.concurrency import run_in_threadpool

from cloud.api.guard import GuardedRoute
from cloud.api.problems import Problem
from cloud.api.refusals import refusals
from cloud.cash_desk import Keys
from cloud.payments import bank as bank_rules
from cloud.payments import momo as momo_rules
from cloud.payments import vnpay as vnpay_rules
from cloud.store.errors import StoreError
from cloud.till import Till

router = APIRouter(prefix="/api/pay", route_class=GuardedRoute)

MAX_SIGNATURE_LENGTH: Final = 256
_ABSENT: Final = refusals(HTTPStatus.NOT_FOUND, HTTPStatus.BAD_REQUEST)

Agreed = TypeVar("Agreed")


@router.get("/vnpay", responses=refusals(HTTPStatus.NOT_FOUND))
def hear_vnpay(request: Request) -> dict[str, str]:
    """Take an IPN of VNPAY 2.1.0; trouble of ours is told as 99, which makes it come again."""
    keys = _agreed(_keys(request).vnpay)
    try:
        answer: Mapping[str, str] = vnpay_rules.handle_notice(request.url.query, keys, _till(request).book)
    except StoreError:
        answer = vnpay_rules.TROUBLE
    return dict(answer)


@router.post("/momo", status_code=HTTPStatus.NO_CONTENT, responses=_ABSENT)
async def hear_momo(request: Request) -> Response:
    """Take an IPN of MoMo v2."""
    keys = _agreed(_keys(request).momo)
    body = await request.body()
    status = await run_in_threadpool(momo_rules.handle_notice, body, keys, _till(request).book)
    return _told(status)


@router.post("/bank", status_code=HTTPStatus.NO_CONTENT, responses=_ABSENT)
async def hear_bank(
    request: Request, x_signature: Annotated[str, Header(max_length=MAX_SIGNATURE_LENGTH)] = ""
) -> Response:
    """Take the bank's notice of one line of our account."""
    keys = _agreed(_keys(request).bank)
    body = await request.body()
    status = await run_in_threadpool(bank_rules.handle_notice, body, x_signature, keys, _till(request).book)
    return _told(status)


def _told(status: HTTPStatus) -> Response:
    if status is not HTTPStatus.NO_CONTENT:
        raise Problem(status, "notice")
    return Response(status_code=status)


def _keys(request: Request) -> Keys:
    return cast("Keys", request.app.state.keys)


def _till(request: Request) -> Till:
    return cast("Till", request.app.state.till)


def _agreed(keys: Agreed | None) -> Agreed:
    if keys is None:
        raise Problem(HTTPStatus.NOT_FOUND, "not-found")
    return keys
