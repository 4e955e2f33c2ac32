"""Slowing down guesses: after a few failures each further one doubles the wait, for the login and for the address."""

import hashlib
import ipaddress
from dataclasses import dataclass
from typing import Final

WINDOW_MS: Final = 15 * 60_000
"""Failures older than this are forgiven."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody or something that may fail `free` times before it has to wait, in the end `longest_ms` each time."""

    name: str
    free: int
    longest_ms: int


def subjects(login: str, address: str) -> tuple[Subject, Subject]:
    """Return what a login attempt counts against.

    The login only as a hash, since people type passwords there; it never waits longer than a minute, or a stranger
    could keep an officer out. A police station shares one address, so it is allowed more; an IPv6 address stands for
    its /64.
    """
    digest = hashlib.sha256(login.encode()).hexdigest()[:32]
    return Subject(f"login:{digest}", 5, 60_000), Subject(f"address:{_network(address)}", 30, 600_000)


def wait_ms(subject: Subject, failures: int, last_at_ms: int | None, now_ms: int) -> int:
    """Return how long the subject still has to wait; 0 when it may try."""
    if last_at_ms is None or failures < subject.free:
        return 0
    penalty_ms = min(1_000 << min(failures - subject.free, 20), subject.longest_ms)
    return max(0, last_at_ms + penalty_ms - now_ms)


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return address
