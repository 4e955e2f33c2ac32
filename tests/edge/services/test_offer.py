"""What a station offers: what can be carried out there, and which papers its person must bring."""

import pytest

from catalogue.model import Level, Need
from catalogue.questions import PhotoQuestion, ScanQuestion
from edge.services.offer import REQUEST_KINDS
from tests.edge.services.visits import catalogue, offer
from wire.entries import RequestKind


def offered_ids(*, has_reader: bool = True, has_cabin: bool = True) -> set[str]:
    menu = offer(has_reader=has_reader, has_cabin=has_cabin).menu
    return {entry.id for group in menu.needs for entry in group.services}


def test_the_start_screen_has_the_groups_in_the_catalogue_s_order_and_no_empty_one() -> None:
    needs = [group.need for group in offer().menu.needs]
    assert needs == [need for need in Need if need in needs]
    assert all(group.services for group in offer().menu.needs)


def test_everything_that_can_be_submitted_is_offered() -> None:
    kinds = {name: service.kind for name, service in catalogue().services.items()}
    assert offered_ids() == set(kinds)
    assert set(REQUEST_KINDS.values()) == set(RequestKind)


def test_without_a_reader_nothing_is_offered_that_needs_the_chip() -> None:
    levels = {catalogue().services[name].identity.level for name in offered_ids(has_reader=False)}
    assert levels == {Level.NONE, Level.NUMBER}


def test_without_a_cabin_the_cabin_is_not_offered() -> None:
    assert "cabin" in offered_ids()
    assert "cabin" not in offered_ids(has_cabin=False)


def test_no_question_that_is_asked_wants_a_picture() -> None:
    for name in offered_ids():
        service = offer().find(name)
        assert service is not None
        assert not [
            each for each in service.asked.questions if isinstance(each, PhotoQuestion | ScanQuestion)
        ]


@pytest.mark.parametrize(
    ("service", "answers", "owed"),
    [
        ("temporary-residence", {"dwelling": "rent"}, {"dwelling-proof": True}),
        ("temporary-residence", {"dwelling": "own"}, {}),
        ("report-security", {"category": "theft"}, {}),
        ("death", {"where": "hospital"}, {"notice": False}),
    ],
)
def test_the_papers_that_are_owed_follow_from_the_answers(
    service: str, answers: dict[str, object], owed: dict[str, bool]
) -> None:
    offered = offer().find(service)
    assert offered is not None
    assert {each.document.id: each.optional for each in offered.owed_papers(answers)} == owed


def test_the_form_that_the_answers_fill_in_is_no_paper_to_bring() -> None:
    offered = offer().find("permanent-residence")
    assert offered is not None
    assert [each.document.id for each in offered.all_papers()] == ["home-proof", "relation-proof"]


def test_before_anything_is_answered_a_paper_that_depends_on_it_is_only_possible() -> None:
    offered = offer().find("judicial-record")
    assert offered is not None
    papers = {each.document.id: each for each in offered.all_papers()}
    assert bool(papers["letter"].document.when)
    assert papers["letter"].optional


def test_the_recipient_is_the_one_that_the_service_names_else_the_authority() -> None:
    for name, recipient in (("booking-examination", "hospital"), ("report-civic", "portal-1022")):
        offered = offer().find(name)
        assert offered is not None
        assert offered.recipient == recipient
