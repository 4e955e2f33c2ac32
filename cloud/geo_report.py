"""Reports as Open311 GeoReport v2 (wiki.open311.org/GeoReport_v2), as far as they are public: XML as it demands, and JSON.

Of a report the public knows what it is about, the ward, the day, and how far it is; place, words and pictures are sealed,
so `lat`, `long`, `description` and `media_url` are empty. Nobody submits this way: what people write must be sealed where
they write it. `service_request_id` is a number of its own, which leads to no receipt and no station.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from catalogue.model import Catalogue, Kind, Service
from catalogue.questions import ChoiceQuestion
from cloud.requests.report import PublicReport
from cloud.requests.request import State

CATEGORY: Final = "category"
"""The question of a report service whose answer the public may see."""

CLOSED: Final = frozenset({State.RESOLVED, State.CONFIRMED, State.CLOSED, State.DUPLICATE})

_NOTES: Final[Mapping[State, str]] = MappingProxyType(
    {
        State.ACCEPTED: "Đã tiếp nhận",
        State.ASSIGNED: "Đã giao cho đơn vị phụ trách",
        State.IN_PROGRESS: "Đang giải quyết",
        State.SUPPLEMENT_WANTED: "Chờ người phản ánh bổ sung",
        State.RESOLVED: "Đã giải quyết, chờ người phản ánh xác nhận",
        State.REOPENED: "Được mở lại",
        State.CONFIRMED: "Người phản ánh đã xác nhận",
        State.CLOSED: "Đã kết thúc",
        State.DUPLICATE: "Trùng với một phản ánh đã có",
    }
)

Fields = dict[str, str | bool | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportType:
    """What can be reported, in GeoReport's words a service; `agency` is who answers for it."""

    code: str
    name: str
    description: str
    group: str
    agency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A report that the public may see, under its public number."""

    number: int
    report: PublicReport
    ward_name: str


def report_types(catalogue: Catalogue, secret_desk: str) -> dict[str, ReportType]:
    """Return by their codes what the public may see reports of; what goes to `secret_desk` is not among it."""
    agencies = {each.id: each.name.vi for each in catalogue.parties.authorities}
    return {
        found.code: found
        for service in catalogue.services.values()
        if service.kind is Kind.REPORT and not _is_secret(catalogue, service, secret_desk)
        for found in _types_of(service, agencies.get(service.authority, service.authority))
    }


def code_of(report: PublicReport) -> str:
    """Return the code of what a report is about."""
    is_plain = report.category == report.service
    return report.service if is_plain else f"{report.service}.{report.category}"


def parts_of(code: str) -> tuple[str, str | None]:
    """Return the service and the category of a code."""
    service, _, category = code.partition(".")
    return service, category or None


def service_fields(found: ReportType) -> Fields:
    """Return one entry of `services`."""
    return {
        "service_code": found.code,
        "service_name": found.name,
        "description": found.description,
        "metadata": False,
        "type": "realtime",
        "keywords": "",
        "group": found.group,
    }


def request_fields(published: Published, types: Mapping[str, ReportType]) -> Fields:
    """Return one entry of `service_requests`; the day of the report stands at its midnight in Vietnam."""
    report, code = published.report, code_of(published.report)
    about = types.get(code) or types.get(report.service)
    return {
        "service_request_id": str(published.number),
        "status": "closed" if report.state in CLOSED else "open",
        "status_notes": _NOTES.get(report.state, ""),
        "service_name": code if about is None else about.name,
        "service_code": code,
        "description": None,
        "agency_responsible": None if about is None else about.agency,
        "service_notice": None,
        "requested_datetime": f"{report.reported_on}T00:00:00+07:00",
        "updated_datetime": None,
        "expected_datetime": None,
        "address": published.ward_name,
        "address_id": report.ward,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }


def to_xml(root: str, item: str, entries: Iterable[Fields]) -> bytes:
    """Return entries as GeoReport's XML, UTF-8."""
    document = Element(root)
    for entry in entries:
        element = SubElement(document, item)
        for name, value in entry.items():
            SubElement(element, name).text = _text(value)
    text: bytes = tostring(document, encoding="utf-8", xml_declaration=True)
    return text


def _text(value: str | bool | None) -> str | None:  # noqa: FBT001  a field's value
    return str(value).lower() if isinstance(value, bool) else value


def _is_secret(catalogue: Catalogue, service: Service, secret_desk: str) -> bool:
    route = catalogue.routes.find("", service.authority, service.id)
    return route is not None and route.desk == secret_desk


def _types_of(service: Service, agency: str) -> Sequence[ReportType]:
    plain = ReportType(
        code=service.id,
        name=service.name.vi,
        description=service.summary.vi,
        group=service.name.vi,
        agency=agency,
    )
    options = [
        option
        for question in service.questions
        if isinstance(question, ChoiceQuestion) and question.id == CATEGORY and question.personal is False
        for option in question.options
    ]
    if not options:
        return [plain]
    return [
        ReportType(
            code=f"{service.id}.{option.id}",
            name=option.label.vi,
            description=service.summary.vi,
            group=service.name.vi,
            agency=agency,
        )
        for option in options
    ]
