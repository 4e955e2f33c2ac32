"""Invented people at the kiosk: what they submit, what they do to it later, and how it reaches the store."""

from typing import Any, Final

import msgspec
from sqlalchemy import select

from cloud.requests.offices import Offices
from cloud.requests.request import Action, Actor, ActorKind, Request, Verb
from cloud.store import request_rows, requests
from cloud.store.engine import Store
from cloud.store.schema import COMMAND
from tests.cloud.requests.samples import CALENDAR, NOW_MS, OFFICER
from tests.cloud.samples import STATION
from tests.cloud.sharing import SECRET, sealed
from wire.entries import Blob, RequestAction, RequestAmended, RequestKind, RequestSubmitted
from wire.messages import RequestChanged
from wire.tracking import Receipt, proof_of, tracking_code

REQUEST: Final = "4e" * 16
AMENDMENT: Final = "a3" * 16
PERSON: Final = "9e" * 16
OTHER_STATION: Final = "st-0002"
TRACKING: Final = tracking_code(STATION, 17)
PROOF: Final = proof_of(Receipt(TRACKING, "K7QM3V"))
OFFICES: Final = Offices(CALENDAR)
BLOB: Final = Blob(sha256="0f" * 32, size_bytes=250_000)
CONTACT: Final = sealed(b"contact-c0117ac7")

__all__ = ["NOW_MS", "OFFICER", "SECRET", "STATION"]


def submitted(number: int | None = None, **changed: Any) -> RequestSubmitted:
    """Return a submission; one with a number has an id and a tracking code of its own."""
    fields: dict[str, Any] = {
        "request": REQUEST if number is None else f"{number:032x}",
        "tracking": TRACKING if number is None else tracking_code(STATION, number),
        "service": "temporary-residence",
        "service_version": 3,
        "request_kind": RequestKind.DOSSIER,
        "authority": "ward-police",
        "text_version": "2026-11.submit",
        "recipients": ["ward-police"],
        "sealed": sealed(),
        "proof": PROOF,
    }
    return RequestSubmitted(**(fields | changed))


def amended(
    action: RequestAction = RequestAction.WITHDRAW, amendment: str = AMENDMENT, **changed: Any
) -> RequestAmended:
    """Return what the person did to it."""
    fields: dict[str, Any] = {"amendment": amendment, "request": REQUEST, "action": action, "proof": PROOF}
    return RequestAmended(**(fields | changed))


def bring(
    store: Store,
    *bodies: requests.AnyBody,
    station: str = STATION,
    now_ms: int = NOW_MS,
    offices: Offices = OFFICES,
) -> None:
    """Let a station's entries arrive, each a second after the one before by the station's clock."""
    told = [
        requests.Told(station, now_ms, now_ms - 60_000 + 1_000 * index, body)
        for index, body in enumerate(bodies)
    ]
    with store.writing() as connection:
        requests.record(connection, told, offices, now_ms)


def do(
    store: Store,
    verb: Verb,
    by: Actor = OFFICER,
    *,
    request: str = REQUEST,
    now_ms: int = NOW_MS + 1_000,
    **changed: Any,
) -> Request:
    """Let somebody act; the key is the verb's unless the test says otherwise."""
    values: dict[str, Any] = {"verb": verb, "by": by, "key": f"key-{verb}"}
    action = Action(**(values | changed))
    with store.writing() as connection:
        return requests.act(connection, request, action, OFFICES, now_ms)


def pay(store: Store, order: str = "order-1") -> Request:
    """Let the platform say that money came."""
    return do(store, Verb.PAY, Actor(ActorKind.SYSTEM), order=order)


def load(store: Store, request: str = REQUEST) -> Request:
    """Return a request that is there."""
    with store.reading() as connection:
        found = request_rows.load(connection, request)
    assert found is not None
    return found


def news(store: Store, station: str = STATION) -> list[RequestChanged]:
    """Return what is on its way to a station, oldest first."""
    with store.reading() as connection:
        rows = connection.execute(
            select(COMMAND.c.body)
            .where(COMMAND.c.next_send_at_ms.is_not(None), COMMAND.c.station == station)
            .order_by(COMMAND.c.issued_at_ms, COMMAND.c.version)
        ).scalars()
        return [msgspec.json.decode(row, type=RequestChanged) for row in rows]
