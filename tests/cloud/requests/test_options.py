"""What a desk is offered: exactly what the flow would take, with reasons wherever one is needed."""

from dataclasses import replace

import pytest

from cloud.requests.act import MAX_NEW_DATES
from cloud.requests.booking import MAX_OFFERS
from cloud.requests.flow import Flow
from cloud.requests.flows import FLOWS
from cloud.requests.options import options
from cloud.requests.reasons import REASONS, reasons_for
from cloud.requests.request import ActorKind, Kind, Request, Verb
from tests.cloud.requests.samples import NOW_MS, do, fresh, walk


@pytest.mark.parametrize("kind", list(Kind))
def test_whatever_needs_a_reason_has_some_to_choose_from(kind: Kind) -> None:
    flow: Flow = FLOWS[kind]
    verbs = [
        move.verb for move in flow.moves.values() if ActorKind.DESK in move.by and "reason" in move.needs
    ]
    for verb in [*verbs, Verb.APOLOGISE]:
        assert reasons_for(verb, kind), verb


def test_keys_of_reasons_are_keys_and_differ() -> None:
    for verb, reasons in REASONS.items():
        keys = [each.key for each in reasons]
        assert len(set(keys)) == len(keys), verb
        assert all(key.replace("-", "").isalnum() and key.islower() for key in keys)


def test_one_key_has_one_text_wherever_it_stands() -> None:
    texts: dict[str, str] = {}
    every = [*(each for group in REASONS.values() for each in group), *reasons_for(Verb.REFUSE, Kind.REPORT)]
    for each in every:
        assert texts.setdefault(each.key, each.vi) == each.vi
        assert each.vi != each.en


def test_an_ended_request_offers_nothing() -> None:
    refused = do(fresh(), Verb.REFUSE, reason="twice").request
    assert options(FLOWS[Kind.DOSSIER], refused, NOW_MS) == []


def test_what_was_done_too_often_is_offered_no_more() -> None:
    new = fresh(Kind.BOOKING)
    assert Verb.OFFER in verbs(new)
    assert Verb.OFFER not in verbs(replace(new, rounds=MAX_OFFERS))
    assert Verb.APOLOGISE not in verbs(replace(new, new_dates=MAX_NEW_DATES))


def test_nothing_is_stopped_before_its_time_is_over() -> None:
    waiting = walk(fresh(), (Verb.RECEIVE, {}), (Verb.ASK_FEE, {}))
    assert waiting.due_at_ms is not None
    assert Verb.STOP not in verbs(waiting, waiting.due_at_ms)
    assert Verb.STOP in verbs(waiting, waiting.due_at_ms + 1)


def verbs(request: Request, now_ms: int = NOW_MS) -> set[Verb]:
    return {each.verb for each in options(FLOWS[request.kind], request, now_ms)}
