"""The wards that an address can be in: a text file with one line each, its code and its name (`27097 Phường Bình Trưng`)."""

import re
from pathlib import Path
from typing import Final

from catalogue.words import WARD
from edge.services.errors import WardsError

MAX_WARDS: Final = 4_000
"""All of Vietnam has 3,321."""
MAX_FILE_BYTES: Final = 400_000
MAX_NAME: Final = 100
_CODE: Final = re.compile(WARD)


def load_wards(path: Path) -> dict[str, str]:
    """Read the names of wards by their codes, in the order of the file; WardsError names the line that cannot be used."""
    try:
        with path.open("rb") as file:
            text = file.read(MAX_FILE_BYTES + 1).decode("utf-8")
    except OSError as error:
        raise WardsError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError:
        raise WardsError(f"{path}: must be text in UTF-8") from None
    wards: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            code, _, name = line.strip().partition(" ")
            if not _CODE.match(code) or not name.strip() or len(name) > MAX_NAME or code in wards:
                raise WardsError(f"{path}:{number}: must be a code of five digits, once, and a name")
            wards[code] = name.strip()
    if not wards or len(wards) > MAX_WARDS or len(text) > MAX_FILE_BYTES:
        raise WardsError(f"{path}: must hold 1 to {MAX_WARDS} wards")
    return wards
