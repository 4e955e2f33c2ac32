"""The papers and pictures of a request as its desk sees them: which there are, and how much of each has come."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection, bindparam, func, select

from cloud.store.amendments import DONE
from cloud.store.blobs import part_count
from cloud.store.errors import MissingError
from cloud.store.schema import BLOB as B
from cloud.store.schema import BLOB_PART as P
from cloud.store.schema import REQUEST as R
from cloud.store.schema import REQUEST_AMENDMENT as A


class BlobState(StrEnum):
    """How much of a blob is here."""

    COMING = "coming"
    WHOLE = "whole"
    FAULTY = "faulty"
    """It came otherwise than the station named it, so it was not kept: the person brings the paper."""
    GONE = "gone"
    """Its time is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A blob that a request names, or the amendment of it (None: the submission); `here_parts` of `parts` have come."""

    sha256: str
    size_bytes: int
    amendment: str | None
    state: BlobState
    here_parts: int

    @property
    def parts(self) -> int:
        """In how many parts it comes."""
        return part_count(self.size_bytes)


def blobs_of(connection: Connection, request: str) -> list[Listed]:
    """Return every blob that was named, in the order of naming; MissingError when there is no such request."""
    row = connection.execute(_REQUEST, {"of": request}).one_or_none()
    if row is None:
        raise MissingError("request: there is none of this id")
    kept = {
        each.sha256: (each.size_bytes, _state(each.whole_at_ms, each.fault))
        for each in connection.execute(_KEPT, {"of": request})
    }
    here = {each[0]: each[1] for each in connection.execute(_HERE, {"of": request})}
    absent = (0, BlobState.COMING if row.has_sealed else BlobState.GONE)
    return [
        Listed(
            sha256=sha256,
            size_bytes=size_bytes,
            amendment=amendment,
            state=_as_named(kept.get(sha256, absent), size_bytes),
            here_parts=here.get(sha256, 0),
        )
        for sha256, size_bytes, amendment in _named(connection, request, row.blobs)
    ]


def _named(
    connection: Connection, request: str, blobs: list[list[object]]
) -> Iterator[tuple[str, int, str | None]]:
    named = [(None, blobs), *((each[0], each[1]) for each in connection.execute(_LATER, {"of": request}))]
    seen: set[str] = set()
    for amendment, pairs in named:
        for sha256, size_bytes in pairs:
            if sha256 not in seen:
                seen.add(sha256)
                yield sha256, size_bytes, amendment


def _state(whole_at_ms: int | None, fault: str | None) -> BlobState:
    if fault is not None:
        return BlobState.FAULTY
    return BlobState.COMING if whole_at_ms is None else BlobState.WHOLE


def _as_named(kept: tuple[int, BlobState], size_bytes: int) -> BlobState:
    """Return the state of what was kept, if it is of the size that was promised."""
    found_bytes, state = kept
    return BlobState.FAULTY if found_bytes not in {0, size_bytes} else state


_REQUEST: Final = select(R.c.blobs, R.c.sealed.is_not(None).label("has_sealed")).where(
    R.c.id == bindparam("of")
)
_LATER: Final = (
    select(A.c.id, A.c.blobs)
    .where(A.c.request == bindparam("of"), A.c.outcome == DONE)
    .order_by(A.c.received_at_ms, A.c.made_at_ms, A.c.id)
)
_KEPT: Final = select(B.c.sha256, B.c.size_bytes, B.c.whole_at_ms, B.c.fault).where(
    B.c.request == bindparam("of")
)
_HERE: Final = select(P.c.sha256, func.count()).where(P.c.request == bindparam("of")).group_by(P.c.sha256)
