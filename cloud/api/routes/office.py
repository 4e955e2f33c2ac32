"""What surrounds the work: what a console needs to know, who is there, what was done, and where push goes."""

from http import HTTPStatus
from importlib.metadata import version

from fastapi import APIRouter, Response

from cloud.api.bodies import LimitQuery, MillisQuery, PushBody, SequenceQuery
from cloud.api.context import CurrentContext
from cloud.api.guard import CurrentVisitor, GuardedRoute
from cloud.api.problems import Problem
from cloud.api.refusals import refusals
from cloud.api.shapes.people import Config, PeopleList, User, Ward
from cloud.api.shapes.reports import AuditEntry, AuditPage, ShiftReport
from cloud.sos.report import report
from cloud.store import accounts, audit, reports
from cloud.store.accounts import Account, Role, Subscription

router = APIRouter(prefix="/api", route_class=GuardedRoute)

LONGEST_REPORT_MS = 31 * 86_400_000
_ON_DUTY = frozenset({Role.DUTY_OFFICER, Role.CITY_DESK})


@router.get("/config")
def read_config(context: CurrentContext, _visitor: CurrentVisitor) -> Config:
    """Return what a console needs to know of this installation."""
    api = context.settings.api
    return Config(
        version=version("tcds"),
        map=api.map_path is not None and api.map_path.is_file(),
        tiles_url=api.tiles_url,
        push_public_key=context.push_public_key,
        wards=tuple(Ward(code=ward.code, name=ward.name) for ward in context.places.wards),
        city=api.city,
    )


@router.get("/roster")
def read_roster(context: CurrentContext, visitor: CurrentVisitor) -> PeopleList:
    """Return who may take over an incident that the visitor sees."""
    with context.store.reading() as connection:
        people = accounts.list_accounts(connection)
    return PeopleList(
        people=tuple(User.of(person) for person in people if _may_take_over(person, visitor.wards))
    )


@router.get("/shift-report")
def read_shift_report(
    from_ms: MillisQuery, to_ms: MillisQuery, context: CurrentContext, visitor: CurrentVisitor
) -> ShiftReport:
    """Return the figures of the incidents opened in [from_ms, to_ms); at most 31 days."""
    if not 0 < to_ms - from_ms <= LONGEST_REPORT_MS:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid")
    with context.store.reading() as connection:
        lives = reports.lives(connection, from_ms, to_ms, visitor.wards)
    with context.store.writing() as connection:
        span = {"from_ms": from_ms, "to_ms": to_ms}
        audit.append(connection, visitor.login, "report.view", "shift", span, context.clock())
    return ShiftReport.of(report(lives), from_ms, to_ms)


@router.get("/audit")
def read_audit(
    context: CurrentContext, visitor: CurrentVisitor, after: SequenceQuery = 0, limit: LimitQuery = 200
) -> AuditPage:
    """Return a page of the audit log, and whether its whole chain holds."""
    with context.store.reading() as connection:
        rows = audit.entries(connection, after, limit)
        broken = audit.first_broken(connection)
    with context.store.writing() as connection:
        audit.append(connection, visitor.login, "audit.view", "audit", {"after": after}, context.clock())
    return AuditPage(entries=tuple(AuditEntry.of(row) for row in rows), verified=broken is None)


@router.post(
    "/push-subscriptions",
    status_code=201,
    response_class=Response,
    responses=refusals(HTTPStatus.NOT_FOUND),
)
def subscribe(body: PushBody, context: CurrentContext, visitor: CurrentVisitor) -> Response:
    """Let web push reach this browser when the visitor is called."""
    if context.push_public_key is None:
        raise Problem(HTTPStatus.NOT_FOUND, "no-push")
    subscription = Subscription(body.endpoint, visitor.login, body.keys.p256dh, body.keys.auth)
    with context.store.writing() as connection:
        accounts.subscribe(connection, subscription, context.clock())
        audit.append(connection, visitor.login, "push.subscribe", visitor.login, {}, context.clock())
    return Response(status_code=HTTPStatus.CREATED)


@router.delete("/push-subscriptions", status_code=204)
def unsubscribe(body: PushBody, context: CurrentContext, visitor: CurrentVisitor) -> None:
    """Let web push reach this browser no more."""
    with context.store.writing() as connection:
        accounts.unsubscribe(connection, body.endpoint, visitor.login)
        audit.append(connection, visitor.login, "push.unsubscribe", visitor.login, {}, context.clock())


def _may_take_over(person: Account, wards: frozenset[str] | None) -> bool:
    if person.disabled or person.role not in _ON_DUTY:
        return False
    return wards is None or person.role is Role.CITY_DESK or not wards.isdisjoint(person.wards)
