"""`tcds-edge card ...`: the card reader on the command line. What a command needs is imported when it runs."""

import os
import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from edge.daemon import DEFAULT_CONFIG, EXIT_FAILED
from edge.errors import EdgeError
from edge.settings import CardSettings
from edge.shell import Config, failure, load

if TYPE_CHECKING:
    from edge.idcard.card import AccessKey, CardRead
    from edge.idcard.groups import Field

CAN_DIGITS: Final = 6

card_app = typer.Typer(
    help="Try the reader of chip cards, and find what is wrong with it.\n\n"
    "The daemon may be running; while it reads a card itself, that card is busy. Start with `tcds-edge card doctor`.",
    no_args_is_help=True,
)

ReaderName = Annotated[
    str | None,
    typer.Option("--reader", help="Part of the reader's name, in place of the one in the settings."),
]
TrustDirectory = Annotated[
    Path | None,
    typer.Option(
        "--trust", help="Directory of the issuing authorities, in place of the one in the settings."
    ),
]


@card_app.command("read")
def read_one(
    config: Config = DEFAULT_CONFIG,
    *,
    can: Annotated[
        str | None,
        typer.Option(metavar="DIGITS", help="The access number: the last six of the twelve digits."),
    ] = None,
    number: Annotated[
        str | None,
        typer.Option(metavar="DIGITS", help="The whole number of twelve digits, in place of --can."),
    ] = None,
    mrz_dates: Annotated[
        tuple[str, str] | None,
        typer.Option(
            metavar="BIRTH EXPIRY", help="With --number: open by these dates (YYYY-MM-DD), as the zone's key."
        ),
    ] = None,
    photo: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Read the photo too and write it to a new file.")
    ] = None,
    reveal: Annotated[bool, typer.Option("--reveal", help="Show what was read. Asks once more.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask once more.")] = False,
    wait: Annotated[float, typer.Option(min=0, max=600, help="Seconds to wait for a card.")] = 30,
    reader: ReaderName = None,
    trust: TrustDirectory = None,
) -> None:
    """Read one card as the station does, and say what was read (masked), what it proves, and how long it took.

    Without --can or --number it asks, unseen: what is typed into a command line stays in its history. Ethnicity,
    religion and the like are never read. Ends with 1 when the card was not read or is not believed.
    """
    from edge.card_report import report  # noqa: PLC0415 - see the module's docstring
    from edge.idcard.groups import NEVER_SENT, Field  # noqa: PLC0415

    key = _key(can, number, mrz_dates)
    if photo is not None and photo.exists():
        raise failure(f"{photo} is there already.")
    if (reveal or photo is not None) and not yes:
        typer.confirm("This gives out personal data. Has the holder of the card agreed?", abort=True)
    settings = _settings(config)
    fields = frozenset(Field) - NEVER_SENT | (frozenset({Field.PHOTO}) if photo is not None else frozenset())
    try:
        read = _read(
            settings.reader if reader is None else reader, key, trust or settings.trust, wait, fields
        )
    except (EdgeError, OSError) as error:
        raise _explained(error) from error
    for line in report(read, is_revealed=reveal):
        typer.echo(line)
    if photo is not None:
        _save(read, photo)


@card_app.command()
def doctor(
    config: Config = DEFAULT_CONFIG, *, reader: ReaderName = None, trust: TrustDirectory = None
) -> None:
    """Look at everything between a card and this program, and say of each thing that is wrong what to do.

    Settings, pcscd, rights, driver, reader, card, chip, trust store. Lay any citizen's card on the reader for the whole
    of it: nothing personal is read and no try is used up. Ends with 1 when there is a problem.
    """
    from edge.card_report import trust_findings  # noqa: PLC0415 - see the module's docstring
    from edge.drivers.card.doctor import Finding, Level, Machine, examine  # noqa: PLC0415

    settings = _settings(config)
    wanted = settings.reader if reader is None else reader
    missing = [Finding(Level.WARNING, text, advice) for text, advice in _missing(config)]
    is_well = True
    try:
        for finding in chain(
            missing, examine(wanted, Machine()), trust_findings(trust or settings.trust, datetime.now(UTC))
        ):
            typer.echo(f"{finding.level:<9}{finding.text}")
            if finding.advice:
                typer.echo(f"{'':<9}-> {finding.advice}")
            is_well &= finding.level is not Level.PROBLEM
    except EdgeError as error:
        raise failure(f"{error}. Run it again.") from error
    if not is_well:
        raise typer.Exit(EXIT_FAILED)


