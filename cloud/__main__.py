"""The program `tcds-cloud`: one command for each role, one that keeps them all, and the people's accounts."""
# ruff: noqa: PLC0415  what a command needs is imported when it runs, so that the program answers at once

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from cloud.clock import now_ms

if TYPE_CHECKING:
    from cloud.places import Places
    from cloud.settings import Settings
    from cloud.store.engine import Store

app = typer.Typer(
    help="The cloud half of TCDS: takes what stations send, keeps it, calls for help, and serves the consoles.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
user_app = typer.Typer(help="The people who may log in to the consoles.", no_args_is_help=True)
app.add_typer(user_app, name="user")
fhir_app = typer.Typer(
    help="What people had measured in a cabin, as FHIR R4 for hospitals.", no_args_is_help=True
)
app.add_typer(fhir_app, name="fhir")

Config = Annotated[
    Path | None,
    typer.Option(
        "--config", "-c", envvar="TCDS_CLOUD_CONFIG", help="TOML file; cloud/sample.toml explains every key."
    ),
]
Login = Annotated[str, typer.Argument(help="The name typed at the console, e.g. truc.ban.")]


@app.command()
def check(config: Config = None) -> None:
    """Read the settings and the list of stations, look for the files they name, and tell every mistake."""
    settings = _settings(config, "check")
    places = _places(settings)
    _require_files(settings)
    typer.echo(f"ok: {len(places.wards)} wards, {len(places.stations)} stations")


@app.command()
def migrate(config: Config = None) -> None:
    """Create or upgrade the database's schema, and bring the stations' list into it."""
    from cloud.store.migration import migrate as upgrade

    settings = _settings(config, "migrate")
    places = _places(settings)
    upgrade(settings.store.url)
    with _store(settings) as store:
        _bring_in(store, places)
    typer.echo(f"ok: schema is current, {len(places.stations)} stations")


@app.command()
def up(config: Config = None) -> None:
    """Run all roles on this machine, and start again whichever dies."""
    from cloud.supervise import Role, run_roles, stop_on_signals

    settings = _settings(config, "up")
    _places(settings)
    _require_files(settings)
    given = () if config is None else ("--config", str(config))
    workers = [
        Role(f"ingest-{index}", ("ingest", "--index", str(index), *given))
        for index in range(settings.ingest.workers)
    ]

    async def run() -> None:
        stop = asyncio.Event()
        stop_on_signals(stop)
        await run_roles(
            [*workers, Role("escalate", ("escalate", *given)), Role("api", ("api", *given))], stop
        )

    asyncio.run(run())


@app.command()
def ingest(
    index: Annotated[int, typer.Option(help="Which worker this is, from 0.", min=0, max=63)] = 0,
    config: Config = None,
) -> None:
    """Take what stations send into the store: worker INDEX of ingest.workers."""
    settings = _settings(config, f"ingest-{index}")
    if index >= settings.ingest.workers:
        _fail([f"--index: there are {settings.ingest.workers} workers, counted from 0"])
    from cloud.ingest.worker import run_ingest

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    run_ingest(settings, index, stop)


@app.command()
def escalate(config: Config = None) -> None:
    """Call the next level when nobody answers, carry commands to the stations, delete what is due."""
    from cloud.courier import run_courier
    from cloud.escalate import run_escalation
    from cloud.replay import run_replay
    from cloud.retention import Sweeper
    from cloud.supervise import stop_on_signals

    settings = _settings(config, "escalate")

    async def run(store: "Store") -> None:
        stop = asyncio.Event()
        stop_on_signals(stop)
        async with asyncio.TaskGroup() as group:
            group.create_task(run_escalation(settings, store, stop), name="escalation")
            group.create_task(run_courier(settings, store, stop), name="courier")
            group.create_task(Sweeper(settings, store).run(stop), name="retention")
            if settings.telemetry.path is not None:
                group.create_task(run_replay(settings.telemetry.path, store, stop), name="replay")

    with _store(settings) as store:
        asyncio.run(run(store))


@app.command()
def api(config: Config = None) -> None:
    """Serve the consoles: the HTTP API, the live feed, and the built pages."""
    from cloud.api.server import serve

    settings = _settings(config, "api")
    places = _places(settings)
    with _store(settings) as store:
        _bring_in(store, places)
        serve(settings, places, store)


@user_app.command("add")
def add_user(
    login: Login,
    name: Annotated[str, typer.Option(help="As colleagues read it, e.g. 'Lê Minh An'.")],
    role: Annotated[str, typer.Option(help="duty_officer, city_desk, fleet_admin or auditor.")],
    ward: Annotated[
        list[str] | None, typer.Option(help="Ward code; repeat it. Duty officers need at least one.")
    ] = None,
    phone: Annotated[str | None, typer.Option(help="For text messages of the escalation.")] = None,
    config: Config = None,
) -> None:
    """Add somebody; the password is asked for, or read as one line from a pipe."""
    from cloud.api.people import add_person, build_person

    settings = _settings(config, "user")
    known = {each.code for each in _places(settings).wards}
    with _store(settings) as store, _told_mistakes():
        person = build_person(login, name, role, tuple(ward or ()), phone, known, now_ms())
        add_person(store, person, _password(), now_ms())
    typer.echo(f"ok: {login}")


@user_app.command("list")
def list_users(config: Config = None) -> None:
    """List everybody: login, role, state, wards, name; one a line, by tabs."""
    from cloud.api.people import list_people

    with _store(_settings(config, "user")) as store:
        for person in list_people(store):
            state = "disabled" if person.disabled else "active"
            typer.echo(
                "\t".join((person.login, person.role, state, ",".join(person.wards) or "-", person.name))
            )


@user_app.command("passwd")
def change_password(login: Login, config: Config = None) -> None:
    """Set a new password, and end all of the person's sessions."""
    from cloud.api.people import set_password

    with _store(_settings(config, "user")) as store, _told_mistakes():
        set_password(store, login, _password(), now_ms())
    typer.echo(f"ok: {login}")


@user_app.command("disable")
def disable_user(login: Login, config: Config = None) -> None:
    """Let somebody log in no more, and end all of the person's sessions."""
    from cloud.api.people import disable_person

    with _store(_settings(config, "user")) as store, _told_mistakes():
        disable_person(store, login, now_ms())
    typer.echo(f"ok: {login}")


@fhir_app.command("export")
def export_fhir(
    session: Annotated[str | None, typer.Option(help="One session, by its id (32 hex digits).")] = None,
    since: Annotated[
        str | None,
        typer.Option(help="All whose consent arrived from then on: 2026-11-22 or 2026-11-22T08:00+07:00."),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(help="... and before then; now when left out. Vietnam's time without an offset."),
    ] = None,
    out: Annotated[str, typer.Option(help="A new file that only you can read; - is standard output.")] = "-",
    config: Config = None,
    *,
    shared_only: Annotated[
        bool, typer.Option("--shared-only", help="Only people who agreed that a doctor may see it.")
    ] = False,
) -> None:
    """Write sessions as FHIR R4 transaction Bundles, one a line.

    Each holds a session's measurements as Observations (vital-signs profiles, LOINC, UCUM; preliminary), about a
    pseudonym, never a name. POST a line to a FHIR server's base address; sending it again creates nothing twice.

    What nobody agreed to, was withdrawn or is past its time is left out. Every export stands in the audit log before
    its first byte is written.
    """
    from cloud.api.people import OPERATOR
    from cloud.export import ExportError, choose, export

    settings = _settings(config, "fhir")
    try:
        at_ms = now_ms()
        chosen = choose(session, since, until, at_ms)
        with _store(settings) as store, _output(out) as write:
            told = export(store, chosen, write, actor=OPERATOR, now_ms=at_ms, shared_only=shared_only)
    except ExportError as error:
        _fail([str(error)])
    typer.echo(f"ok: {told.sessions} sessions, {told.observations} observations", err=True)


def main() -> None:
    """Run the program."""
    app(prog_name="tcds-cloud")


@app.callback(invoke_without_command=True)
def _program(
    context: typer.Context,
    *,
    show_version: Annotated[bool, typer.Option("--version", help="Print the release and end.")] = False,
) -> None:
    if show_version:
        typer.echo(version("tcds"))
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def _settings(path: Path | None, role: str) -> "Settings":
    from cloud.log import configure_log
    from cloud.settings import SettingsError, load_settings

    try:
        settings = load_settings(path)
    except SettingsError as error:
        _fail(error.mistakes)
    configure_log(settings.log.level, role)
    return settings


def _places(settings: "Settings") -> "Places":
    from cloud.places import load_places
    from cloud.settings import SettingsError

    try:
        return load_places(settings.places)
    except SettingsError as error:
        _fail([f"places: {mistake}" for mistake in error.mistakes])


def _require_files(settings: "Settings") -> None:
    missing = settings.missing_files()
    if missing:
        _fail(missing)


@contextmanager
def _store(settings: "Settings") -> Iterator["Store"]:
    from cloud.store.engine import open_store
    from cloud.store.errors import SchemaError

    try:
        with open_store(settings.store.url) as store:
            yield store
    except SchemaError as error:
        _fail([str(error)])


@contextmanager
def _output(out: str) -> Iterator[Callable[[bytes], object]]:
    """Give a way to write; a file that cannot be written to its end is removed."""
    from cloud.export import ExportError

    if out == "-":
        yield sys.stdout.buffer.write
        sys.stdout.buffer.flush()
        return
    path = Path(out)
    try:
        file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
    except OSError as error:
        raise ExportError(f"--out: {path}: {error.strerror}") from error
    try:
        with file:
            yield file.write
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _password() -> str:
    """Ask twice at a terminal, else read one line; never from the command line, which everybody can see."""
    if sys.stdin.isatty():
        password: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        return password
    return sys.stdin.readline().rstrip("\r\n")


@contextmanager
def _told_mistakes() -> Iterator[None]:
    from cloud.api.people import PeopleError

    try:
        yield
    except PeopleError as error:
        _fail([str(error)])


def _bring_in(store: "Store", places: "Places") -> None:
    """Make the store's stations those of the list."""
    from cloud.store import stations

    rows = [
        stations.Place(**{"station": each.id, **each.model_dump(exclude={"id"})}) for each in places.stations
    ]
    with store.writing() as connection:
        stations.configure(connection, rows)
    store.ring()


def _fail(mistakes: list[str]) -> NoReturn:
    for mistake in mistakes:
        typer.echo(f"tcds-cloud: {mistake}", err=True)
    raise typer.Exit(2)


if __name__ == "__main__":
    main()
