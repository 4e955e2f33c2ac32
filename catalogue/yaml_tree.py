"""YAML as the catalogue writes it: a small, safe part of YAML 1.2, read from the event stream with the line of every value.

Mappings with text keys, lists, and scalars. A plain scalar is null, true, false, a whole number without leading zeros or a
day (ISO 8601); anything else is text, so that `1.004190` and `0903` keep their zeros and `no` stays a word. Refused: tags, anchors, aliases,
a key that is written twice, more than one document, and more than the caps.
"""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, cast

import yaml
from yaml import events

from catalogue.mistakes import Mistake, shown

MAX_BYTES: Final = 256 * 1024
MAX_DEPTH: Final = 16
MAX_VALUES: Final = 20_000

Path = tuple[str | int, ...]
_LOADER: Final = cast("type[yaml.BaseLoader]", getattr(yaml, "CBaseLoader", yaml.BaseLoader))
_INTEGER: Final = re.compile(r"0|-?[1-9][0-9]{0,14}")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORDS: Final[dict[str, object]] = {"": None, "~": None, "null": None, "true": True, "false": False}
_UTF8: Final = "utf-8"


def path_text(path: Path) -> str:
    """Write a path as `questions[3].text.vi`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


@dataclass(frozen=True, slots=True)
class Tree:
    """A file that was read: plain values, and the line (from 1) on which each path begins."""

    file: str
    value: object
    lines: dict[Path, int]

    def mistake(self, path: Path, text: str) -> Mistake:
        """Return a mistake at this path; its line is that of the nearest value that was written."""
        line = next(
            (self.lines[path[:end]] for end in range(len(path), -1, -1) if path[:end] in self.lines), 0
        )
        return Mistake(self.file, line, path_text(path), text)


@dataclass(slots=True)
class _Open:
    """A mapping or a list that is being read."""

    path: Path
    value: dict[str, object] | list[object]
    key: str | None = None


class _RefusedError(Exception):
    """The file cannot be read further."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.line = line
        self.text = text


@dataclass(slots=True)
class _Builder:
    file: str
    mistakes: list[Mistake] = field(default_factory=list)
    lines: dict[Path, int] = field(default_factory=dict)
    open: list[_Open] = field(default_factory=list)
    root: object = None
    values: int = 0
    documents: int = 0

    def take(self, event: events.Event) -> None:
        line = 0 if event.start_mark is None else event.start_mark.line + 1
        if isinstance(event, events.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise _RefusedError(line, "one document to a file: remove the line ---")
        elif isinstance(event, events.CollectionEndEvent):
            self.open.pop()
        elif isinstance(event, events.NodeEvent):
            self._take_node(event, line)

    def _take_node(self, event: events.NodeEvent, line: int) -> None:
        self.values += 1
        if self.values > MAX_VALUES:
            raise _RefusedError(line, f"at most {MAX_VALUES} values to a file")
        if event.anchor is not None:
            raise _RefusedError(line, "no anchors (&) and aliases (*): write it out")
        if getattr(event, "tag", None) not in {None, "!"}:
            raise _RefusedError(line, "no tags (!): write the plain value")
        if isinstance(event, events.ScalarEvent):
            self._take_scalar(event, line)
        else:
            self._take_collection({} if isinstance(event, events.MappingStartEvent) else [], line)

    def _take_scalar(self, event: events.ScalarEvent, line: int) -> None:
        top = self.open[-1] if self.open else None
        if top is not None and isinstance(top.value, dict) and top.key is None:
            self._take_key(top, event.value, line)
            return
        path = self._path()
        self.lines[path] = line
        self._put(self._plain(event.value, path, line) if event.implicit[0] else event.value)

    def _take_key(self, top: _Open, key: str, line: int) -> None:
        top.key = key
        if isinstance(top.value, dict) and key in top.value:
            first = self.lines[(*top.path, key)]
            self._note((*top.path, key), line, f"written twice, first on line {first}: keep one of them")

    def _take_collection(self, value: dict[str, object] | list[object], line: int) -> None:
        if len(self.open) >= MAX_DEPTH:
            raise _RefusedError(line, f"nested deeper than {MAX_DEPTH} levels")
        if self.open and isinstance(self.open[-1].value, dict) and self.open[-1].key is None:
            raise _RefusedError(line, "a key is a word, not a list or a mapping")
        path = self._path()
        self.lines[path] = line
        self._put(value)
        self.open.append(_Open(path, value))

    def _path(self) -> Path:
        if not self.open:
            return ()
        top = self.open[-1]
        return (*top.path, len(top.value) if top.key is None else top.key)

    def _put(self, value: object) -> None:
        if not self.open:
            self.root = value
            return
        top = self.open[-1]
        if isinstance(top.value, list):
            top.value.append(value)
        elif top.key is not None:
            top.value[top.key] = value
            top.key = None

    def _plain(self, text: str, path: Path, line: int) -> object:
        if text in _WORDS:
            return _WORDS[text]
        if _INTEGER.fullmatch(text):
            return int(text)
        if _DAY.fullmatch(text):
            try:
                return dt.date.fromisoformat(text)
            except ValueError:
                self._note(path, line, f"{text} is not a day of the calendar")
        return text

    def _note(self, path: Path, line: int, text: str) -> None:
        self.mistakes.append(Mistake(self.file, line, path_text(path), text))


def read_tree(file: str, data: bytes) -> tuple[Tree | None, list[Mistake]]:
    """Read a file's bytes: the tree, or None when it cannot be read at all; and every mistake."""
    if len(data) > MAX_BYTES:
        return None, [Mistake(file, 0, "", f"larger than {MAX_BYTES // 1024} KiB")]
    try:
        text = data.decode(_UTF8)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return None, [Mistake(file, line, "", "not UTF-8: save the file as UTF-8")]
    builder = _Builder(file)
    refused = _feed(builder.take, file, text)
    if refused is not None:
        return None, [*builder.mistakes, refused]
    return Tree(file, builder.root, builder.lines), builder.mistakes


def _feed(take: Callable[[events.Event], None], file: str, text: str) -> Mistake | None:
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            take(event)
    except _RefusedError as refused:
        return Mistake(file, refused.line, "", refused.text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return Mistake(file, mark.line + 1 if mark else 0, "", f"not YAML: {error.problem or error.context}")
    except yaml.YAMLError as error:
        reason = getattr(error, "reason", "it cannot be read")
        return Mistake(file, 0, "", f"not YAML: {shown(reason)}")
    return None
