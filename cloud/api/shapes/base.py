"""Common form of all answers."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

from cloud.store.stations import Place

WardNames = Mapping[str, str]
"""Full names by ward code."""


class Shape(BaseModel):
    """A JSON object."""

    model_config = ConfigDict(frozen=True)


def place_fields(place: Place) -> dict[str, object]:
    """Return where a station stands, as every answer tells it."""
    same = ("name", "address", "block", "floor", "lat", "lon")
    return {"id": place.station, **{name: getattr(place, name) for name in same}}
