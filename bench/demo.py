"""`make demo`: a small city in one terminal, for as long as you like or for a given time with a report."""

import asyncio
import json
import signal
import tempfile
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import text

from bench.city import City, people_pressing, running_city
from bench.measure import spread_ms
from cloud.store.engine import open_engine
from tests.rig.console import Console
from tests.rig.room import SERVICE_PIN
from tests.rig.tower import Station

_SETTLE_S = 30.0
_READY_S = 20.0


def main(
    stations: Annotated[int, typer.Option(min=1, max=50, help="How many virtual stations run.")] = 3,
    seconds: Annotated[
        float | None, typer.Option(min=1, help="End by itself after so long; without it, run until Ctrl-C.")
    ] = None,
    presses: Annotated[
        int | None, typer.Option(min=1, help="How many presses in all; without it, now and then for ever.")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Write what happened to this file, as JSON.")] = None,
    wards: Annotated[Path | None, typer.Option(help="TopoJSON file of wards for the console's map.")] = None,
) -> None:
    """Run broker, cloud and stations for real, one with a health cabin; let people press SOS buttons; show where to watch."""
    outcome = asyncio.run(_demo(stations, seconds, presses, wards))
    if report is not None:
        report.write_text(json.dumps(outcome, indent=2) + "\n")
    _say(json.dumps(outcome))
    raise typer.Exit(0 if outcome["lost"] == outcome["duplicated"] == 0 else 1)


async def _demo(
    stations: int, seconds: float | None, presses: int | None, wards: Path | None
) -> dict[str, Any]:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with tempfile.TemporaryDirectory(prefix="tcds-demo-") as directory:
        async with running_city(
            Path(directory), stations=stations, map_path=wards, has_cabin=True, say=_say
        ) as city:
            _welcome(city)
            async with Console(city.cloud) as console:
                await _ready(city)
                await _run(city, console, stop, seconds, presses)
                await _settle(city, console)
                outcome = summary(city, console)
            _say("ending")
    return outcome


async def _run(
    city: City, console: Console, stop: asyncio.Event, seconds: float | None, presses: int | None
) -> None:
    """Let people press until the time is over, they have pressed enough, or somebody stops the demo."""
    gap_s = (4.0, 12.0) if seconds is None else (0.0, 2 * seconds / max(presses or 20, 1) * 0.7)
    people = asyncio.create_task(
        people_pressing(city, partial(_press, city, console), presses=presses, gap_s=gap_s),
        name="people",
    )
    stopped = asyncio.create_task(stop.wait(), name="stop")
    ends: set[asyncio.Task[Any]] = {stopped}
    if seconds is not None:
        ends |= {asyncio.create_task(asyncio.sleep(seconds), name="time")}
    await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    if presses is not None and not stop.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(people), _SETTLE_S)
    for task in (people, *ends):
        task.cancel()
    await asyncio.gather(people, *ends, return_exceptions=True)


async def _press(city: City, console: Console, station: Station) -> None:
    """Press, and tell how long it took until the station had its receipt and the console its card."""
    await city.press(station)
    number = len(city.pressed[station.station])
    with suppress(TimeoutError):
        await console.wait_for(station.station, number, _SETTLE_S)
        shown_ns = console.on_screen_ns[station.station][number - 1]
        took_ms = (shown_ns - city.pressed[station.station][number - 1]) / 1e6
        _say(
            f"  {time.strftime('%H:%M:%S')}  SOS at {station.station}: on the console after {took_ms:.0f} ms"
        )


async def _ready(city: City) -> None:
    """Wait until every station has been seen by the cloud."""
    client = city.cloud.login("fleet_admin")
    deadline = time.monotonic() + _READY_S
    while time.monotonic() < deadline:
        listing = await asyncio.to_thread(lambda: client.get("/api/stations").json()["stations"])
        if sum(station["state"] == "online" for station in listing) >= len(city.stations):
            break
        await asyncio.sleep(0.2)
    client.close()


async def _settle(city: City, console: Console) -> None:
    """Wait until what was pressed is on the screen; what is not there then counts as lost."""
    for station, times in city.pressed.items():
        with suppress(TimeoutError):
            await console.wait_for(station, len(times), _SETTLE_S)


def summary(city: City, console: Console) -> dict[str, Any]:
    """Compare what was pressed with what is stored and what the console showed."""
    engine = open_engine(city.cloud.database)
    with engine.begin() as connection:
        rows = connection.execute(
            text("SELECT station, source, count(*) FROM press GROUP BY station, source")
        ).all()
    engine.dispose()
    stored = len(rows)
    to_screen = [
        (shown - pressed) / 1e6
        for station, times in city.pressed.items()
        for pressed, shown in zip(times, console.on_screen_ns.get(station, []), strict=False)
    ]
    return {
        "pressed": city.press_count(),
        "stored": stored,
        "on_screen": sum(console.on_screen(station.station) for station in city.stations),
        "lost": city.press_count() - stored,
        "duplicated": sum(count - 1 for _, _, count in rows),
        "receipt": spread_ms(city.receipt_ms),
        "press_to_screen": spread_ms(to_screen),
    }


def _welcome(city: City) -> None:
    _say("")
    _say(f"  Console   {city.cloud.url}/duty/")
    for person in city.cloud.people.values():
        _say(f"  Log in    {person.login:<12} {person.password:<14} {person.role}")
    _say(
        f"  Screen    http://127.0.0.1:{city.kiosk}/kiosk/   (services, card, cabin; a virtual person uses the instruments)"
    )
    if city.counter is not None:
        citizen = city.counter.card.person
        _say(
            f"  Card      {citizen.name}, {citizen.number}: type the number, the card is laid on when the screen asks"
        )
    if city.portal is not None:
        _say(
            f"  Portal    {city.portal.url}   (simulated; goes on by itself; by hand: POST /control/case {{case_number, status}})"
        )
    for name, url in city.far_ends.items():
        _say(f"            {url}   {name}")
    if city.money is not None:
        _say(f"  Bank      {city.money.bank_url}   (simulated; somebody pays whatever code the screen shows)")
    _say(f"  Service   http://127.0.0.1:{city.kiosk}/service/ (PIN {SERVICE_PIN})")
    _say("")
    _say("  People press SOS buttons now and then. Ctrl-C ends everything.")
    _say("")


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    typer.run(main)
