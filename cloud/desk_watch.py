"""What the feed tells desks: which requests changed since the last look, also those that have only now got a desk."""

from typing import Final

from cloud.news import RequestNews
from cloud.store import request_changes
from cloud.store.engine import Transaction
from cloud.store.request_changes import Changed

MAX_CHANGES: Final = 500
MAX_HOMELESS: Final = 1_000
"""Requests that no desk has yet are looked at again; of more the oldest are forgotten, and seen with the next reload."""


class DeskWatch:
    """Remembers how far it has looked; used by one thread at a time."""

    def __init__(self) -> None:
        self._seq: int | None = None
        self._homeless: dict[str, None] = {}

    def look(self, connection: Transaction) -> list[RequestNews]:
        """Return what is new; nothing at the first look, from which on it counts."""
        if self._seq is None:
            self._seq = request_changes.last_seq(connection)
            return []
        settled = self._settled(connection)
        changes = request_changes.changes_since(connection, self._seq, MAX_CHANGES)
        if changes:
            self._seq = changes[-1].seq
        self._remember([each for each in changes if each.desk is None])
        found = {each.request: each for each in [*settled, *changes] if each.desk is not None}
        return [RequestNews(each.request, each.ward, each.desk or "") for each in found.values()]

    def _settled(self, connection: Transaction) -> list[Changed]:
        """Return those that have got a desk meanwhile."""
        if not self._homeless:
            return []
        settled = list(request_changes.whereabouts(connection, self._homeless))
        for each in settled:
            self._homeless.pop(each.request, None)
        return settled

    def _remember(self, homeless: list[Changed]) -> None:
        self._homeless |= {each.request: None for each in homeless}
        for request in list(self._homeless)[: max(0, len(self._homeless) - MAX_HOMELESS)]:
            del self._homeless[request]
