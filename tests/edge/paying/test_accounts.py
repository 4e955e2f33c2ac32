"""What a person types as their code at whoever bills is what the wire takes."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.load import load_catalogue
from catalogue.model import Kind
from catalogue.questions import BillCodeQuestion
from wire.asking import AskBills

CODES = [
    (service.id, question)
    for service in load_catalogue().services.values()
    if service.kind is Kind.BILL
    for question in service.questions
    if isinstance(question, BillCodeQuestion)
]


def test_every_bill_asks_for_one_code() -> None:
    assert len(CODES) == len({service for service, _ in CODES}) >= 5


@pytest.mark.parametrize(("service", "question"), CODES, ids=[service for service, _ in CODES])
def test_the_wire_takes_every_code_that_the_catalogue_lets_through(
    service: str, question: BillCodeQuestion
) -> None:
    @settings(max_examples=100)
    @given(st.from_regex(question.pattern, fullmatch=True))
    def takes(code: str) -> None:
        message = {"kind": "ask-bills", "service": service, "account": code}
        assert msgspec.convert(message, AskBills).account == code

    takes()
