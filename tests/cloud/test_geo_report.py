"""Reports in the words of Open311 GeoReport v2: the fields of the specification, and nothing but what is public."""

from typing import Any
from xml.etree.ElementTree import fromstring

import pytest

from catalogue.load import load_catalogue
from catalogue.model import Catalogue
from cloud.geo_report import (
    CLOSED,
    Published,
    ReportType,
    code_of,
    parts_of,
    report_types,
    request_fields,
    service_fields,
    to_xml,
)
from cloud.requests.report import REPORT, PublicReport
from cloud.requests.request import State
from cloud.store.request_public import SECRET

NAMES = {
    *("service_request_id", "status", "status_notes", "service_name", "service_code", "description"),
    *("agency_responsible", "service_notice", "requested_datetime", "updated_datetime", "expected_datetime"),
    *("address", "address_id", "zipcode", "lat", "long", "media_url"),
}
"""The specification's own, of GET requests."""


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="module")
def types(catalogue: Catalogue) -> dict[str, ReportType]:
    return report_types(catalogue, "duty")


def published(**changed: Any) -> Published:
    values: dict[str, Any] = {
        "service": "report-civic",
        "category": "road",
        "ward": "27097",
        "reported_on": "2026-11-23",
        "state": State.IN_PROGRESS,
    }
    return Published(number=17, report=PublicReport(**(values | changed)), ward_name="Phường Bình Trưng")


def test_what_can_be_reported_is_the_catalogues_categories(types: dict[str, ReportType]) -> None:
    road = types["report-civic.road"]
    assert (road.name, road.group) == ("Đường, vỉa hè hư hỏng", "Phản ánh dân sinh")
    assert road.agency == "Cổng thông tin 1022 Thành phố Hồ Chí Minh"
    assert len(types) == 10


def test_what_goes_to_the_police_is_no_public_matter(
    catalogue: Catalogue, types: dict[str, ReportType]
) -> None:
    assert not [code for code in types if code.startswith("report-security")]
    assert "report-security.theft" in report_types(catalogue, "another-desk")


def test_a_service_has_the_fields_of_the_specification(types: dict[str, ReportType]) -> None:
    assert service_fields(types["report-civic.noise"]) == {
        "service_code": "report-civic.noise",
        "service_name": "Tiếng ồn",
        "description": types["report-civic.noise"].description,
        "metadata": False,
        "type": "realtime",
        "keywords": "",
        "group": "Phản ánh dân sinh",
    }


def test_a_report_has_the_fields_of_the_specification_and_no_place(types: dict[str, ReportType]) -> None:
    told = request_fields(published(), types)
    assert set(told) == NAMES
    assert {name: value for name, value in told.items() if value is not None} == {
        "service_request_id": "17",
        "status": "open",
        "status_notes": "Đang giải quyết",
        "service_name": "Đường, vỉa hè hư hỏng",
        "service_code": "report-civic.road",
        "agency_responsible": "Cổng thông tin 1022 Thành phố Hồ Chí Minh",
        "requested_datetime": "2026-11-23T00:00:00+07:00",
        "address": "Phường Bình Trưng",
        "address_id": "27097",
    }


@pytest.mark.parametrize("state", sorted(REPORT.states - set(SECRET)))
def test_every_state_that_the_public_sees_is_open_or_closed_and_in_words(
    state: State, types: dict[str, ReportType]
) -> None:
    told = request_fields(published(state=state), types)
    assert told["status"] == ("closed" if state in CLOSED else "open")
    assert told["status_notes"]


def test_what_ended_is_closed() -> None:
    assert REPORT.ends - set(SECRET) <= CLOSED
    assert State.REOPENED not in CLOSED


def test_a_topic_that_the_catalogue_no_longer_has_stands_under_its_code(types: dict[str, ReportType]) -> None:
    told = request_fields(published(category="ufo"), types)
    assert (told["service_name"], told["service_code"]) == ("report-civic.ufo", "report-civic.ufo")
    assert told["agency_responsible"] is None


@pytest.mark.parametrize(
    ("service", "category", "code"),
    [("report-civic", "road", "report-civic.road"), ("report-civic", "report-civic", "report-civic")],
)
def test_a_code_can_be_taken_apart(service: str, category: str, code: str) -> None:
    report = published(service=service, category=category).report
    assert code_of(report) == code
    assert parts_of(code) == (service, None if category == service else category)


def test_xml_is_as_the_specification_has_it(types: dict[str, ReportType]) -> None:
    document = to_xml("service_requests", "request", [request_fields(published(), types)] * 2)
    assert document.startswith(b"<?xml version='1.0' encoding='utf-8'?>")
    root = fromstring(document)
    assert (root.tag, [child.tag for child in root]) == ("service_requests", ["request", "request"])
    assert root.findtext("request/service_request_id") == "17"
    assert root.findtext("request/address") == "Phường Bình Trưng"
    lat = root.find("request/lat")
    assert lat is not None
    assert lat.text is None


def test_xml_tells_booleans_in_its_own_way_and_bears_any_text() -> None:
    document = to_xml("services", "service", [{"metadata": False, "service_name": 'a < b & "c"'}])
    root = fromstring(document)
    assert root.findtext("service/metadata") == "false"
    assert root.findtext("service/service_name") == 'a < b & "c"'


def test_nothing_is_an_empty_list() -> None:
    assert fromstring(to_xml("services", "service", [])).tag == "services"
