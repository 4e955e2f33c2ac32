import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.sd_notify import Notifier


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        listener.settimeout(1)
        yield listener


def test_systemd_hears_each_word(systemd: socket.socket) -> None:
    with Notifier({"NOTIFY_SOCKET": systemd.getsockname()}) as notifier:
        notifier.ready()
        notifier.alive()
        notifier.status("two\nlines" + "x" * 500)
        notifier.stopping()
    heard = [systemd.recv(1_000) for _ in range(4)]
    assert heard[:2] == [b"READY=1", b"WATCHDOG=1"]
    assert heard[2].startswith(b"STATUS=two linesx")
    assert len(heard[2]) == len("STATUS=") + 200
    assert heard[3] == b"STOPPING=1"


def test_an_abstract_socket_will_do() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(b"\0tcds-test-notify")
        listener.settimeout(1)
        with Notifier({"NOTIFY_SOCKET": "@tcds-test-notify"}) as notifier:
            notifier.ready()
        assert listener.recv(100) == b"READY=1"


@pytest.mark.parametrize("environment", [{}, {"NOTIFY_SOCKET": "/nowhere/at/all"}])
def test_where_nobody_listens_nothing_happens(environment: dict[str, str]) -> None:
    with Notifier(environment) as notifier:
        notifier.ready()
        notifier.alive()


def test_a_full_socket_never_blocks(systemd: socket.socket) -> None:
    with Notifier({"NOTIFY_SOCKET": systemd.getsockname()}) as notifier:
        for _ in range(10_000):
            notifier.alive()


@pytest.mark.parametrize(("micros", "seconds"), [("30000000", 30.0), ("0", None), ("", None), ("soon", None)])
def test_how_long_systemd_waits(micros: str, seconds: float | None) -> None:
    assert Notifier({"WATCHDOG_USEC": micros}).watchdog_s == seconds
