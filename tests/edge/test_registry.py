import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from edge.registry import AlarmMemory, KnownIncident, PairedDevice, Profile, Registry
from wire.entries import VitalKind
from wire.messages import SosStage

MEMORY = AlarmMemory(
    journal="a" * 32,
    texted_seq=7,
    incidents=[
        KnownIncident(incident="b" * 32, version=2, stage=SosStage.ON_THE_WAY, told_at_ms=1_700_000_000_000)
    ],
)
CUFF = PairedDevice(
    name="cuff",
    driver="ble",
    address="AA:BB",
    kinds=[VitalKind.BLOOD_PRESSURE],
    place="Ngăn 2",
    calibrated_on=date(2026, 3, 1),
    calibration_due_on=date(2028, 3, 1),
)


def test_what_was_kept_is_found_again(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "registry.json"
    registry = Registry(path)
    assert registry.profile() == Profile()
    assert registry.alarm_memory() is None
    registry.set_profile(Profile(name="Trạm A1", floor="G"))
    registry.set_alarm_memory(AlarmMemory(journal="c" * 32))
    registry.set_alarm_memory(MEMORY)
    registry.pair(CUFF)
    registry = Registry(path)
    assert registry.profile() == Profile(name="Trạm A1", floor="G")
    assert registry.alarm_memory() == MEMORY
    assert registry.devices() == [CUFF]


def test_a_device_is_replaced_by_name_and_forgotten(tmp_path: Path) -> None:
    registry = Registry(tmp_path / "registry.json")
    registry.pair(CUFF)
    registry.pair(PairedDevice(name="card", driver="pcsc", address="0"))
    registry.pair(PairedDevice(name="cuff", driver="ble", address="CC:DD"))
    assert [(device.name, device.address) for device in registry.devices()] == [
        ("card", "0"),
        ("cuff", "CC:DD"),
    ]
    registry.forget_device("cuff")
    registry.forget_device("cuff")
    assert [device.name for device in registry.devices()] == ["card"]


def test_two_processes_that_write_do_not_undo_each_other(tmp_path: Path) -> None:
    path = tmp_path / "registry.json"
    program = (
        "import sys; from pathlib import Path; from edge.registry import PairedDevice, Registry\n"
        "registry = Registry(Path(sys.argv[1]))\n"
        "for number in range(20):\n"
        "    registry.pair(PairedDevice(name=f'{sys.argv[2]}-{number}', driver='ble', address='x'))\n"
    )
    others = [
        subprocess.Popen([sys.executable, "-c", program, str(path), name]) for name in ("left", "right")
    ]
    registry = Registry(path)
    for number in range(20):
        registry.pair(PairedDevice(name=f"own-{number}", driver="ble", address="x"))
    assert [other.wait(timeout=30) for other in others] == [0, 0]
    assert len(registry.devices()) == 60


def test_the_mark_changes_with_the_file(tmp_path: Path) -> None:
    registry = Registry(tmp_path / "registry.json")
    marks = [registry.mark]
    for number in range(3):
        registry.pair(PairedDevice(name=f"cuff-{number}", driver="ble", address="x"))
        marks.append(registry.mark)
    registry.devices()
    assert registry.mark == marks[-1]
    assert len(set(marks)) == 4


def test_a_calibration_is_overdue_from_the_day_after(tmp_path: Path) -> None:
    assert not CUFF.is_overdue(date(2028, 3, 1))
    assert CUFF.is_overdue(date(2028, 3, 2))
    assert not PairedDevice(name="cuff", driver="ble", address="x").is_overdue(date(2090, 1, 1))


@pytest.mark.parametrize(
    "torn", [b"", b'{"profile": {"1": {"na', b"[]", b"\x00" * 100, b'{"a": 1}', b"x" * (2 << 20)]
)
def test_a_torn_file_is_moved_aside(tmp_path: Path, torn: bytes) -> None:
    path = tmp_path / "registry.json"
    path.write_bytes(torn)
    registry = Registry(path)
    assert registry.profile() == Profile()
    registry.set_profile(Profile(name="new"))
    assert registry.profile().name == "new"
    assert (tmp_path / "registry.damaged").read_bytes() == torn


def test_a_write_that_fails_leaves_the_old_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "registry.json"
    registry = Registry(path)
    registry.set_profile(Profile(name="old"))
    before = path.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        registry.set_profile(Profile(name="new"))
    assert path.read_bytes() == before
    monkeypatch.undo()
    assert registry.profile().name == "old"
    registry.set_profile(Profile(name="new"))
    assert registry.profile().name == "new"


def test_the_file_is_synced_before_it_takes_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "registry.json"
    seen: list[str] = []
    sync, replace = os.fsync, Path.replace

    def spied_sync(fd: int) -> None:
        seen.append("sync directory" if Path(f"/proc/self/fd/{fd}").is_dir() else "sync file")
        sync(fd)

    def spied_replace(aside: Path, target: Path) -> Path:
        seen.append("rename")
        return replace(aside, target)

    monkeypatch.setattr(os, "fsync", spied_sync)
    monkeypatch.setattr(Path, "replace", spied_replace)
    registry = Registry(path)
    registry.set_profile(Profile())
    assert seen[-3:] == ["sync file", "rename", "sync directory"]


def test_a_device_of_another_release_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "registry.json"
    path.write_text(
        '{"devices": {"1": {"name": "cuff"}, "2": {"name": "oxi", "driver": "ble", "address": "a"}}}'
    )
    registry = Registry(path)
    assert [device.name for device in registry.devices()] == ["oxi"]


def test_a_record_of_another_release_is_ignored(tmp_path: Path) -> None:
    path = tmp_path / "registry.json"
    path.write_text('{"alarm": {"1": {"journal": 5}}}')
    registry = Registry(path)
    assert registry.alarm_memory() is None
    registry.set_alarm_memory(MEMORY)
    assert registry.alarm_memory() == MEMORY
