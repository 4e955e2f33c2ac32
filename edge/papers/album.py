"""The pictures of the person who is there now, in memory and nowhere else. Forgetting them is one call."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from edge.papers.errors import LostPaperError, NoPictureError, TooManyError
from wire.entries import MAX_BLOBS, Blob

MAX_JPEG_BYTES: Final = 1_250_000
"""The invented lease of the tests, 2,000 pixels high, has 280,000; photographs have more."""
MIN_JPEG_BYTES: Final = 128
_START, _END = b"\xff\xd8\xff", b"\xff\xd9"
"""A JPEG's first and last marker (ITU-T T.81, B.1.1.3)."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of `question`: as its person sees it, and sealed for whoever will. It is named by what is sealed."""

    question: str
    blob: Blob
    jpeg: bytes = field(repr=False)
    sealed: bytes = field(repr=False)


def require_jpeg(data: bytes) -> None:
    """Refuse what no camera page sends; NoPictureError."""
    is_sized = MIN_JPEG_BYTES <= len(data) <= MAX_JPEG_BYTES
    if not (is_sized and data.startswith(_START) and data.endswith(_END)):
        raise NoPictureError("no picture")


class Album:
    """At most MAX_BLOBS pictures of one visit, in the order in which they were taken."""

    def __init__(self) -> None:
        self._pictures: dict[str, Picture] = {}
        self._visit: str | None = None

    def belong_to(self, visit: str | None) -> None:
        """Say whose pictures these are; another visit's are forgotten."""
        if visit != self._visit:
            self._pictures.clear()
            self._visit = visit

    def require_room(self) -> None:
        """Refuse one more than there may be; TooManyError."""
        if len(self._pictures) >= MAX_BLOBS:
            raise TooManyError("as many pictures as a request can have")

    def add(self, picture: Picture) -> None:
        """Keep a picture for as long as its person is there; TooManyError."""
        self.require_room()
        self._pictures[picture.blob.sha256] = picture

    def remove(self, sha256: str) -> None:
        """Forget a picture; one that is not there is forgotten already."""
        self._pictures.pop(sha256, None)

    def find(self, sha256: str) -> Picture | None:
        """Return a picture."""
        return self._pictures.get(sha256)

    def of(self, question: str) -> list[str]:
        """Return the names of a question's pictures, in the order in which they were taken."""
        return [name for name, picture in self._pictures.items() if picture.question == question]

    def collect(self, names: Iterable[str]) -> tuple[Picture, ...]:
        """Return these pictures, each once; LostPaperError when one of them is not here."""
        try:
            return tuple(self._pictures[name] for name in dict.fromkeys(names))
        except KeyError:
            raise LostPaperError("a picture is not here") from None
