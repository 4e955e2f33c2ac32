"""Questions and answers: each at a door of its own, under the id of its topic."""

import json

import pytest

from tests.wire.batches import COMMAND, JOURNAL, STATION, TRACKING
from wire.asking import (
    Answer,
    AskBills,
    AskOwn,
    AskPayment,
    AskRequest,
    BillsFound,
    NotAnswered,
    OpenBill,
    PaymentStands,
    PaymentWay,
    Question,
    RequestsFound,
)
from wire.codec import decode_downlink, decode_question, decode_uplink, encode
from wire.errors import MessageError, RefuseReason
from wire.topics import Channel, Topic

QUESTIONS = [
    Question(station=STATION, id=COMMAND, asked_at_ms=1, body=body)
    for body in (
        AskBills(service="bill-water", account="W-0001"),
        AskPayment(order=COMMAND, request=JOURNAL),
        AskRequest(tracking=TRACKING),
        AskOwn(by=JOURNAL),
    )
]
ANSWERS = [
    Answer(station=STATION, id=COMMAND, body=body)
    for body in (
        BillsFound(holder="N*** V** A", bills=[OpenBill(bill="2026/11", period="11/2026", amount_dong=1)]),
        PaymentStands(
            order=COMMAND,
            state="qr-shown",
            amount_dong=1,
            expires_at_ms=2,
            ways=[PaymentWay(provider="bank", qr_text="000201")],
        ),
        RequestsFound(requests=[]),
        NotAnswered(code="unknown"),
    )
]
ASKED, ANSWERED = Topic(STATION, Channel.ASK, COMMAND), Topic(STATION, Channel.ANSWER, COMMAND)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_reads_back_at_its_own_door(question: Question) -> None:
    topic = Topic(STATION, Channel.ASK, COMMAND)
    assert decode_question(topic, encode(question)) == question
    for other in (Topic("st-0002", Channel.ASK, COMMAND), Topic(STATION, Channel.REPLY, COMMAND)):
        with pytest.raises(MessageError):
            decode_question(other, encode(question))
    with pytest.raises(MessageError):
        decode_uplink(topic, encode(question))


@pytest.mark.parametrize("answer", ANSWERS)
def test_every_answer_reads_back_at_the_station(answer: Answer) -> None:
    assert decode_downlink(ANSWERED, encode(answer)) == answer
    with pytest.raises(MessageError):
        decode_downlink(Topic("st-0002", Channel.ANSWER, COMMAND), encode(answer))


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"surprise": 1}, RefuseReason.MALFORMED), ({"v": 2}, RefuseReason.WRONG_VERSION)],
    ids=["an unknown field", "another version"],
)
@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_of_another_form_is_refused(
    answer: Answer, change: dict[str, int], reason: RefuseReason
) -> None:
    tree = json.loads(encode(answer)) | change
    with pytest.raises(MessageError) as caught:
        decode_downlink(ANSWERED, json.dumps(tree).encode())
    assert caught.value.reason is reason


def test_the_id_is_that_of_the_topic() -> None:
    with pytest.raises(MessageError):
        decode_question(Topic(STATION, Channel.ASK, "d" * 32), encode(QUESTIONS[0]))
    with pytest.raises(MessageError):
        decode_downlink(Topic(STATION, Channel.ANSWER, "d" * 32), encode(ANSWERS[0]))
