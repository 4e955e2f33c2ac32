import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.payments.errors import LedgerError
from cloud.payments.ledger import Account, Entry, Place, Posting, at, balances, entry_between
from cloud.payments.money import Provider

TAKEN = Account(Provider.BANK, Place.TAKEN)
PAID_FOR = Account(Provider.BANK, Place.PAID_FOR)
REFUND_DUE = Account(Provider.BANK, Place.REFUND_DUE)
OTHER = Account(Provider.MOMO, Place.TAKEN)


def entry(**amounts: int) -> Entry:
    accounts = {"taken": TAKEN, "paid_for": PAID_FOR, "due": REFUND_DUE}
    return Entry(tuple(Posting(accounts[name], amount) for name, amount in amounts.items()))


@pytest.mark.parametrize(
    "amounts", [{"taken": 1}, {"taken": 5, "due": -4}, {"taken": 1, "due": -1, "paid_for": 1}]
)
def test_postings_that_make_or_lose_money_are_refused(amounts: dict[str, int]) -> None:
    with pytest.raises(LedgerError):
        entry(**amounts)


def test_an_entry_says_something() -> None:
    with pytest.raises(LedgerError):
        Entry(())
    with pytest.raises(LedgerError):
        entry(taken=0, due=0)


def test_balances_are_folded_from_entries() -> None:
    folded = balances(
        [entry(taken=100, paid_for=-75, due=-25), entry(taken=10, due=-10), entry(due=35, paid_for=-35)]
    )
    assert folded == {TAKEN: 110, PAID_FOR: -110, REFUND_DUE: 0}
    assert (at(folded, Place.TAKEN), at(folded, Place.PAID_FOR), at(folded, Place.REFUND_DUE)) == (
        110,
        110,
        0,
    )
    assert balances([]) == {}


def test_a_place_counts_all_providers() -> None:
    assert at({TAKEN: 3, OTHER: 4, PAID_FOR: -7}, Place.TAKEN) == 7


def test_nothing_moved_is_no_entry() -> None:
    assert entry_between({TAKEN: 1, PAID_FOR: -1}, {TAKEN: 1, PAID_FOR: -1, REFUND_DUE: 0}) is None


sound = st.lists(st.tuples(st.sampled_from([PAID_FOR, REFUND_DUE]), st.integers(0, 10**12)), max_size=6)


@given(sound, sound)
def test_an_entry_leads_from_any_balances_to_any_others(
    before: list[tuple[Account, int]], after: list[tuple[Account, int]]
) -> None:
    def made(parts: list[tuple[Account, int]]) -> dict[Account, int]:
        folded = {TAKEN: sum(amount for _, amount in parts)}
        for account, amount in parts:
            folded[account] = folded.get(account, 0) - amount
        return folded

    start, end = made(before), made(after)
    step = entry_between(start, end)
    moved = {} if step is None else balances([step])
    for account in (TAKEN, PAID_FOR, REFUND_DUE):
        assert start.get(account, 0) + moved.get(account, 0) == end.get(account, 0)
