"""What the doctor says of machines that are put together wrongly; of good ones see tests/edge/test_card_commands.py."""

import socket
from pathlib import Path

import pytest

from edge.drivers.card import doctor
from edge.drivers.card.doctor import Finding, Level, Machine, examine
from edge.drivers.card.errors import Code, PcscError
from tests.rig.pcsc import PcscDaemon, own_socket


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine with all that is needed, below a directory of the test's own."""
    root = tmp_path / "machine"
    root.mkdir()
    for name in ("pcscd", "ifd-ccid.bundle"):
        (root / name).touch(mode=0o755)
    own_socket()
    return Machine(
        programs=str(root),
        socket=root / "pcscd.comm",
        ccid=root / "ifd-ccid.bundle",
        virtual=root / "libifdvpcd.so",
        usb=root / "usb",
    )


def said(machine: Machine, wanted: str = "") -> list[str]:
    """What is not right, and what to do about it."""
    findings = [one for one in examine(wanted, machine) if one.level is not Level.OK]
    assert all(one.advice for one in findings)
    return [f"{one.level}: {one.text} {one.advice}" for one in findings]


def fails_with(monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    def refuse() -> None:
        raise PcscError("speaking with pcscd", code)

    monkeypatch.setattr(doctor, "Context", refuse)


def test_what_is_not_installed_is_named(machine: Machine) -> None:
    (Path(machine.programs) / "pcscd").unlink()
    machine.ccid.unlink()
    assert said(machine)[:2] == [
        "PROBLEM: pcscd is not installed. apt-get install pcscd libccid",
        "warning: The driver of USB readers is missing. apt-get install libccid",
    ]


def test_the_virtual_reader_is_no_thing_for_a_station(machine: Machine) -> None:
    machine.virtual.touch()
    (warning, _) = said(machine)
    assert "anybody on the network can present a card to it" in warning
    assert "apt-get purge vsmartcard-vpcd" in warning


def test_a_service_that_does_not_run_is_to_be_enabled(machine: Machine) -> None:
    assert said(machine) == ["PROBLEM: pcscd does not run. systemctl enable --now pcscd.socket"]


def test_a_socket_without_a_service_behind_it_is_named(machine: Machine) -> None:
    path = own_socket()
    with socket.socket(socket.AF_UNIX) as left_behind:
        left_behind.bind(str(path))
    try:
        (problem,) = said(machine)
    finally:
        path.unlink()
    assert problem.startswith(f"PROBLEM: pcscd has ended and left {path} behind.")


def test_a_socket_that_this_user_may_not_use_is_named(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails_with(monkeypatch, Code.NO_SERVICE)
    machine.socket.touch()
    monkeypatch.delenv("PCSCLITE_CSOCK_NAME")
    monkeypatch.setattr("os.access", lambda _path, _mode: False)
    problem = said(machine)[-1]
    assert problem.startswith(f"PROBLEM: This user may not use {machine.socket}.")


def test_a_refusal_of_polkit_is_named(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    fails_with(monkeypatch, Code.SECURITY_VIOLATION)
    (problem,) = said(machine)
    assert "polkit does not let this user use the reader" in problem
    assert "org.debian.pcsc-lite.access_pcsc" in problem


def test_a_frozen_service_is_not_waited_for(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    path = own_socket()
    monkeypatch.setattr(doctor, "ANSWER_LIMIT_S", 0.2)
    with socket.socket(socket.AF_UNIX) as frozen:
        frozen.bind(str(path))
        frozen.listen()
        try:
            (problem,) = said(machine)
            assert problem.startswith("PROBLEM: pcscd does not answer within 0.2 s. Restart it: ")
        finally:
            path.unlink()


@pytest.mark.parametrize("is_on_usb", [True, False])
def test_a_reader_that_only_usb_knows_is_told_from_none(
    pcscd: PcscDaemon, machine: Machine, *, is_on_usb: bool
) -> None:
    pcscd.stop()
    pcscd.plug(0)
    pcscd.start()
    interface = machine.usb / "1-2:1.0"
    interface.mkdir(parents=True)
    (interface / "bInterfaceClass").write_text("0b\n" if is_on_usb else "03\n")
    (problem,) = said(machine)
    assert problem.startswith("PROBLEM: pcscd says that there is no reader.")
    assert ("pn533_usb" in problem) == is_on_usb
    assert ("another cable" in problem) == (not is_on_usb)


def test_no_card_is_only_a_warning(pcscd: PcscDaemon, machine: Machine) -> None:
    findings = list(examine("", machine))
    assert findings[-1].level is Level.WARNING
    assert Finding(Level.OK, "Reader: Virtual Reader 0 00 01") in findings
    assert pcscd.is_running
