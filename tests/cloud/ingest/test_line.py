"""The reading-ahead socket behaves as any TLS socket does, only with fewer trips."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from cloud.ingest.line import Line, client_context
from provisioning.pki import Authority

BIG = bytes(range(256)) * 1_000


@pytest.fixture
def ends(tmp_path: Path) -> Iterator[tuple[Line, ssl.SSLSocket]]:
    """A connected pair: our client's end, non-blocking as paho has it, and the server's."""
    authority = Authority.create(tmp_path / "pki")
    server, client = authority.issue("broker", hosts=("localhost",)), authority.issue("ingest-0")
    far_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    far_context.load_cert_chain(server.certificate, server.key)
    near_raw, far_raw = socket.socketpair()
    shaken: list[ssl.SSLSocket] = []
    thread = threading.Thread(
        target=lambda: shaken.append(far_context.wrap_socket(far_raw, server_side=True))
    )
    thread.start()
    context = client_context(str(authority.ca_path), str(client.certificate), str(client.key))
    near = context.wrap_socket(near_raw, server_hostname="localhost")
    thread.join(10)
    assert isinstance(near, Line)
    near.settimeout(0)
    with closing(near), closing(shaken[0]):
        yield near, shaken[0]


def _read(line: Line, count: int, piece: int) -> bytes:
    got = b""
    while len(got) < count:
        try:
            got += line.recv(piece)
        except ssl.SSLWantReadError:
            continue
    return got


@pytest.mark.parametrize("piece", [1, 7, 4096, 300_000])
def test_bytes_arrive_whole_and_in_order_in_pieces_of_any_size(
    ends: tuple[Line, ssl.SSLSocket], piece: int
) -> None:
    near, far = ends
    sent = BIG if piece > 1 else BIG[:2_000]
    writer = threading.Thread(target=far.sendall, args=(sent,))
    writer.start()
    assert _read(near, len(sent), piece) == sent
    writer.join(10)


def test_what_was_read_ahead_is_pending(ends: tuple[Line, ssl.SSLSocket]) -> None:
    near, far = ends
    far.sendall(b"0123456789")
    assert _read(near, 1, 1) == b"0"
    assert near.pending() == 9
    assert near.recv(100) == b"123456789"
    assert near.pending() == 0
    with pytest.raises(ssl.SSLWantReadError):
        near.recv(1)


def test_an_end_of_the_line_is_told_as_such(ends: tuple[Line, ssl.SSLSocket]) -> None:
    near, far = ends
    far.sendall(b"last")
    far.shutdown(socket.SHUT_RDWR)
    assert _read(near, 4, 10) == b"last"
    assert near.recv(10) == b""


def test_what_is_sent_under_the_cork_leaves_as_one(ends: tuple[Line, ssl.SSLSocket]) -> None:
    near, far = ends
    with near.corked():
        assert [near.send(b"ab"), near.send(b"cd")] == [2, 2]
        far.settimeout(0.1)
        with pytest.raises(TimeoutError):
            far.recv(10)
    far.settimeout(5)
    assert far.recv(10) == b"abcd"
    near.send(b"e")
    assert far.recv(10) == b"e"


def test_a_large_flush_waits_for_a_slow_reader(ends: tuple[Line, ssl.SSLSocket]) -> None:
    near, far = ends
    got = bytearray()

    def read() -> None:
        while len(got) < len(BIG):
            got.extend(far.recv(10_000))

    reader = threading.Thread(target=read)
    reader.start()
    with near.corked():
        near.send(BIG)
    reader.join(10)
    assert bytes(got) == BIG


def test_a_reader_that_takes_nothing_is_an_error_in_time(
    ends: tuple[Line, ssl.SSLSocket], monkeypatch: pytest.MonkeyPatch
) -> None:
    near, _ = ends
    monkeypatch.setattr("cloud.ingest.line._FLUSH_TIMEOUT_S", 0.1)
    with pytest.raises(TimeoutError), near.corked():
        near.send(BIG * 20)
