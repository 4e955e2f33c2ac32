import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser

import pytest
from msgspec import Struct

from catalogue.load import load_catalogue
from catalogue.model import Service
from catalogue.preview import page
from catalogue.words import Label, Text
from tests.catalogue.samples import choice, question, sample, service_of
from tests.catalogue.samples import text as words

WHOLE = list(load_catalogue().services.values())
VOID = {"meta"}


class Balance(HTMLParser):
    """Follows every element from its beginning to its end."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def parsed(html: str) -> Balance:
    reader = Balance()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


def test_the_page_of_everything_is_whole_and_says_its_language() -> None:
    reader = parsed(page(WHOLE, "Danh mục"))
    tags = [tag for tag, _ in reader.seen]
    assert ("html", {"lang": "vi"}) in reader.seen
    assert tags.count("main") == tags.count("h1") == tags.count("title") == 1
    ids = [attrs["id"] for _, attrs in reader.seen if "id" in attrs]
    assert len(ids) == len(set(ids))
    links = [attrs["href"] for tag, attrs in reader.seen if tag == "a"]
    assert links == [f"#{service.id}" for service in WHOLE]


def test_nothing_is_fetched_from_anywhere_and_nothing_runs() -> None:
    html = page(WHOLE, "Danh mục")
    tags = {tag for tag, _ in parsed(html).seen}
    assert not tags & {"script", "img", "link", "iframe", "form"}
    assert not re.search(r"https?://|@import|url\(", html)


def texts(value: object) -> Iterator[Text | Label]:
    """Find every text that an editor wrote in both languages."""
    if isinstance(value, Text | Label):
        yield value
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield from texts(getattr(value, name))
    elif isinstance(value, tuple):
        for each in value:
            yield from texts(each)


@pytest.mark.parametrize("service", WHOLE, ids=[service.id for service in WHOLE])
def test_all_that_people_will_meet_is_on_the_page_in_both_languages(service: Service) -> None:
    html = unescape(page([service], "x"))
    found = list(texts(service))
    assert len(found) > 10
    for text in found:
        assert text.vi.rstrip(".") in html
        assert text.en.rstrip(".") in html


def test_conditions_are_told_in_the_words_of_the_questions() -> None:
    service = service_of(
        sample(
            questions=[
                choice("who", "adult", "child"),
                question("yes-no", "school"),
                question(
                    "name", "a", when=[{"question": "who", "is": "child"}, {"question": "school", "is": True}]
                ),
                question("name", "b", when=[{"question": "who", "not": ["child"]}], optional=True),
            ]
        )
    )
    html = page([service], "x")
    assert "Chỉ khi: Câu hỏi who = Chọn child; Câu hỏi school = Có." in html
    assert "Chỉ khi: Câu hỏi who không phải Chọn child." in html
    assert "May be left out." in html


def test_what_a_file_says_is_text_never_markup() -> None:
    evil = "<script>alert(1)</script>&"
    doc = sample(summary=words(f"Ác ý {evil}", evil), search={"vi": [evil, "á", "b", "c", "d"], "en": ["x"]})
    html = page([service_of(doc)], evil)
    assert "<script>" not in html
    parsed(html)


def test_what_is_not_confirmed_is_marked() -> None:
    doc = sample()
    doc["channels"][0]["fee"] |= {"confirmed": True, "source": "Thông tư 1"}
    html = page([service_of(doc)], "x")
    assert "confirmed: Thông tư 1" in html
    assert "not confirmed</p>" in html
    assert "code: none" in html
