"""The port: what is to be told, and how it went."""

from dataclasses import dataclass
from typing import Protocol

from cloud.sos.plan import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """One message to one target: a station asks for help, and where that is; nothing of any person.

    `key` is the same for every attempt at this message; `group` the same for all messages of one incident. `secrets`
    are a push subscription's p256dh and auth.
    """

    key: str
    group: str
    channel: Channel
    target: str
    station_name: str
    ward_name: str
    drill: bool
    level: int
    secrets: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Delivered:
    """The way's own service has taken it."""


@dataclass(frozen=True, slots=True)
class Failed:
    """It was not taken. `is_final`: trying again is of no use; `is_gone`: neither is this target, ever again."""

    detail: str
    is_final: bool = False
    is_gone: bool = False


class Notifier(Protocol):
    """One way to reach people. Safe to be called by several threads."""

    def send(self, notification: Notification) -> Delivered | Failed:
        """Send it, within a limit of time; never raises for what a peer or the network does."""

    def close(self) -> None:
        """Let go of connections."""
