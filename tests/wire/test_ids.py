"""Ids have one form, and the shard of a station never changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.errors import IdError
from wire.ids import STATION_PATTERN, require_id, require_shard, require_station, shard_of, shard_text

stations = st.from_regex(STATION_PATTERN.replace("$", r"\Z"))


@pytest.mark.parametrize(("station", "shard"), [("st-0001", 18), ("dkc-a1-01", 56), ("bt-003", 43)])
def test_the_shard_of_a_station_is_fixed_for_ever(station: str, shard: int) -> None:
    assert shard_of(station) == shard


@given(stations)
def test_every_station_has_a_shard_that_reads_back(station: str) -> None:
    assert require_station(station) == station
    assert require_shard(shard_text(shard_of(station))) == shard_of(station)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ab",
        "a" * 33,
        "-ab",
        "ab-",
        "a--b",
        "St-1",
        "st_1",
        "st/1",
        "st+1",
        "st#1",
        "trạm-1",
        "st-1\n",
        "st 1",
    ],
)
def test_what_is_no_station_id_is_refused(text: str) -> None:
    with pytest.raises(IdError):
        require_station(text)


@pytest.mark.parametrize("text", ["", "0" * 31, "0" * 33, "G" * 32, "A" * 32, "0" * 32 + "\n"])
def test_what_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(IdError):
        require_id(text)


@pytest.mark.parametrize("text", ["", "0", "64", "99", "-1", "1a", "007", "\u0660\u0661"])
def test_what_is_no_shard_is_refused(text: str) -> None:
    with pytest.raises(IdError):
        require_shard(text)


@pytest.mark.parametrize("shard", [-1, 64])
def test_there_are_64_shards(shard: int) -> None:
    with pytest.raises(IdError):
        shard_text(shard)


@given(st.text(min_size=4, max_size=40, alphabet="_?!"))
def test_an_error_never_repeats_the_value(text: str) -> None:
    with pytest.raises(IdError) as caught:
        require_station(text)
    assert text not in str(caught.value)
