"""`tcds-edge run` itself: settings in, station running, exit status out.

It is reached without the command line's library, which would stay in memory for months: 9 MiB, and 0.2 s at each start.
"""

import asyncio
import os
import sys
from pathlib import Path
from typing import Final

from edge.errors import EdgeError
from edge.sections import SettingsError
from edge.settings import load_settings

DEFAULT_CONFIG: Final = Path("/etc/tcds/edge.toml")
CONFIG_VARIABLE: Final = "TCDS_EDGE_CONFIG"
EXIT_OK: Final = 0
EXIT_FAILED: Final = 1
EXIT_SETTINGS: Final = 2

_CONFIG_OPTIONS: Final = ("--config", "-c")


def config_of_run(arguments: list[str], environment: dict[str, str]) -> Path | None:
    """Return the settings' path when `arguments` are the plain `run [--config PATH]`; None: the command line decides."""
    match arguments:
        case ["run"]:
            return Path(environment.get(CONFIG_VARIABLE, DEFAULT_CONFIG))
        case ["run", option, path] if option in _CONFIG_OPTIONS:
            return Path(path)
        case _:
            return None


def run_daemon(config: Path) -> int:
    """Run until SIGTERM; return 0 when told to end, 1 when only a new start helps, 2 when the settings are wrong."""
    try:
        settings = load_settings(config, os.environ)
    except SettingsError as error:
        print(error, file=sys.stderr)  # noqa: T201 - before there are logs
        return EXIT_SETTINGS
    from edge.journal.errors import JournalError  # noqa: PLC0415 - wrong settings are told at once
    from edge.logs import Log, start_logging  # noqa: PLC0415 - same
    from edge.sd_notify import Notifier  # noqa: PLC0415 - same
    from edge.secrecy import keep_out_of_dumps  # noqa: PLC0415 - same
    from edge.station import run_station  # noqa: PLC0415 - same
    from edge.supervise import first_cause  # noqa: PLC0415 - same

    start_logging(settings.log.level)
    keep_out_of_dumps()
    try:
        asyncio.run(run_station(settings, Notifier(os.environ)))
    except Exception as error:
        cause = first_cause(error)
        if not isinstance(cause, JournalError | EdgeError | OSError):
            raise
        Log(__name__).error("ended", reason=str(cause))
        return EXIT_FAILED
    return EXIT_OK
