"""What a person meets when they pay, whatever the centre says and when: the machine alone."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.paying.errors import OrderRefusedError
from edge.paying.orders import Order
from edge.paying.session import (
    NOBODY,
    SUBMITTING_MS,
    Answer,
    State,
    ToPay,
    act,
    allowed,
    begin,
    code_of,
    heard,
    question,
)
from edge.paying.show import show
from edge.paying.view import Action, Page, Trouble
from tests.edge.paying.answers import BILL, BILLS, DUE, FEE, ORDER, OVER_MS, WALL_MS, stands
from wire.asking import AskBills, AskPayment, BillsFound, NotAnswered

NOT: dict[str, NotAnswered] = {
    code: NotAnswered(code=code)
    for code in ("unknown", "out-of-reach", "not-offered", "paid", "changed", "too-often")
}


def told(state: State, answer: Answer, now_ms: int = 0, wall_ms: int = WALL_MS) -> State:
    asked = question(state)
    assert asked is not None
    return heard(state, asked, answer, now_ms, wall_ms)


def among_bills() -> State:
    return told(begin(DUE, ORDER, 0), BILLS)


def chosen() -> State:
    return act(among_bills(), Order(action=Action.CHOOSE, bill=BILL.bill), ORDER, 0)


def paying() -> State:
    return told(chosen(), stands("vietqr"))


def test_from_the_code_of_a_customer_to_a_paid_and_cleared_bill() -> None:
    state = begin(DUE, ORDER, 0)
    assert question(state) == AskBills(service="bill-electricity", account="PE01000123456")
    state = told(state, BILLS)
    assert (state.page, show(state, 1).holder) == (Page.BILLS, BILLS.holder)
    state = act(state, Order(action=Action.CHOOSE, bill=BILL.bill), ORDER, 0)
    asked = question(state)
    assert isinstance(asked, AskPayment)
    assert (asked.order, asked.request) == (ORDER, DUE.request)
    assert asked.bill is not None
    assert asked.bill.amount_dong == BILL.amount_dong
    state = told(state, stands("vietqr"))
    view = show(state, 1)
    assert (view.page, view.ways, view.amount_dong) == (Page.PAY, ["bank"], BILL.amount_dong)
    assert code_of(state, "bank") == "vietqr"
    state = told(state, stands(taken_dong=BILL.amount_dong, is_paid=True))
    assert (state.page, code_of(state, "bank")) == (Page.PAID, None)
    state = told(state, stands(taken_dong=BILL.amount_dong, is_paid=True, receipt="BN1", invoice="HD1"))
    assert question(state) is None
    assert (show(state, 1).receipt, show(state, 1).invoice) == ("BN1", "HD1")
    assert act(state, Order(action=Action.DONE), ORDER, 0).page is Page.DONE


def test_a_fee_is_paid_without_bills() -> None:
    state = begin(FEE, ORDER, 0)
    assert question(state) == AskPayment(order=ORDER, request=FEE.request, bill=None)
    assert show(told(state, stands("vietqr")), 1).is_fee


def test_nothing_is_asked_while_nobody_pays() -> None:
    assert (question(NOBODY), allowed(NOBODY), show(NOBODY, 1).page) == (None, [], Page.NONE)


def test_no_open_bill_is_said() -> None:
    assert told(begin(DUE, ORDER, 0), BillsFound(holder="N***", bills=[])).page is Page.NO_BILLS


@pytest.mark.parametrize(
    ("answer", "trouble", "may_retry"),
    [
        (NOT["unknown"], Trouble.UNKNOWN_ACCOUNT, False),
        (NOT["not-offered"], Trouble.NOT_OFFERED, False),
        (NOT["out-of-reach"], Trouble.OUT_OF_REACH, True),
        (None, Trouble.OFFLINE, True),
    ],
)
def test_why_bills_cannot_be_had_is_said(answer: Answer, trouble: Trouble, *, may_retry: bool) -> None:
    state = told(begin(DUE, ORDER, 0), answer)
    assert (state.page, state.trouble) == (Page.TROUBLE, trouble)
    assert (Action.AGAIN in allowed(state)) is may_retry
    if may_retry:
        assert act(state, Order(action=Action.AGAIN), ORDER, 0).page is Page.ASKING


def test_what_was_just_submitted_may_still_be_on_its_way() -> None:
    state = told(chosen(), NOT["unknown"], now_ms=SUBMITTING_MS - 1)
    assert (state.page, question(state)) == (Page.OPENING, question(chosen()))
    assert told(state, NOT["unknown"], now_ms=SUBMITTING_MS).trouble is Trouble.OUT_OF_REACH


def test_a_way_that_is_asked_for_again_is_of_the_same_order() -> None:
    state = act(told(chosen(), None), Order(action=Action.AGAIN), "ff" * 16, 0)
    assert (state.page, state.order) == (Page.OPENING, ORDER)


def test_a_bill_that_was_changed_is_looked_up_anew_and_said() -> None:
    state = told(chosen(), NOT["changed"])
    assert (state.page, state.chosen) == (Page.ASKING, None)
    assert show(told(state, BILLS), 1).is_changed


def test_a_bill_that_is_paid_already_leads_back_to_the_others() -> None:
    state = told(chosen(), NOT["paid"])
    assert state.trouble is Trouble.PAID_ALREADY
    assert act(state, Order(action=Action.BACK), ORDER, 0).page is Page.ASKING


@pytest.mark.parametrize("answer", [None, NOT["out-of-reach"], NOT["too-often"], stands()])
def test_a_code_stays_on_the_screen_when_the_line_or_its_provider_goes(answer: Answer) -> None:
    state = told(paying(), answer)
    assert (state.page, code_of(state, "bank")) == (Page.PAY, "vietqr")
    assert show(told(paying(), None), 1).is_heard is False


def test_too_little_is_shown_beside_the_code_that_still_takes_the_rest() -> None:
    view = show(told(paying(), stands("vietqr", taken_dong=1_000)), 1)
    assert (view.page, view.taken_dong) == (Page.PAY, 1_000)


def test_a_code_whose_time_is_over_is_followed_by_another_order() -> None:
    state = told(paying(), stands(), wall_ms=OVER_MS)
    assert (state.page, code_of(state, "bank")) == (Page.OVER, None)
    state = act(state, Order(action=Action.AGAIN), "ff" * 16, 0)
    assert (state.page, state.order, state.chosen) == (Page.OPENING, "ff" * 16, BILL)


def test_money_that_comes_late_is_thanked_for_all_the_same() -> None:
    late = stands(taken_dong=BILL.amount_dong, is_paid=True)
    assert told(paying(), late, wall_ms=OVER_MS).page is Page.PAID


def test_an_answer_to_what_is_not_asked_any_more_changes_nothing() -> None:
    asked = question(chosen())
    assert asked is not None
    assert heard(NOBODY, asked, stands("vietqr"), 0, WALL_MS) == NOBODY
    assert heard(among_bills(), asked, stands("vietqr"), 0, WALL_MS) == among_bills()


def test_only_what_is_offered_is_done() -> None:
    with pytest.raises(OrderRefusedError):
        act(among_bills(), Order(action=Action.CHOOSE, bill="another"), ORDER, 0)
    with pytest.raises(OrderRefusedError):
        act(paying(), Order(action=Action.DONE), ORDER, 0)


ANSWERS: list[Answer] = [
    None,
    BILLS,
    BillsFound(holder="", bills=[]),
    *NOT.values(),
    stands(),
    stands("vietqr"),
    stands("vietqr", taken_dong=1),
    stands(taken_dong=BILL.amount_dong, is_paid=True),
]


@given(st.lists(st.integers(0, len(ANSWERS) + len(Action) - 1), max_size=30), st.booleans())
def test_whatever_happens_the_person_is_shown_something_and_can_go_on(
    steps: list[int],
    is_fee: bool,  # noqa: FBT001 - drawn
) -> None:
    for state in walk(begin(FEE if is_fee else DUE, ORDER, 0), steps):
        view = show(state, 1)
        assert view.page is not Page.NONE
        assert (view.ways != []) is (view.page is Page.PAY)
        waits = question(state) is not None
        ends = {Page.NO_BILLS, Page.PAID, Page.DONE}
        assert waits or view.actions or view.page in ends or view.trouble is not None


def walk(state: State, steps: list[int]) -> Iterator[State]:
    for step in steps:
        asked = question(state)
        if step >= len(ANSWERS):
            action = list(Action)[step - len(ANSWERS)]
            if action in allowed(state):
                state = act(state, Order(action=action, bill=BILL.bill), ORDER, 0)
        elif asked is not None and isinstance(ANSWERS[step], BillsFound) <= isinstance(asked, AskBills):
            state = heard(state, asked, ANSWERS[step], 0, WALL_MS)
        yield state


def test_a_customers_code_is_in_no_repr() -> None:
    assert "PE01000123456" not in repr(ToPay(request="a", service="b", account="PE01000123456"))
