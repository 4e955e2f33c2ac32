"""Rules for a workflow beyond its shape: one start, no state that nobody comes to or leaves, no waiting without an end."""

from collections.abc import Iterator
from typing import Final

from catalogue.check_questions import twice
from catalogue.workflow import Stage, State
from catalogue.yaml_tree import Path

Told = Iterator[tuple[Path, str]]

_ENDS: Final = frozenset({Stage.REFUSED, Stage.WITHDRAWN, Stage.STOPPED, Stage.DECIDED, Stage.RETURNED})


def check_workflow(states: tuple[State, ...]) -> Told:
    """Tell what is wrong with these states."""
    yield from twice(("workflow",), (state.id for state in states))
    starts = [state for state in states if state.start]
    if len(starts) != 1:
        yield ("workflow",), f"{len(starts)} states have start: true; exactly one must"
    known = {state.id for state in states}
    for index, state in enumerate(states):
        path: Path = ("workflow", index)
        yield from _end(state, path) if not state.moves else _waiting(state, path)
        yield from _moves(state, known, path)
    yield from _ways(states, starts)


def _end(state: State, path: Path) -> Told:
    if state.stage not in _ENDS:
        ends = ", ".join(sorted(_ENDS))
        yield (*path, "stage"), f"{state.id} has no moves, so it is an end; one of {ends} belongs here"
    if state.who is not None or state.deadline is not None:
        yield path, f"{state.id} is an end: nobody acts and nothing is due; remove who and deadline"


def _waiting(state: State, path: Path) -> Told:
    if state.start and state.stage is not Stage.SUBMITTED:
        yield (*path, "stage"), "the start is submitted"
    if state.who is None:
        yield path, f"{state.id} waits, but for whom? Write who"
    elif state.who not in {move.by for move in state.moves}:
        yield (*path, "who"), f"no move of {state.id} is by {state.who}: who acts must be able to"
    if state.deadline is None:
        yield path, f"{state.id} waits without a deadline: write amount, and unit hours, days or working-days"


def _moves(state: State, known: set[str], path: Path) -> Told:
    yield from twice((*path, "moves"), (f"{move.action} by {move.by}" for move in state.moves))
    for index, move in enumerate(state.moves):
        if move.to not in known:
            right = ", ".join(sorted(known))
            yield (*path, "moves", index, "to"), f"{move.to} is no state; there are: {right}"


def _ways(states: tuple[State, ...], starts: list[State]) -> Told:
    forward = {state.id: {move.to for move in state.moves} for state in states}
    backward: dict[str, set[str]] = {state.id: set() for state in states}
    for name, targets in forward.items():
        for target in targets & backward.keys():
            backward[target].add(name)
    reached = _reach({state.id for state in starts[:1]}, forward)
    ending = _reach({state.id for state in states if not state.moves}, backward)
    for index, state in enumerate(states):
        if starts and state.id not in reached:
            yield ("workflow", index), f"no way leads from the start to {state.id}"
        if state.id not in ending:
            yield ("workflow", index), f"no way leads from {state.id} to an end"


def _reach(begin: set[str], ways: dict[str, set[str]]) -> set[str]:
    reached, todo = set(begin), list(begin)
    while todo:
        new = ways.get(todo.pop(), set()) - reached
        reached |= new
        todo += new
    return reached
