"""Logs: one JSON object a line on stderr, or readable lines when a person looks on.

The calls are `log.info("port opened", path=path)`: an event that stays the same and fields that vary. Fields never
hold identity, health values, keys or tokens. It stands on the standard library, since importing structlog takes
the daemon 0.3 s and 10 MiB: it loads rich wherever that is installed, and the command line brings rich along.
"""

import logging
import sys
from datetime import UTC, datetime
from typing import Final, TextIO

import msgspec

_FIELDS: Final = "fields"
LEVELS: Final = ("debug", "info", "warning", "error")


class Log:
    """Writes events of one part of the daemon; cheap to make, safe to share."""

    __slots__ = ("_logger",)

    def __init__(self, name: str) -> None:
        self._logger = logging.getLogger(name)

    def debug(self, event: str, **fields: object) -> None:
        """Say what helps only while looking for a fault."""
        self._write(logging.DEBUG, event, fields)

    def info(self, event: str, **fields: object) -> None:
        """Say what happened as it should."""
        self._write(logging.INFO, event, fields)

    def warning(self, event: str, **fields: object) -> None:
        """Say what went wrong and is being mended."""
        self._write(logging.WARNING, event, fields)

    def error(self, event: str, **fields: object) -> None:
        """Say what a technician must look at."""
        self._write(logging.ERROR, event, fields)

    def exception(self, event: str, **fields: object) -> None:
        """Say it with the traceback of the exception being handled."""
        self._write(logging.ERROR, event, fields, traceback=True)

    def _write(self, level: int, event: str, fields: dict[str, object], *, traceback: bool = False) -> None:
        if self._logger.isEnabledFor(level):
            self._logger.log(level, "%s", event, extra={_FIELDS: fields}, exc_info=traceback)


class JsonLines(logging.Formatter):
    """`{"at": ..., "level": ..., "name": ..., "event": ..., field: ...}`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line without its end; what JSON does not know is told by its `str`."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "name": record.name,
            "event": record.getMessage(),
            **record.__dict__.get(_FIELDS, {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return msgspec.json.encode(line, enc_hook=str).decode()


class PlainLines(logging.Formatter):
    """`12:30:01 warning edge.drivers.board  port lost  error=unplugged`, local time."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, and the traceback below it."""
        at = datetime.fromtimestamp(record.created, UTC).astimezone().strftime("%H:%M:%S")
        fields = " ".join(f"{key}={value}" for key, value in record.__dict__.get(_FIELDS, {}).items())
        line = f"{at} {record.levelname.lower():7} {record.name}  {record.getMessage()}  {fields}".rstrip()
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def start_logging(level: str, stream: TextIO | None = None) -> None:
    """Send everything from `level` (one of LEVELS) on to `stream`, by default stderr; may be called again."""
    target = stream or sys.stderr
    handler = logging.StreamHandler(target)
    handler.setFormatter(PlainLines() if target.isatty() else JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
