"""CAP export against the rules of CAP 1.2: element order, time form, references, status."""

import re
from dataclasses import replace
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.cap import NAMESPACE, WARD_GEOCODE, Bulletin, Place, Step, to_cap

NS = f"{{{NAMESPACE}}}"
ALERT_ORDER = [
    "identifier",
    "sender",
    "sent",
    "status",
    "msgType",
    "source",
    "scope",
    "restriction",
    "addresses",
    "code",
    "note",
    "references",
    "incidents",
    "info",
]
INFO_ORDER = [
    "language",
    "category",
    "event",
    "responseType",
    "urgency",
    "severity",
    "certainty",
    "audience",
    "eventCode",
    "effective",
    "onset",
    "expires",
    "senderName",
    "headline",
    "description",
    "instruction",
    "web",
    "contact",
    "parameter",
    "resource",
    "area",
]
AREA_ORDER = ["areaDesc", "polygon", "circle", "geocode", "altitude", "ceiling"]
TIME = re.compile(r"\d\d\d\d-\d\d-\d\dT\d\d:\d\d:\d\d[-,+]\d\d:\d\d")
REQUIRED = {
    "alert": {"identifier", "sender", "sent", "status", "msgType", "scope"},
    "info": {"category", "event", "urgency", "severity", "certainty"},
    "area": {"areaDesc"},
}
VALUES = {
    "status": {"Actual", "Exercise", "System", "Test", "Draft"},
    "msgType": {"Alert", "Update", "Cancel", "Ack", "Error"},
    "scope": {"Public", "Restricted", "Private"},
    "category": {"Security", "Rescue", "Safety", "Health", "Fire"},
    "responseType": {"Execute", "Assess", "AllClear", "None"},
    "urgency": {"Immediate", "Expected", "Future", "Past", "Unknown"},
    "severity": {"Extreme", "Severe", "Moderate", "Minor", "Unknown"},
    "certainty": {"Observed", "Likely", "Possible", "Unlikely", "Unknown"},
}

INCIDENT = "0123456789abcdef0123456789abcdef"
PLACE = Place(
    "dkc-01",
    "Đảo Kim Cương 1",
    "Chung cư Đảo Kim Cương",
    "Tháp B",
    "",
    "27097",
    "Phường Bình Trưng",
    10.77,
    106.76,
)
OPENED = Step(1, 1_795_000_000_123, "opened")
BULLETIN = Bulletin(
    "tcds.example.vn",
    INCIDENT,
    drill=False,
    resolution=None,
    press_count=1,
    level=0,
    place=PLACE,
    steps=(OPENED,),
)


def after(*kinds: str, resolution: str | None = None, drill: bool = False) -> Bulletin:
    steps = tuple(Step(2 + i, OPENED.at_ms + 1000 * (i + 1), kind) for i, kind in enumerate(kinds))
    return replace(BULLETIN, steps=(OPENED, *steps), resolution=resolution, drill=drill)


def parsed(bulletin: Bulletin) -> Element:
    alert = fromstring(to_cap(bulletin))
    check(alert, ALERT_ORDER, "alert")
    info = alert.find(f"{NS}info")
    assert info is not None
    check(info, INFO_ORDER, "info")
    for area in info.iterfind(f"{NS}area"):
        check(area, AREA_ORDER, "area")
    return alert


def check(element: Element, order: list[str], tag: str) -> None:
    """What the schema (CAP 1.2, appendix A) says of one level: known elements, in order, with known values."""
    assert element.tag == NS + tag
    names = [child.tag.removeprefix(NS) for child in element]
    assert names == sorted(names, key=order.index)
    assert set(names) >= REQUIRED[tag]
    for child in element:
        name = child.tag.removeprefix(NS)
        if name in VALUES:
            assert child.text in VALUES[name]
        if name in {"sent", "onset", "effective", "expires"}:
            assert TIME.fullmatch(child.text or "")


def text(alert: Element, path: str) -> str | None:
    found = alert.find("/".join(NS + part for part in path.split("/")))
    return None if found is None else found.text


