"""Open311 GeoReport v2 for whoever asks: what can be reported, and the public part of reports. Reading only."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import JSONResponse
from pydantic import AwareDatetime, BeforeValidator

from cloud.api.context import Context, CurrentContext
from cloud.api.guard import GuardedRoute
from cloud.api.problems import Problem
from cloud.api.refusals import answers
from cloud.geo_report import (
    CLOSED,
    Fields,
    Published,
    parts_of,
    report_types,
    request_fields,
    service_fields,
    to_xml,
)
from cloud.requests.calendar import DAY_MS
from cloud.requests.flows import FLOWS
from cloud.requests.request import Kind, State
from cloud.store import request_public
from cloud.store.request_public import PublicRow, Window

router = APIRouter(prefix="/api/open311/v2", route_class=GuardedRoute)

MAX_REQUESTS: Final = 1_000
LONGEST_MS: Final = 90 * DAY_MS
"""Both are the specification's own default limits."""

_VIETNAM_MS: Final = 7 * 3_600_000
_CACHED: Final = {"Cache-Control": "public, max-age=60"}
_FORMS: Final = answers("application/json", "text/xml")


def _require_written(date: object) -> object:
    """Refuse a bare number: it is no date of the W3C's, but pydantic would read seconds since 1970."""
    if isinstance(date, str) and "T" in date.upper():
        return date
    raise ValueError("date: 2026-11-23T00:00:00+07:00")


Form = Annotated[Literal["json", "xml"], Path()]
Number = Annotated[int, Path(ge=1, le=2**53)]
NumbersQuery = Annotated[str, Query(pattern=r"^[0-9]{1,15}(,[0-9]{1,15}){0,99}$")]
CodesQuery = Annotated[str, Query(max_length=2_000, pattern=r"^[a-z0-9.-]{1,100}(,[a-z0-9.-]{1,100}){0,19}$")]
DateQuery = Annotated[AwareDatetime, BeforeValidator(_require_written)]
StatusQuery = Literal["open", "closed", "open,closed", "closed,open"]


@router.get("/services.{form}", response_class=Response, responses=_FORMS)
def list_services(form: Form, context: CurrentContext) -> Response:
    """Return what can be reported."""
    types = report_types(context.catalogue, context.settings.requests.duty_desk)
    return _answer(form, "services", "service", [service_fields(each) for each in types.values()])


@router.get("/requests.{form}", response_class=Response, responses=_FORMS)
def list_reports(
    form: Form,
    context: CurrentContext,
    *,
    service_request_id: NumbersQuery | None = None,
    service_code: CodesQuery | None = None,
    start_date: DateQuery | None = None,
    end_date: DateQuery | None = None,
    status: StatusQuery | None = None,
) -> Response:
    """Return the newest reports, at most 1,000 of at most 90 days; numbers overrule everything else."""
    secret = context.settings.requests.duty_desk
    with context.store.reading() as connection:
        if service_request_id is not None:
            numbers = [int(number) for number in service_request_id.split(",")]
            rows = request_public.numbered(connection, numbers, secret)
        else:
            from_ms, to_ms = _days(start_date, end_date, context.clock())
            window = Window(
                from_ms=from_ms,
                to_ms=to_ms,
                states=_states(status),
                topics=None if service_code is None else [parts_of(each) for each in service_code.split(",")],
            )
            rows = request_public.public_reports(connection, window, secret, MAX_REQUESTS)
    return _answer(form, "service_requests", "request", _entries(context, rows))


@router.get("/requests/{number}.{form}", response_class=Response, responses=_FORMS)
def read_report(number: Number, form: Form, context: CurrentContext) -> Response:
    """Return one report, in a list as the specification has it."""
    with context.store.reading() as connection:
        rows = request_public.numbered(connection, [number], context.settings.requests.duty_desk)
    if not rows:
        raise Problem(HTTPStatus.NOT_FOUND, "not-found")
    return _answer(form, "service_requests", "request", _entries(context, rows))


def _entries(context: Context, rows: list[PublicRow]) -> list[Fields]:
    types = report_types(context.catalogue, context.settings.requests.duty_desk)
    return [
        request_fields(
            Published(
                number=row.number,
                report=row.report,
                ward_name=context.names.get(row.report.ward, row.report.ward),
            ),
            types,
        )
        for row in rows
    ]


def _answer(form: str, root: str, item: str, entries: list[Fields]) -> Response:
    if form == "json":
        return JSONResponse(entries, headers=_CACHED)
    return Response(to_xml(root, item, entries), headers=_CACHED, media_type="text/xml; charset=utf-8")


def _days(start: datetime | None, end: datetime | None, now_ms: int) -> tuple[int, int]:
    """Return whole days of Vietnam around the dates: finer ones would tell at which moment somebody reported."""
    until_ms = now_ms if end is None else _millis(end)
    from_ms = until_ms - LONGEST_MS if start is None else _millis(start)
    return _midnight_ms(from_ms), _midnight_ms(min(until_ms, from_ms + LONGEST_MS)) + DAY_MS


def _millis(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _midnight_ms(at_ms: int) -> int:
    return (at_ms + _VIETNAM_MS) // DAY_MS * DAY_MS - _VIETNAM_MS


def _states(status: str | None) -> frozenset[State] | None:
    if status is None or "," in status:
        return None
    return CLOSED if status == "closed" else FLOWS[Kind.REPORT].states - CLOSED
