from typing import Any

import pytest

from catalogue.workflow import Stage
from tests.catalogue.samples import WORKFLOW, Doc, sample, state, told_of, waiting


def told(*states: Doc) -> list[tuple[str, str]]:
    return told_of(sample(workflow=list(states)))


def new(**changes: Any) -> Doc:
    return {**WORKFLOW[0], **changes}


DONE, REFUSED = WORKFLOW[1:]


def test_the_sample_workflow_is_right() -> None:
    assert told(*WORKFLOW) == []


def test_there_is_exactly_one_start() -> None:
    assert ("workflow", "0 states have start: true; exactly one must") in told(
        new(start=False), DONE, REFUSED
    )
    second = waiting("again", "submitted", ("decide", "officer", "done"), start=True)
    assert ("workflow", "2 states have start: true; exactly one must") in told(new(), second, DONE, REFUSED)


def test_the_start_is_where_something_was_submitted() -> None:
    assert told(new(stage="processing"), DONE, REFUSED) == [("workflow[0].stage", "the start is submitted")]


def test_every_state_is_reached_and_leads_to_an_end() -> None:
    lost = waiting("lost", "processing", ("decide", "officer", "done"))
    assert told(new(), lost, DONE, REFUSED) == [("workflow[1]", "no way leads from the start to lost")]
    moves = [*WORKFLOW[0]["moves"], {"action": "start", "by": "officer", "to": "round"}]
    there = waiting("round", "processing", ("start", "officer", "and-round"))
    back = waiting("and-round", "processing", ("start", "officer", "round"))
    assert told(new(moves=moves), there, back, DONE, REFUSED) == [
        ("workflow[1]", "no way leads from round to an end"),
        ("workflow[2]", "no way leads from and-round to an end"),
    ]


def test_a_waiting_state_says_for_whom_and_until_when() -> None:
    without_who, without_deadline = new(), new()
    del without_who["who"]
    del without_deadline["deadline"]
    assert told(without_who, DONE, REFUSED) == [("workflow[0]", "new waits, but for whom? Write who")]
    ((path, says),) = told(without_deadline, DONE, REFUSED)
    assert path == "workflow[0]"
    assert says.startswith("new waits without a deadline")


def test_whoever_must_act_is_able_to() -> None:
    assert told(new(who="citizen"), DONE, REFUSED) == [
        ("workflow[0].who", "no move of new is by citizen: who acts must be able to")
    ]


def test_a_move_leads_to_a_state_and_one_action_to_one_only() -> None:
    moves = [*WORKFLOW[0]["moves"], {"action": "stop", "by": "officer", "to": "nowhere"}]
    assert told(new(moves=moves), DONE, REFUSED) == [
        ("workflow[0].moves[2].to", "nowhere is no state; there are: done, new, refused")
    ]
    moves = [*WORKFLOW[0]["moves"], {"action": "decide", "by": "officer", "to": "refused"}]
    assert told(new(moves=moves), DONE, REFUSED) == [
        ("workflow[0].moves", "the id decide by officer is there 2 times; each needs its own")
    ]


def test_names_of_states_are_their_own() -> None:
    assert ("workflow", "the id done is there 2 times; each needs its own") in told(
        new(), DONE, DONE, REFUSED
    )


@pytest.mark.parametrize("stage", ["submitted", "accepted", "processing", "supplement", "payment"])
def test_a_state_without_a_way_out_must_be_an_end(stage: Stage) -> None:
    ((path, says),) = told(new(), state("done", stage), REFUSED)
    assert path == "workflow[1].stage"
    assert "decided" in says


@pytest.mark.parametrize(
    "more", [{"who": "officer"}, {"deadline": {"amount": 1, "unit": "hours"}}], ids=["who", "deadline"]
)
def test_nobody_acts_at_an_end(more: Doc) -> None:
    ((path, says),) = told(new(), {**DONE, **more}, REFUSED)
    assert path == "workflow[1]"
    assert says.startswith("done is an end")