def _settings(config: Path) -> CardSettings:
    """Return the section [card]; the defaults where there are no settings, as on a technician's own machine."""
    card = load(config).card if _is_there(config) else None
    return card or CardSettings()


def _missing(config: Path) -> Iterator[tuple[str, str]]:
    """Yield what the settings lack for the daemon to use the reader, and what to do."""
    if not _is_there(config):
        yield f"There are no settings at {config}.", "Name them with --config; without, any reader is taken."
    elif load(config).card is None:
        yield "The settings have no section [card]: the station does not use the reader.", "Write one."


def _is_there(config: Path) -> bool:
    """Tell whether there are settings; a place that this user may not see is one to complain of."""
    try:
        return config.exists()
    except OSError:
        return True


def _key(can: str | None, number: str | None, dates: tuple[str, str] | None) -> "AccessKey":
    from edge.idcard.card import Can, MrzKey  # noqa: PLC0415
    from edge.idcard.errors import CardError  # noqa: PLC0415
    from edge.idcard.mrz import document_number_of  # noqa: PLC0415
    from edge.idcard.number import can_of, check_number  # noqa: PLC0415

    if can is None and number is None:
        can = typer.prompt("The last six digits of the card's number", hide_input=True)
    if can is not None:
        if dates is not None or number is not None:
            raise typer.BadParameter("--can stands alone: with dates, give the whole --number")
        if len(can) != CAN_DIGITS or not (can.isascii() and can.isdigit()):
            raise typer.BadParameter("the access number is the last six digits of the number")
        return Can(can)
    try:
        citizen = check_number(number or "")
    except CardError as error:
        raise typer.BadParameter(str(error)) from error
    if dates is None:
        return can_of(citizen)
    birth, expiry = (_day(one) for one in dates)
    return MrzKey(document_number_of(number or ""), birth, expiry)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("a date is written YYYY-MM-DD") from None


def _read(
    wanted: str, key: "AccessKey", trust: Path | None, wait_s: float, fields: "frozenset[Field]"
) -> "CardRead":
    from edge.drivers.card.port import open_port  # noqa: PLC0415
    from edge.drivers.card.waiting import wait_for_card  # noqa: PLC0415
    from edge.idcard.reader import read_card  # noqa: PLC0415
    from edge.trust_anchors import load_trust  # noqa: PLC0415

    store = None if trust is None else load_trust(trust)
    insertion = wait_for_card(wanted, wait_s, say=typer.echo)
    started_s = time.monotonic()
    with open_port(insertion, threading.Event()) as port:
        read = read_card(
            port,
            key,
            fields,
            trust=store,
            moment=datetime.now(UTC),
            blocks=port.blocks(),
            tell=lambda step: typer.echo(f"{step.value} ..."),
        )
    typer.echo(f"{read.apdus} round trips, {time.monotonic() - started_s:.2f} s, on {insertion.name}")
    return read


def _explained(error: EdgeError | OSError) -> typer.Exit:
    from edge.card_report import FAULTS  # noqa: PLC0415
    from edge.idcard.errors import CardError  # noqa: PLC0415

    if isinstance(error, CardError):
        return failure(f"{error.fault}: {error}\n{FAULTS[error.fault]}")
    return failure(str(error))


def _save(read: "CardRead", path: Path) -> None:
    """Write the photo for this user alone; never over another file."""
    if read.photo is None:
        raise failure("The card has no photo.")
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(read.photo.data)
    except OSError as error:
        raise failure(f"{path}: {error.strerror}") from error
    typer.echo(f"The photo is in {path}. Delete it when it has served its purpose.")
