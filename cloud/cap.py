"""An incident as a Common Alerting Protocol message (OASIS CAP 1.2), for partners outside this system.

Each step that others must know of is one message: the opening is an Alert, the acknowledgement an Ack, every other step
an Update, and a press that meant nothing a Cancel. What is exported is the newest, referring to all before it. Scope is
Restricted: a call for help is nobody's business but the helpers'.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

NAMESPACE: Final = "urn:oasis:names:tc:emergency:cap:1.2"
MEDIA_TYPE: Final = "application/cap+xml"
WARD_GEOCODE: Final = "VN-GSO-WARD"

_VIETNAM: Final = timezone(timedelta(hours=7))
_RADIUS_KM: Final = 0.05
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_SENDER: Final = re.compile(r"[\s,<&]")
_RETRACTED: Final = frozenset({"false_press", "duplicate"})
_STEPS: Final = {
    "opened": "Có người bấm nút SOS",
    "acknowledged": "Trực ban đã tiếp nhận",
    "dispatched": "Cán bộ đang đến",
    "on_scene": "Cán bộ đã có mặt",
    "resolved": "Đã kết thúc",
    "reopened": "Mở lại",
}
"""The event kinds that make a message, and how a person reads them."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the station stands; `lat` and `lon` in degrees (WGS 84) or both None."""

    station: str
    name: str
    address: str
    block: str
    floor: str
    ward: str
    ward_name: str
    lat: float | None
    lon: float | None


@dataclass(frozen=True, slots=True)
class Step:
    """An incident event: `version` numbers it within its incident, `kind` is the event's."""

    version: int
    at_ms: int
    kind: str


@dataclass(frozen=True, slots=True)
class Bulletin:
    """What is told of one incident; `steps` holds all of its events, oldest first, the opening among them."""

    sender: str
    incident: str
    drill: bool
    resolution: str | None
    press_count: int
    level: int
    place: Place
    steps: tuple[Step, ...]


def to_cap(bulletin: Bulletin) -> bytes:
    """CAP 1.2 of the incident as it stands, UTF-8; ValueError when `steps` has none that makes a message."""
    steps = [step for step in bulletin.steps if step.kind in _STEPS]
    if not steps:
        raise ValueError("bulletin: no step that makes a message")
    newest = steps[-1]
    sender = _NOT_IN_SENDER.sub("-", bulletin.sender)
    alert = Element("alert", xmlns=NAMESPACE)
    _add(alert, "identifier", _identifier(bulletin, newest))
    _add(alert, "sender", sender)
    _add(alert, "sent", _time(newest.at_ms))
    _add(alert, "status", "Exercise" if bulletin.drill else "Actual")
    _add(alert, "msgType", _message_type(bulletin, newest))
    _add(alert, "scope", "Restricted")
    _add(alert, "restriction", "Chỉ dành cho lực lượng ứng cứu")
    if newest.kind == "resolved" and bulletin.resolution is not None:
        _add(alert, "note", bulletin.resolution)
    if len(steps) > 1:
        _add(alert, "references", _references(bulletin, sender, steps[:-1]))
    _add(alert, "incidents", bulletin.incident)
    _add_info(alert, bulletin, newest)
    document: bytes = tostring(alert, encoding="utf-8", xml_declaration=True)
    return document


def _message_type(bulletin: Bulletin, newest: Step) -> str:
    if newest.kind == "resolved" and bulletin.resolution in _RETRACTED:
        return "Cancel"
    return {"opened": "Alert", "acknowledged": "Ack"}.get(newest.kind, "Update")


def _references(bulletin: Bulletin, sender: str, earlier: Iterable[Step]) -> str:
    return " ".join(f"{sender},{_identifier(bulletin, step)},{_time(step.at_ms)}" for step in earlier)


def _identifier(bulletin: Bulletin, step: Step) -> str:
    return f"{bulletin.incident}-{step.version}"


def _time(at_ms: int) -> str:
    """CAP 1.2 section 3.3.2: seconds and a numeric offset, never `Z`."""
    return datetime.fromtimestamp(at_ms // 1000, tz=_VIETNAM).isoformat(timespec="seconds")


def _add_info(alert: Element, bulletin: Bulletin, newest: Step) -> None:
    over = newest.kind == "resolved"
    info = SubElement(alert, "info")
    _add(info, "language", "vi-VN")
    _add(info, "category", "Security")
    _add(info, "category", "Rescue")
    _add(info, "event", "Gọi khẩn cấp từ trạm công dân số")
    _add(info, "responseType", "AllClear" if over else "Execute")
    _add(info, "urgency", "Past" if over else "Immediate")
    _add(info, "severity", "Severe")
    _add(info, "certainty", "Unlikely" if over and bulletin.resolution in _RETRACTED else "Observed")
    _add(info, "onset", _time(bulletin.steps[0].at_ms))
    drill = "DIỄN TẬP: " if bulletin.drill else ""
    _add(info, "headline", f"{drill}SOS tại {bulletin.place.name}")
    _add(info, "description", f"{_STEPS[newest.kind]}. Số lần bấm nút: {bulletin.press_count}.")
    _add_pair(info, "parameter", "tcds-level", str(bulletin.level))
    _add_area(info, bulletin.place)


def _add_area(info: Element, place: Place) -> None:
    area = SubElement(info, "area")
    parts = (place.name, place.block, place.floor, place.address, place.ward_name)
    _add(area, "areaDesc", ", ".join(part for part in parts if part))
    if place.lat is not None and place.lon is not None:
        _add(area, "circle", f"{place.lat:.6f},{place.lon:.6f} {_RADIUS_KM}")
    _add_pair(area, "geocode", "TCDS-STATION", place.station)
    if place.ward:
        _add_pair(area, "geocode", WARD_GEOCODE, place.ward)


def _add_pair(parent: Element, tag: str, name: str, value: str) -> None:
    pair = SubElement(parent, tag)
    _add(pair, "valueName", name)
    _add(pair, "value", value)


def _add(parent: Element, tag: str, text: str) -> None:
    SubElement(parent, tag).text = _CONTROL.sub("\ufffd", text)
