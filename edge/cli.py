"""The command line `tcds-edge`. What a command needs is imported when it runs, so that `--help` comes at once."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from edge.card_commands import card_app
from edge.daemon import DEFAULT_CONFIG
from edge.device_commands import devices_app
from edge.sections import SettingsError
from edge.shell import Config, failure, load, refusal

app = typer.Typer(
    name="tcds-edge",
    help="The daemon of a digital citizen station: it records what happens there and brings it to the cloud.\n\n"
    "Start with `tcds-edge simulate`, which needs neither a board nor a broker.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
journal_app = typer.Typer(
    help="Look at what waits in the journal for its receipt. Changes nothing; the daemon may be running.",
    no_args_is_help=True,
)
app.add_typer(journal_app, name="journal")
app.add_typer(devices_app, name="devices")
app.add_typer(card_app, name="card")


@app.command()
def run(config: Config = DEFAULT_CONFIG) -> None:
    """Run the station until SIGTERM.

    Tells systemd when a press would be recorded (Type=notify), and that it is alive only while it makes progress.
    Ends with 0 when told to end, 1 when only a new start helps, 2 when the settings are wrong.
    """
    from edge.daemon import run_daemon  # noqa: PLC0415 - see the module's docstring

    raise typer.Exit(run_daemon(config))


@app.command()
def check(config: Config = DEFAULT_CONFIG) -> None:
    """Check the settings and what they name: files, certificate, disk and ports. Says all that is wrong at once."""
    from edge.check import check_settings  # noqa: PLC0415

    problems = check_settings(load(config))
    if problems:
        raise refusal(SettingsError(problems))
    typer.echo("The settings are right.")


@journal_app.command("list")
def list_lanes(config: Config = DEFAULT_CONFIG) -> None:
    """Say how much waits in each lane, what lies aside because the cloud refused it, and what had to be dropped."""
    from edge.journal.errors import JournalError  # noqa: PLC0415
    from edge.journal.inspect import summarize  # noqa: PLC0415

    try:
        summary = summarize(load(config).journal.path)
    except JournalError as error:
        raise failure(str(error)) from error
    typer.echo(f"journal {summary.journal_id}")
    typer.echo(f"{'lane':<10}{'last':>10}{'waiting':>10}{'aside':>10}{'dropped':>10}")
    for lane, tally in summary.lanes.items():
        typer.echo(f"{lane:<10}{tally.last_seq:>10}{tally.depth:>10}{tally.aside:>10}{tally.dropped:>10}")


@journal_app.command("export")
def export_entries(
    config: Config = DEFAULT_CONFIG,
    *,
    with_bodies: Annotated[
        bool, typer.Option("--with-bodies", help="With what stands in them: treat the output as health data.")
    ] = False,
) -> None:
    """Write every entry that waits or lies aside to stdout, one JSON object a line."""
    from edge.journal.errors import JournalError  # noqa: PLC0415
    from edge.journal.inspect import export  # noqa: PLC0415

    try:
        for line in export(load(config).journal.path, with_bodies=with_bodies):
            sys.stdout.buffer.write(line + b"\n")
    except JournalError as error:
        raise failure(str(error)) from error


@app.command("service-pin")
def service_pin() -> None:
    """Ask for a PIN of 6 characters or more and print what the settings keep of it (`service_pin` in [kiosk])."""
    from edge.kiosk.service import UnfitPinError, hash_pin  # noqa: PLC0415

    pin = typer.prompt("PIN", hide_input=True, confirmation_prompt=True)
    try:
        typer.echo(f'service_pin = "{hash_pin(pin)}"')
    except UnfitPinError as error:
        raise failure(str(error)) from error


@app.command()
def simulate(
    config: Annotated[
        Path | None,
        typer.Option("--config", "-c", help="Settings of a real broker; without them presses stay recorded."),
    ] = None,
) -> None:
    """Try a whole station by hand: the real daemon with a board that exists on this screen only.

    Keys 1 and 2 press a button, w cuts or mends the wire of the first, t opens or closes the case, u pulls or plugs
    the cable, q ends. The line below shows what the board's lamp and siren do.
    """
    from edge.simulate import run_simulation  # noqa: PLC0415

    run_simulation(None if config is None else load(config))
