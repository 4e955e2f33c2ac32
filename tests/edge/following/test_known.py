"""What a station knows of requests: the newest, on disk, bounded, and nothing that a damaged file could stop."""

from pathlib import Path
from typing import Any

import pytest

from edge.following import known
from edge.following.known import KEPT_MS, Known, KnownError
from wire.messages import AmendmentRefused, RequestChanged
from wire.tracking import FIRST_DAY_MS, tracking_code

NOW_MS = FIRST_DAY_MS + 300 * 86_400_000


def news(number: int = 1, **changed: Any) -> RequestChanged:
    fields: dict[str, Any] = {
        "request": f"{number:032x}",
        "tracking": tracking_code("st-0001", number),
        "version": 3,
        "state": "received",
        "at_ms": NOW_MS - 1_000,
    }
    return RequestChanged(**(fields | changed))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "requests.db"


def opened(path: Path, now_ms: int = NOW_MS) -> Known:
    return Known(path, lambda: now_ms)


def test_what_was_told_is_there_for_whoever_opens_the_file_next(path: Path) -> None:
    assert opened(path).find(news().tracking) is None
    assert opened(path).keep(news(note="Đã nhận bản giấy."))
    assert opened(path).find(news().tracking) == news(note="Đã nhận bản giấy.")
    assert opened(path).find(news(2).tracking) is None


def test_the_newest_version_wins_whatever_comes_last(path: Path) -> None:
    store = opened(path)
    assert store.keep(news(version=5, state="decided"))
    assert not store.keep(news(version=4, state="processing"))
    found = store.find(news().tracking)
    assert found is not None
    assert (found.version, found.state) == (5, "decided")


def test_a_refusal_comes_with_the_version_that_is_known(path: Path) -> None:
    store = opened(path)
    store.keep(news())
    refusal = AmendmentRefused(amendment="a3" * 16, code="stale")
    assert store.keep(news(refused=refusal))
    found = store.find(news().tracking)
    assert found is not None
    assert found.refused == refusal
    assert not store.keep(news())
    assert store.find(news().tracking) == found, "a mere repetition takes nothing away"


def test_no_more_are_kept_than_the_newest(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "MAX_KNOWN", 3)
    store = opened(path)
    for number in range(5):
        store.keep(news(number, at_ms=NOW_MS + number))
    assert [store.find(news(number).tracking) is not None for number in range(5)] == [
        False,
        False,
        True,
        True,
        True,
    ]


def test_what_has_not_changed_for_long_is_forgotten_but_never_by_a_clock_that_is_not_set(path: Path) -> None:
    opened(path).keep(news(1))
    opened(path, now_ms=0).keep(news(2))
    assert opened(path).find(news(1).tracking) is not None
    later_ms = NOW_MS + KEPT_MS
    opened(path, later_ms).keep(news(3, at_ms=later_ms))
    assert opened(path).find(news(1).tracking) is None
    assert opened(path).find(news(3).tracking) is not None


def test_a_damaged_file_is_moved_aside_and_the_next_turn_begins_anew(path: Path) -> None:
    path.write_bytes(b"no database at all, but long enough to be looked at" * 40)
    with pytest.raises(KnownError, match="damaged"):
        opened(path).keep(news())
    assert path.with_suffix(".damaged").exists()
    assert opened(path).keep(news())


def test_a_disk_that_does_not_take_it_is_an_error_of_ours_without_content(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="disk") as caught:
        opened(tmp_path / "nowhere" / "requests.db").keep(news(note="Ghi chú"))
    assert "Ghi chú" not in str(caught.value)
