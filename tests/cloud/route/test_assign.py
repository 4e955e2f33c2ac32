"""Every request gets a desk, and the clock of all of them is kept."""

from cloud.requests.routing import Route, Routing, Target
from cloud.route.assign import BATCH, assign, run_clock
from cloud.store import request_lists
from cloud.store.engine import Store
from tests.cloud.requesting import NOW_MS, OFFICES, REQUEST, bring, load, submitted
from tests.cloud.requests.samples import DAY_MS
from tests.cloud.samples import add_station

ROUTING = Routing(
    [
        Route(target=Target("one-stop-27097", "portal"), ward="27097", service="temporary-residence"),
        Route(target=Target("justice-desk", "gone"), authority="justice"),
    ],
    catch_all=Target("city-desk"),
)
CONNECTORS = {"portal": object()}


def of_desk(store: Store, desk: str) -> list[str]:
    with store.reading() as connection:
        return [each.id for each in request_lists.of_desk(connection, desk, 10)]


def outbox(store: Store) -> list[tuple[str, str]]:
    with store.reading() as connection:
        rows = connection.exec_driver_sql("SELECT request, channel FROM errand ORDER BY id").all()
    return [(row[0], row[1]) for row in rows]


def test_ward_and_service_decide_and_what_fits_nothing_goes_to_the_catch_all(store: Store) -> None:
    with store.writing() as connection:
        add_station(connection)
    bring(store, submitted(), submitted(1, ward="26740"))
    assert assign(store, ROUTING, CONNECTORS, NOW_MS) == 2
    assert assign(store, ROUTING, CONNECTORS, NOW_MS) == 0
    assert of_desk(store, "one-stop-27097") == [REQUEST]
    assert of_desk(store, "city-desk") == [f"{1:032x}"]
    assert outbox(store) == [(REQUEST, "portal")]


def test_a_connector_that_this_cloud_does_not_have_leaves_the_request_on_the_desks_page(store: Store) -> None:
    bring(store, submitted(authority="justice", service="judicial-record"))
    assign(store, ROUTING, CONNECTORS, NOW_MS)
    assert of_desk(store, "justice-desk") == [REQUEST]
    assert outbox(store) == []


def test_many_are_given_out_in_portions(store: Store) -> None:
    bring(store, *[submitted(number) for number in range(BATCH + 3)])
    assert [assign(store, ROUTING, CONNECTORS, NOW_MS) for _ in range(3)] == [BATCH, 3, 0]


def test_the_clock_marks_what_is_late_once(store: Store) -> None:
    bring(store, submitted())
    assert run_clock(store, OFFICES, NOW_MS) == 0
    assert run_clock(store, OFFICES, NOW_MS + 5 * DAY_MS) == 1
    assert run_clock(store, OFFICES, NOW_MS + 5 * DAY_MS) == 0
    assert load(store).late_since_ms is not None
