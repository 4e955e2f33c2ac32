"""An SMS gateway that keeps what it was asked to send, and fails on request."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import SimpleQueue
from typing import Final

TOKEN: Final = "gateway-token"


@dataclass(frozen=True, slots=True)
class Sms:
    """One request that the gateway took."""

    to: str
    text: str
    key: str


@dataclass(slots=True)
class SmsGateway:
    """Answers with the statuses in `answers` first, then always with 202; `hang` makes it silent until it is set."""

    url: str = ""
    sent: list[Sms] = field(default_factory=list)
    refused: list[Sms] = field(default_factory=list)
    answers: SimpleQueue[HTTPStatus] = field(default_factory=SimpleQueue)
    go_on: threading.Event = field(default_factory=threading.Event)

    def fail_next(self, *answers: HTTPStatus) -> None:
        """Answer the next requests so."""
        for answer in answers:
            self.answers.put(answer)

    def take(self, sms: Sms, token: str) -> HTTPStatus:
        """Decide on one request."""
        self.go_on.wait(10)
        if token != f"Bearer {TOKEN}":
            return HTTPStatus.UNAUTHORIZED
        answer = HTTPStatus.ACCEPTED if self.answers.empty() else self.answers.get()
        (self.sent if answer is HTTPStatus.ACCEPTED else self.refused).append(sms)
        return answer


@contextmanager
def running_gateway() -> Iterator[SmsGateway]:
    """Serve on a free port until the end of the block."""
    gateway = SmsGateway()
    gateway.go_on.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            sms = Sms(body["to"], body["text"], self.headers["Idempotency-Key"])
            self.send_response(gateway.take(sms, self.headers["Authorization"]))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's name
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="sms-gateway")
        thread.start()
        gateway.url = f"http://127.0.0.1:{server.server_address[1]}/messages"
        try:
            yield gateway
        finally:
            gateway.go_on.set()
            server.shutdown()
            thread.join()
