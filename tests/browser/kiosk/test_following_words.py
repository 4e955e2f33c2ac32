"""What a person is told of their request: every key that the centre can send has its words, and those of the clerks' own list."""

import re
from typing import Final

import pytest

from catalogue.load import load_catalogue
from cloud.requests.reasons import TEXTS
from cloud.requests.request import State
from tests.rig.cloud import ROOT

_WORDS: Final = ROOT / "dashboards/common/words"
_PAIR: Final = re.compile(r'"?([a-z0-9-]+)"?:\s*"([^"]*)"')


def _texts(language: str, name: str) -> dict[str, str]:
    """Return what stands under `name: {...}`; of texts in two parts, the last one."""
    text = (_WORDS / f"requests-{language}.ts").read_text("utf-8")
    found = re.search(rf"^  {name}: {{(.*?)^  }},", text, re.DOTALL | re.MULTILINE)
    assert found, name
    return dict(_PAIR.findall(found[1]))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_reason_is_told_in_the_words_that_the_clerk_chose(language: str) -> None:
    assert _texts(language, "reason") == {key: getattr(text, language) for key, text in TEXTS.items()}


def test_every_state_has_a_name_for_the_clerk_and_a_sentence_for_the_person() -> None:
    text = (_WORDS / "requests-vi.ts").read_text("utf-8")
    told = re.search(r"^  told: {(.*?)^  },", text, re.DOTALL | re.MULTILINE)
    assert told
    assert set(_texts("vi", "state")) == {state.value for state in State}
    assert re.findall(r'^    "?([a-z-]+)"?: {', told[1], re.MULTILINE) == [state.value for state in State]


def test_every_document_of_the_catalogue_has_a_name() -> None:
    services = load_catalogue().services.values()
    assert set(_texts("vi", "document")) == {document.id for each in services for document in each.documents}
