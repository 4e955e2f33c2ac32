"""The port to a second opinion. It stands apart from the one behind it, so that a station without needs no HTTP client."""

from dataclasses import dataclass
from typing import Protocol

from catalogue.answers import Topic


@dataclass(frozen=True, slots=True)
class Choice:
    """A service of the catalogue, and the question about it if one was heard."""

    service: str
    topic: Topic | None


class Opinions(Protocol):
    """Somebody to ask when the guide does not know."""

    async def ask(self, text: str) -> Choice | None:
        """Return what `text` may mean; None: no opinion. It never raises for what the other side does."""
