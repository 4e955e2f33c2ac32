"""The city's wards and stations, as an operator lists them: the file that `places` names (TOML or JSON).

A station's ward is what this file says, never what a map's polygon says.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, ValidationError, model_validator

from cloud.sections import Section
from cloud.settings import SettingsError, explain, read_toml
from wire.ids import WARD_PATTERN, require_station

MAX_STATIONS = 10_000
Text = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")]


class Ward(Section):
    """A ward: its code at the General Statistics Office, and its full name."""

    code: Annotated[str, Field(pattern=WARD_PATTERN)]
    name: Text


class Station(Section):
    """Where one station stands; `lat` and `lon` in degrees (WGS 84), both or neither."""

    id: Annotated[str, AfterValidator(require_station)]
    name: Text
    ward: Annotated[str, Field(pattern=WARD_PATTERN)]
    address: Text
    block: Annotated[str, Field(max_length=50)] = ""
    floor: Annotated[str, Field(max_length=50)] = ""
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    lon: Annotated[float, Field(ge=-180, le=180)] | None = None

    @model_validator(mode="after")
    def _has_both_or_no_coordinate(self) -> Self:
        if (self.lat is None) != (self.lon is None):
            raise ValueError("lat and lon: both or neither")
        return self


class Places(Section):
    """All of them; every station's ward is among the wards."""

    wards: Annotated[tuple[Ward, ...], Field(min_length=1, max_length=1_000)]
    stations: Annotated[tuple[Station, ...], Field(max_length=MAX_STATIONS)] = ()

    @model_validator(mode="after")
    def _names_are_unique_and_known(self) -> Self:
        codes = Counter(ward.code for ward in self.wards)
        ids = Counter(station.id for station in self.stations)
        twice = [name for name, count in (codes + ids).items() if count > 1]
        if twice:
            raise ValueError(f"listed twice: {', '.join(twice)}")
        lost = [station.id for station in self.stations if station.ward not in codes]
        if lost:
            raise ValueError(f"stations of wards that are not listed: {', '.join(lost)}")
        return self

    def ward_name(self, code: str) -> str:
        """Full name of a ward; the bare code when it is not listed."""
        return next((ward.name for ward in self.wards if ward.code == code), code)


def load_places(path: Path) -> Places:
    """Read a `.json` or a TOML file; SettingsError names every mistake at once."""
    table = _read_json(path) if path.suffix == ".json" else read_toml(path)
    try:
        return Places.model_validate(table)
    except ValidationError as error:
        raise SettingsError([f"{path.name}: {mistake}" for mistake in explain(error)]) from error


def _read_json(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError([f"{path}: {error.strerror}"]) from error
    except ValueError as error:
        raise SettingsError([f"{path}: not JSON: {error}"]) from error
