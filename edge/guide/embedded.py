"""The guide as a station has it: learnt from its own catalogue and the sayings that ship with it, in a third of a second.

What people say of a service that this catalogue does not offer is learnt as unrelated, so that it is not taken for another.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from catalogue.model import Service
from edge.guide.learning import SAYINGS, UNRELATED, catalogue_words, join, load_sayings
from edge.guide.match import Matcher
from edge.guide.topics import Listener
from edge.guide.understanding import SOS, TRACK, Understanding

OWN: Final = frozenset({SOS, TRACK})
"""What the station offers beside the catalogue: the SOS button, and looking up what was submitted."""


def build_understanding(services: Mapping[str, Service], folder: Path = SAYINGS) -> Understanding:
    """Return the understanding for a catalogue's services, by their id; PhrasesError when it cannot be learnt."""
    sayings = load_sayings(folder)
    offered = {name: said for name, said in sayings.items() if name in services or name in OWN}
    unrelated = [text for name, said in sayings.items() if name not in offered for text in said]
    entries = join(catalogue_words(services.values()), offered)
    return Understanding(Matcher.build(entries, unrelated), Listener())


def unknown_sayings(services: Mapping[str, Service], folder: Path = SAYINGS) -> list[str]:
    """Return the files of sayings that no service of this catalogue has: a service was left out, or renamed."""
    return sorted(set(load_sayings(folder)) - {*services, *OWN, UNRELATED})
