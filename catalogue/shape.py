"""Does a tree have the shape of a Struct? Walks the whole of it and tells every mistake, with what would be right.

msgspec stops at the first mistake; here the same types and bounds are read (msgspec.inspect), and msgspec then builds.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Final, TypeVar

import msgspec
from msgspec import inspect

from catalogue.mistakes import Mistake, shown
from catalogue.yaml_tree import Path, Tree

T = TypeVar("T", bound=msgspec.Struct)
Told = list[tuple[Path, str]]


def build(tree: Tree, kind: type[T]) -> tuple[T | None, list[Mistake]]:
    """Return the tree as `kind`, or None and every mistake of its shape."""
    told: Told = []
    _walk(tree.value, inspect.type_info(kind), (), told)
    if told:
        return None, [tree.mistake(path, text) for path, text in told]
    try:
        return msgspec.convert(tree.value, kind), []
    except msgspec.ValidationError as error:
        return None, [tree.mistake((), str(error))]


def _walk(value: object, kind: inspect.Type, path: Path, told: Told) -> None:
    if isinstance(kind, inspect.Metadata):
        kind = kind.type
    for known, walk in _WALKS.items():
        if isinstance(kind, known):
            walk(value, kind, path, told)
            return


def _struct(value: object, kind: inspect.Type, path: Path, told: Told) -> None:
    assert isinstance(kind, inspect.StructType)
    if not isinstance(value, dict):
        told.append((path, f"{_is(value)} where a mapping belongs, with {_keys(kind)}"))
        return
    fields = {each.encode_name: each for each in kind.fields}
    for key in value:
        if key not in fields and key != kind.tag_field:
            told.append(((*path, key), f"unknown key; {_keys(kind)} are known"))
    for name, each in fields.items():
        if name in value:
            _walk(value[name], each.type, (*path, name), told)
        elif each.required:
            told.append((path, f"{name} is missing"))


def _keys(kind: inspect.StructType) -> str:
    return ", ".join(each.encode_name for each in kind.fields)


def _union(value: object, kind: inspect.Type, path: Path, told: Told) -> None:
    assert isinstance(kind, inspect.UnionType)
    structs: dict[str | int | None, inspect.StructType] = {
        each.tag: each for each in kind.types if isinstance(each, inspect.StructType)
    }
    if len(structs) > 1:
        _tagged(value, structs, path, told)
        return
    fitting = [each for each in kind.types if not _mistakes(value, each, path)]
    if not fitting:
        others = [each for each in kind.types if not isinstance(each, inspect.NoneType)]
        if len(others) == 1:
            _walk(value, others[0], path, told)
        else:
            told.append((path, f"{_is(value)}; text, true or false belongs here"))


def _tagged(
    value: object, structs: Mapping[str | int | None, inspect.StructType], path: Path, told: Told
) -> None:
    one = next(iter(structs.values()))
    name = one.tag_field or "type"
    if not isinstance(value, dict):
        told.append((path, f"{_is(value)} where a mapping belongs, with {name}"))
        return
    tag = value.get(name)
    if isinstance(tag, str) and tag in structs:
        _struct(value, structs[tag], path, told)
    else:
        told.append(((*path, name), f"{shown(tag)} is none of {', '.join(map(str, structs))}"))


def _list(value: object, kind: inspect.Type, path: Path, told: Told) -> None:
    assert isinstance(kind, inspect.VarTupleType)
    if not isinstance(value, list):
        told.append((path, f"{_is(value)} where a list belongs"))
        return
    if len(value) < (kind.min_length or 0):
        told.append((path, f"{len(value)} entries; at least {kind.min_length} belong here"))
    if kind.max_length is not None and len(value) > kind.max_length:
        told.append((path, f"{len(value)} entries; at most {kind.max_length} may stand here"))
        return
    for index, each in enumerate(value):
        _walk(each, kind.item_type, (*path, index), told)


def _text(value: object, kind: inspect.Type, path: Path, told: Told) -> None:
    assert isinstance(kind, inspect.StrType)
    low, high = kind.min_length or 0, kind.max_length or 10_000
    if not isinstance(value, str):
        hint = "; put it in quotes" if isinstance(value, int | dt.date) else ""
        told.append((path, f"{_is(value)} where text belongs{hint}"))
    elif not low <= len(value) <= high:
        told.append((path, f"{len(value)} characters; {low} to {high} may stand here"))
    elif kind.pattern is not None and re.fullmatch(kind.pattern, value) is None:
        told.append((path, f"{shown(value)} is not of the form {kind.pattern}"))


def _integer(value: object, kind: inspect.Type, path: Path, told: Told) -> None:
    assert isinstance(kind, inspect.IntType)
    if isinstance(value, bool) or not isinstance(value, int):
        told.append((path, f"{_is(value)} where a whole number belongs, digits only"))
    elif (kind.ge is not None and value < kind.ge) or (kind.le is not None and value > kind.le):
        told.append((path, f"{value}; {kind.ge} to {kind.le} belongs here"))


def _flag(value: object, _kind: inspect.Type, path: Path, told: Told) -> None:
    if not isinstance(value, bool):
        told.append((path, f"{_is(value)} where true or false belongs"))


def _choice(value: object, kind: inspect.Type, path: Path, told: Told) -> None:
    assert isinstance(kind, inspect.EnumType)
    known = [str(each.value) for each in kind.cls]
    if not isinstance(value, str) or value not in known:
        told.append((path, f"{shown(value)} is none of {', '.join(known)}"))


def _day(value: object, _kind: inspect.Type, path: Path, told: Told) -> None:
    if not isinstance(value, dt.date):
        told.append((path, f"{_is(value)} where a day belongs, as 2026-11-22"))


def _nothing(value: object, _kind: inspect.Type, path: Path, told: Told) -> None:
    if value is not None:
        told.append((path, f"{_is(value)} where nothing belongs"))


_WALKS: Final[dict[type[inspect.Type], Callable[[object, inspect.Type, Path, Told], None]]] = {
    inspect.StructType: _struct,
    inspect.UnionType: _union,
    inspect.VarTupleType: _list,
    inspect.StrType: _text,
    inspect.IntType: _integer,
    inspect.BoolType: _flag,
    inspect.EnumType: _choice,
    inspect.DateType: _day,
    inspect.NoneType: _nothing,
}


def _mistakes(value: object, kind: inspect.Type, path: Path) -> Told:
    told: Told = []
    _walk(value, kind, path, told)
    return told


def _is(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    return shown(value)
