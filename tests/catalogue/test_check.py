import datetime as dt
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from catalogue.check import fold
from tests.catalogue.samples import (
    Doc,
    broken,
    change,
    question,
    sample,
    text,
    told_of,
    whole_copy,
    written,
)

CHIP: Doc = {"level": "chip", "fields": ["number", "name"], "needed": ["number"], "recipient": "ward-police"}
CHANNEL: Doc = sample()["channels"][0]


def with_term(name: str, **changes: object) -> Doc:
    return sample(channels=[{**CHANNEL, name: {**CHANNEL[name], **changes}}])


@pytest.mark.parametrize(
    ("doc", "path", "says"),
    [
        (sample(kind="dossier"), "", "a dossier has a code"),
        (sample(kind="dossier", code="1.004194", code_missing="why?"), "", "a dossier has a code"),
        (sample(code_confirmed=True), "", "belong to a code"),
        (sample(former_codes=["1.004194"]), "", "belong to a code"),
        (sample(code="1.004194", former_codes=["1.004194"]), "former_codes", "is the code of today"),
        (sample(name=text("Thẻ TV/TL", "Card")), "name.vi", "write `spoken_name`"),
        (sample(identity={"level": "chip"}), "identity", "fields are read at level chip"),
        (sample(identity={**CHIP, "level": "number"}), "identity", "fields are read at level chip"),
        (sample(identity={k: v for k, v in CHIP.items() if k != "recipient"}), "identity", "who may read"),
        (sample(identity={"level": "none", "recipient": "ward-police"}), "identity", "who may read"),
        (sample(identity={**CHIP, "needed": ["birth"]}), "identity.needed", "birth not among fields"),
        (
            sample(identity={**CHIP, "fields": ["number", "number"]}),
            "identity.fields",
            "number is there 2 times",
        ),
        (
            sample(identity={**CHIP, "fields": ["religion"]}),
            "identity.fields[0]",
            "'religion' is none of number",
        ),
        (sample(channels=[CHANNEL, CHANNEL]), "channels", "station is there 2 times"),
        (with_term("fee", confirmed=True), "channels[0].fee", "confirmed where?"),
        (with_term("time", confirmed=True), "channels[0].time", "confirmed where?"),
        (with_term("time", unit=None), "channels[0].time", "amount and unit: both or neither"),
        (with_term("fee", each="name"), "channels[0].fee.each", "name asks for no number; there are: none"),
        (
            with_term("fee", words=text("Nam nghin dong mot the.")),
            "channels[0].fee.words.vi",
            "without accents",
        ),
        (sample(documents=sample()["documents"] * 2), "documents", "photo is there 2 times"),
        (sample(summary=text("Lam the de muon sach o phuong")), "summary.vi", "written without accents"),
    ],
)
def test_each_rule_for_one_service_is_told_where_it_is_broken(doc: Doc, path: str, says: str) -> None:
    found = [text for where, text in told_of(doc) if where == path]
    assert any(says in each for each in found)


def test_a_dossier_may_say_why_it_has_no_code() -> None:
    assert told_of(sample(kind="dossier", code_missing="Not found at the source")) == []
    assert told_of(sample(kind="dossier", code="1.004194", former_codes=["2.000488"])) == []


def test_a_fee_for_each_needs_an_amount() -> None:
    doc = with_term("fee", each="copies", dong=None)
    doc["questions"].append(question("number", "copies", highest=9))
    assert told_of(doc) == [("channels[0].fee", "each of what? Write dong")]


