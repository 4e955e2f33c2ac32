"""A real pcscd with virtual readers, beside any other one: it is handed its socket, so nothing below /run is shared.

libpcsclite reads PCSCLITE_CSOCK_NAME once in a process and then never again. Whatever speaks with pcscd in this process
therefore uses the one path of `own_socket()`; a daemon for other processes may have a path of its own.
"""

import atexit
import os
import shutil
import socket
import sys
import tempfile
from functools import cache
from pathlib import Path

from tests.rig.processes import Process, RigError
from tests.rig.vpcd import Slot

DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
IPC_DIRECTORY = Path("/run/pcscd")
SOCKET_VARIABLE = "PCSCLITE_CSOCK_NAME"
_LAUNCHER = Path(__file__).with_name("activated.py")
_SLOTS_PER_ENTRY = 2


@cache
def own_socket() -> Path:
    """The path at which this process, and the children that inherit its environment, look for pcscd."""
    told = os.environ.get(SOCKET_VARIABLE)
    if told is not None:
        return Path(told)
    directory = tempfile.mkdtemp(prefix="tcds-pcsc-")
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    path = Path(directory) / "pcscd.comm"
    os.environ[SOCKET_VARIABLE] = str(path)
    return path


class PcscDaemon(Process):
    """pcscd over virtual readers, two slots each. It may be killed and started again, with other readers.

    The cards are laid on `slots`; they lie there no longer when pcscd has ended.
    """

    def __init__(self, directory: Path, *, readers: int = 1, socket_path: Path | None = None) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.directory = directory
        self.socket_path = socket_path or own_socket()
        self.slots: list[Slot] = []
        self.plug(readers)
        super().__init__(
            "pcscd",
            self._program(),
            log=directory / "pcscd.log",
            is_ready=lambda: self._starts() > self._starts_before,
        )
        self._starts_before = 0

    @property
    def environment(self) -> dict[str, str]:
        """What another process needs to find this daemon."""
        return {SOCKET_VARIABLE: str(self.socket_path)}

    def plug(self, readers: int) -> None:
        """Have so many readers from the next start on."""
        for slot in self.slots:
            slot.remove()
        for entry in self._config.iterdir():
            entry.unlink()
        ports = [free_ports(_SLOTS_PER_ENTRY) for _ in range(readers)]
        for index, port in enumerate(ports):
            (self._config / f"reader{index}").write_text(
                _entry(f"Virtual Reader {index}", port, self._driver(index))
            )
        self.slots = [Slot(port + slot) for port in ports for slot in range(_SLOTS_PER_ENTRY)]

    def spawn(self) -> None:
        """Start it and return at once."""
        self._starts_before = self._starts()
        super().spawn()

    def restart(self) -> None:
        """End it, if it runs, and start it again."""
        self.stop()
        self.start()

    def stop(self) -> int:
        """Take the cards away, end it, and leave no socket behind."""
        for slot in self.slots:
            slot.remove()
        try:
            return super().stop()
        finally:
            self.socket_path.unlink(missing_ok=True)

    def _starts(self) -> int:
        return self.log_tail(10_000).count("daemon ready")

    @property
    def _config(self) -> Path:
        path = self.directory / "reader.conf.d"
        path.mkdir(exist_ok=True)
        return path

    def _driver(self, index: int) -> Path:
        """A copy for each reader: the driver keeps its slots in a table of the library, not of the reader."""
        copy = self.directory / f"vpcd{index}.so"
        if DRIVER.exists() and not copy.exists():
            shutil.copyfile(DRIVER, copy)
        return copy

    def _program(self) -> list[str]:
        pcscd = shutil.which("pcscd") or shutil.which("pcscd", path="/usr/sbin")
        if pcscd is None or not DRIVER.exists():
            raise RigError("pcscd or its virtual reader is missing: apt-get install pcscd vsmartcard-vpcd")
        private = [] if may_use_run() else ["--private-run"]
        launch = [sys.executable, str(_LAUNCHER), *private, str(self.socket_path)]
        return [*launch, pcscd, "--foreground", "--info", "--config", str(self._config)]


def may_use_run() -> bool:
    """Whether pcscd can write its pid file where it insists on it. Several may: none reads it."""
    place = IPC_DIRECTORY if IPC_DIRECTORY.exists() else IPC_DIRECTORY.parent
    return os.access(place, os.W_OK)


def free_ports(count: int) -> int:
    """Return the first of `count` neighbouring TCP ports that were free a moment ago, for any address."""
    while True:
        with socket.socket() as first:
            first.bind(("", 0))
            port = int(first.getsockname()[1])
            if port + count <= 0x10000 and all(_is_free(port + more) for more in range(1, count)):
                return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("", port))
        except OSError:
            return False
    return True


def _entry(name: str, port: int, driver: Path) -> str:
    """One entry of reader.conf(5); vpcd takes its port as the channel."""
    return f'FRIENDLYNAME "{name}"\nDEVICENAME /dev/null:0x{port:04X}\nLIBPATH {driver}\nCHANNELID 0x{port:04X}\n'
