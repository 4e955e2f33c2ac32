"""The list of wards and stations: two formats, one shape, no contradiction."""

import json
from pathlib import Path

import pytest

from cloud.places import Places, load_places
from cloud.settings import SettingsError

WARD = {"code": "27097", "name": "Phường Bình Trưng"}
STATION = {"id": "dkc-01", "name": "Đảo Kim Cương 1", "ward": "27097", "address": "Chung cư Đảo Kim Cương"}


def loaded(tmp_path: Path, **table: object) -> Places:
    path = tmp_path / "places.json"
    path.write_text(json.dumps(table), encoding="utf-8")
    return load_places(path)


def test_the_sample_passes() -> None:
    places = load_places(Path("cloud/sample-places.toml"))
    assert places.stations[0].block == "Tháp Bora Bora"
    assert places.ward_name("27097") == "Phường Bình Trưng"
    assert places.ward_name("00000") == "00000"


def test_json_says_the_same_as_toml(tmp_path: Path) -> None:
    places = loaded(tmp_path, wards=[WARD], stations=[{**STATION, "lat": 10.77, "lon": 106.76}])
    assert places.stations[0].lat == 10.77
    assert places.stations[0].floor == ""


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": "DKC 01"}, "stations.0.id: station id"),
        ({"id": "dkc--01"}, "stations.0.id: station id"),
        ({"ward": "1"}, "stations.0.ward"),
        ({"ward": "00001"}, "wards that are not listed: dkc-01"),
        ({"lat": 10.0}, "lat and lon: both or neither"),
        ({"lat": 91, "lon": 0}, "stations.0.lat"),
        ({"name": "a\nb"}, "stations.0.name"),
        ({"floors": "1"}, "stations.0.floors"),
    ],
)
def test_every_mistake_is_named(tmp_path: Path, change: dict[str, object], message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        loaded(tmp_path, wards=[WARD], stations=[{**STATION, **change}])
    assert message in caught.value.mistakes[0]


def test_nothing_is_listed_twice(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="listed twice: 27097, dkc-01"):
        loaded(tmp_path, wards=[WARD, WARD], stations=[STATION, STATION])


def test_a_city_has_a_ward(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="wards"):
        loaded(tmp_path, wards=[])


@pytest.mark.parametrize("text", ["[1", "", "\udcff"])
def test_a_file_that_is_not_json(tmp_path: Path, text: str) -> None:
    path = tmp_path / "places.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(SettingsError, match="not JSON"):
        load_places(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="No such file"):
        load_places(tmp_path / "places.json")
