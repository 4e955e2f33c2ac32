"""A store whose process can die at any commit, or have another process come in between any two of its transactions."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from cloud.store.bell import Bells, DatagramBells, NotifyBells
from cloud.store.engine import Store, open_engine


class PowerCutError(BaseException):
    """The process is gone. No handler of an ordinary error may see it, as none would run."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Die at the `number`-th transaction that writes (from 1): before its commit, or just after it."""

    number: int
    is_committed: bool


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """Before the `number`-th transaction that writes another process does something."""

    number: int
    what: Callable[[], None]


@dataclass
class Fate:
    """What is to happen during one deed, and how many transactions it began."""

    cut: Cut | None = None
    meanwhile: Meanwhile | None = None
    count: int = 0
    is_dead: bool = False

    def begin(self) -> int:
        """Count one more; the dead begin nothing."""
        self.require_life()
        self.count += 1
        if self.meanwhile is not None and self.meanwhile.number == self.count:
            self.meanwhile.what()
        return self.count

    def reach(self, number: int, *, is_committed: bool) -> None:
        """Die if it is time."""
        if self.cut == Cut(number, is_committed):
            self.is_dead = True
            raise PowerCutError

    def require_life(self) -> None:
        """Nothing runs on in a process that is gone."""
        if self.is_dead:
            raise PowerCutError


class MortalStore(Store):
    """The real store; `fate` says when its process ends."""

    def __init__(self, engine: Engine, bells: Bells) -> None:
        super().__init__(engine, bells)
        self.fate = Fate()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Write, unless the power goes."""
        fate = self.fate
        number = fate.begin()
        with super().writing() as connection:
            yield connection
            fate.reach(number, is_committed=False)
        fate.reach(number, is_committed=True)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read, unless the power is gone."""
        self.fate.require_life()
        with super().reading() as connection:
            yield connection


class Stores:
    """`with Stores(url) as stores`: `mine` can die, `others` is that of every other process."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.path = url.removeprefix("sqlite:///")
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self.mine = MortalStore(*self._opened())
        self.others = Store(*self._opened())
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _opened(self) -> tuple[Engine, Bells]:
        engine = open_engine(self._url)
        self._stack.callback(engine.dispose)
        if engine.dialect.name != "sqlite" or engine.url.database is None:
            return engine, NotifyBells(engine)
        event.listen(engine, "connect", _spare_the_disk)
        bells = DatagramBells(Path(engine.url.database + ".bells"))
        return engine, self._stack.enter_context(bells)


def _spare_the_disk(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """A process dies here, never the machine: what was handed to the kernel is there afterwards."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.close()
