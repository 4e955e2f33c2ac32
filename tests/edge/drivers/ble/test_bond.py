import pytest

from edge.drivers.ble.bond import CANCELLED_ROUNDS, BondWatch, Evidence, evidence_in
from edge.drivers.ble.ladder import Ladder, Step


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("[org.bluez.Error.Failed] br-connection-canceled", Evidence.CANCELLED),
        ("[org.bluez.Error.AuthenticationFailed] Authentication Failed", Evidence.REFUSED),
        ("[org.bluez.Error.NotPermitted] ATT error: 0x05", Evidence.REFUSED),
        ("Insufficient Encryption (0x0F)", Evidence.REFUSED),
        ("PIN or Key Missing", Evidence.REFUSED),
        ("[org.bluez.Error.Failed] le-connection-abort-by-local", None),
        ("[org.bluez.Error.InProgress] Operation already in progress", None),
        ("Not connected", None),
        ("", None),
    ],
)
def test_an_errors_text_says_what_it_says_of_the_bond(text: str, evidence: Evidence | None) -> None:
    assert evidence_in(text) is evidence


def test_a_refusal_in_so_many_words_is_proof() -> None:
    bond = BondWatch()
    bond.failed(Evidence.REFUSED)
    assert bond.is_lost


def test_a_cancelled_connect_is_proof_only_when_it_repeats_itself() -> None:
    bond = BondWatch()
    for _ in range(CANCELLED_ROUNDS - 1):
        bond.failed(Evidence.CANCELLED)
        assert not bond.is_lost
    bond.failed(Evidence.CANCELLED)
    assert bond.is_lost


def test_another_failure_in_between_begins_the_count_anew() -> None:
    bond = BondWatch()
    for _ in range(CANCELLED_ROUNDS * 3):
        bond.failed(Evidence.CANCELLED)
        bond.failed(None)
    assert not bond.is_lost


def test_a_connect_that_works_proves_the_bond_healthy() -> None:
    bond = BondWatch()
    bond.failed(Evidence.REFUSED)
    bond.worked()
    assert not bond.is_lost
    bond.failed(Evidence.CANCELLED)
    assert not bond.is_lost


def test_timeouts_and_absence_never_cost_a_bond() -> None:
    bond = BondWatch()
    for _ in range(100):
        bond.failed(None)
    assert not bond.is_lost


def test_a_radio_that_stumbles_is_restarted_then_power_cycled_then_given_up() -> None:
    ladder = Ladder()
    assert [ladder.stumble() for _ in range(4)] == [
        Step.RESTART,
        Step.POWER_CYCLE,
        Step.GIVE_UP,
        Step.GIVE_UP,
    ]


def test_a_radio_that_was_given_up_is_still_power_cycled_now_and_then() -> None:
    ladder = Ladder()
    steps = [ladder.stumble() for _ in range(12)]
    assert steps.count(Step.POWER_CYCLE) == 3
    assert Step.RESTART not in steps[1:]


def test_a_radio_that_recovered_begins_at_the_first_step() -> None:
    ladder = Ladder()
    ladder.stumble()
    ladder.recover()
    assert ladder.stumble() is Step.RESTART
