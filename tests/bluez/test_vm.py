"""What the tiny machine needs before it can be built; the machine itself is real_bluez.py's."""

import pytest

from tests.bluez import vm


def test_a_missing_tool_is_told_by_its_package_and_never_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        vm, "NEEDED", {"no-such-tool": "its-package", "sh": "dash", "/no/such/file": "another"}
    )
    with pytest.raises(
        vm.MachineError, match=r"apt-get install --no-install-recommends another its-package$"
    ):
        vm.build()


def test_a_failing_program_is_told_with_what_it_said() -> None:
    with pytest.raises(vm.MachineError, match="No such file"):
        vm._do("ls", "/no/such/file")
