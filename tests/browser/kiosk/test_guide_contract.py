"""The page knows every name that the daemon says of the guide: its lists are the daemon's enums, in order."""

import re
from collections.abc import Iterable
from typing import Final

import msgspec
import pytest

from edge.guide.errors import Refusal
from edge.guide.folding import MAX_TEXT
from edge.guide.orders import Happening, Order
from edge.guide.sentences import SENTENCES, Sentence
from edge.guide.showing import TOPICS
from edge.guide.view import GuideView, IntentKind
from edge.kiosk.border import MAX_BODY_BYTES
from tests.rig.cloud import ROOT

_KIOSK: Final = ROOT / "dashboards/kiosk"
_TYPES: Final = (_KIOSK / "api/guide.ts").read_text("utf-8")
_MOCK: Final = (ROOT / "dashboards/dev/mock/kiosk/guide.ts").read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "enum"),
    [
        ("GUIDE_EVENTS", Happening),
        ("GUIDE_TOPICS", TOPICS),
        ("GUIDE_INTENTS", IntentKind),
        ("GUIDE_REFUSALS", Refusal),
    ],
)
def test_the_screen_knows_every_name(name: str, enum: Iterable[str]) -> None:
    found = re.search(rf"export const {name} = \[(.*?)\]", _TYPES, re.DOTALL)
    assert found
    assert re.findall(r'"([^"]+)"', found[1]) == [str(each) for each in enum]


@pytest.mark.parametrize(("name", "shape"), [("GuideOrder", Order), ("GuideTurn", GuideView)])
def test_the_screen_sends_and_takes_what_the_daemon_does(name: str, shape: type[msgspec.Struct]) -> None:
    found = re.search(rf"export interface {name} {{(.*?)\n}}", _TYPES, re.DOTALL)
    assert found
    assert re.findall(r"readonly (\w+)\??:", re.sub(r"readonly \{.*?\}", "", found[1])) == list(
        shape.__struct_fields__
    )


def test_nobody_types_more_than_the_guide_hears_and_the_border_takes() -> None:
    assert f"MAX_SAID = {MAX_TEXT};" in _TYPES
    assert len(msgspec.json.encode(Order(event=Happening.SAY, text="ế" * MAX_TEXT))) < MAX_BODY_BYTES


def test_the_button_that_the_guide_names_is_on_the_page() -> None:
    for language, file in (("vi", "vi.ts"), ("en", "en.ts")):
        (named,) = re.findall("“(.*?)”", getattr(SENTENCES[Sentence.PERSON], language))
        words = (_KIOSK / "words/guide" / file).read_text("utf-8")
        assert f'person: "{named}"' in words


def test_the_invented_guide_speaks_as_the_real_one() -> None:
    unheard = {Sentence.OPENING, Sentence.ANSWER, Sentence.SOMETHING_ELSE, Sentence.WHICH_SERVICE}
    for sentence in set(Sentence) - unheard:
        for text in (SENTENCES[sentence].vi, SENTENCES[sentence].en):
            assert text.partition("{")[0] in _MOCK, sentence
