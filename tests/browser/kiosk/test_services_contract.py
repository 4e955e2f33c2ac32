"""The page knows every name that the daemon says of the services: its lists are the daemon's enums, in order."""

import re
from enum import StrEnum
from typing import Final

import pytest

from catalogue.answering import MAX_NAME, MAX_NOTE, MAX_STREET
from catalogue.faults import Reason
from catalogue.load import load_catalogue
from catalogue.model import Kind, Need
from catalogue.questions import Question
from edge.services.draft_view import DRAFT_TROUBLES, DraftFault
from edge.services.errors import Refusal
from edge.services.session.cards import TOPICS
from edge.services.view import FULL, NO_RECIPIENT, Action, Outcome, Page
from tests.rig.cloud import ROOT

_KIOSK: Final = ROOT / "dashboards/kiosk"
_TYPES: Final = _KIOSK / "api/services.ts"


def _list(name: str) -> list[str]:
    """Return the strings of `export const NAME = [...]`."""
    found = re.search(rf"export const {name} = \[(.*?)\]", _TYPES.read_text("utf-8"), re.DOTALL)
    assert found, name
    return re.findall(r'"([^"]+)"', found[1])


@pytest.mark.parametrize(
    ("name", "enum"),
    [
        ("SERVICES_PAGES", Page),
        ("SERVICES_ACTIONS", Action),
        ("NEEDS", Need),
        ("SERVICE_KINDS", Kind),
        ("ANSWER_FAULTS", Reason),
        ("SERVICE_OUTCOMES", Outcome),
        ("SERVICE_REFUSALS", Refusal),
        ("DRAFT_FAULTS", DraftFault),
    ],
)
def test_the_screen_knows_every_name(name: str, enum: type[StrEnum]) -> None:
    assert _list(name) == [each.value for each in enum]


def test_the_screen_knows_every_type_of_question() -> None:
    tags = [str(each.__struct_config__.tag) for each in Question.__args__]
    assert _list("QUESTION_TYPES") == tags


def test_the_screen_knows_what_is_asked_about_a_service_and_why_nothing_can_be_submitted() -> None:
    assert _list("TOPICS") == list(TOPICS)
    assert _list("SERVICE_TROUBLES") == [FULL, NO_RECIPIENT]
    assert set(_list("DRAFT_TROUBLES")) == DRAFT_TROUBLES


def test_nobody_types_more_than_the_station_takes() -> None:
    pages = _KIOSK / "views/services/questions"
    assert f"MAX_STREET = {MAX_STREET};" in (pages / "AddressQuestion.svelte").read_text("utf-8")
    assert f"MAX_NOTE = {MAX_NOTE};" in (pages / "PlaceQuestion.svelte").read_text("utf-8")
    assert f"name: {MAX_NAME}" in (_KIOSK / "logic/services/drafts.ts").read_text("utf-8")


def test_every_group_that_the_catalogue_fills_has_a_tile() -> None:
    words = (_KIOSK / "words/vi-services.ts").read_text("utf-8")
    for need in {service.need for service in load_catalogue().services.values()}:
        assert re.search(rf'^    "?{need}"?: {{ title:', words, re.MULTILINE), need
