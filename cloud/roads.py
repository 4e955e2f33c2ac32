"""What the catalogue says about desks, terms and days off, in the form in which cloud.requests counts with it.

A service's own workflow names stages; of each stage the shortest term that it gives is what people were promised.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from catalogue.model import Catalogue, Service
from catalogue.model import Kind as ServiceKind
from catalogue.routes import EVERY
from catalogue.workflow import Deadline, Stage
from catalogue.workflow import Unit as DeadlineUnit
from cloud.requests.calendar import Calendar, Term, Unit
from cloud.requests.offices import Offices
from cloud.requests.request import State
from cloud.requests.routing import Route, Routing, Target

STATES: Final[Mapping[ServiceKind, Mapping[Stage, State]]] = MappingProxyType(
    {
        ServiceKind.DOSSIER: {
            Stage.SUBMITTED: State.SUBMITTED,
            Stage.ACCEPTED: State.RECEIVED,
            Stage.PROCESSING: State.PROCESSING,
            Stage.SUPPLEMENT: State.SUPPLEMENT_WANTED,
            Stage.PAYMENT: State.FEE_WANTED,
            Stage.DECIDED: State.RESULT_READY,
        },
        ServiceKind.REPORT: {
            Stage.SUBMITTED: State.NEW,
            Stage.ACCEPTED: State.ACCEPTED,
            Stage.PROCESSING: State.IN_PROGRESS,
            Stage.SUPPLEMENT: State.SUPPLEMENT_WANTED,
        },
        ServiceKind.REFERRAL: {
            Stage.SUBMITTED: State.SENT,
            Stage.PROCESSING: State.RECEIVED,
            Stage.SUPPLEMENT: State.SUPPLEMENT_WANTED,
        },
        ServiceKind.CONTACT: {Stage.SUBMITTED: State.SENT, Stage.PROCESSING: State.RECEIVED},
        ServiceKind.BOOKING: {Stage.SUBMITTED: State.ASKED},
        ServiceKind.BILL: {Stage.PAYMENT: State.FEE_WANTED, Stage.PROCESSING: State.FEE_PAID},
    }
)
"""How long a report may be reopened is the city's rule, not a service's: cloud.requests.report."""

_UNITS: Final = MappingProxyType(
    {
        DeadlineUnit.HOURS: Unit.HOURS,
        DeadlineUnit.DAYS: Unit.DAYS,
        DeadlineUnit.WORKING_DAYS: Unit.WORKING_DAYS,
    }
)


def offices_of(catalogue: Catalogue) -> Offices:
    """Return when offices work, and what each service promises."""
    calendar = Calendar(
        off=frozenset(day.day for year in catalogue.holidays for day in year.days_off),
        worked=frozenset(day.day for year in catalogue.holidays for day in year.days_worked),
    )
    terms = {
        name: own for name, service in catalogue.services.items() if (own := terms_of(service, calendar))
    }
    return Offices(calendar, MappingProxyType(terms))


def terms_of(service: Service, calendar: Calendar) -> Mapping[State, Term]:
    """Return the terms of a service's states; none for a kind that is no request."""
    terms: dict[State, Term] = {}
    for step in service.workflow:
        state = STATES.get(service.kind, {}).get(step.stage)
        if state is None or step.deadline is None:
            continue
        term = _term(step.deadline)
        known = terms.get(state)
        if known is None or calendar.due_ms(0, term) < calendar.due_ms(0, known):
            terms[state] = term
    return MappingProxyType(terms)


def routing_of(catalogue: Catalogue, catch_all_desk: str) -> Routing:
    """Return the routing table; what no row fits goes to `catch_all_desk`, by the service's own connector.

    A connector to which no requests are carried is none: its services stand on the desk's page.
    """
    routes = [
        Route(
            target=Target(row.desk, row.connector),
            ward=_named(row.ward),
            authority=_named(row.authority),
            service=_named(row.service),
        )
        for row in catalogue.routes.routes
    ]
    carried = {each.id for each in catalogue.parties.connectors if each.protocol.takes_requests}
    own = {
        name: service.connector
        for name, service in catalogue.services.items()
        if service.connector in carried
    }
    return Routing(routes, catch_all=Target(catch_all_desk), own=MappingProxyType(own))


def _term(deadline: Deadline) -> Term:
    return Term(deadline.amount, _UNITS[deadline.unit])


def _named(text: str) -> str | None:
    return None if text == EVERY else text