def test_an_opening_is_an_alert() -> None:
    alert = parsed(BULLETIN)
    assert text(alert, "msgType") == "Alert"
    assert text(alert, "status") == "Actual"
    assert text(alert, "identifier") == f"{INCIDENT}-1"
    assert text(alert, "sent") == "2026-11-18T18:06:40+07:00"
    assert text(alert, "references") is None
    assert text(alert, "info/urgency") == "Immediate"
    assert text(alert, "info/severity") == "Severe"
    assert text(alert, "info/certainty") == "Observed"
    assert text(alert, "scope") == "Restricted"
    assert text(alert, "restriction")


def test_an_acknowledgement_refers_to_the_alert() -> None:
    alert = parsed(after("acknowledged"))
    assert text(alert, "msgType") == "Ack"
    assert text(alert, "references") == f"tcds.example.vn,{INCIDENT}-1,2026-11-18T18:06:40+07:00"
    assert text(alert, "sent") == "2026-11-18T18:06:41+07:00"


def test_a_later_step_is_an_update_that_refers_to_all_before() -> None:
    alert = parsed(after("acknowledged", "noted", "dispatched", "on_scene"))
    assert text(alert, "msgType") == "Update"
    references = (text(alert, "references") or "").split(" ")
    assert [reference.split(",")[1] for reference in references] == [f"{INCIDENT}-{n}" for n in (1, 2, 4)]
    assert all(TIME.fullmatch(reference.split(",")[2]) for reference in references)


@pytest.mark.parametrize(
    ("resolution", "message_type", "certainty"),
    [
        ("founded", "Update", "Observed"),
        ("unfounded", "Update", "Observed"),
        ("false_press", "Cancel", "Unlikely"),
        ("duplicate", "Cancel", "Unlikely"),
    ],
)
def test_an_end_is_past_and_a_false_press_is_cancelled(
    resolution: str, message_type: str, certainty: str
) -> None:
    alert = parsed(after("acknowledged", "resolved", resolution=resolution))
    assert text(alert, "msgType") == message_type
    assert text(alert, "info/urgency") == "Past"
    assert text(alert, "info/certainty") == certainty
    assert text(alert, "note") == resolution


def test_reopened_is_immediate_again() -> None:
    alert = parsed(after("acknowledged", "resolved", "reopened"))
    assert text(alert, "info/urgency") == "Immediate"


def test_a_drill_is_an_exercise_and_says_so() -> None:
    alert = parsed(after(drill=True))
    assert text(alert, "status") == "Exercise"
    assert (text(alert, "info/headline") or "").startswith("DIỄN TẬP")


def test_the_place_has_its_ward_code_and_circle() -> None:
    alert = parsed(BULLETIN)
    assert (
        text(alert, "info/area/areaDesc")
        == "Đảo Kim Cương 1, Tháp B, Chung cư Đảo Kim Cương, Phường Bình Trưng"
    )
    assert text(alert, "info/area/circle") == "10.770000,106.760000 0.05"
    codes = {
        pair.findtext(f"{NS}valueName"): pair.findtext(f"{NS}value") for pair in alert.iter(f"{NS}geocode")
    }
    assert codes == {WARD_GEOCODE: "27097", "TCDS-STATION": "dkc-01"}


def test_a_place_without_coordinates_or_ward_has_neither() -> None:
    alert = parsed(replace(BULLETIN, place=replace(PLACE, lat=None, lon=None, ward="")))
    assert text(alert, "info/area/circle") is None
    assert WARD_GEOCODE not in to_cap(replace(BULLETIN, place=replace(PLACE, ward=""))).decode()


def test_nothing_to_tell_is_an_error() -> None:
    with pytest.raises(ValueError, match="no step"):
        to_cap(replace(BULLETIN, steps=(Step(1, 0, "noted"),)))


@given(name=st.text(), sender=st.text(min_size=1))
def test_any_text_gives_well_formed_xml(name: str, sender: str) -> None:
    alert = parsed(replace(after("acknowledged"), place=replace(PLACE, name=name), sender=sender))
    reference = text(alert, "references") or ""
    assert reference.count(",") == 2
    assert len(reference.split(" ")) == 1