def test_short_words_need_no_accents_and_english_never() -> None:
    assert told_of(sample(name=text("Mua SIM", "Buy a SIM card for your telephone"))) == []


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a whole catalogue with the sample in it, in which nothing is wrong; nobody changes it."""
    folder = whole_copy(tmp_path_factory.mktemp("right"))
    put(folder, sample())
    assert broken(folder) == []
    return folder


@pytest.fixture
def folder(right: Path, tmp_path: Path) -> Path:
    """Return a copy of it that the test may break."""
    return copytree(right, tmp_path / "catalogue")


def put(folder: Path, doc: Doc) -> None:
    (folder / "services" / f"{doc['id']}.yaml").write_bytes(written(doc))


@pytest.mark.parametrize(
    ("doc", "path", "says"),
    [
        (sample(authority="library"), "authority", "library is not in parties.yaml; there are: bank"),
        (sample(connector="library"), "connector", "library is not in parties.yaml"),
        (
            sample(connector="bill-water"),
            "connector",
            "bill-water speaks bills; a booking needs one that speaks bookings, desk",
        ),
        (
            sample(identity={**CHIP, "recipient": "library"}),
            "identity.recipient",
            "library is not in parties.yaml",
        ),
        (sample(name=text("Đăng ký khai tử", "Library card")), "name.vi", "already leads to"),
        (
            sample(search={**sample()["search"], "en": ["Power bill"]}),
            "search.en[0]",
            "already leads to bill-electricity",
        ),
        (
            sample(search={"vi": ["thẻ", "ĐÓNG tiền  ĐIỆN", "b", "c", "d"], "en": ["x"]}),
            "search.vi[1]",
            "'ĐÓNG tiền  ĐIỆN' already leads to bill-electricity",
        ),
        (
            sample(search={"vi": ["a", "b", "c", "d", "a"], "en": ["x"]}),
            "search.vi[4]",
            "'a' is written twice",
        ),
    ],
)
def test_each_rule_between_services_and_far_ends_is_told(
    folder: Path, doc: Doc, path: str, says: str
) -> None:
    put(folder, doc)
    (mistake,) = broken(folder)
    assert (mistake.file, mistake.path) == ("library-card.yaml", path)
    assert says in mistake.text
    assert mistake.line > 0


def test_every_service_is_routed_from_every_ward(folder: Path) -> None:
    put(folder, sample(authority="school"))
    change(
        folder / "routes.yaml", lambda doc: doc["routes"].remove({"authority": "school", "desk": "provider"})
    )
    found = broken(folder)
    assert {mistake.file for mistake in found} == {"library-card.yaml", "bill-tuition.yaml"}
    assert all("no route for every ward" in mistake.text for mistake in found)
    change(
        folder / "routes.yaml",
        lambda doc: doc["routes"].append({"authority": "school", "ward": "27097", "desk": "provider"}),
    )
    assert broken(folder) == found


@pytest.mark.parametrize(
    ("route", "path", "says"),
    [
        ({"authority": "ward-police", "desk": "duty"}, "", "is there 2 times"),
        ({"ward": "27097", "desk": "attic"}, ".desk", "attic is not in parties.yaml"),
        ({"ward": "27097", "desk": "duty", "connector": "wire"}, ".connector", "wire is not in parties.yaml"),
        ({"authority": "king", "desk": "duty"}, ".authority", "king is not in parties.yaml"),
        ({"service": "tea", "desk": "duty"}, ".service", "tea is no service of this catalogue"),
        (
            {"service": "death", "ward": "27097", "desk": "justice", "connector": "hospital"},
            ".connector",
            "hospital speaks bookings; a dossier needs one that speaks cases, insurance, desk",
        ),
    ],
)
def test_each_rule_for_routes_is_told(folder: Path, route: Doc, path: str, says: str) -> None:
    change(folder / "routes.yaml", lambda doc: doc["routes"].append(route))
    (mistake,) = broken(folder)
    assert mistake.file == "routes.yaml"
    assert mistake.path.endswith(path)
    assert says in mistake.text


def test_a_party_is_named_once(folder: Path) -> None:
    change(folder / "parties.yaml", lambda doc: doc["desks"].append(doc["desks"][0]))
    (mistake,) = broken(folder)
    assert (mistake.file, mistake.path) == ("parties.yaml", "desks")


def add_day(name: str, day: dt.date) -> Any:
    entry = {"day": day, "name": text("Lễ"), "standing": "expected", "source": "test"}
    return lambda doc: doc.setdefault(name, []).append(entry)


@pytest.mark.parametrize(
    ("name", "day", "says"),
    [
        ("days_off", dt.date(2027, 1, 1), "2027-01-01 is there 2 times"),
        ("days_off", dt.date(2028, 1, 1), "2028-01-01 is not in 2027"),
        ("days_worked", dt.date(2027, 3, 3), "2027-03-03 is no weekend day"),
    ],
)
def test_each_rule_for_holidays_is_told(folder: Path, name: str, day: dt.date, says: str) -> None:
    change(folder / "holidays" / "2027.yaml", add_day(name, day))
    (mistake,) = broken(folder)
    assert mistake.file == "2027.yaml"
    assert says in mistake.text


def test_a_year_has_one_file(folder: Path) -> None:
    change(folder / "holidays" / "2027.yaml", lambda doc: doc.update(year=2026, days_off=[]))
    assert [(mistake.file, mistake.text) for mistake in broken(folder)] == [
        ("2027.yaml", "2026 is already in another file")
    ]


def test_words_are_compared_without_accents_case_and_blanks() -> None:
    assert fold("  Đóng   TIỀN\u0300 điện ") == "dong tien dien"
    assert fold("dong tien dien") == "dong tien dien"
