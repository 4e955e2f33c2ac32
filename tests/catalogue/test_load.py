from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import catalogue.load
from catalogue.load import SHIPPED, load_catalogue, read_service
from catalogue.mistakes import BrokenCatalogueError, CatalogueError, Mistake, shown
from tests.catalogue.samples import broken, sample, unhurried, whole_copy, written


def test_a_new_service_is_one_file_in_a_whole_catalogue(tmp_path: Path) -> None:
    folder = whole_copy(tmp_path)
    before = load_catalogue(folder)
    (folder / "services" / "library-card.yaml").write_bytes(written(sample()))
    after = load_catalogue(folder)
    assert after.services.keys() - before.services.keys() == {"library-card"}
    route = after.routes.find("27097", "ward-committee", "library-card")
    assert route is not None
    assert route.desk == "one-stop"


def test_a_new_service_is_one_file_in_a_folder_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "library-card.yaml").write_bytes(written(sample()))
    folder = load_catalogue(tmp_path.parent / tmp_path.name)
    assert list(folder.services) == ["library-card"]


def test_the_shipped_catalogue_is_right_and_in_the_order_of_its_files() -> None:
    whole = load_catalogue()
    assert list(whole.services) == sorted(path.stem for path in (SHIPPED / "services").glob("*.yaml"))


def test_a_routed_service_that_is_missing_is_told(tmp_path: Path) -> None:
    folder = whole_copy(tmp_path)
    (folder / "services" / "birth.yaml").unlink()
    (mistake,) = broken(folder)
    assert (mistake.file, mistake.text) == ("routes.yaml", "birth is no service of this catalogue")


def test_mistakes_of_all_files_are_told_at_once_in_order(tmp_path: Path) -> None:
    folder = whole_copy(tmp_path)
    (folder / "services" / "library-card.yaml").write_bytes(written(sample(kind="shop", version=0)))
    (folder / "services" / "zoo.yaml").write_bytes(b"a: [")
    (folder / "holidays" / "2026.yaml").write_bytes(b"year: 1\n")
    found = broken(folder)
    assert [mistake.file for mistake in found] == ["2026.yaml"] * 2 + ["library-card.yaml"] * 2 + ["zoo.yaml"]


def test_an_id_is_the_name_of_its_file_and_stands_once(tmp_path: Path) -> None:
    (tmp_path / "card.yaml").write_bytes(written(sample()))
    (tmp_path / "library-card.yaml").write_bytes(written(sample()))
    assert [(mistake.file, mistake.path, mistake.text) for mistake in broken(tmp_path)] == [
        ("card.yaml", "id", "the file must be named library-card.yaml"),
        ("library-card.yaml", "id", "library-card is already in card.yaml"),
    ]


def test_a_folder_without_services_is_told(tmp_path: Path) -> None:
    (mistake,) = [each for each in broken(tmp_path) if each.file == tmp_path.name]
    assert mistake.text == "holds no service: files *.yaml belong here"


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    folder = whole_copy(tmp_path)
    (folder / "services" / "folder.yaml").mkdir()
    (folder / "parties.yaml").unlink()
    found = broken(folder)
    assert [mistake.file for mistake in found] == ["folder.yaml", "parties.yaml"]
    assert all(mistake.text.startswith("cannot be read: ") for mistake in found)


def test_a_folder_holds_only_so_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue.load, "MAX_FILES", 1)
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_bytes(written(sample()))
    assert any(mistake.text == "at most 1 files to a folder" for mistake in broken(tmp_path))


def test_the_error_holds_every_mistake_and_shows_the_first() -> None:
    first = Mistake("a.yaml", 3, "kind", "wrong")
    error = BrokenCatalogueError([first, Mistake("b.yaml", 0, "", "gone")])
    assert isinstance(error, CatalogueError)
    assert str(error) == "2 mistakes in the catalogue, the first: a.yaml:3: kind: wrong"
    assert [str(each) for each in error.mistakes] == ["a.yaml:3: kind: wrong", "b.yaml: gone"]


def test_a_long_value_is_shortened() -> None:
    assert shown("ab") == "'ab'"
    assert len(shown("x" * 1_000)) == 40


@unhurried
@given(st.binary(max_size=600))
def test_any_bytes_are_a_service_or_are_explained(data: bytes) -> None:
    service, mistakes = read_service("a.yaml", data)
    assert service is None
    assert mistakes


@unhurried
@given(st.data())
def test_a_good_file_with_bytes_changed_is_a_service_or_is_explained(data: st.DataObject) -> None:
    good = written(sample())
    at = data.draw(st.integers(0, len(good) - 1))
    length = data.draw(st.integers(0, 30))
    changed = good[:at] + data.draw(st.binary(max_size=6)) + good[at + length :]
    service, mistakes = read_service("library-card.yaml", changed)
    assert (service is None) == bool(mistakes)
