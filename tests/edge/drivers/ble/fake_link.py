"""A link that a test speaks into: no stack, every answer given."""

import asyncio
from collections.abc import Callable

from edge.drivers.ble.errors import LinkError


class FakeLink:
    """A device with `values` to read, `written` to it, and characteristics that `refuse`; speak with `say`."""

    def __init__(self, properties: dict[int, set[str]], values: dict[int, bytes] | None = None) -> None:
        self.properties = properties
        self.values = values or {}
        self.written: list[tuple[int, bytes]] = []
        self.refused: set[int] = set()
        self.ears: dict[int, Callable[[bytes], None]] = {}
        self.answers: dict[bytes, list[tuple[int, bytes]]] = {}
        self._gone = asyncio.Event()

    @property
    def services(self) -> frozenset[str]:
        return frozenset()

    @property
    def is_up(self) -> bool:
        return not self._gone.is_set()

    def can(self, number: int, *able: str) -> bool:
        return bool(self.properties.get(number, set()) & set(able))

    async def read(self, number: int) -> bytes:
        self._check(number)
        return self.values[number]

    async def write(self, number: int, value: bytes) -> None:
        self._check(number)
        self.written.append((number, value))
        for answered, answer in self.answers.get(value, []):
            self.say(answered, answer)

    async def subscribe(self, number: int, hear: Callable[[bytes], None]) -> None:
        self._check(number)
        self.ears[number] = hear

    async def lost(self) -> None:
        await self._gone.wait()

    def say(self, number: int, value: bytes) -> None:
        """Notify."""
        self.ears[number](value)

    def drop(self) -> None:
        """End it."""
        self._gone.set()

    def _check(self, number: int) -> None:
        if number in self.refused or not self.is_up:
            raise LinkError("refused")
