"""The measurements that were begun on one instrument, and what its listener knows of its absence."""

from collections.abc import Iterator
from dataclasses import dataclass

from edge.instrument import Absence, Back, Gone, Listener
from wire.entries import VitalKind


@dataclass(slots=True)
class _Use:
    since_ms: int
    due_ms: int
    absence: Absence | None = None


class Begun:
    """Tells `hear` each change of absence once.

    A word is awaited for `patience_ms` at first and for `quiet_ms` after each other word.
    """

    def __init__(self, name: str, hear: Listener, *, patience_ms: int, quiet_ms: int) -> None:
        self._name = name
        self._hear = hear
        self._patience_ms = patience_ms
        self._quiet_ms = quiet_ms
        self._uses: dict[VitalKind, _Use] = {}

    def __iter__(self) -> Iterator[tuple[VitalKind, int]]:
        """Each kind, and since when."""
        return iter([(kind, use.since_ms) for kind, use in self._uses.items()])

    def __contains__(self, kind: VitalKind) -> bool:
        return kind in self._uses

    @property
    def next_ms(self) -> int | None:
        """When the next silence will be noticed, or None."""
        waiting = [use.due_ms for use in self._uses.values() if use.absence is not Absence.SILENT]
        return min(waiting, default=None)

    def begin(self, kind: VitalKind, now_ms: int) -> None:
        """Await `kind` from now on, in place of what was begun before."""
        self._uses[kind] = _Use(now_ms, now_ms + self._patience_ms)

    def end(self, kind: VitalKind) -> None:
        """Await it no more."""
        self._uses.pop(kind, None)

    def restart(self, now_ms: int) -> None:
        """Have patience with all of them once more."""
        for use in self._uses.values():
            use.due_ms = now_ms + self._patience_ms

    def expects(self, kind: VitalKind, now_ms: int) -> bool:
        """Tell whether a word of `kind` is awaited; it has come, and ends any absence."""
        use = self._uses.get(kind)
        if use is None:
            return False
        use.due_ms = now_ms + self._quiet_ms
        if use.absence is not None:
            use.absence = None
            self._hear(Back(self._name, kind))
        return self._uses.get(kind) is use

    def lose(self, absence: Absence) -> None:
        """Say that the line is not there, and why."""
        for kind, use in list(self._uses.items()):
            self._tell(kind, use, absence)

    def watch(self, now_ms: int) -> list[VitalKind]:
        """Notice silence; return what has just become silent."""
        silent = [
            (kind, use)
            for kind, use in self._uses.items()
            if now_ms >= use.due_ms and use.absence is not Absence.SILENT
        ]
        for kind, use in silent:
            self._tell(kind, use, Absence.SILENT)
        return [kind for kind, _ in silent]

    def _tell(self, kind: VitalKind, use: _Use, absence: Absence) -> None:
        """Tell it, unless it is known, or the listener's answer to something else was to end it."""
        if use.absence is not absence and self._uses.get(kind) is use:
            use.absence = absence
            self._hear(Gone(self._name, kind, absence))
