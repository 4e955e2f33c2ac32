"""Papers and pictures of a request, as its desk sees them before it opens them."""

from collections.abc import Iterable
from typing import Self

from cloud.api.shapes.base import Shape
from cloud.store.blob_lists import Listed


class BlobRow(Shape):
    """One of them. `state`: coming (`here_parts` of `parts` are here), whole, faulty (not what was promised) or gone.

    `amendment` is what it came with, null for the submission. Which paper it shows, says what is sealed: the answer to a
    question of that type is the list of these digests.
    """

    sha256: str
    size_bytes: int
    amendment: str | None
    state: str
    here_parts: int
    parts: int


class BlobList(Shape):
    """All of them, in the order in which the person took them."""

    blobs: tuple[BlobRow, ...]

    @classmethod
    def of(cls, listed: Iterable[Listed]) -> Self:
        """Say the same in JSON."""
        return cls(
            blobs=tuple(
                BlobRow(
                    sha256=each.sha256,
                    size_bytes=each.size_bytes,
                    amendment=each.amendment,
                    state=each.state.value,
                    here_parts=each.here_parts,
                    parts=each.parts,
                )
                for each in listed
            )
        )
