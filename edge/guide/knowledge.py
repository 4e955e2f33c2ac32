"""What the guide may say about a service: what the reviewed catalogue answers, with its source, and nothing else."""

from collections.abc import Mapping
from typing import Protocol

from catalogue.answers import Answer, Topic, answer
from catalogue.model import Service


class Knowledge(Protocol):
    """Where answers come from; both languages come along, since a person may change it while looking at one."""

    def answer(self, service: str, topic: Topic) -> Answer | None:
        """Return the reviewed answer and its source; None where there is none."""


class CatalogueKnowledge:
    """Answers from a catalogue's services, by their id."""

    def __init__(self, services: Mapping[str, Service]) -> None:
        self._services = services

    def answer(self, service: str, topic: Topic) -> Answer | None:
        """Return the reviewed answer and its source; None for a service that the catalogue does not have."""
        found = self._services.get(service)
        return None if found is None else answer(found, topic)
