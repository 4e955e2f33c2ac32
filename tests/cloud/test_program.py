"""The program `tcds-cloud`, run as a user runs it."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from cloud.__main__ import app
from cloud.clock import now_ms
from cloud.store import accounts
from cloud.store.engine import open_store
from provisioning.pki import Authority
from tests.cloud.cabin import SESSION, bring, consent, temperature
from tests.cloud.sharing import agreed, sealed, send, shared
from tests.rig.processes import Process, free_port

PLACES = Path("cloud/sample-places.toml").resolve()
PASSWORD = "một mật khẩu dài"


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def config(tmp_path: Path, port: int) -> Path:
    path = tmp_path / "cloud.toml"
    path.write_text(
        f"""
        places = "{PLACES}"
        [store]
        url = "sqlite:///{tmp_path / "cloud.db"}"
        [broker]
        host = "127.0.0.1"
        port = {free_port()}
        ca = "{tmp_path / "ca.pem"}"
        certificate = "{tmp_path / "courier-0.crt"}"
        key = "{tmp_path / "courier-0.key"}"
        [ingest]
        certificates = "{tmp_path}"
        [api]
        port = {port}
        secure_cookies = false
        [telemetry]
        path = "{tmp_path / "telemetry.db"}"
        """,
        encoding="utf-8",
    )
    return path


@pytest.fixture(autouse=True)
def keep_this_process_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands run within this process, since starting one takes longer than all that it does."""
    monkeypatch.setattr("cloud.log.configure_log", lambda _level, _role: None)


def run(*arguments: str, stdin: str = "", status: int = 0) -> str:
    done = CliRunner().invoke(app, arguments, input=stdin, prog_name="tcds-cloud")
    assert done.exit_code == status, done.output
    return done.stdout if status == 0 else done.stderr


