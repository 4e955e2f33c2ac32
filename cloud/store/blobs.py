"""Papers and pictures that belong to requests: taken in part by part, in any order, however often each comes.

A station sends the parts before the request that names them, so they are kept for a while without one. Once all parts are
here the digest decides: it is whole, or it is set aside with its fault and its bytes are not kept. Nobody here can open them.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from sqlalchemy import Connection, bindparam, delete, func, select, tuple_, update

from cloud.store.schema import BLOB as B
from cloud.store.schema import BLOB_PART as P
from cloud.store.upsert import insert_new
from wire.entries import BLOB_PART_BYTES, MAX_BLOBS, BlobPart

MAX_OF_REQUEST: Final = 3 * MAX_BLOBS
"""Those that it was submitted with, and as many again, twice, that were asked for later."""
_AT_ONCE: Final = 16


class Fault(StrEnum):
    """Why a blob is set aside."""

    DIGEST = "digest"
    """Its bytes, or its size, are not those that it is named by."""
    TOO_MANY = "too-many"
    """Its request has as many as there may be."""


class Told(NamedTuple):
    """One entry of lane `blob`: whose, when it arrived (cloud's clock), when it happened (station's clock), what."""

    station: str
    received_at_ms: int
    at_ms: int
    body: BlobPart


class Key(NamedTuple):
    """Names a blob."""

    request: str
    sha256: str


class _State(NamedTuple):
    size_bytes: int
    is_settled: bool


def part_count(size_bytes: int) -> int:
    """Return in how many parts a blob of this size comes."""
    return -(-size_bytes // BLOB_PART_BYTES)


def record(connection: Connection, told: Sequence[Told], now_ms: int) -> None:
    """Take parts in; repeating any of them changes nothing. What is complete thereby is whole, or set aside."""
    if not told:
        return
    _open(connection, {_key(each): each for each in reversed(told)})
    states = _lock(connection, {_key(each) for each in told})
    fitting = [each for each in told if _fits(each, states[_key(each)])]
    odd = {_key(each) for each in told if each.body.blob.size_bytes != states[_key(each)].size_bytes}
    if fitting:
        connection.execute(insert_new(connection.dialect.name, P), [_part_row(each.body) for each in fitting])
    for key in sorted({_key(each) for each in fitting} | odd):
        _settle(connection, key, states[key], now_ms, is_odd=key in odd)


def parts(connection: Connection, key: Key) -> Iterator[bytes]:
    """Yield what is here of a blob, from its beginning on, a few parts in memory at a time."""
    rows = connection.execute(_PARTS, {"of": key.request, "digest": key.sha256}).yield_per(_AT_ONCE)
    yield from rows.scalars()


def part_at(connection: Connection, key: Key, offset: int) -> bytes | None:
    """Return the part that begins at `offset`; None when it is not here."""
    row = connection.execute(_PART_AT, {"of": key.request, "digest": key.sha256, "offset": offset}).first()
    return None if row is None else bytes(row[0])


def faulty_count(connection: Connection) -> int:
    """Return how many are set aside."""
    return connection.execute(_FAULTY).scalar_one()


def _key(each: Told) -> Key:
    return Key(each.body.request, each.body.blob.sha256)


def _fits(each: Told, state: _State) -> bool:
    return not state.is_settled and each.body.blob.size_bytes == state.size_bytes


def _open(connection: Connection, first: Mapping[Key, Told]) -> None:
    """Make a row for each blob that is new; rows of one group are written in one order, so workers do not block each other."""
    known = {Key(*row) for row in connection.execute(_KNOWN, {"keys": [tuple(key) for key in first]})}
    asked = {"requests": sorted({key.request for key in first})}
    counts = Counter({row[0]: row[1] for row in connection.execute(_COUNTS, asked)})
    rows: list[dict[str, object]] = []
    for key in sorted(first.keys() - known):
        counts[key.request] += 1
        is_one_too_many = counts[key.request] > MAX_OF_REQUEST
        rows.append(_row(key, first[key], Fault.TOO_MANY if is_one_too_many else None))
    if rows:
        connection.execute(insert_new(connection.dialect.name, B), rows)


def _lock(connection: Connection, keys: Collection[Key]) -> dict[Key, _State]:
    rows = connection.execute(_LOCK, {"keys": [tuple(key) for key in sorted(keys)]})
    return {
        Key(row.request, row.sha256): _State(
            row.size_bytes, row.whole_at_ms is not None or row.fault is not None
        )
        for row in rows
    }


def _settle(connection: Connection, key: Key, state: _State, now_ms: int, *, is_odd: bool) -> None:
    """Decide what is complete: whole, or set aside."""
    place = {"of": key.request, "digest": key.sha256}
    if state.is_settled:
        return
    if not is_odd:
        if connection.execute(_HERE, place).scalar_one() < part_count(state.size_bytes):
            return
        if _digest(connection, key) == key.sha256:
            connection.execute(_WHOLE, {**place, "now_ms": now_ms})
            return
    connection.execute(_SET_ASIDE, {**place, "why": Fault.DIGEST.value})
    connection.execute(_FORGET, place)


def _digest(connection: Connection, key: Key) -> str:
    digest = hashlib.sha256()
    for data in parts(connection, key):
        digest.update(data)
    return digest.hexdigest()


def _row(key: Key, first: Told, fault: Fault | None) -> dict[str, object]:
    return {
        "request": key.request,
        "sha256": key.sha256,
        "station": first.station,
        "size_bytes": first.body.blob.size_bytes,
        "received_at_ms": first.received_at_ms,
        "whole_at_ms": None,
        "fault": None if fault is None else fault.value,
    }


def _part_row(body: BlobPart) -> dict[str, object]:
    return {"request": body.request, "sha256": body.blob.sha256, "at": body.offset, "data": body.data}


_IS_AMONG: Final = tuple_(B.c.request, B.c.sha256).in_(bindparam("keys", expanding=True))
_KNOWN: Final = select(B.c.request, B.c.sha256).where(_IS_AMONG)
_COUNTS: Final = (
    select(B.c.request, func.count())
    .where(B.c.request.in_(bindparam("requests", expanding=True)))
    .group_by(B.c.request)
)
_LOCK: Final = (
    select(B.c.request, B.c.sha256, B.c.size_bytes, B.c.whole_at_ms, B.c.fault)
    .where(_IS_AMONG)
    .order_by(B.c.request, B.c.sha256)
    .with_for_update()
)
_THIS: Final = (P.c.request == bindparam("of"), P.c.sha256 == bindparam("digest"))
_HERE: Final = select(func.count()).select_from(P).where(*_THIS)
_PARTS: Final = select(P.c.data).where(*_THIS).order_by(P.c.at)
_PART_AT: Final = select(P.c.data).where(*_THIS, P.c.at == bindparam("offset"))
_FORGET: Final = delete(P).where(*_THIS)
_BLOB: Final = (B.c.request == bindparam("of"), B.c.sha256 == bindparam("digest"))
_WHOLE: Final = update(B).where(*_BLOB).values(whole_at_ms=bindparam("now_ms"))
_SET_ASIDE: Final = update(B).where(*_BLOB).values(fault=bindparam("why"))
_FAULTY: Final = select(func.count()).where(B.c.fault.is_not(None))
