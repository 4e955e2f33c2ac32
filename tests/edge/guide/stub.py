"""A chat-completions endpoint on this machine, that answers as a test wants and keeps what it was asked."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Stub:
    """`body` is sent whole, with `status` and `headers`; `is_hanging` waits with it until the stub is closed."""

    def __init__(self) -> None:
        self.body = b""
        self.status = 200
        self.headers: dict[str, str] = {}
        self.is_hanging = False
        self.asked: list[tuple[str, dict[str, str], Any]] = []
        self.arrived = threading.Event()
        self.closing = threading.Event()
        self.url = ""

    def says(self, content: object) -> None:
        """Answer with `content` as the message of the first choice."""
        text = content if isinstance(content, str) else json.dumps(content)
        self.body = json.dumps(
            {"id": "x", "choices": [{"message": {"role": "assistant", "content": text}}]}
        ).encode()

    @property
    def seen(self) -> str:
        """Everything that left the station, as one text."""
        return json.dumps(self.asked, ensure_ascii=False)


@contextmanager
def serving() -> Iterator[Stub]:
    stub = Stub()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers["Content-Length"])
            stub.asked.append((self.path, dict(self.headers), json.loads(self.rfile.read(size))))
            stub.arrived.set()
            if stub.is_hanging:
                stub.closing.wait(30)
            try:
                self.send_response(stub.status)
                for name, value in stub.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(stub.body)
            except OSError:
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="stub")
    thread.start()
    stub.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    try:
        yield stub
    finally:
        stub.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()
