"""A child process that is started, watched, frozen, killed and ended, always by its pid."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

START_TIMEOUT_S = 50.0
STOP_TIMEOUT_S = 15.0


class RigError(RuntimeError):
    """A part of the rig did not start or stop as it should; the text ends with the last lines of its log."""


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def accepts(port: int) -> bool:
    """Tell whether something listens on a port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(condition: Callable[[], bool], what: str, timeout_s: float = START_TIMEOUT_S) -> None:
    """Return as soon as `condition()` holds; raise RigError naming `what` when it does not in time."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            raise RigError(f"not within {timeout_s:g} s: {what}")
        time.sleep(0.02)


class Process:
    """One program. It may be killed and started again; leaving the context ends it."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        log: Path,
        environment: Mapping[str, str] | None = None,
        is_ready: Callable[[], bool] = lambda: True,
        user: str | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.name = name
        self._command = list(command)
        self._log = log
        self._environment = {**os.environ, **(environment or {})}
        self._is_ready = is_ready
        self._user = user
        self._stop_signal = stop_signal
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """The child's process id; RigError when it was never started."""
        if self._child is None:
            raise RigError(f"{self.name}: not started")
        return self._child.pid

    @property
    def is_running(self) -> bool:
        """Whether the child lives."""
        return self._child is not None and self._child.poll() is None

    def start(self) -> None:
        """Start the program and return when it is ready."""
        self.spawn()
        self.wait_ready()

    def spawn(self) -> None:
        """Start the program and return at once."""
        with self._log.open("ab") as log:
            self._child = subprocess.Popen(  # the stop and the context manager end it
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._environment,
                start_new_session=True,
                user=self._user,
            )

    def wait_ready(self) -> None:
        """Return when the program is ready; RigError with the end of its log when it ended or takes too long."""
        try:
            wait_until(lambda: not self.is_running or self._is_ready(), f"{self.name} ready")
        except RigError as error:
            self.stop()  # nobody else would: the context is not entered
            raise RigError(f"{error}\n{self.log_tail()}") from error
        if not self.is_running:
            raise RigError(f"{self.name} ended at its start\n{self.log_tail()}")

    def stop(self) -> int:
        """Ask the program to end (SIGTERM, if it has no other way), then make it (SIGKILL); return its exit status."""
        if self._child is None:
            return 0
        if self.is_running:
            self.resume()
            self._child.send_signal(self._stop_signal)
        try:
            return self._child.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self.kill()
            raise RigError(
                f"{self.name} did not end within {STOP_TIMEOUT_S:g} s\n{self.log_tail()}"
            ) from None

    def kill(self) -> None:
        """End the program as a power cut would (SIGKILL)."""
        if self._child is not None and self.is_running:
            self._child.kill()
            self._child.wait(STOP_TIMEOUT_S)

    def pause(self) -> None:
        """Freeze the program (SIGSTOP): its sockets stay open and nobody answers."""
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Let a frozen program go on (SIGCONT)."""
        os.kill(self.pid, signal.SIGCONT)

    def reload(self) -> None:
        """Let the program read its configuration again (SIGHUP)."""
        os.kill(self.pid, signal.SIGHUP)

    def log_tail(self, lines: int = 30) -> str:
        """Return the last lines of what the program wrote."""
        if not self._log.exists():
            return ""
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-lines:])
