import pytest

from catalogue.load import load_catalogue
from catalogue.routes import Route, RouteTable

TABLE = RouteTable(
    routes=(
        Route(desk="everything"),
        Route(authority="police", desk="police"),
        Route(ward="27097", desk="ward"),
        Route(ward="27097", authority="police", desk="ward-police"),
        Route(service="birth", desk="births", connector="special"),
        Route(ward="26740", service="birth", desk="births-there"),
    )
)


@pytest.mark.parametrize(
    ("ward", "authority", "service", "desk"),
    [
        ("10000", "bank", "account", "everything"),
        ("10000", "police", "residence", "police"),
        ("27097", "bank", "account", "ward"),
        ("27097", "police", "residence", "ward-police"),
        ("27097", "police", "birth", "births"),
        ("26740", "police", "birth", "births-there"),
    ],
)
def test_the_most_special_route_that_fits_is_taken(
    ward: str, authority: str, service: str, desk: str
) -> None:
    route = TABLE.find(ward, authority, service)
    assert route is not None
    assert route.desk == desk


def test_a_route_may_go_another_way_than_its_service() -> None:
    route = TABLE.find("10000", "police", "birth")
    assert route is not None
    assert route.connector == "special"


def test_without_a_route_that_fits_there_is_none() -> None:
    assert RouteTable(routes=(Route(ward="27097", desk="x"),)).find("26740", "a", "b") is None


def test_every_shipped_service_has_a_desk_in_every_ward() -> None:
    whole = load_catalogue()
    desks = {desk.id for desk in whole.parties.desks}
    for service in whole.services.values():
        for ward in ("27097", "26740", "*"):
            route = whole.routes.find(ward, service.authority, service.id)
            assert route is not None
            assert route.desk in desks
