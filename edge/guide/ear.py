"""Hears a sentence: at once by itself, and with a second opinion only where it does not know."""

from dataclasses import replace

from edge.guide.match import MAX_CANDIDATES, Candidate, Match
from edge.guide.opinions import Opinions
from edge.guide.understanding import Understanding, Understood


class Ear:
    """The guide's ear; `opinions` None (the default of a station): nothing leaves the station."""

    def __init__(self, understanding: Understanding, opinions: Opinions | None = None) -> None:
        self._understanding = understanding
        self._opinions = opinions

    async def hear(self, text: str) -> Understood:
        """Return what `text` means; of a long one its first 400 characters count."""
        near = self._understanding.understand(text)
        if self._opinions is None or not text.strip() or _is_clear(near):
            return near
        choice = await self._opinions.ask(text)
        if choice is None:
            return near
        others = tuple(each for each in near.match.candidates if each.service != choice.service)
        candidates = (Candidate(choice.service, 0.0), *others)[:MAX_CANDIDATES]
        return replace(near, match=Match(candidates, is_known=True), topic=near.topic or choice.topic)


def _is_clear(near: Understood) -> bool:
    """Somebody in danger does not wait, and a mere reply or question needs no service."""
    return near.is_known or near.is_emergency or near.reply is not None or near.is_only_question