def start(*arguments: str) -> str:
    command = [sys.executable, "-m", "cloud", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout


def add(
    config: Path, login: str = "truc.ban", *more: str, stdin: str = PASSWORD + "\n", status: int = 0
) -> str:
    options = more or ("--role", "duty_officer", "--ward", "27097")
    return run(
        "user", "add", login, "--name", "Lê Minh An", *options, "-c", str(config), stdin=stdin, status=status
    )


def test_help_names_every_command() -> None:
    text = start("--help")
    for command in ("check", "migrate", "up", "ingest", "escalate", "api", "user", "fhir", "identity"):
        assert command in text
    assert run("--version").strip()


def test_help_loads_nothing_heavy() -> None:
    code = "import sys, cloud.__main__; print([m for m in ('fastapi', 'sqlalchemy', 'pydantic') if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"


def certify(directory: Path) -> None:
    authority = Authority.create(directory)
    for name in ("courier-0", "ingest-0"):
        authority.issue(name)


def test_check_names_every_mistake(config: Path, tmp_path: Path) -> None:
    told = run("check", "--config", str(config), status=2)
    assert told.count("no such file") == 5
    certify(tmp_path)
    assert run("check", "--config", str(config)) == "ok: 2 wards, 1 stations, 25 services\n"
    config.write_text(config.read_text().replace("port", "prot"))
    told = run("check", "--config", str(config), status=2)
    assert "tcds-cloud: broker.prot: " in told
    assert "tcds-cloud: api.prot: " in told
    assert "Traceback" not in told


def test_what_requests_go_by_is_checked_too(config: Path, tmp_path: Path) -> None:
    certify(tmp_path)
    token = tmp_path / "token"
    token.write_text("invented-token\n")
    section = """
        [requests]
        catch_all_desk = "nowhere"
        [requests.connectors.pigeon]
        url = "https://portal.example.vn/"
        token_file = "{token}"
        """
    config.write_text(config.read_text() + section.format(token=token))
    told = run("check", "--config", str(config), status=2)
    assert "tcds-cloud: requests.connectors.pigeon: the catalogue has no such connector\n" in told
    assert "tcds-cloud: requests.catch_all_desk: the catalogue has no such desk\n" in told
    text = config.read_text().replace("nowhere", "civic").replace("pigeon", "hospital")
    config.write_text(text)
    assert run("check", "--config", str(config)).startswith("ok: ")
    config.write_text(text.replace("[requests]", f'[requests]\ncatalogue = "{tmp_path}"'))
    for command in ("check", "ingest", "route"):
        assert "tcds-cloud: requests.catalogue: " in run(command, "--config", str(config), status=2)


def test_stations_that_would_give_out_the_same_codes_are_told(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certify(tmp_path)
    monkeypatch.setattr("wire.tracking.clashing", lambda _stations: [("st-0001", "st-0007")])
    told = run("check", "--config", str(config), status=2)
    assert told.startswith("tcds-cloud: places: st-0001, st-0007 would give out the same tracking codes")


def test_a_token_that_is_none_ends_the_role_with_a_word(config: Path, tmp_path: Path) -> None:
    run("migrate", "--config", str(config))
    (tmp_path / "token").write_text("two words\n")
    section = f"""
        [requests.connectors.hospital]
        url = "https://portal.example.vn/"
        token_file = "{tmp_path / "token"}"
        """
    config.write_text(config.read_text() + section)
    told = run("route", "--config", str(config), status=2)
    assert told.startswith("tcds-cloud: requests.connectors.hospital.token_file: ")
    assert "two words" not in told


def test_what_people_submitted_is_asked_for_by_its_code(config: Path) -> None:
    run("migrate", "--config", str(config))
    assert "mistyped" in run("request", "find", "K7QM", "--config", str(config), status=2)
    assert run("request", "dead-letters", "--config", str(config)) == ""


def test_a_store_that_was_not_migrated_is_refused(config: Path) -> None:
    assert "tcds-cloud migrate" in run("user", "list", "--config", str(config), status=2)


def test_migrating_twice_changes_nothing_and_brings_the_stations_in(config: Path, tmp_path: Path) -> None:
    for _ in range(2):
        run("migrate", "--config", str(config))
    with open_store(f"sqlite:///{tmp_path / 'cloud.db'}") as store, store.reading() as connection:
        rows = connection.exec_driver_sql("SELECT station, ward, floor FROM station").all()
    assert [tuple(row) for row in rows] == [("dkc-01", "27097", "Tầng trệt")]


def test_people_come_and_go(config: Path, tmp_path: Path) -> None:
    run("migrate", "--config", str(config))
    add(config)
    add(config, "thanh.pho", "--role", "city_desk", "--phone", "+84900000000")
    desks = ("--desk", "residence", "--desk", "one-stop")
    add(config, "cu.tru", "--role", "desk_officer", "--ward", "27097", *desks)
    listed = run("user", "list", "--config", str(config)).splitlines()
    assert listed == [
        "cu.tru\tdesk_officer\tactive\t27097\tLê Minh An\tresidence,one-stop",
        "thanh.pho\tcity_desk\tactive\t-\tLê Minh An\t-",
        "truc.ban\tduty_officer\tactive\t27097\tLê Minh An\t-",
    ]
    run("user", "passwd", "truc.ban", "--config", str(config), stdin="một mật khẩu khác\n")
    run("user", "disable", "thanh.pho", "--config", str(config))
    assert "\tdisabled\t" in run("user", "list", "--config", str(config))
    with open_store(f"sqlite:///{tmp_path / 'cloud.db'}") as store, store.reading() as connection:
        people = accounts.list_accounts(connection)
        actions = connection.exec_driver_sql("SELECT actor, action FROM audit ORDER BY seq").all()
    assert all(person.password_hash.startswith("$argon2id$") for person in people)
    assert [tuple(row) for row in actions] == [
        ("operator", "account.add"),
        ("operator", "account.add"),
        ("operator", "account.add"),
        ("operator", "account.password"),
        ("operator", "account.disable"),
    ]


def test_mistakes_about_people_are_told(config: Path) -> None:
    run("migrate", "--config", str(config))
    add(config)
    assert "login: there is one already" in add(config, status=2)
    assert "10 to 200 characters" in add(config, "other", stdin="short\n", status=2)
    assert "login: 3 to 64" in add(config, "Trực Ban", status=2)
    assert "--role: one of" in add(config, "other", "--role", "boss", status=2)
    assert "--ward: not in the list" in add(
        config, "other", "--role", "duty_officer", "--ward", "00000", status=2
    )
    assert "--ward: duty officers" in add(config, "other", "--role", "duty_officer", status=2)
    assert "--ward: duty officers" in add(config, "other", "--role", "auditor", "--ward", "27097", status=2)
    assert "--desk: desk officers" in add(config, "other", "--role", "desk_officer", status=2)
    assert "--desk: desk officers" in add(
        config, "other", "--role", "auditor", "--desk", "residence", status=2
    )
    assert "--desk: not in the catalogue" in add(
        config, "other", "--role", "desk_officer", "--desk", "nowhere", status=2
    )
    assert "--phone" in add(config, "other", "--role", "auditor", "--phone", "call me", status=2)
    for command in ("passwd", "disable"):
        told = run("user", command, "nobody", "--config", str(config), stdin=PASSWORD + "\n", status=2)
        assert "none of this name" in told


@pytest.fixture
def measured(config: Path, tmp_path: Path) -> Path:
    """The settings of a cloud that keeps one session, agreed to in May."""
    run("migrate", "--config", str(config))
    with open_store(f"sqlite:///{tmp_path / 'cloud.db'}") as store:
        bring(store, consent(), temperature(value=36.6))
        with store.writing() as connection:
            connection.exec_driver_sql("UPDATE cabin_session SET keep_until_ms = 99999999999999")
    return config


def export(config: Path, *options: str, status: int = 0) -> str:
    return run("fhir", "export", *options, "-c", str(config), status=status)


def test_what_was_measured_is_exported_as_fhir(measured: Path, tmp_path: Path) -> None:
    line = export(measured, "--session", SESSION)
    assert json.loads(line)["entry"][0]["resource"]["valueQuantity"]["value"] == 36.6
    assert export(measured, "--since", "2026-05-01") == line
    assert export(measured, "--since", "2026-05-01", "--until", "2026-05-02") == ""
    assert export(measured, "--since", "2026-05-01", "--shared-only") == ""
    out = tmp_path / "sessions.ndjson"
    assert export(measured, "--since", "2026-05-01", "--out", str(out)) == ""
    assert out.read_text() == line
    assert out.stat().st_mode & 0o777 == 0o600
    with open_store(f"sqlite:///{tmp_path / 'cloud.db'}") as store, store.reading() as connection:
        actions = connection.exec_driver_sql("SELECT actor, action FROM audit ORDER BY seq").all()
    assert [tuple(row) for row in actions] == [("operator", "fhir.export")] * 5


def test_an_export_that_cannot_be_says_why_and_leaves_no_file(measured: Path, tmp_path: Path) -> None:
    out = tmp_path / "sessions.ndjson"
    assert "--session, or --since" in export(measured, status=2)
    assert "--since: a date or time" in export(measured, "--since", "gestern", status=2)
    told = export(measured, "--session", "f" * 32, "--out", str(out), status=2)
    assert told.startswith("tcds-cloud: --session: none of this id")
    assert not out.exists()
    out.write_text("somebody's", encoding="utf-8")
    assert "File exists" in export(measured, "--session", SESSION, "--out", str(out), status=2)
    assert out.read_text(encoding="utf-8") == "somebody's"


def test_the_help_of_the_export_says_what_leaves(measured: Path) -> None:
    told = " ".join(run("fhir", "export", "--help").split())
    for word in ("--session", "--since", "--until", "--out", "--shared-only", "pseudonym", "audit log"):
        assert word in told


@pytest.fixture
def asked(config: Path, tmp_path: Path) -> Path:
    """The settings of a cloud where two people sent something from their card, and nobody has fetched it."""
    run("migrate", "--config", str(config))
    with open_store(f"sqlite:///{tmp_path / 'cloud.db'}") as store:
        send(store, agreed(), shared(1), shared(2), shared(3, recipient="clinic"), received_at_ms=now_ms())
    return config


def hand_over(config: Path, recipient: str, out: Path, status: int = 0) -> str:
    return run(
        "identity", "export", "--recipient", recipient, "--out", str(out), "-c", str(config), status=status
    )


def test_what_was_sent_from_cards_is_listed_and_handed_over_once(asked: Path, tmp_path: Path) -> None:
    listed = ("identity", "list", "-c", str(asked))
    assert run(*listed) == "clinic\t1\t0\t0\nward-police\t2\t0\t0\n"
    out = tmp_path / "out"
    assert hand_over(asked, "ward-police", out) == "ok: 2 shares\n"
    assert [path.name for path in sorted(out.iterdir())] == [
        f"{number:032x}.{kind}" for number in (1, 2) for kind in ("age", "json")
    ]
    assert (out / f"{1:032x}.age").read_bytes() == sealed()
    assert hand_over(asked, "ward-police", out) == "ok: 0 shares\n"
    assert run(*listed) == "clinic\t1\t0\t0\nward-police\t0\t2\t0\n"


def test_a_delivery_that_cannot_be_says_why(asked: Path, tmp_path: Path) -> None:
    told = hand_over(asked, "ward-polic", tmp_path / "out", status=2)
    assert told == "tcds-cloud: --recipient: nothing was sent to such a one; known: clinic, ward-police\n"
    assert not (tmp_path / "out").exists()
    told = hand_over(asked, "clinic", tmp_path / "none" / "out", status=2)
    assert told.startswith("tcds-cloud: --out: ")
    assert told.endswith(": No such file or directory\n")


def test_the_help_of_the_delivery_says_what_leaves_and_that_it_is_the_only_copy(asked: Path) -> None:
    told = " ".join(run("identity", "export", "--help").split())
    for word in ("--recipient", "--out", "ID.age", "ID.json", "age -d -i KEY", "deleted here", "audit log"):
        assert word in told
    assert "list" in run("identity", "--help")


def test_an_index_beyond_the_workers_is_refused(config: Path) -> None:
    assert "--index" in run("ingest", "--index", "1", "--config", str(config), status=2)


def test_up_runs_the_roles_starts_a_dead_one_again_and_ends_cleanly(
    config: Path, tmp_path: Path, port: int
) -> None:
    """Without a broker: ingest and courier keep trying, while the consoles are served."""
    run("migrate", "--config", str(config))
    certify(tmp_path)
    url = f"http://127.0.0.1:{port}/readyz"

    def is_ready() -> bool:
        try:
            return httpx.get(url, timeout=2, trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    log = tmp_path / "log"
    command = [sys.executable, "-m", "cloud", "up", "--config", str(config)]
    with Process("up", command, log=log, is_ready=is_ready) as program:
        (api,) = children_of(program.pid, "api")
        os.kill(api, signal.SIGKILL)
        program.wait_ready()
        (again,) = children_of(program.pid, "api")
        assert again != api
        started = time.monotonic()
        assert program.stop() == 0
        assert time.monotonic() - started < 8
    told = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line["name"] for line in told if line["event"] == "role.died"] == ["api"]
    assert not [line for line in told if line["event"] == "role.killed"]
    assert {"up", "api", "escalate", "ingest-0", "route"} <= {line["role"] for line in told}
    assert not Path(f"/proc/{again}").exists()


def children_of(pid: int, role: str) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in listed if f"\0{role}\0" in Path(f"/proc/{child}/cmdline").read_text()]
