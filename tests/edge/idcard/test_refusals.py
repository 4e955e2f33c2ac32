import pytest

from edge.idcard.errors import BlockedError, CardError, RefusedError, WrongKeyError
from edge.idcard.refusals import raise_for_blocked, raise_for_key


@pytest.mark.parametrize("sw", [0x6300, 0x63C1, 0x63C9, 0x6982, 0x6985, 0x6988, 0x6A80])
def test_a_wrong_key_is_told_in_many_ways(sw: int) -> None:
    with pytest.raises(WrongKeyError):
        raise_for_key(sw, "the token")
    with pytest.raises(RefusedError, match=f"the nonce: refused with {sw:04X}"):
        raise_for_blocked(sw, "the nonce")


@pytest.mark.parametrize("sw", [0x6983, 0x6984, 0x63C0])
def test_a_way_of_access_that_is_blocked_is_blocked_at_every_step(sw: int) -> None:
    with pytest.raises(BlockedError):
        raise_for_key(sw, "the token")
    with pytest.raises(BlockedError):
        raise_for_blocked(sw, "the nonce")


@pytest.mark.parametrize("sw", [0x6700, 0x6A82, 0x6A88, 0x6D00, 0x6F00, 0x6282])
def test_other_refusals_say_nothing_of_the_key(sw: int) -> None:
    with pytest.raises(RefusedError) as refusal:
        raise_for_key(sw, "the token")
    assert refusal.value.sw == sw


def test_every_status_raises_a_card_error() -> None:
    for sw in range(0x6100, 0x7000):
        with pytest.raises(CardError):
            raise_for_key(sw, "the token")
