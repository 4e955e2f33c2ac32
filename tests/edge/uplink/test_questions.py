"""Questions: one answer or none, in time or not at all."""

import asyncio

import pytest

from edge.clock import SystemClock
from edge.uplink.errors import LinkLostError, NoAnswerError
from edge.uplink.questions import MAX_OPEN, Questions
from wire.asking import Answer, AskRequest, NotAnswered, Question, RequestsFound

STATION = "st-0001"
BODY = AskRequest(tracking="V68M-8BYZ-746J")
FOUND = RequestsFound(requests=[])


def _questions(sent: list[Question]) -> Questions:
    return Questions(STATION, SystemClock(), sent.append)


def _answer(question: Question, body: RequestsFound | NotAnswered = FOUND) -> Answer:
    return Answer(station=question.station, id=question.id, body=body)


async def test_each_answer_finds_its_question() -> None:
    sent: list[Question] = []
    questions = _questions(sent)
    asking = [asyncio.create_task(questions.ask(BODY)) for _ in range(2)]
    await asyncio.sleep(0)
    unknown = NotAnswered(code="unknown")
    questions.take(_answer(sent[1], unknown))
    questions.take(_answer(sent[0]))
    assert await asyncio.gather(*asking) == [FOUND, unknown]
    assert [(question.station, question.body) for question in sent] == [(STATION, BODY)] * 2
    assert sent[0].id != sent[1].id


async def test_silence_is_no_answer_and_a_late_one_is_let_go() -> None:
    sent: list[Question] = []
    questions = _questions(sent)
    with pytest.raises(NoAnswerError):
        await questions.ask(BODY, timeout_s=0.01)
    questions.take(_answer(sent[0]))


async def test_the_second_answer_to_one_question_changes_nothing() -> None:
    sent: list[Question] = []
    questions = _questions(sent)
    asking = asyncio.create_task(questions.ask(BODY))
    await asyncio.sleep(0)
    questions.take(_answer(sent[0]))
    questions.take(_answer(sent[0], NotAnswered(code="unknown")))
    assert await asking == FOUND


async def test_without_a_connection_nobody_waits() -> None:
    def lost(_question: Question) -> None:
        raise LinkLostError("down")

    with pytest.raises(NoAnswerError):
        await Questions(STATION, SystemClock(), lost).ask(BODY, timeout_s=1000)


async def test_so_many_are_open_and_no_more() -> None:
    sent: list[Question] = []
    questions = _questions(sent)
    asking = [asyncio.create_task(questions.ask(BODY)) for _ in range(MAX_OPEN)]
    await asyncio.sleep(0)
    with pytest.raises(NoAnswerError):
        await questions.ask(BODY)
    for question in sent:
        questions.take(_answer(question))
    assert await asyncio.gather(*asking) == [FOUND] * MAX_OPEN
    assert len(sent) == MAX_OPEN
