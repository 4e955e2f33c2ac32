"""The shipped catalogue, as the cloud counts with it."""

import datetime as dt

import pytest

from catalogue.load import load_catalogue
from catalogue.model import Catalogue, Kind
from cloud.requests.calendar import Term, Unit
from cloud.requests.flows import FLOWS
from cloud.requests.request import Kind as RequestKind
from cloud.requests.request import State
from cloud.roads import STATES, offices_of, routing_of, terms_of
from tests.cloud.requests.samples import fresh
from wire.entries import RequestKind as WireKind


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def test_the_kinds_of_the_wire_and_of_the_rules_are_the_same() -> None:
    assert [kind.value for kind in WireKind] == [kind.value for kind in RequestKind]


def test_every_kind_that_is_a_request_has_a_flow_with_those_states() -> None:
    assert STATES.keys() == {Kind(kind.value) for kind in RequestKind}
    for kind, states in STATES.items():
        flow = FLOWS[RequestKind(kind.value)]
        for state in states.values():
            assert flow.waits[state].term is not None, (kind, state)


def test_days_off_are_the_catalogues(catalogue: Catalogue) -> None:
    calendar = offices_of(catalogue).calendar
    assert not calendar.is_working_day(dt.date(2027, 2, 8)), "the third day of Tet, a Monday"
    assert not calendar.is_working_day(dt.date(2026, 9, 2)), "National Day"
    assert calendar.is_working_day(dt.date(2026, 11, 23))


def test_a_service_promises_what_its_file_says(catalogue: Catalogue) -> None:
    flow = offices_of(catalogue).flow(fresh(service="temporary-residence"))
    processing = next(
        step for step in catalogue.services["temporary-residence"].workflow if step.id == "processing"
    )
    assert processing.deadline is not None
    assert flow.waits[State.PROCESSING].term == Term(processing.deadline.amount, Unit.WORKING_DAYS)


def test_a_service_that_is_not_in_the_catalogue_has_the_terms_of_its_kind(catalogue: Catalogue) -> None:
    assert offices_of(catalogue).flow(fresh(service="not-yet")) is FLOWS[RequestKind.DOSSIER]


def test_of_two_steps_of_one_stage_the_shorter_term_is_the_promise(catalogue: Catalogue) -> None:
    calendar = offices_of(catalogue).calendar
    for service in catalogue.services.values():
        for state, term in terms_of(service, calendar).items():
            stage = next(stage for stage, name in STATES[service.kind].items() if name is state)
            amounts = [
                step.deadline.amount for step in service.workflow if step.stage is stage and step.deadline
            ]
            assert term.amount in amounts
    assert terms_of(catalogue.services["cabin"], calendar) == {}


def test_every_service_has_a_desk_and_goes_by_its_own_connector_where_there_is_a_system(
    catalogue: Catalogue,
) -> None:
    routing = routing_of(catalogue, "operator")
    desks = {desk.id for desk in catalogue.parties.desks}
    for name, service in catalogue.services.items():
        target = routing.find(ward="27097", authority=service.authority, service=name)
        expected = catalogue.routes.find("27097", service.authority, name)
        assert target.desk in desks
        assert expected is None or target.desk == expected.desk
        protocol = catalogue.parties.protocol(service.connector)
        assert protocol is not None
        assert target.connector == (service.connector if protocol.takes_requests else None)


def test_what_nobody_knows_goes_to_the_catch_all(catalogue: Catalogue) -> None:
    target = routing_of(catalogue, "operator").find(ward="", authority="nobody", service="nothing")
    assert (target.desk, target.connector) == ("operator", None)
