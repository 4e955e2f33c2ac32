"""`tcds-cloud request`, as an operator runs it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from cloud.request_commands import request_app
from cloud.requests.request import Verb
from cloud.store import errands, request_routes
from cloud.store.engine import Store, open_store
from cloud.store.schema import AUDIT
from tests.cloud.operating import write_config
from tests.cloud.requesting import NOW_MS, REQUEST, SECRET, TRACKING, bring, do, submitted


@pytest.fixture(autouse=True)
def keep_this_process_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands run within this process, since starting one takes longer than all that it does."""
    monkeypatch.setattr("cloud.log.configure_log", lambda _level, _role: None)


@pytest.fixture
def config(tmp_path: Path, sqlite_url: str) -> Path:
    return write_config(tmp_path, sqlite_url)


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Store]:
    """A store with one request at desk-a."""
    with open_store(sqlite_url) as store:
        bring(store, submitted())
        with store.writing() as connection:
            request_routes.route(connection, [(REQUEST, "desk-a", "portal")], NOW_MS)
        yield store


def run(config: Path, *arguments: str, status: int = 0) -> str:
    done = CliRunner().invoke(request_app, [*arguments, "-c", str(config)])
    assert done.exit_code == status, done.output
    return done.stdout if status == 0 else done.stderr


def test_a_code_as_people_type_it_finds_the_request_and_its_story(desk: Store, config: Path) -> None:
    do(desk, Verb.RECEIVE)
    text = run(config, "find", TRACKING.lower().replace("-", " "))
    first, *events = text.splitlines()
    assert first == f"{TRACKING}\t{REQUEST}\ttemporary-residence\treceived\t2026-11-25T17:00:00+07:00"
    assert [line.split("\t")[2:] for line in events] == [
        ["submit", "submitted", "citizen"],
        ["receive", "received", "mot.cua"],
    ]
    assert SECRET.decode() not in text


def test_a_code_that_is_none_or_not_ours_is_said_so(desk: Store, config: Path) -> None:
    assert "mistyped" in run(config, "find", "V68M-8BYZ-746K", status=2)
    assert "nothing was submitted" in run(config, "find", "V68M-8BYZ-746J", status=2)


def test_what_is_overdue_is_listed_for_its_desk_only(
    desk: Store, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cloud.request_commands.now_ms", lambda: NOW_MS)
    assert run(config, "overdue", "desk-a") == ""
    monkeypatch.setattr("cloud.request_commands.now_ms", lambda: NOW_MS + 30 * 86_400_000)
    assert TRACKING in run(config, "overdue", "desk-a")
    assert run(config, "overdue", "desk-b") == ""


def test_a_dead_letter_is_listed_and_sent_again_once(desk: Store, config: Path) -> None:
    assert run(config, "dead-letters") == ""
    with desk.writing() as connection:
        (errand,) = errands.claim(connection, "portal", NOW_MS, 1, lease_ms=1)
        errands.mark_failed(connection, errand.id, NOW_MS, "not taken: service-moved", again_at_ms=None)
    listed = run(config, "dead-letters").strip().split("\t")
    assert listed[:4] == [str(errand.id), REQUEST, "submit", "portal"]
    assert listed[5] == "not taken: service-moved"
    assert "ok" in run(config, "resend", str(errand.id))
    assert run(config, "dead-letters") == ""
    assert "no dead letter" in run(config, "resend", str(errand.id), status=2)
    with desk.reading() as connection:
        actions = connection.execute(select(AUDIT.c.action, AUDIT.c.subject)).all()
    assert [tuple(row) for row in actions] == [("request.resend", str(errand.id))]


def test_a_database_that_is_not_there_is_said_so(config: Path, tmp_path: Path) -> None:
    (tmp_path / "store.db").unlink()
    assert "store" in run(config, "dead-letters", status=2)
