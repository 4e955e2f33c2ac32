"""What the counter for services reads from the disk: the catalogue, the authorities' keys, the wards."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from catalogue.load import SHIPPED, load_catalogue
from catalogue.mistakes import CatalogueError
from catalogue.model import Catalogue
from edge.errors import EdgeError
from edge.logs import Log
from edge.sealing import Recipients, RecipientsError, load_recipients
from edge.services.wards import load_wards
from edge.settings import ServicesSettings

_log: Final = Log(__name__)


@dataclass(frozen=True, slots=True)
class Shelf:
    """What was read from the disk; `recipients` None: nothing can be sealed."""

    catalogue: Catalogue
    recipients: Recipients | None
    wards: Mapping[str, str]


def load_shelf(settings: ServicesSettings) -> Shelf | None:
    """Read what the settings name; None, and logged, when the catalogue cannot be used. Takes half a second: not on the loop."""
    try:
        catalogue = load_catalogue(settings.catalogue or SHIPPED)
    except CatalogueError as error:
        _log.error("no services: the catalogue cannot be used", reason=str(error))
        return None
    return Shelf(catalogue, _recipients(settings.recipients), _wards(settings.wards))


def _recipients(directory: Path) -> Recipients | None:
    try:
        return load_recipients(directory)
    except RecipientsError as error:
        _log.error("nothing can be sealed", reason=str(error))
        return None


def _wards(path: Path | None) -> Mapping[str, str]:
    try:
        return load_wards(path or SHIPPED / "wards.txt")
    except EdgeError as error:
        _log.error("no list of wards", reason=str(error))
        return {}
