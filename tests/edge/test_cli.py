"""The command line as a person and as systemd use it."""

import os
import pty
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from edge.cli import app
from edge.daemon import EXIT_FAILED, EXIT_SETTINGS, config_of_run, run_daemon
from tests.rig.broker import Broker
from tests.rig.processes import free_port
from tests.rig.station import write_settings

PYTHON = [sys.executable, "-m", "edge"]


@pytest.fixture
def config(tmp_path: Path, certified: Broker) -> Path:
    return write_settings(tmp_path, certified, "st-cli", port=free_port())


def test_help_explains_every_command() -> None:
    shown = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "120"}).stdout
    for word in ("run", "check", "journal", "simulate", "Start with"):
        assert word in shown
    for command, word in (("run", "SIGTERM"), ("check", "wrong at once"), ("simulate", "Keys 1 and 2")):
        assert word in " ".join(
            CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "120"}).stdout.split()
        )


def test_check_says_all_that_is_wrong(config: Path) -> None:
    result = CliRunner().invoke(app, ["check", "-c", str(config)])
    assert result.exit_code == EXIT_SETTINGS
    assert "board.port: " in result.stderr
    assert "is the device plugged in?" in result.stderr


def test_check_is_content_with_what_is_right(config: Path) -> None:
    master, slave = os.openpty()
    (config.parent / "board").symlink_to(os.ttyname(slave))
    result = CliRunner().invoke(app, ["check", "-c", str(config)])
    os.close(master)
    os.close(slave)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "The settings are right.\n", "")


@pytest.mark.parametrize("command", [["check"], ["run"], ["journal", "list"], ["journal", "export"]])
def test_no_command_ends_in_a_traceback_for_wrong_settings(tmp_path: Path, command: list[str]) -> None:
    wrong = tmp_path / "edge.toml"
    wrong.write_text('[station]\nid = "Bad Id"\n')
    result = subprocess.run(
        [*PYTHON, *command, "-c", str(wrong)], capture_output=True, text=True, check=False
    )
    assert result.returncode == EXIT_SETTINGS
    assert "station.id: must be" in result.stderr
    assert "broker.host: is missing" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_journal_that_is_not_there_is_said_in_one_line(config: Path) -> None:
    for command in ("list", "export"):
        result = CliRunner().invoke(app, ["journal", command, "-c", str(config)])
        assert result.exit_code == EXIT_FAILED
        assert len(result.stderr.splitlines()) == 1


def test_a_journal_that_cannot_be_opened_ends_the_daemon_with_one_line(
    config: Path,
) -> None:
    (config.parent / "journal.db").mkdir()
    status = subprocess.run([*PYTHON, "run", "-c", str(config)], capture_output=True, text=True, check=False)
    assert status.returncode == EXIT_FAILED
    assert '"event":"ended"' in status.stderr
    assert "Traceback" not in status.stderr


def test_wrong_settings_are_told_before_anything_starts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_daemon(tmp_path / "none.toml") == EXIT_SETTINGS
    assert "No such file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        (["run"], "/from/environment"),
        (["run", "-c", "/x"], "/x"),
        (["run", "--config", "/x"], "/x"),
        (["run", "--help"], None),
        (["run", "-c"], None),
        (["check"], None),
        ([], None),
    ],
)
def test_only_the_plain_run_takes_the_short_way(arguments: list[str], path: str | None) -> None:
    found = config_of_run(arguments, {"TCDS_EDGE_CONFIG": "/from/environment"})
    assert found == (None if path is None else Path(path))
    assert config_of_run(["run"], {}) == Path("/etc/tcds/edge.toml")


def test_the_daemon_starts_without_what_only_people_need() -> None:
    code = "import sys, edge.__main__, edge.station; print(sorted({m.split('.')[0] for m in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "'msgspec'" in loaded
    for heavy in ("typer", "rich", "pydantic", "structlog", "cryptography", "click"):
        assert f"'{heavy}'" not in loaded


def test_a_person_can_try_a_station_with_keys() -> None:
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(sys.executable, [*PYTHON, "simulate"])
    try:
        shown = _until(terminal, "lamp IDLE")
        os.write(terminal, b"1")
        shown += _until(terminal, "lamp RECORDED")
        os.write(terminal, b"u")
        shown += _until(terminal, "(cable pulled)")
        os.write(terminal, b"uwt")
        os.write(terminal, b"q")
        _, status = os.waitpid(pid, 0)
        assert os.waitstatus_to_exitcode(status) == 0
    finally:
        os.close(terminal)


def _until(terminal: int, word: str) -> str:
    shown, deadline = "", time.monotonic() + 20
    while word not in shown:
        assert time.monotonic() < deadline, shown
        shown += os.read(terminal, 4_096).decode()
    return shown
