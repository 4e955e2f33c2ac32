"""A push service with a browser behind it: checks the VAPID signature and decrypts what arrives, as a browser would."""

import base64
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _plain(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Browser:
    """A subscription's own side: its key pair and secret."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._auth = os.urandom(16)

    @property
    def p256dh(self) -> str:
        """Public key as the browser hands it out."""
        return _base64url(self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    @property
    def auth(self) -> str:
        """Secret as the browser hands it out."""
        return _base64url(self._auth)

    def decrypt(self, body: bytes) -> dict[str, Any]:
        """Read an aes128gcm message (RFC 8188, RFC 8291)."""
        plain = http_ece.decrypt(body, private_key=self._key, auth_secret=self._auth, version="aes128gcm")
        message: dict[str, Any] = json.loads(plain)
        return message


@dataclass(frozen=True, slots=True)
class Pushed:
    """One message as it arrived."""

    headers: dict[str, str]
    body: bytes

    def claims(self) -> dict[str, Any]:
        """Verify the VAPID signature (RFC 8292) and return what was signed."""
        scheme, _, rest = self.headers["authorization"].partition(" ")
        assert scheme == "vapid"
        fields = dict(part.strip().split("=", 1) for part in rest.split(","))
        signed, _, signature = fields["t"].rpartition(".")
        raw = _plain(signature)
        encoded = utils.encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _plain(fields["k"]))
        key.verify(encoded, signed.encode(), ec.ECDSA(SHA256()))
        claims: dict[str, Any] = json.loads(_plain(signed.partition(".")[2]))
        return claims


@dataclass(slots=True)
class PushService:
    """Answers every message with `answer`."""

    origin: str = ""
    answer: HTTPStatus = HTTPStatus.CREATED
    arrived: list[Pushed] = field(default_factory=list)

    def endpoint(self, name: str) -> str:
        """Where one subscription is reached."""
        return f"{self.origin}/push/{name}"


@contextmanager
def running_push_service() -> Iterator[PushService]:
    """Serve on a free port until the end of the block."""
    service = PushService()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            service.arrived.append(Pushed(headers, body))
            self.send_response(service.answer)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's name
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="push-service")
        thread.start()
        service.origin = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield service
        finally:
            server.shutdown()
            thread.join()
