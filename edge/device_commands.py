"""`tcds-edge devices ...`: the technician's desk on the command line. What a command needs is imported when it runs."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from edge.daemon import DEFAULT_CONFIG
from edge.errors import EdgeError
from edge.settings import Settings
from edge.shell import Config, failure, load

if TYPE_CHECKING:
    from edge.devices import Devices
    from edge.registry import PairedDevice

DeviceName = Annotated[str, typer.Argument(help="The name that it was paired under.")]
Day = Annotated[str | None, typer.Option(metavar="YYYY-MM-DD")]

devices_app = typer.Typer(
    help="Find, pair, test and forget the instruments of the cabin.\n\n"
    "The daemon may be running and takes up every change within seconds; only `test` of a wired instrument needs its "
    "port, so stop the daemon for it or use the service page on the station's screen.",
    no_args_is_help=True,
)


@devices_app.command("list")
def list_devices(config: Config = DEFAULT_CONFIG) -> None:
    """Say what is paired: name, driver, where it lies, and when its calibration runs out."""
    from edge.registry import Registry  # noqa: PLC0415 - see the module's docstring

    devices = Registry(load(config).registry_path).devices()
    if not devices:
        typer.echo("No device is paired. Find some with: tcds-edge devices scan")
    for device in devices:
        typer.echo(_line(device))


@devices_app.command()
def scan(
    config: Config = DEFAULT_CONFIG,
    seconds: Annotated[float, typer.Option(min=1, max=60, help="How long to listen.")] = 10,
) -> None:
    """Listen for wireless instruments, and list the serial ports. Switch the instruments on first."""
    asyncio.run(_with_desk(load(config), lambda desk: _scan(desk, seconds)))


@devices_app.command()
def pair(
    name: Annotated[str, typer.Argument(help="A name of your own, such as cuff.")],
    address: Annotated[str, typer.Argument(help="What `scan` shows: a Bluetooth address or a serial port.")],
    driver: Annotated[
        str, typer.Option(help="How to talk to it: ble, or a serial driver; a wrong one lists them all.")
    ] = "ble",
    place: Annotated[str, typer.Option(help="Where it lies in the cabin.")] = "",
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Pair one instrument and keep it. Asks for the number that the device shows, if it shows one."""
    asyncio.run(_with_desk(load(config), lambda desk: _pair(desk, name, driver, address, place)))


@devices_app.command()
def change(
    name: DeviceName,
    config: Config = DEFAULT_CONFIG,
    *,
    place: Annotated[str | None, typer.Option(help="Where it lies in the cabin.")] = None,
    serial_number: Annotated[str | None, typer.Option(help="What stands on its label.")] = None,
    calibrated_on: Day = None,
    due_on: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="When it must be calibrated anew.")
    ] = None,
) -> None:
    """Change what is said of an instrument; it goes on running."""
    wanted = {
        "place": place,
        "serial_number": serial_number,
        "calibrated_on": _day(calibrated_on),
        "calibration_due_on": _day(due_on),
    }
    given = {key: value for key, value in wanted.items() if value is not None}
    asyncio.run(_with_desk(load(config), lambda desk: _change(desk, name, given)))


@devices_app.command()
def forget(
    name: DeviceName,
    config: Config = DEFAULT_CONFIG,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Drop an instrument from the station."""
    settings = load(config)
    if not yes:
        typer.confirm(f"Forget {name}?", abort=True)
    asyncio.run(_with_desk(settings, lambda desk: _forget(desk, name)))


@devices_app.command("test")
def prove(
    name: DeviceName,
    config: Config = DEFAULT_CONFIG,
    seconds: Annotated[float, typer.Option(min=1, max=120, help="How long to wait for it.")] = 30,
) -> None:
    """Wait until an instrument answers, and say what it says of itself. Switch a wireless one on meanwhile."""
    asyncio.run(_with_desk(load(config), lambda desk: _test(desk, name, seconds), is_rack_running=True))


async def _scan(desk: "Devices", seconds: float) -> None:
    typer.echo(f"Listening for {seconds:g} seconds ...")
    around = await desk.look_around(seconds)
    for found in around.found:
        known = "  paired" if found.address.upper() in around.paired else ""
        kinds = ", ".join(sorted(found.kinds)) or "no measurement known here"
        typer.echo(f"{found.address}  {found.signal_dbm:>4} dBm  {found.name or '(no name)'}: {kinds}{known}")
    for port in around.ports:
        typer.echo(f"{port.path}  {port.description}")
    if not around.found and not around.ports:
        typer.echo("Nothing was heard. Are the instruments switched on, and near?")


async def _pair(desk: "Devices", name: str, driver: str, address: str, place: str) -> None:
    from edge.devices import NewDevice  # noqa: PLC0415

    device = await desk.pair(NewDevice(name, driver, address, place), _Prompts())
    typer.echo(f"Paired: {_line(device)}")


async def _change(desk: "Devices", name: str, given: dict[str, Any]) -> None:
    from edge.devices import Change  # noqa: PLC0415

    typer.echo(_line(await desk.change(name, Change(**given))))


async def _forget(desk: "Devices", name: str) -> None:
    await desk.forget(name)
    typer.echo(f"{name} is forgotten.")


async def _test(desk: "Devices", name: str, seconds: float) -> None:
    typer.echo(f"Waiting up to {seconds:g} seconds for {name} ...")
    result = await desk.test(name, seconds)
    about = result.about
    if about is not None:
        typer.echo(f"{about.manufacturer} {about.model}, serial number {about.serial_number or 'not told'}")
    if result.battery is not None:
        typer.echo(f"battery {result.battery} %")
    if not result.is_ok:
        raise failure(f"{name} did not answer. {result.detail}".rstrip())
    typer.echo(f"{name} answers.")


class _Prompts:
    """Asks the technician on the terminal, beside the running loop."""

    async def passkey(self) -> int:
        """Ask for the number that the device shows."""
        shown = await asyncio.to_thread(typer.prompt, "The device shows a number of six digits", type=int)
        return int(shown)

    async def confirm(self, passkey: int) -> bool:
        """Ask whether the device shows the same number."""
        return await asyncio.to_thread(typer.confirm, f"Does the device show {passkey:06}?")


async def _with_desk(
    settings: Settings,
    work: Callable[["Devices"], Coroutine[Any, Any, None]],
    *,
    is_rack_running: bool = False,
) -> None:
    from edge.booth import open_desk  # noqa: PLC0415

    try:
        async with open_desk(settings, is_rack_running=is_rack_running) as desk:
            await work(desk)
    except (EdgeError, OSError) as error:
        raise failure(str(error)) from error


def _line(device: "PairedDevice") -> str:
    calibration = device.calibration_due_on
    due = "calibration date not set"
    if calibration is not None:
        due = f"calibration due {calibration}"
        if device.is_overdue(date.today()):  # noqa: DTZ011  # a technician's own day
            due = f"CALIBRATION OVERDUE since {calibration}"
    kinds = ", ".join(device.kinds)
    return f"{device.name:<12} {device.driver:<18} {kinds}; {device.place or 'no place'}; {due}; {device.address}"


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no day such as 2026-11-22") from error
