"""What was understood of a sentence: the service, the question, the reply, and whether somebody may be in danger.

It holds nothing of what was said, so that it can be kept, sent to the screen and counted.
"""

from dataclasses import dataclass
from typing import Final

from catalogue.answers import Topic
from edge.guide.folding import spell
from edge.guide.lexicon import Reply
from edge.guide.match import Match, Matcher
from edge.guide.topics import Listener
from edge.guide.wording import without

SOS: Final = "sos"
"""The service whose likeness is an emergency as well."""
TRACK: Final = "track"
"""Looking up what was submitted: asked for everywhere, whatever the catalogue offers."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What one sentence means. `is_only_question`: nothing but the question was said, so it is about what is at hand."""

    match: Match
    topic: Topic | None = None
    is_only_question: bool = False
    reply: Reply | None = None
    is_emergency: bool = False

    @property
    def is_known(self) -> bool:
        """Whether a service was recognised."""
        return self.match.is_known

    @property
    def services(self) -> tuple[str, ...]:
        """The candidates' ids, best first."""
        return tuple(candidate.service for candidate in self.match.candidates)


class Understanding:
    """The embedded default: no model, no network, a millisecond a sentence. Immutable, callable from any thread."""

    def __init__(self, matcher: Matcher, listener: Listener) -> None:
        self._matcher = matcher
        self._listener = listener

    def understand(self, text: str) -> Understood:
        """Return what `text` means; of a long one its first 400 characters count."""
        said = spell(text)
        match = self._matcher.match(said)
        question = self._listener.question(said)
        rest = None if question is None else without(said, question.found)
        return Understood(
            match=match,
            topic=None if question is None else question.topic,
            is_only_question=rest is not None and not self._matcher.match(rest).is_known,
            reply=self._listener.reply(said),
            is_emergency=self._listener.is_emergency(said) or _is_sos(match),
        )


def _is_sos(match: Match) -> bool:
    return match.is_known and match.candidates[0].service == SOS
