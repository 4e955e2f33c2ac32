"""The station's wireless instruments with the real bluetoothd, kernel and bleak, in a tiny machine a scenario.

`make test-bluez` runs it. Its name keeps it out of plain `pytest`, which collects `test_*.py`: it takes minutes, and
downloads a kernel when it runs first.
"""

from typing import Any

import pytest

from tests.bluez import vm

pytestmark = pytest.mark.timeout(600)
RUN_LIMIT_S = 420.0
FIRST = "F0:00:00:00:01:01"
SECOND = "F0:00:00:00:01:02"
METER = "F0:00:00:00:01:06"
CUFF_READING = {
    "systolic-pressure": 128.0,
    "diastolic-pressure": 82.0,
    "mean-arterial-pressure": 97.0,
    "pulse-rate": 71.0,
}


@pytest.fixture(scope="session")
def machine() -> vm.Machine:
    return vm.build()


def seen_in(machine: vm.Machine, scenario: str) -> dict[str, Any]:
    """What a scenario saw, in a machine of its own; what went wrong there is wrong here."""
    verdict = vm.run(machine, scenario, timeout_s=RUN_LIMIT_S)
    print(scenario, verdict["took_s"])  # noqa: T201  # shown with -s
    assert verdict["ok"], verdict
    seen: dict[str, Any] = verdict["seen"]
    return seen


def test_a_cuff_is_paired_without_any_question_and_comes_back_by_itself(machine: vm.Machine) -> None:
    seen = seen_in(machine, "just_works")
    assert seen["asked"] == []
    assert seen["first"] == seen["second"] == CUFF_READING
    assert seen["bonded"] == [FIRST]
    assert seen["kinds"] == ["blood-pressure"]
    assert seen["manufacturer"] == "Ví dụ"
    assert seen["battery"] == 90
    assert seen["clock_off_s"] < 5


def test_a_wrong_passkey_makes_no_bond_and_the_right_one_does(machine: vm.Machine) -> None:
    seen = seen_in(machine, "passkey")
    assert seen["refusal"] == "refused"
    assert seen["bonded_after_refusal"] == []
    assert seen["asked"] == [["passkey"], ["passkey"]]
    assert seen["bonded"] == [METER]
    assert list(seen["values"]) == ["glucose"]


def test_a_lost_bond_is_noticed_and_mended_and_the_healthy_one_stays(machine: vm.Machine) -> None:
    seen = seen_in(machine, "lost_bond")
    assert seen["bonded_when_noticed"] == [FIRST, SECOND], "nothing is removed before a technician pairs anew"
    assert seen["absences"] == ["bond"]
    assert seen["short_links_when_healthy"] == 0
    assert seen["mended"] == CUFF_READING
    assert seen["untouched"] == [CUFF_READING, CUFF_READING]
    assert seen["bonded"] == [FIRST, SECOND]


def test_bluetoothd_killed_and_the_adapter_pulled_are_told_and_survived(machine: vm.Machine) -> None:
    seen = seen_in(machine, "restart")
    assert len(seen["presence"]) >= 6
    assert seen["presence"][::2].count(True) == seen["presence"][1::2].count(False) == 0, (
        "each goes and comes back"
    )
    assert not seen["registered_while_gone"]
    assert seen["absences"][:1] == ["radio"]
    assert seen["first"] == seen["second"] == CUFF_READING
    assert seen["bonded"] == [FIRST]


def test_two_cuffs_of_one_model_are_never_mixed_up(machine: vm.Machine) -> None:
    seen = seen_in(machine, "two_cuffs")
    left, right = seen["values"]
    assert left == CUFF_READING
    assert (right["systolic-pressure"], right["diastolic-pressure"]) == (151.0, 97.0)
    assert seen["bonded"] == [FIRST, SECOND]
