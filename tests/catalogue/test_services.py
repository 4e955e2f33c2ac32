"""What ships: the services themselves, looked at as the city, the card reader and the far ends need them."""

import re

import pytest

from catalogue.asking import applicable, faults, kept, next_question
from catalogue.load import load_catalogue
from catalogue.model import CODE, Kind, Level, Need, Service
from catalogue.questions import (
    AmountQuestion,
    BillCodeQuestion,
    CardField,
    ChoiceQuestion,
    DayQuestion,
    NumberQuestion,
    PhotoQuestion,
    Question,
    ScanQuestion,
    Span,
    TextQuestion,
    YesNoQuestion,
)
from catalogue.words import WARD
from edge.idcard.groups import NEVER_SENT, Field
from edge.identity.purposes import TEMPORARY_RESIDENCE
from tests.catalogue.samples import TODAY
from wire.ids import WARD_PATTERN

WHOLE = load_catalogue()
SERVICES = WHOLE.services

PROCEDURES = {
    "temporary-residence": "1.004194",
    "permanent-residence": "1.004222",
    "temporary-absence": "1.003677",
    "birth": "1.001193",
    "death": "1.000656",
    "judicial-record": "3.000333",
    "identity-card-renewal": "1.116410",
    "civil-status-extract": "2.000635",
    "certified-copy": "2.000815",
}
OTHERS = {
    "report-security": Kind.REPORT,
    "report-civic": Kind.REPORT,
    "bill-electricity": Kind.BILL,
    "bill-water": Kind.BILL,
    "bill-internet-phone": Kind.BILL,
    "bill-tuition": Kind.BILL,
    "bill-apartment": Kind.BILL,
    "health-insurance": Kind.DOSSIER,
    "booking-examination": Kind.BOOKING,
    "referral-bank-account": Kind.REFERRAL,
    "referral-credit-card": Kind.REFERRAL,
    "referral-vneid": Kind.REFERRAL,
    "referral-sim": Kind.REFERRAL,
    "referral-subscriber-identification": Kind.REFERRAL,
    "contact-area-officer": Kind.CONTACT,
    "cabin": Kind.CABIN,
}


def test_the_station_offers_what_it_is_meant_to() -> None:
    assert SERVICES.keys() >= PROCEDURES.keys() | OTHERS.keys()
    assert {name: SERVICES[name].code for name in PROCEDURES} == PROCEDURES
    assert {name: SERVICES[name].kind for name in OTHERS} == OTHERS
    assert {service.need for service in SERVICES.values()} == set(Need)


def test_procedures_have_codes_of_the_national_form() -> None:
    for name in PROCEDURES:
        service = SERVICES[name]
        assert service.kind is Kind.DOSSIER
        assert service.legal
        assert all(re.fullmatch(CODE, code or "") for code in (service.code, *service.former_codes))


def test_the_fields_of_a_card_are_those_of_the_reader_that_may_be_sent() -> None:
    sent = {field.value for field in Field if field not in NEVER_SENT}
    assert {field.value for field in CardField} == sent


def test_temporary_residence_takes_from_the_card_what_its_purpose_takes() -> None:
    identity = SERVICES["temporary-residence"].identity
    assert [field.value for field in identity.fields] == [field.value for field in TEMPORARY_RESIDENCE.fields]
    assert {field.value for field in identity.needed} == {field.value for field in TEMPORARY_RESIDENCE.needed}
    assert identity.recipient == TEMPORARY_RESIDENCE.recipient
    assert identity.data_groups == (13,)
    assert SERVICES["cabin"].identity.data_groups == ()


def test_the_form_of_a_ward_is_the_wire_s() -> None:
    assert WARD == WARD_PATTERN


def test_what_was_not_checked_at_its_source_is_not_called_confirmed() -> None:
    for name in PROCEDURES:
        service = SERVICES[name]
        terms = [term for channel in service.channels for term in (channel.fee, channel.time)]
        assert not service.code_confirmed
        assert not any(term.confirmed for term in terms)
        assert all(term.source for term in terms)


@pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
def test_every_search_list_has_a_phrase_without_accents(service: Service) -> None:
    assert len(service.search.vi) >= 12
    assert any(phrase.isascii() for phrase in service.search.vi)
    assert any(not phrase.isascii() for phrase in service.search.vi)


@pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
def test_whoever_reads_the_card_asks_for_every_field_of_it(service: Service) -> None:
    asked = [question.field for question in service.questions if hasattr(question, "field")]
    assert asked == list(service.identity.fields)
    if service.identity.level is Level.CHIP:
        assert service.identity.fields


def a_good(question: Question) -> object:
    """Return an answer that must be taken."""
    if isinstance(question, DayQuestion):
        return TODAY.replace(year=2027, month=1).isoformat() if question.span is Span.FUTURE else "2026-11-01"
    if isinstance(question, TextQuestion | BillCodeQuestion):
        return question.example or "Một câu ngắn"
    if isinstance(question, NumberQuestion):
        return question.highest
    if isinstance(question, AmountQuestion):
        return question.lowest_dong
    if isinstance(question, PhotoQuestion | ScanQuestion):
        return ["a" * 64]
    ready = {
        "name": "NGUYỄN VĂN AN",
        "phone": "0903001234",
        "address": {"ward": "27097", "street": "12 Đường Số 5"},
        "place": {"at": "station"},
        "card": "079203001234",
    }
    return ready[type(question).__struct_config__.tag]  # type: ignore[index]


def walk(service: Service, answers: dict[str, object]) -> list[dict[str, object]]:
    """Answer every question in turn, trying each closed answer: all ways through a service (at most a few thousand)."""
    question = next_question(service, answers, TODAY)
    if question is None:
        return [answers]
    if isinstance(question, ChoiceQuestion):
        values: list[object] = [option.id for option in question.options]
    elif isinstance(question, YesNoQuestion):
        values = [True, False]
    else:
        values = [a_good(question)]
    rests_on = {clause.question for each in service.questions for clause in each.when}
    chosen = values if question.id in rests_on else values[:1]
    return [end for value in chosen for end in walk(service, {**answers, question.id: value})]


@pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
def test_every_way_through_a_service_ends_with_nothing_in_the_way(service: Service) -> None:
    ends = walk(service, {})
    asked: set[str] = set()
    for answers in ends:
        assert faults(service, answers, TODAY) == ()
        assert set(kept(service, answers)) == {question.id for question in applicable(service, answers)}
        asked |= answers.keys()
    assert asked == {question.id for question in service.questions}


@pytest.mark.parametrize(
    ("code", "fits"),
    [
        ("PE01000123456", True),
        ("pe01000123456", True),
        ("PE 0100 0123 456", True),
        ("PE0100012345", False),
        ("PE010001234567", False),
        ("PD01000123456", False),
    ],
)
def test_a_customer_of_the_power_company_is_pe_and_eleven_digits(code: str, *, fits: bool) -> None:
    service = SERVICES["bill-electricity"]
    following = next_question(service, {"customer": code}, TODAY)
    assert following is not None
    assert (following.id != "customer") is fits
