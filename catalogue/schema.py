"""The JSON Schema of each kind of file, so that an editor completes and checks while one writes."""

from typing import Final

import msgspec

from catalogue.holidays import Holidays
from catalogue.model import Service
from catalogue.routes import Parties, RouteTable

KINDS: Final[dict[str, type[msgspec.Struct]]] = {
    "service": Service,
    "parties": Parties,
    "routes": RouteTable,
    "holidays": Holidays,
}
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def schema_of(kind: str) -> dict[str, object]:
    """Return the schema of one of `KINDS` (draft 2020-12); KeyError for another name.

    Shape only: what catalogue.check asks beyond it cannot be said in a schema.
    """
    return {"$schema": DIALECT, "title": f"TCDS catalogue: {kind}", **msgspec.json.schema(KINDS[kind])}
