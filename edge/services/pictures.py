"""Pictures for the question that is asked: taken over from the screen, sealed at once, looked at again, discarded.

They are sealed for the service's recipient with a key that nobody here has; what can be looked at is in memory only.
"""

import asyncio

from edge.papers.album import Album, Picture, require_jpeg
from edge.papers.errors import TooManyError
from edge.papers.parts import blob_of
from edge.sealing import Recipients
from edge.services.errors import OrderRefusedError, Refusal
from edge.services.services import Posing, Services


class Pictures:
    """The screen's way to the pictures of its session; `recipients` None: nothing can be sealed."""

    def __init__(self, services: Services, album: Album, recipients: Recipients | None) -> None:
        self._services = services
        self._album = album
        self._recipients = recipients

    def taken(self, question: str) -> list[str]:
        """Return the names of what was taken for a question, in order; none when it is not asked."""
        posing = self._services.posing
        return [] if posing is None or posing.question != question else self._album.of(question)

    async def take(self, question: str, jpeg: bytes) -> list[str]:
        """Keep one more picture and return `taken`.

        NoPictureError for what is none, TooManyError, OrderRefusedError when the question is not asked (any more).
        """
        require_jpeg(jpeg)
        self._services.touched()
        posing = self._require(question)
        self._require_room(posing)
        assert self._recipients is not None, "no service is begun without its recipient's key"
        sealed = await asyncio.to_thread(self._recipients.seal, posing.recipient, jpeg)
        if self._services.posing != posing:
            raise OrderRefusedError(Refusal.NOT_NOW)
        self._require_room(posing)
        self._album.add(Picture(question, blob_of(sealed), jpeg, sealed))
        return self._album.of(question)

    def look(self, name: str) -> bytes | None:
        """Return a picture (JPEG) for its person to look at; None when it is not here (any more)."""
        picture = self._album.find(name)
        return None if picture is None else picture.jpeg

    def discard(self, question: str, name: str) -> list[str]:
        """Forget a picture and return `taken`; OrderRefusedError when its question is not asked."""
        posing = self._require(question)
        if name in self._album.of(posing.question):
            self._services.discard(name)
        return self._album.of(question)

    def _require(self, question: str) -> Posing:
        posing = self._services.posing
        if posing is None or posing.question != question:
            raise OrderRefusedError(Refusal.NOT_NOW)
        return posing

    def _require_room(self, posing: Posing) -> None:
        self._album.require_room()
        if len(self._album.of(posing.question)) >= posing.most:
            raise TooManyError("as many pictures as this question takes")
