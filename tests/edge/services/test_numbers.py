"""Numbers behind tracking codes: one after the other, over restarts, damage and disks that take nothing."""

import os
from pathlib import Path
from threading import Thread

import pytest

from edge.services.errors import NumbersError
from edge.services.numbers import Numbers
from wire.tracking import FIRST_DAY_MS, NUMBERS, parts_of, read_tracking, station_part

AT_MS = FIRST_DAY_MS + 1_000 * 60_000
"""A thousand minutes after the first day."""


def numbers_at(path: Path, at_ms: int = AT_MS) -> Numbers:
    return Numbers(path / "tracking", "st-1", lambda: at_ms)


def number_of(code: str) -> int:
    part, number = parts_of(code)
    assert part == station_part("st-1")
    return number


def test_a_new_station_begins_at_the_minute_of_its_clock_and_counts_on(tmp_path: Path) -> None:
    numbers = numbers_at(tmp_path)
    assert [number_of(numbers.mint()) for _ in range(3)] == [1_000, 1_001, 1_002]


def test_a_restart_counts_on_also_with_a_clock_that_went_back(tmp_path: Path) -> None:
    first = number_of(numbers_at(tmp_path).mint())
    assert number_of(numbers_at(tmp_path, FIRST_DAY_MS).mint()) == first + 1


def test_the_number_is_on_disk_before_the_code_is_given_out(tmp_path: Path) -> None:
    code = numbers_at(tmp_path).mint()
    assert (tmp_path / "tracking").read_text() == f"{number_of(code)}\n"
    assert read_tracking(code) == code


@pytest.mark.parametrize("content", [b"", b"\x00" * 8, b"-4", b"12x", b"9" * 100, str(NUMBERS).encode()])
def test_a_damaged_file_is_moved_aside_and_the_clock_decides(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "tracking").write_bytes(content)
    assert number_of(numbers_at(tmp_path).mint()) == 1_000
    assert (tmp_path / "tracking.damaged").read_bytes() == content


def test_what_a_power_cut_left_aside_is_no_number(tmp_path: Path) -> None:
    numbers = numbers_at(tmp_path)
    numbers.mint()
    (tmp_path / "tracking.new").write_bytes(b"99")
    assert number_of(numbers.mint()) == 1_001


def test_a_disk_that_takes_nothing_gives_out_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = numbers_at(tmp_path)
    first = number_of(numbers.mint())

    def refuse(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refuse)
        with pytest.raises(NumbersError, match="No space left"):
            numbers.mint()
    assert number_of(numbers.mint()) == first + 1
    with pytest.raises(NumbersError):
        Numbers(tmp_path / "nowhere" / "tracking", "st-1", lambda: AT_MS).mint()


def test_from_many_threads_at_once_no_two_are_alike(tmp_path: Path) -> None:
    numbers, codes = numbers_at(tmp_path), list[str]()
    threads = [Thread(target=lambda: codes.extend(numbers.mint() for _ in range(5))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(number_of, codes)) == list(range(1_000, 1_030))
