"""The station's daemon in a room of virtual instruments, as a process: `python -m tests.rig.cabin_daemon -c edge.toml`.

Only the radio is handed over; everything else is the daemon as it is. The room's ports stand beside the settings, and a
virtual person uses the wireless instruments whenever the screen asks for them.
"""

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from edge.logs import start_logging
from edge.sd_notify import Notifier
from edge.settings import load_settings
from edge.station import run_station
from tests.rig.room import Room
from tests.rig.screen import Patient, Screen


def main(
    config: Annotated[Path, typer.Option("--config", "-c", help="The station's settings (TOML).")],
    pace: Annotated[
        float, typer.Option(min=0.01, help="Below 1 the instruments hurry; 1 is as real ones are.")
    ] = 1.0,
    *,
    patient: Annotated[bool, typer.Option(help="Whether somebody uses the wireless instruments.")] = True,
) -> None:
    """Run a station with a virtual cabin until SIGTERM."""
    asyncio.run(_run(config, pace, has_patient=patient))


async def _run(config: Path, pace: float, *, has_patient: bool) -> None:
    settings = load_settings(config, os.environ)
    start_logging(settings.log.level, sys.stderr)
    assert settings.kiosk is not None
    async with Room(config.parent, pace=pace) as room:
        await room.pair(settings.registry_path)
        async with Screen(settings.kiosk.port) as screen:
            if has_patient:
                Patient(room, screen)
            await run_station(settings, Notifier(os.environ), make_radio=room.make_radio)


if __name__ == "__main__":
    typer.run(main)
