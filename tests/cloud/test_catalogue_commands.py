import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cloud.catalogue_commands import catalogue_app
from tests.catalogue.samples import sample, whole_copy, written


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(catalogue_app, [str(argument) for argument in arguments])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine" / "library-card.yaml"
    path.parent.mkdir()
    path.write_bytes(written(sample()))
    return path


def test_the_shipped_catalogue_is_checked_and_what_is_open_is_counted() -> None:
    result = run("check")
    assert result.exit_code == 0
    assert result.stdout.startswith("ok: ")
    assert "not confirmed yet" in result.stdout


def test_one_new_file_is_checked_beside_what_ships(file: Path) -> None:
    result = run("check", file.parent)
    assert (result.exit_code, result.stdout.split(";")[0]) == (0, "ok: 1 services")


def test_one_new_file_is_checked_within_a_whole_catalogue(tmp_path: Path, file: Path) -> None:
    folder = whole_copy(tmp_path)
    (folder / "services" / file.name).write_bytes(file.read_bytes())
    result = run("check", folder)
    assert result.exit_code == 0


def test_every_mistake_is_explained_in_a_line_of_its_own(file: Path) -> None:
    file.write_bytes(written(sample(kind="shop", version=0, authority="library")))
    (file.parent / "zoo.yaml").write_text("a: &x 1\n")
    result = run("check", file.parent)
    assert result.exit_code == 1
    lines = result.stderr.splitlines()
    assert [line.split(":")[0] for line in lines] == ["library-card.yaml"] * 2 + ["zoo.yaml"]
    assert "version: 0; 1 to 100000 belongs here" in lines[0]
    assert "kind: 'shop' is none of dossier" in lines[1]
    assert lines[2] == "zoo.yaml:1: no anchors (&) and aliases (*): write it out"
    assert result.stdout == ""


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    result = run("check", tmp_path / "nowhere")
    assert result.exit_code == 2
    assert "no such folder" in result.stderr


@pytest.mark.parametrize("kind", ["service", "parties", "routes", "holidays"])
def test_a_schema_is_printed_as_json(kind: str) -> None:
    result = run("schema", kind)
    assert result.exit_code == 0
    assert json.loads(result.stdout)["title"] == f"TCDS catalogue: {kind}"


def test_another_schema_is_not_known() -> None:
    result = run("schema", "shop")
    assert result.exit_code == 2
    assert "one of service, parties, routes, holidays" in result.stderr


def test_a_shipped_service_is_shown_by_its_id(tmp_path: Path) -> None:
    out = tmp_path / "page.html"
    result = run("preview", "birth", "--out", out)
    assert result.exit_code == 0
    html = out.read_text(encoding="utf-8")
    assert "<title>Đăng ký khai sinh</title>" in html
    assert html.count("<section") == 1


def test_a_file_that_is_being_written_is_shown(tmp_path: Path, file: Path) -> None:
    out = tmp_path / "page.html"
    assert run("preview", file, "--out", out).exit_code == 0
    assert "Làm thẻ thư viện" in out.read_text(encoding="utf-8")


def test_a_whole_folder_or_all_that_ships_is_shown_on_one_page(tmp_path: Path, file: Path) -> None:
    out = tmp_path / "page.html"
    assert run("preview", file.parent, "--out", out).stdout == f"ok: {out}, 1 services\n"
    assert run("preview", "--out", out).exit_code == 0
    assert out.read_text(encoding="utf-8").count("<section") >= 25


def test_a_file_or_folder_with_mistakes_is_explained_instead(tmp_path: Path, file: Path) -> None:
    file.write_bytes(written(sample(kind="shop")))
    out = tmp_path / "page.html"
    for what in (file, file.parent):
        result = run("preview", what, "--out", out)
        assert result.exit_code == 1
        assert "'shop' is none of" in result.stderr
    assert not out.exists()


def test_a_name_that_is_no_service_is_told_with_those_there_are() -> None:
    result = run("preview", "tea")
    assert result.exit_code == 2
    assert "there are: bill-apartment" in result.stderr


def test_a_page_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    result = run("preview", "birth", "--out", tmp_path)
    assert result.exit_code == 2
    assert "--out" in result.stderr
