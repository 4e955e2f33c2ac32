from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.payments.money import Provider
from cloud.payments.notice import PaymentKey
from cloud.payments.reconcile import Item, Kind, reconcile, report_lines


def item(txn: str = "t1", amount_dong: int = 75_000, provider: Provider = Provider.BANK) -> Item:
    return Item(PaymentKey(provider, txn), amount_dong)


def test_a_day_on_which_all_is_the_same_is_clean() -> None:
    side = [item(), item("t2", 10_000, Provider.MOMO), item("r1", -10_000, Provider.MOMO)]
    found = reconcile(side, reversed(side), side)
    assert (found.is_clean, found.matched, found.unexplained_dong) == (True, 3, 0)
    assert (found.booked_dong, found.stated_dong) == (
        {Provider.BANK: 75_000, Provider.MOMO: 0},
        {Provider.BANK: 75_000, Provider.MOMO: 0},
    )


def test_a_day_without_anything_is_clean() -> None:
    assert reconcile([], [], []).is_clean


HERE: Sequence[Item] = [item()]
NONE: Sequence[Item] = []
OTHER: Sequence[Item] = [item(amount_dong=1)]


@pytest.mark.parametrize(
    ("booked", "noticed", "stated", "kind", "gap_dong"),
    [
        (HERE, HERE, NONE, Kind.NOT_ON_STATEMENT, -75_000),
        (HERE, NONE, HERE, Kind.NEVER_NOTIFIED, 0),
        (NONE, HERE, HERE, Kind.NOT_BOOKED, 75_000),
        (HERE, NONE, NONE, Kind.ONLY_BOOKED, -75_000),
        (NONE, HERE, NONE, Kind.ONLY_NOTIFIED, 0),
        (NONE, NONE, HERE, Kind.ONLY_ON_STATEMENT, 75_000),
        (OTHER, HERE, HERE, Kind.AMOUNT_DIFFERS, 74_999),
        (HERE, OTHER, HERE, Kind.AMOUNT_DIFFERS, 0),
        (HERE, HERE, OTHER, Kind.AMOUNT_DIFFERS, -74_999),
        (HERE, HERE, [*HERE, *HERE], Kind.TWICE, 75_000),
        ([*HERE, *HERE], HERE, HERE, Kind.TWICE, -75_000),
    ],
)
def test_every_difference_has_its_name(
    booked: Sequence[Item], noticed: Sequence[Item], stated: Sequence[Item], kind: Kind, gap_dong: int
) -> None:
    found = reconcile(booked, noticed, stated)
    (difference,) = found.differences
    assert (difference.kind, difference.gap_dong, found.unexplained_dong) == (kind, gap_dong, 0)
    assert not found.is_clean


sides = st.lists(
    st.builds(
        item,
        st.sampled_from(["t1", "t2", "r1"]),
        st.sampled_from([-75_000, 1, 75_000, 90_000]),
        st.sampled_from(Provider),
    ),
    max_size=8,
)


@given(sides, sides, sides)
def test_whatever_is_on_the_sides_nothing_stays_unexplained(
    booked: list[Item], noticed: list[Item], stated: list[Item]
) -> None:
    found = reconcile(booked, noticed, stated)
    assert found.unexplained_dong == 0
    keys = {each.key for side in (booked, noticed, stated) for each in side}
    assert found.matched + len(found.differences) == len(keys)
    assert {difference.key for difference in found.differences} <= keys
    gap_dong = sum(each.amount_dong for each in stated) - sum(each.amount_dong for each in booked)
    assert sum(difference.gap_dong for difference in found.differences) == gap_dong
    if found.is_clean:
        assert sorted(map(str, booked)) == sorted(map(str, stated)) == sorted(map(str, noticed))


def test_the_report_is_text_that_names_every_difference() -> None:
    found = reconcile([item(), item("t2", 10_000)], [item()], [item(), item("t3", 5_000)])
    assert report_lines(date(2026, 11, 22), found) == [
        "Đối soát ngày 22/11/2026",
        "bank: sổ 85.000 đ, sao kê 80.000 đ",
        "vnpay: sổ 0 đ, sao kê 0 đ",
        "momo: sổ 0 đ, sao kê 0 đ",
        "Khớp: 1; chênh lệch: 2",
        "- Chỉ có trong sổ: bank t2; sổ 10.000 đ, thông báo không có, sao kê không có",
        "- Chỉ có trên sao kê: bank t3; sổ không có, thông báo không có, sao kê 5.000 đ",
    ]
