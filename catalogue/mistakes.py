"""What is wrong with a catalogue, told so that whoever wrote the file can put it right: where, what, and what would be."""

from dataclasses import dataclass
from typing import Final

MAX_SHOWN: Final = 40
"""Characters of a wrong value that are repeated."""


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One mistake: the file's name, its line from 1 (0: the file as a whole), the path within the file, and the text."""

    file: str
    line: int
    path: str
    text: str

    def __str__(self) -> str:
        """Tell it in one line, as compilers do."""
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.path}: {self.text}" if self.path else f"{where}: {self.text}"


class CatalogueError(Exception):
    """The root of everything that can go wrong with the catalogue."""


class BrokenCatalogueError(CatalogueError):
    """The files cannot be used; `mistakes` holds every mistake that was found, in the order of files and lines."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__(f"{len(mistakes)} mistakes in the catalogue, the first: {mistakes[0]}")
        self.mistakes = mistakes


def shown(value: object) -> str:
    """Return the value as it may stand in a mistake's text."""
    text = repr(value)
    return text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 3]}..."
