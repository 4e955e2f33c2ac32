"""The counter's desk: every question has an answer, whatever happens, and nobody may ask without end."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from structlog.testing import capture_logs

from cloud.counter import desk as module
from cloud.counter.desk import BURST, PER_S, Allowance, Desk, Handler
from cloud.store.errors import AwayError
from wire.asking import AnyAnswer, AskOwn, AskRequest, NotAnswered, Question, RequestsFound

STATION, OTHER = "st-0001", "st-0002"
FOUND = RequestsFound(requests=[])
CODE = "V68M-8BYZ-746J"


def _question(station: str = STATION) -> Question:
    return Question(station=station, id="c" * 32, asked_at_ms=1, body=AskRequest(tracking=CODE))


class Seconds:
    """A clock that moves when it is told to."""

    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def _desk(handlers: Mapping[type, Handler], clock: Seconds | None = None) -> Desk:
    return Desk(handlers, Allowance(clock or Seconds()))


async def _found(station: str, body: Any) -> AnyAnswer:
    assert (station, body) == (STATION, AskRequest(tracking=CODE))
    return FOUND


async def test_whoever_answers_is_asked_with_the_station_and_the_question() -> None:
    answer = await _desk({AskRequest: _found}).answer(_question())
    assert (answer.station, answer.id, answer.body) == (STATION, "c" * 32, FOUND)


async def test_what_nobody_answers_is_not_offered() -> None:
    answer = await _desk({AskOwn: _found}).answer(_question())
    assert answer.body == NotAnswered(code="not-offered")


@pytest.mark.parametrize("error", [ValueError(CODE), AwayError("store"), KeyError(CODE)])
async def test_a_fault_is_an_answer_too_and_its_log_says_nothing_of_the_question(error: Exception) -> None:
    async def broken(_station: str, _body: Any) -> AnyAnswer:
        raise error

    with capture_logs() as logs:
        answer = await _desk({AskRequest: broken}).answer(_question())
    assert answer.body == NotAnswered(code="out-of-reach")
    assert len(logs) == 1
    assert CODE not in str(logs)


async def test_who_takes_too_long_is_out_of_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    async def slow(_station: str, _body: Any) -> AnyAnswer:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(module, "ANSWER_TIMEOUT_S", 0.01)
    answer = await _desk({AskRequest: slow}).answer(_question())
    assert answer.body == NotAnswered(code="out-of-reach")


async def test_a_station_that_asks_without_end_is_slowed_down_alone() -> None:
    clock = Seconds()
    desk = _desk({AskRequest: _always}, clock)
    said = [(await desk.answer(_question())).body for _ in range(BURST + 1)]
    assert said == [FOUND] * BURST + [NotAnswered(code="too-often")]
    assert (await desk.answer(_question(OTHER))).body == FOUND
    clock.now_s = 1.0
    said = [(await desk.answer(_question())).body for _ in range(int(PER_S) + 1)]
    assert said == [FOUND] * int(PER_S) + [NotAnswered(code="too-often")]


async def _always(_station: str, _body: Any) -> AnyAnswer:
    return FOUND


def test_the_allowance_remembers_so_many_stations_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_STATIONS", 2)
    allowance = Allowance(Seconds())
    for _ in range(BURST):
        assert allowance.take("st-0001")
    assert not allowance.take("st-0001")
    assert allowance.take("st-0002")
    assert allowance.take("st-0003")
    assert allowance.take("st-0001"), "the one that was heard of longest ago is forgotten"
