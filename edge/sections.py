"""Reading settings: plain data into sections, and every mistake named by its key with what would be right.

A field says what is right by the description in its type (`msgspec.Meta`). Values are never repeated: some are secret.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar, get_args, get_origin

import msgspec
from msgspec import Meta, Struct

from edge.errors import EdgeError


class Section(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Common form of all sections."""


Sections = TypeVar("Sections", bound=Section)


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: the key it is at (`broker.port`) and what would be right."""

    key: str
    text: str

    def __str__(self) -> str:
        return f"{self.key}: {self.text}"


class SettingsError(EdgeError):
    """The settings cannot be used; `problems` says all that is wrong with them."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class SectionReader:
    """Reads one set of sections and collects its problems; relative paths start at `directory`."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._problems: list[Problem] = []

    def read(self, kind: type[Sections], data: Mapping[str, object]) -> Sections:
        """Return `kind`, a Section of Sections; SettingsError names everything that is wrong."""
        fields = {field.name: field for field in msgspec.structs.fields(kind)}
        self._refuse_unknown("", data, fields)
        sections = {
            name: self._section(name, _struct(field.type), data.get(name), is_required=field.required)
            for name, field in fields.items()
        }
        if self._problems:
            raise SettingsError(self._problems)
        return kind(**{name: section for name, section in sections.items() if section is not None})

    def _section(self, name: str, kind: type[Section], data: object, *, is_required: bool) -> Section | None:
        if data is None and not is_required:
            return None
        if data is not None and not isinstance(data, Mapping):
            self._problems.append(Problem(name, f"must be a section, written [{name}]"))
            return None
        before = len(self._problems)
        values = dict(self._values(name, kind, data or {}))
        return kind(**values) if len(self._problems) == before else None

    def _values(
        self, section: str, kind: type[Section], data: Mapping[str, object]
    ) -> Iterator[tuple[str, object]]:
        fields = {field.name: field for field in msgspec.structs.fields(kind)}
        self._refuse_unknown(f"{section}.", data, fields)
        for name, field in fields.items():
            key = f"{section}.{name}"
            if name in data:
                try:
                    yield name, self._convert(data[name], field.type)
                except msgspec.ValidationError as error:
                    self._problems.append(Problem(key, f"must be {_meaning(field.type)} ({_short(error)})"))
            elif field.required:
                self._problems.append(Problem(key, f"is missing: {_meaning(field.type)}"))

    def _convert(self, value: object, kind: object) -> object:
        if isinstance(value, str) and _is_list(kind):
            value = [part.strip() for part in value.split(",")]
        return msgspec.convert(value, kind, strict=False, dec_hook=self._path)

    def _path(self, kind: type, value: object) -> object:
        if kind is Path and isinstance(value, str) and value:
            return self._directory / value
        raise msgspec.ValidationError("Expected a path")

    def _refuse_unknown(self, prefix: str, data: Mapping[str, object], fields: Mapping[str, object]) -> None:
        self._problems += [
            Problem(f"{prefix}{name}", f"is not known here; known are {', '.join(fields)}")
            for name in data
            if name not in fields
        ]


def _struct(kind: object) -> type[Section]:
    """Return the section's class of `Section` or of `Section | None`."""
    for part in get_args(kind) or (kind,):
        if isinstance(part, type) and issubclass(part, Section):
            return part
    raise TypeError("a section is a Section")


def _is_list(kind: object) -> bool:
    return get_origin(kind) is Annotated and get_origin(get_args(kind)[0]) is tuple


def _meaning(kind: object) -> str:
    """Return the description that stands in the field's type."""
    for part in (kind, *get_args(kind)):
        for note in getattr(part, "__metadata__", ()):
            if isinstance(note, Meta) and note.description:
                return note.description
    return "a value of another kind"


def _short(error: msgspec.ValidationError) -> str:
    """Return the rule that was broken; regular expressions help nobody."""
    text = str(error).partition(" - at ")[0]
    return "other characters or another length" if "regex" in text else text.replace("`", "").lower()
