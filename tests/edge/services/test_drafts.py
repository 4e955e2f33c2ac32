"""Drafts on a real disk: readable with the secret alone, for a week, as many as there is room for, whole or not at all."""

import errno
import os
from pathlib import Path

import pytest

from edge.services.drafts import KEPT_MS, MAX_DRAFT_BYTES, MAX_DRAFTS, Drafts
from edge.services.errors import DamagedDraftError, DraftsError, NoRoomError
from tests.edge.cabin.conftest import HeldClock

CODE = "K7QM-3VXPW-2HFD"
OTHER = "M8BY-Z746J-V68M"
DRAFT = '{"what": "Có người lạ cạy cửa nhà xe"}'.encode()
DAY_MS = 86_400_000


class Cupboard:
    """Drafts, and a wall clock that one sets."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.now_ms = HeldClock().wall_ms()
        self.drafts = Drafts(directory, lambda: self.now_ms, cost=16)

    def read(self, secret: str) -> bytes | None:
        found = self.drafts.open(secret)
        return None if found is None else found[0].rstrip()

    @property
    def files(self) -> list[Path]:
        return sorted(self.directory.glob("*.draft"))


@pytest.fixture
def cupboard(tmp_path: Path) -> Cupboard:
    return Cupboard(tmp_path / "drafts")


def test_a_draft_is_opened_with_its_secret_and_with_no_other(cupboard: Cupboard) -> None:
    until_ms = cupboard.drafts.keep(CODE, DRAFT)
    assert until_ms == cupboard.now_ms + KEPT_MS
    assert cupboard.read(CODE) == DRAFT
    assert cupboard.read(OTHER) is None
    again = Cupboard(cupboard.directory)
    assert again.read(CODE) == DRAFT


def test_the_disk_shows_neither_the_secret_nor_what_was_typed_nor_how_much(cupboard: Cupboard) -> None:
    cupboard.drafts.keep(CODE, DRAFT)
    cupboard.drafts.keep(OTHER, DRAFT * 20)
    sizes = {path.stat().st_size for path in cupboard.files}
    assert len(sizes) == 1
    shown = b"".join(path.name.encode() + path.read_bytes() for path in cupboard.directory.iterdir())
    for trace in (CODE, CODE.replace("-", ""), "what", "nhà xe"):
        assert trace.encode() not in shown
    assert cupboard.directory.stat().st_mode & 0o077 == 0


def test_a_stolen_file_is_no_use_without_the_station_s_salt(cupboard: Cupboard, tmp_path: Path) -> None:
    cupboard.drafts.keep(CODE, DRAFT)
    elsewhere = Cupboard(tmp_path / "elsewhere")
    elsewhere.drafts.keep(OTHER, DRAFT)
    (stolen,) = cupboard.files
    (elsewhere.directory / stolen.name).write_bytes(stolen.read_bytes())
    assert elsewhere.read(CODE) is None


def test_the_same_secret_replaces_what_it_sealed_before_and_its_week_begins_anew(cupboard: Cupboard) -> None:
    cupboard.drafts.keep(CODE, b"{}")
    cupboard.now_ms += DAY_MS
    assert cupboard.drafts.keep(CODE, DRAFT) == cupboard.now_ms + KEPT_MS
    assert cupboard.read(CODE) == DRAFT
    assert len(cupboard.files) == 1


def test_a_draft_is_deleted_when_its_person_says_so(cupboard: Cupboard) -> None:
    cupboard.drafts.forget(CODE)
    cupboard.drafts.keep(CODE, DRAFT)
    cupboard.drafts.forget(OTHER)
    assert cupboard.read(CODE) == DRAFT
    cupboard.drafts.forget(CODE)
    assert (cupboard.read(CODE), cupboard.files) == (None, [])


def test_a_draft_is_kept_for_seven_days_also_while_the_daemon_was_off(cupboard: Cupboard) -> None:
    cupboard.drafts.keep(CODE, DRAFT)
    cupboard.now_ms += KEPT_MS - 1
    assert cupboard.read(CODE) == DRAFT
    later = Cupboard(cupboard.directory)
    later.now_ms = cupboard.now_ms + 1
    later.drafts.sweep()
    assert later.files == []


def test_nothing_that_is_over_is_opened_though_nobody_has_swept(cupboard: Cupboard) -> None:
    cupboard.drafts.keep(CODE, DRAFT)
    cupboard.now_ms += KEPT_MS
    assert cupboard.read(CODE) is None


def test_a_clock_that_is_not_set_deletes_nothing(cupboard: Cupboard) -> None:
    cupboard.drafts.keep(CODE, DRAFT)
    now_ms, cupboard.now_ms = cupboard.now_ms, 1_000
    cupboard.drafts.sweep()
    cupboard.now_ms = now_ms
    assert cupboard.read(CODE) == DRAFT


def test_what_a_wrong_clock_kept_for_years_ends_in_a_week(cupboard: Cupboard) -> None:
    cupboard.now_ms += 1_000 * DAY_MS
    cupboard.drafts.keep(CODE, DRAFT)
    cupboard.now_ms -= 1_000 * DAY_MS
    cupboard.drafts.sweep()
    assert cupboard.read(CODE) == DRAFT
    cupboard.now_ms += KEPT_MS
    assert cupboard.read(CODE) is None


def test_there_is_room_again_when_the_oldest_are_over_and_not_before(cupboard: Cupboard) -> None:
    for number in range(MAX_DRAFTS):
        cupboard.drafts.keep(f"{CODE}{number}", DRAFT)
    with pytest.raises(NoRoomError):
        cupboard.drafts.keep(CODE, DRAFT)
    cupboard.drafts.keep(f"{CODE}0", b"{}")
    assert (cupboard.read(f"{CODE}0"), cupboard.read(f"{CODE}1")) == (b"{}", DRAFT)
    cupboard.now_ms += KEPT_MS
    cupboard.drafts.keep(CODE, DRAFT)
    assert (cupboard.read(CODE), len(cupboard.files)) == (DRAFT, 1)


def test_what_is_too_long_is_not_kept(cupboard: Cupboard) -> None:
    cupboard.drafts.keep(CODE, b"x" * MAX_DRAFT_BYTES)
    assert cupboard.read(CODE) == b"x" * MAX_DRAFT_BYTES
    with pytest.raises(NoRoomError):
        cupboard.drafts.keep(OTHER, b"x" * (MAX_DRAFT_BYTES + 1))


@pytest.mark.parametrize("damage", ["flipped", "cut", "empty", "grown", "another"])
def test_a_damaged_draft_is_told_once_and_removed(cupboard: Cupboard, damage: str) -> None:
    cupboard.drafts.keep(CODE, DRAFT)
    (path,) = cupboard.files
    whole = path.read_bytes()
    path.write_bytes(
        {
            "flipped": whole[:-40] + bytes([whole[-40] ^ 1]) + whole[-39:],
            "cut": whole[:-1],
            "empty": b"",
            "grown": whole + bytes(100_000),
            "another": b"{}",
        }[damage]
    )
    os.utime(path, ns=(cupboard.now_ms * 1_000_000,) * 2)
    with pytest.raises(DamagedDraftError):
        cupboard.drafts.open(CODE)
    assert (cupboard.read(CODE), cupboard.files) == (None, [])


def test_a_full_disk_keeps_nothing_and_leaves_what_was_there(
    cupboard: Cupboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    cupboard.drafts.keep(CODE, DRAFT)

    def full(_file: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        for secret in (CODE, OTHER):
            with pytest.raises(DraftsError, match="No space left"):
                cupboard.drafts.keep(secret, b"{}")
    assert cupboard.read(CODE) == DRAFT
    assert cupboard.read(OTHER) is None
    assert not [*cupboard.directory.glob("*.new")]


def test_what_a_power_cut_left_half_written_goes(cupboard: Cupboard) -> None:
    cupboard.drafts.keep(CODE, DRAFT)
    half = cupboard.directory / "0123.new"
    half.write_bytes(b"tcds dra")
    cupboard.drafts.sweep()
    assert not half.exists()
    assert cupboard.read(CODE) == DRAFT


def test_a_station_that_keeps_nothing_has_nothing_on_disk(cupboard: Cupboard) -> None:
    cupboard.drafts.sweep()
    assert cupboard.read(CODE) is None
    cupboard.drafts.forget(CODE)
    assert not cupboard.directory.exists()


def test_a_disk_that_cannot_be_written_is_an_error_that_names_no_file(tmp_path: Path) -> None:
    (tmp_path / "drafts").write_text("in the way")
    drafts = Drafts(tmp_path / "drafts", HeldClock().wall_ms, cost=16)
    with pytest.raises(DraftsError) as caught:
        drafts.keep(CODE, DRAFT)
    assert str(tmp_path) not in str(caught.value)
