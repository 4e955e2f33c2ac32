"""What the matcher learns from: names and search words of the catalogue, and ways of saying it that ship with the guide.

`sayings/<service>.txt` has one saying a line, '#' begins a comment; `sayings/unrelated.txt` is what people say that no
service is for. They were written for the guide and hold nobody's words. A service without a file is found by its
catalogue words alone, so that a new service needs no code.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from catalogue.model import Service
from edge.guide.errors import PhrasesError
from edge.guide.match import Entry

SAYINGS: Final = Path(__file__).parent / "sayings"
UNRELATED: Final = "unrelated"
MAX_FILE_BYTES: Final = 64 << 10
MAX_LINE: Final = 200


def load_sayings(folder: Path = SAYINGS) -> dict[str, tuple[str, ...]]:
    """Return the sayings by the name of their file; PhrasesError names a file that cannot be used."""
    return {path.stem: _read(path) for path in sorted(folder.glob("*.txt"))}


def catalogue_words(services: Iterable[Service]) -> dict[str, tuple[str, ...]]:
    """Return each service's names and search words, in both languages."""
    return {each.id: (each.name.vi, each.name.en, *each.search.vi, *each.search.en) for each in services}


def join(words: Mapping[str, tuple[str, ...]], sayings: Mapping[str, tuple[str, ...]]) -> list[Entry]:
    """Return an entry for each service of either; `unrelated` is left out."""
    services = sorted({*words, *sayings} - {UNRELATED})
    return [Entry(service, words.get(service, ()) + sayings.get(service, ())) for service in services]


def _read(path: Path) -> tuple[str, ...]:
    try:
        data = path.read_bytes()[: MAX_FILE_BYTES + 1]
        lines = data.decode().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise PhrasesError(f"{path.name} cannot be read as text") from error
    found = tuple(line for line in map(str.strip, lines) if line and not line.startswith("#"))
    if len(data) > MAX_FILE_BYTES or any(len(line) > MAX_LINE for line in found):
        raise PhrasesError(f"{path.name}: at most {MAX_FILE_BYTES} bytes, {MAX_LINE} characters a line")
    return found
