"""The list of wards: what it may hold, and that a mistake is named by its line."""

from pathlib import Path

import pytest

from edge.services.errors import WardsError
from edge.services.wards import MAX_FILE_BYTES, MAX_WARDS, load_wards


def a_file(directory: Path, content: str | bytes) -> Path:
    path = directory / "wards.txt"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_the_wards_come_in_the_order_of_the_file_and_comments_are_left_out(tmp_path: Path) -> None:
    path = a_file(tmp_path, "# Thành phố Hồ Chí Minh\n27097 Phường Bình Trưng\n\n26734 Phường Sài Gòn\n")
    assert list(load_wards(path).items()) == [("27097", "Phường Bình Trưng"), ("26734", "Phường Sài Gòn")]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("27097 Phường Bình Trưng\n2709 Phường Ngắn\n", r"wards\.txt:2"),
        ("27097\n", r"wards\.txt:1"),
        ("27097 A\n27097 B\n", r"wards\.txt:2"),
        ("27097 " + "x" * 120, r"wards\.txt:1"),
        ("", "1 to 4000"),
        (b"27097 \xff", "UTF-8"),
        ("\n" * (MAX_FILE_BYTES + 1), "1 to 4000"),
        ("\n".join(f"{number:05} W" for number in range(MAX_WARDS + 1)), "1 to 4000"),
    ],
)
def test_what_cannot_be_used_is_named(tmp_path: Path, content: str | bytes, told: str) -> None:
    with pytest.raises(WardsError, match=told):
        load_wards(a_file(tmp_path, content))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(WardsError, match="none"):
        load_wards(tmp_path / "none")
