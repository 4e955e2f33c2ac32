import pytest

from catalogue.answers import Topic, answer
from catalogue.load import load_catalogue
from catalogue.model import Catalogue
from edge.guide.knowledge import CatalogueKnowledge


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def test_every_service_answers_every_question_with_its_source(catalogue: Catalogue) -> None:
    knowledge = CatalogueKnowledge(catalogue.services)
    for service in catalogue.services.values():
        for topic in Topic:
            told = knowledge.answer(service.id, topic)
            assert told == answer(service, topic)
            assert told is not None
            assert told.source.startswith(f"{service.id}@{service.version}#")
            assert told.text.vi
            assert told.text.en


def test_of_a_service_that_is_not_there_nothing_is_made_up(catalogue: Catalogue) -> None:
    knowledge = CatalogueKnowledge(catalogue.services)
    assert knowledge.answer("sos", Topic.COST) is None
    assert CatalogueKnowledge({}).answer("birth", Topic.WHAT) is None
