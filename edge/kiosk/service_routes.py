"""What the technician's page asks of the station: coming in, and the cabin's devices. Every change is logged."""

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from msgspec import UNSET, Meta, Struct, structs

from edge.devices import Change
from edge.kiosk.asking import Here, read
from edge.kiosk.context import Context
from edge.kiosk.ports import DeviceDesk, PairingAnswer, PairOrder
from edge.kiosk.problems import Problem, answer
from edge.kiosk.service import LockedError, ServiceDoor, WrongPinError
from edge.logs import Log

COOKIE: Final = "tcds-service"
_PATH: Final = "/service"
_SAFE: Final = frozenset({"GET", "HEAD"})
_MAX_TOKEN_LENGTH: Final = 128

_log: Final = Log(__name__)
router = APIRouter(prefix="/service/api")


class Login(Struct, frozen=True, forbid_unknown_fields=True):
    """What a technician types."""

    pin: Annotated[str, Meta(max_length=64)]


@router.post("/login")
async def login(request: Request, here: Here) -> Response:
    """Let a technician in."""
    door = _door(here)
    given = await read(request, Login)
    try:
        token = await door.login(given.pin)
    except WrongPinError as error:
        raise Problem(HTTPStatus.UNAUTHORIZED, "wrong-pin") from error
    except LockedError as error:
        members = {"seconds": error.seconds}
        raise Problem(HTTPStatus.TOO_MANY_REQUESTS, "locked", members) from error
    response = Response(status_code=HTTPStatus.NO_CONTENT)
    response.set_cookie(COOKIE, token, path=_PATH, httponly=True, samesite="strict")
    return response


@router.post("/logout")
async def logout(request: Request, here: Here) -> Response:
    """Let a technician go."""
    _door(here).logout(_token(request))
    response = Response(status_code=HTTPStatus.NO_CONTENT)
    response.delete_cookie(COOKIE, path=_PATH, httponly=True, samesite="strict")
    return response


async def _desk(request: Request, here: Here) -> DeviceDesk:
    """Return the devices to a technician who is in; only what a person does prolongs the session."""
    door = _door(here)
    if not door.is_open(_token(request), prolong=request.method not in _SAFE):
        raise Problem(HTTPStatus.UNAUTHORIZED, "no-session")
    if here.devices is None:
        raise Problem(HTTPStatus.NOT_FOUND, "no-cabin")
    return here.devices


Desk = Annotated[DeviceDesk, Depends(_desk)]


@router.get("/devices")
async def devices(desk: Desk) -> Response:
    """List what is paired."""
    return answer({"devices": await desk.devices()})


@router.patch("/devices/{name}")
async def change(request: Request, desk: Desk, name: str) -> Response:
    """Write down what a technician knows of a device."""
    edit = await read(request, Change)
    changed = await desk.change(name, edit)
    what = [field for field, value in structs.asdict(edit).items() if value is not UNSET]
    _log.info("device changed by a technician", device=changed.name, what=what)
    return answer(changed)


@router.delete("/devices/{name}")
async def forget(desk: Desk, name: str) -> Response:
    """Forget a device."""
    await desk.forget(name)
    _log.info("device forgotten by a technician")
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.post("/devices/{name}/test")
async def test(desk: Desk, name: str) -> Response:
    """Connect to a device and ask it."""
    tested = await desk.test(name)
    _log.info("device tested by a technician", ok=tested.ok)
    return answer(tested)


@router.post("/scan")
async def scan(desk: Desk) -> Response:
    """Look for what could be paired."""
    return answer(await desk.scan())


@router.post("/pair")
async def pair(request: Request, desk: Desk) -> Response:
    """Begin to pair a device."""
    order = await read(request, PairOrder)
    pairing = await desk.pair(order)
    _log.info("pairing begun by a technician", device=order.name, driver=order.driver)
    return answer({"pairing": pairing}, HTTPStatus.ACCEPTED)


@router.get("/pairing/{pairing}")
async def follow(desk: Desk, pairing: str) -> Response:
    """Tell how far a pairing is."""
    return answer(await desk.pairing(pairing))


@router.post("/pairing/{pairing}")
async def reply(request: Request, desk: Desk, pairing: str) -> Response:
    """Hand on what the technician says to a pairing."""
    given = await read(request, PairingAnswer)
    if (given.passkey is None) == (given.accept is None):
        raise Problem(HTTPStatus.BAD_REQUEST, "malformed")
    await desk.answer(pairing, given)
    return answer(await desk.pairing(pairing))


def _door(here: Context) -> ServiceDoor:
    if here.door is None:
        raise Problem(HTTPStatus.NOT_FOUND, "not-found")
    return here.door


def _token(request: Request) -> str:
    return request.cookies.get(COOKIE, "")[:_MAX_TOKEN_LENGTH]
