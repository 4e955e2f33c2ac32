"""What exists in the small city, by name."""

from collections.abc import Mapping
from typing import Final

from cloud.api.passwords import hash_password
from tests.cloud.api.city import PASSWORD
from tests.cloud.blobs import paper
from tests.cloud.samples import STATION as OPENING
from wire.tracking import tracking_code

STATION: Final = "st-home"
WITH_PAPER: Final = f"{5:032x}"
CIVIC: Final = f"{6:032x}"
TRACKING: Final = tracking_code(OPENING, 5)
PAPER: Final = paper()
PASSWORD_HASH: Final = hash_password(PASSWORD)

Known = Mapping[str, str]
"""Values of path parameters, by the parameter's name."""
