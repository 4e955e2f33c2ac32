"""To whom a request goes."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.requests.errors import RoutingError
from cloud.requests.routing import Route, Routing, Target

CATCH_ALL = Target("city-desk")
WARDS, AUTHORITIES, SERVICES = ("27097", "26740"), ("ward-police", "justice"), ("birth", "report-civic")
ROWS = st.builds(
    lambda ward, authority, service: Route(
        target=Target(f"{ward}-{authority}-{service}"), ward=ward, authority=authority, service=service
    ),
    st.sampled_from([None, *WARDS]),
    st.sampled_from([None, *AUTHORITIES]),
    st.sampled_from([None, *SERVICES]),
)
TABLES = st.lists(ROWS, unique_by=lambda row: (row.ward, row.authority, row.service))


def test_the_ward_the_authority_and_the_service_decide() -> None:
    portal = Target("one-stop-27097", "national-portal")
    routing = Routing(
        [
            Route(target=portal, ward="27097", authority="ward-police", service="temporary-residence"),
            Route(target=Target("police-27097"), ward="27097", authority="ward-police"),
        ],
        catch_all=CATCH_ALL,
    )
    assert routing.find(ward="27097", authority="ward-police", service="temporary-residence") == portal
    assert routing.find(ward="27097", authority="ward-police", service="birth").desk == "police-27097"
    assert routing.find(ward="26740", authority="ward-police", service="birth") == CATCH_ALL


def test_an_empty_table_still_has_a_desk() -> None:
    assert Routing([], catch_all=CATCH_ALL).find(ward="", authority="", service="") == CATCH_ALL


def slow_find(rows: list[Route], ward: str, authority: str, service: str) -> Target:
    """Return the heaviest row that fits: nothing but the rule."""
    fitting = [
        row
        for row in rows
        if row.ward in {None, ward} and row.authority in {None, authority} and row.service in {None, service}
    ]
    return max(fitting, key=lambda row: row.weight).target if fitting else CATCH_ALL


@given(TABLES)
def test_the_most_specific_row_wins_in_whatever_order_they_stand(rows: list[Route]) -> None:
    there, back = Routing(rows, catch_all=CATCH_ALL), Routing(reversed(rows), catch_all=CATCH_ALL)
    for ward, authority, service in product((*WARDS, "x"), (*AUTHORITIES, "x"), (*SERVICES, "x")):
        expected = slow_find(rows, ward, authority, service)
        assert there.find(ward=ward, authority=authority, service=service) == expected
        assert back.find(ward=ward, authority=authority, service=service) == expected


def test_a_service_goes_by_its_own_connector_unless_a_row_names_another() -> None:
    routing = Routing(
        [
            Route(target=Target("desk-a"), ward="27097"),
            Route(target=Target("desk-b", "other"), ward="26740"),
        ],
        catch_all=CATCH_ALL,
        own={"birth": "civil-status"},
    )
    assert routing.find(ward="27097", authority="x", service="birth") == Target("desk-a", "civil-status")
    assert routing.find(ward="26740", authority="x", service="birth") == Target("desk-b", "other")
    assert routing.find(ward="x", authority="x", service="birth") == Target("city-desk", "civil-status")
    assert routing.find(ward="x", authority="x", service="death") == CATCH_ALL


def test_two_rows_for_the_same_are_refused() -> None:
    row = Route(target=Target("one"), ward="27097")
    with pytest.raises(RoutingError):
        Routing([row, Route(target=Target("two"), ward="27097")], catch_all=CATCH_ALL)


def test_a_table_without_end_is_refused() -> None:
    rows = (Route(target=CATCH_ALL, service=f"service-{number}") for number in range(10_001))
    with pytest.raises(RoutingError):
        Routing(rows, catch_all=CATCH_ALL)
