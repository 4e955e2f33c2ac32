"""Mosquitto's configuration and access list, rendered; pure.

Tried on Mosquitto 2.0.11 and 2.1.2: without `use_username_as_clientid` any station could throw another one off by its
client id; without `set_tcp_nodelay` a round trip takes 80 ms; the broker's own persistence is no guarantee and none is
needed, because a journal forgets only on a receipt.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from wire.messages import MAX_PAYLOAD_BYTES
from wire.topics import ROOT, Channel

INGEST: Final = "ingest"
COURIER: Final = "courier"
COUNTER: Final = "counter"


@dataclass(frozen=True, slots=True)
class Listener:
    """Where the broker listens and the files it needs."""

    host: str
    port: int
    ca: Path
    crl: Path
    certificate: Path
    key: Path


def cloud_client(role: str, index: int) -> str:
    """Return the common name of the index-th process of a cloud role, e.g. `ingest-0`."""
    return f"{role}-{index}"


def render_acl(*, ingest_workers: int, couriers: int = 1, counters: int = 1) -> str:
    """Write who may do what: a station its own subtree, an ingest all that goes up, a courier the commands.

    A counter hears what stations ask and answers it.
    """
    lines = [f"pattern write {ROOT}/+/%u/up/#", f"pattern read {ROOT}/+/%u/down/#"]
    for index in range(ingest_workers):
        lines += [
            f"user {cloud_client(INGEST, index)}",
            f"topic read {ROOT}/+/+/up/#",
            f"topic write {ROOT}/+/+/{Channel.RECEIPT}",
        ]
    for index in range(couriers):
        lines += [f"user {cloud_client(COURIER, index)}", f"topic write {ROOT}/+/+/{Channel.COMMAND}/+"]
    for index in range(counters):
        lines += [
            f"user {cloud_client(COUNTER, index)}",
            f"topic read {ROOT}/+/+/{Channel.ASK}/+",
            f"topic write {ROOT}/+/+/{Channel.ANSWER}/+",
        ]
    return "\n".join(lines) + "\n"


def render_conf(listener: Listener, *, acl: Path, data: Path | None, user: str | None = None) -> str:
    """Write `mosquitto.conf`; without `data` nothing is persisted, which costs a re-send after a restart and no more."""
    lines = [
        f"listener {listener.port} {listener.host}",
        f"cafile {listener.ca}",
        f"certfile {listener.certificate}",
        f"keyfile {listener.key}",
        f"crlfile {listener.crl}",
        "tls_version tlsv1.2",
        "require_certificate true",
        "use_identity_as_username true",
        "use_username_as_clientid true",
        "allow_anonymous false",
        f"acl_file {acl}",
        "set_tcp_nodelay true",
        "max_inflight_messages 1000",
        "max_queued_messages 0",
        "max_queued_bytes 268435456",
        f"message_size_limit {MAX_PAYLOAD_BYTES}",
        f"max_packet_size {MAX_PAYLOAD_BYTES + 1024}",
        "persistent_client_expiration 30d",
        "connection_messages false",
        "log_dest stderr",
        "log_type error",
        "log_type warning",
    ]
    lines += (
        ["persistence true", "autosave_interval 60", f"persistence_location {data}/"]
        if data
        else ["persistence false"]
    )
    lines += [f"user {user}"] if user else []
    return "\n".join(lines) + "\n"
