import msgspec
import pytest

from catalogue.conditions import Clause
from catalogue.load import load_catalogue
from catalogue.model import Kind, Service
from catalogue.workflow import Action, Stage, State

SERVICES = load_catalogue().services


@pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
def test_a_service_crosses_to_the_screen_as_json_and_is_the_same_there(service: Service) -> None:
    data = msgspec.json.encode(service)
    assert len(data) < 100_000
    assert msgspec.json.decode(data, type=Service) == service


def test_conditions_are_written_in_the_words_of_the_files() -> None:
    assert msgspec.to_builtins(Clause(question="who", not_=("a",))) == {
        "question": "who",
        "is": None,
        "in": (),
        "not": ("a",),
    }


def test_nothing_of_a_service_can_be_changed_once_it_is_read() -> None:
    service = SERVICES["birth"]
    with pytest.raises(AttributeError):
        service.version = 2  # type: ignore[misc]


PAYING = [service for service in SERVICES.values() if any(s.stage is Stage.PAYMENT for s in service.workflow)]


def reached(service: Service, begin: str) -> set[str]:
    states: dict[str, State] = {state.id: state for state in service.workflow}
    found, todo = set[str](), [begin]
    while todo:
        for move in states[todo.pop()].moves:
            if move.to not in found:
                found.add(move.to)
                todo.append(move.to)
    return found


@pytest.mark.parametrize("service", PAYING, ids=[service.id for service in PAYING])
def test_whoever_has_paid_is_never_asked_to_pay_again(service: Service) -> None:
    (payment,) = [state for state in service.workflow if state.stage is Stage.PAYMENT]
    (paid,) = [move.to for move in payment.moves if move.action is Action.PAY]
    assert payment.id not in reached(service, paid)


def test_what_was_submitted_can_be_taken_back_until_somebody_works_on_it() -> None:
    for service in SERVICES.values():
        (start,) = [state for state in service.workflow if state.start]
        assert any(move.action is Action.WITHDRAW for move in start.moves)


def test_a_report_that_is_called_resolved_can_be_opened_again() -> None:
    for service in SERVICES.values():
        if service.kind is Kind.REPORT:
            (resolved,) = [state for state in service.workflow if state.stage is Stage.DECIDED]
            assert Action.REOPEN in {move.action for move in resolved.moves}
