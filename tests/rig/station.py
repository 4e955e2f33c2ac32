"""A station's daemon as a real process, and the settings that it needs."""

import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from edge.settings import Settings, load_settings
from tests.rig.broker import HOST, Broker
from tests.rig.processes import Process, wait_until

NUMBER = "+84901234567"


def write_settings(
    directory: Path,
    broker: Broker,
    station: str,
    *,
    modem: bool = False,
    port: int | None = None,
    journal: str = "journal.db",
    extra: str = "",
) -> Path:
    """Write the settings of `station` into `directory`; its board is at `board` there, its modem at `modem`.

    `extra` is more TOML: further sections.
    """
    leaf = broker.certificate(station)
    modem_section = f'[modem]\nport = "{directory}/modem"\nnumbers = ["{NUMBER}"]\n' if modem else ""
    path = directory / "edge.toml"
    path.write_text(
        f"""
[station]
id = "{station}"
name = "Trạm {station}"
place = "Sảnh tháp A"
[broker]
host = "{HOST}"
port = {port or broker.port}
ca = "{broker.ca_path}"
certificate = "{leaf.certificate}"
key = "{leaf.key}"
[journal]
path = "{journal}"
reserve_bytes = 1048576
max_bytes = 33554432
[board]
port = "{directory}/board"
[heartbeat]
interval_s = 1
{modem_section}
{extra}
""",
        encoding="utf-8",
    )
    return path


def read_settings(path: Path) -> Settings:
    """Read them as the daemon would, without the environment."""
    return load_settings(path, {})


EDGE: Final = ("-m", "edge", "run")
VIRTUAL_CABIN: Final = ("-m", "tests.rig.cabin_daemon")
"""The daemon in a room of virtual instruments; further options may follow."""


class StationProcess(Process):
    """`with StationProcess(config) as daemon`: `tcds-edge run`, ready as systemd would see it; at the end its power is cut.

    `stop()` ends it calmly: without a centre it waits a while for receipts.
    """

    def __init__(
        self,
        config: Path,
        watchdog_s: float = 0,
        environment: Mapping[str, str] | None = None,
        program: Sequence[str] = EDGE,
    ) -> None:
        self._address = config.parent / "notify"
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._listener.bind(str(self._address))
        self._listener.settimeout(0)
        self._heard: list[str] = []
        notify = {"NOTIFY_SOCKET": str(self._address), "WATCHDOG_USEC": str(int(watchdog_s * 1e6))}
        super().__init__(
            "tcds-edge",
            [sys.executable, *program, "--config", str(config)],
            log=config.parent / "daemon.log",
            environment={**notify, "PYTHONPATH": str(Path.cwd()), **(environment or {})},
            is_ready=lambda: "READY=1" in self.heard,
        )

    def __enter__(self) -> Self:
        super().__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        self._listener.close()
        self._address.unlink()

    def start(self) -> None:
        """Start it anew and return when it is ready; what was heard of an earlier life is forgotten."""
        self._heard.clear()
        super().start()

    @property
    def heard(self) -> list[str]:
        """What the daemon has told systemd since its start."""
        while True:
            try:
                self._heard.append(self._listener.recv(1_000).decode())
            except BlockingIOError:
                return self._heard

    def wait_heard(self, word: str, timeout_s: float = 10) -> None:
        """Return when the daemon has told systemd something that begins with `word`."""
        wait_until(lambda: any(told.startswith(word) for told in self.heard), word, timeout_s)
