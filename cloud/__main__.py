"""The program `tcds-cloud`: one command for each role, one that keeps them all, and those of the other modules."""
# ruff: noqa: PLC0415  what a command needs is imported when it runs, so that the program answers at once

import asyncio
import signal
import threading
from importlib.metadata import version
from typing import TYPE_CHECKING, Annotated

import typer

from cloud.catalogue_commands import catalogue_app
from cloud.fhir_commands import fhir_app
from cloud.identity_commands import identity_app
from cloud.payment_commands import payment_app
from cloud.request_commands import request_app
from cloud.shell import Config, fail, open_store_of, read_catalogue, read_places, read_settings, require_files
from cloud.user_commands import user_app

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

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
app.add_typer(catalogue_app, name="catalogue")
app.add_typer(user_app, name="user")
app.add_typer(fhir_app, name="fhir")
app.add_typer(identity_app, name="identity")
app.add_typer(request_app, name="request")
app.add_typer(payment_app, name="payments")


@app.command()
def check(config: Config = None) -> None:
    """Read the settings, the list of stations and the catalogue, look for the files they name, and tell every mistake."""
    from catalogue.routes import Protocol
    from cloud.cash_desk import mistakes_in as mistakes_about_money
    from cloud.forwarding import mistakes_in
    from wire.tracking import clashing

    settings = read_settings(config, "check")
    places = read_places(settings)
    require_files(settings)
    catalogue = read_catalogue(settings)
    clashes = [
        f"places: {', '.join(group)} would give out the same tracking codes: name all but one of them anew"
        for group in clashing(station.id for station in places.stations)
    ]
    billers = frozenset(each.id for each in catalogue.parties.connectors if each.protocol is Protocol.BILLS)
    mistakes = clashes + mistakes_in(settings.requests, catalogue)
    mistakes += mistakes_about_money(settings.payments, billers)
    if mistakes:
        fail(mistakes)
    counts = (
        f"{len(places.wards)} wards",
        f"{len(places.stations)} stations",
        f"{len(catalogue.services)} services",
    )
    typer.echo(f"ok: {', '.join(counts)}")


@app.command()
def migrate(config: Config = None) -> None:
    """Create or upgrade the database's schema, and bring the stations' list into it."""
    from cloud.store.migration import migrate as upgrade

    settings = read_settings(config, "migrate")
    places = read_places(settings)
    upgrade(settings.store.url)
    with open_store_of(settings) as store:
        _bring_in(store, places)
    typer.echo(f"ok: schema is current, {len(places.stations)} stations")


@app.command()
def up(config: Config = None) -> None:
    """Run all roles on this machine, and start again whichever dies."""
    from cloud.supervise import Role, run_roles, stop_on_signals

    settings = read_settings(config, "up")
    read_places(settings)
    require_files(settings)
    read_catalogue(settings)
    given = () if config is None else ("--config", str(config))
    workers = [
        Role(f"ingest-{index}", ("ingest", "--index", str(index), *given))
        for index in range(settings.ingest.workers)
    ]
    names = ("escalate", "route", *(() if settings.counter is None else ("counter",)), "api")
    others = [Role(name, (name, *given)) for name in names]

    async def run() -> None:
        stop = asyncio.Event()
        stop_on_signals(stop)
        await run_roles([*workers, *others], stop)

    asyncio.run(run())


@app.command()
def ingest(
    index: Annotated[int, typer.Option(help="Which worker this is, from 0.", min=0, max=63)] = 0,
    config: Config = None,
) -> None:
    """Take what stations send into the store: worker INDEX of ingest.workers."""
    settings = read_settings(config, f"ingest-{index}")
    if index >= settings.ingest.workers:
        fail([f"--index: there are {settings.ingest.workers} workers, counted from 0"])
    from cloud.ingest.worker import run_ingest
    from cloud.roads import offices_of

    offices = offices_of(read_catalogue(settings))
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    run_ingest(settings, index, stop, offices)


@app.command()
def escalate(config: Config = None) -> None:
    """Call the next level when nobody answers, carry commands to the stations, delete what is due."""
    from cloud.courier import run_courier
    from cloud.escalate import run_escalation
    from cloud.replay import run_replay
    from cloud.retention import Sweeper

    settings = read_settings(config, "escalate")

    async def run(store: "Store", stop: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(run_escalation(settings, store, stop), name="escalation")
            group.create_task(run_courier(settings, store, stop), name="courier")
            group.create_task(Sweeper(settings, store).run(stop), name="retention")
            if settings.telemetry.path is not None:
                group.create_task(run_replay(settings.telemetry.path, store, stop), name="replay")

    _serve(settings, run)


@app.command()
def route(config: Config = None) -> None:
    """Bring what people submitted to those who decide, bring back how it stands, and send messages about it."""
    from cloud.forwarding import run_forwarding

    settings = read_settings(config, "route")
    catalogue = read_catalogue(settings)
    _serve(settings, lambda store, stop: run_forwarding(settings, catalogue, store, stop))


@app.command()
def counter(config: Config = None) -> None:
    """Answer what stations ask while somebody waits at the screen, and look after money."""
    from cloud.counter.run import run_counter

    settings = read_settings(config, "counter")
    catalogue = read_catalogue(settings)
    _serve(settings, lambda store, stop: run_counter(settings, catalogue, store, stop))


@app.command()
def api(config: Config = None) -> None:
    """Serve the consoles: the HTTP API, the live feed, and the built pages."""
    from cloud.api.server import serve

    settings = read_settings(config, "api")
    places, catalogue = read_places(settings), read_catalogue(settings)
    with open_store_of(settings) as store:
        _bring_in(store, places)
        serve(settings, places, catalogue, store)


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


def _serve(
    settings: "Settings", run: "Callable[[Store, asyncio.Event], Coroutine[None, None, None]]"
) -> None:
    """Run a role over its store until a signal ends it; the program ends when something that it needs is no good."""
    from cloud.settings import SettingsError
    from cloud.supervise import stop_on_signals

    async def until_stopped(store: "Store") -> None:
        stop = asyncio.Event()
        stop_on_signals(stop)
        await run(store, stop)

    with open_store_of(settings) as store:
        try:
            asyncio.run(until_stopped(store))
        except SettingsError as error:
            fail(error.mistakes)


def _bring_in(store: "Store", places: "Places") -> None:
    """Make the store's stations those of the list."""
    from cloud.store import stations

    rows = [
        stations.Place(**{"station": each.id, **each.model_dump(exclude={"id"})}) for each in places.stations
    ]
    with store.writing() as connection:
        stations.configure(connection, rows)
    store.ring()


if __name__ == "__main__":
    main()
