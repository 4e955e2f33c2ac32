"""How a kind of request goes on: its states, who is waited for in each, and what leads to the next. Data, no rules.

A flow is sound when every state is an end or waits for somebody within a limit of time, no end is left again, and from
each state an end can be reached; tests hold every flow of this package to that.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from cloud.requests.calendar import Term
from cloud.requests.request import Action, ActorKind, Request, State, Verb

CITIZEN_ONLY: Final = frozenset({ActorKind.CITIZEN})
DESK_ONLY: Final = frozenset({ActorKind.DESK})
SYSTEM_ONLY: Final = frozenset({ActorKind.SYSTEM})


class Whose(StrEnum):
    """Whose turn it is."""

    CITIZEN = "citizen"
    DESK = "desk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """What a state waits for: somebody's turn, for `term`, or until the moment that `until` reads off the request.

    When the time is over it goes on to `then` as `verb`; without `then` the desk has run late, or the person is nudged.
    """

    whose: Whose
    term: Term | None = None
    until: Callable[[Request], int] | None = None
    then: State | None = None
    verb: Verb = Verb.LAPSE


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One verb of a flow: from which states, by whom, to which.

    `needs` are the parameters of the action that must be there, `may` those that can be; every other is refused.
    `limit` is how often at most within one request. `effect` refuses what only the request itself can tell
    (RefusedError), and writes down what the action brings beside the state.
    """

    verb: Verb
    sources: frozenset[State]
    to: State
    by: frozenset[ActorKind]
    needs: frozenset[str] = frozenset()
    may: frozenset[str] = frozenset({"note"})
    limit: int | None = None
    effect: Callable[[Request, Action, int], Request] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """All of one kind. In `rated` states, which are ends, the person can rate once how it went."""

    start: State
    waits: Mapping[State, Wait]
    ends: frozenset[State]
    moves: Mapping[Verb, Move]
    rated: frozenset[State] = field(default_factory=frozenset)

    @property
    def states(self) -> frozenset[State]:
        """Every state of this kind."""
        return frozenset(self.waits) | self.ends

    def nexts(self, state: State) -> frozenset[State]:
        """Return the states that one step leads to: somebody's, or the clock's."""
        wait = self.waits.get(state)
        if wait is None:
            return frozenset()
        by_clock = frozenset() if wait.then is None else frozenset({wait.then})
        return by_clock | {move.to for move in self.moves.values() if state in move.sources}

    def reachable(self, state: State) -> frozenset[State]:
        """Return every state that any steps lead to."""
        found: frozenset[State] = frozenset()
        edge = self.nexts(state)
        while edge - found:
            found |= edge
            edge = frozenset(after for each in edge for after in self.nexts(each))
        return found

    def with_terms(self, terms: Mapping[State, Term]) -> "Flow":
        """Return the flow with a service's own terms; a state whose end the request itself tells keeps that."""
        waits = {
            state: wait if wait.term is None else replace(wait, term=terms.get(state, wait.term))
            for state, wait in self.waits.items()
        }
        return replace(self, waits=MappingProxyType(waits))


def moves(*all_moves: Move) -> Mapping[Verb, Move]:
    """Arrange moves by their verb, each of which a flow has once."""
    return MappingProxyType({move.verb: move for move in all_moves})


def names(*parameters: str) -> frozenset[str]:
    """Return names of an action's parameters."""
    return frozenset(parameters)
