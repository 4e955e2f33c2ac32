"""The form of actions: which parameters each verb needs and allows, and how they are kept in the event."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from cloud.requests.errors import RefusedCode, RefusedError
from cloud.requests.request import (
    MAX_NOTE_LENGTH,
    MAX_SLOTS,
    MAX_WANTED,
    Action,
    Actor,
    Decision,
    State,
    Verb,
)

MAX_KEY_LENGTH: Final = 64
RATINGS: Final = range(1, 6)

SIDE_FORMS: Final[Mapping[Verb, tuple[frozenset[str], frozenset[str]]]] = MappingProxyType(
    {
        Verb.RATE: (frozenset({"rating"}), frozenset()),
        Verb.APOLOGISE: (frozenset({"new_due_ms", "reason"}), frozenset({"note"})),
        Verb.FOLLOW: (
            frozenset({"state"}),
            frozenset({"decision", "reason", "case_number", "note", "duplicate_of"}),
        ),
    }
)
"""What the verbs that belong to no single flow need, and what they may have."""

_PARAMETERS: Final = (
    "reason",
    "note",
    "wanted",
    "decision",
    "duplicate_of",
    "assignee",
    "rating",
    "slots",
    "slot_start_ms",
    "new_due_ms",
    "order",
    "state",
    "case_number",
)
_LONGEST: Final = MappingProxyType({"note": MAX_NOTE_LENGTH, "wanted": MAX_WANTED, "slots": MAX_SLOTS})


def event_key(by: Actor, key: str) -> str:
    """Return the key of an event: nobody's own keys can stand in the way of another's, the clock's least of all."""
    return f"{by.kind}:{key}"


def require_form(action: Action, needs: frozenset[str], may: frozenset[str]) -> None:
    """RefusedError INVALID unless the action has what it needs, nothing that it may not have, and all within limits."""
    given = {name for name in _PARAMETERS if getattr(action, name) not in {None, "", ()}}
    if not needs <= given <= needs | may:
        raise RefusedError(RefusedCode.INVALID, f"action: {action.verb} has other parameters")
    if action.rating is not None and action.rating not in RATINGS:
        raise RefusedError(RefusedCode.INVALID, "action: a rating is 1 to 5")
    if any(len(getattr(action, name)) > most for name, most in _LONGEST.items()):
        raise RefusedError(RefusedCode.INVALID, "action: too much of a note, of what is wanted, or of slots")


def data_of(action: Action) -> dict[str, object]:
    """Return the parameters that were given, as JSON can hold them."""
    told: dict[str, object] = {}
    for name in _PARAMETERS:
        value = getattr(action, name)
        if name == "slots":
            value = [[slot.start_ms, slot.end_ms] for slot in action.slots]
        elif name == "wanted":
            value = list(action.wanted)
        elif isinstance(value, State | Decision):
            value = value.value
        if value:
            told[name] = value
    return told
