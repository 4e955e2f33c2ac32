"""The far end of a connector of the catalogue, whatever is spoken with it."""

from collections.abc import Callable

from fastapi import FastAPI

from catalogue.model import Catalogue
from catalogue.questions import BillCodeQuestion
from catalogue.routes import Protocol
from cloud.connectors.simulators import biller, portal
from cloud.connectors.simulators.biller import Billing
from cloud.connectors.simulators.manners import MANNERS
from cloud.connectors.simulators.portal import PortalDesk


def far_end(
    catalogue: Catalogue,
    connector: str,
    token: str,
    clock: Callable[[], int],
    *,
    pace_s: float | None = None,
) -> FastAPI:
    """Return the server of a connector; `token` is what it wants to hear.

    With a pace, cases go on by themselves. LookupError when there is no system behind a connector of this name.
    """
    protocol = catalogue.parties.protocol(connector)
    if protocol is Protocol.BILLS:
        return biller.create_app(Billing(connector, token, pattern=_pattern(catalogue, connector)))
    manner = None if protocol is None else MANNERS.get(protocol)
    if manner is None:
        raise LookupError(f"{connector}: there is no system behind it")
    return portal.create_app(PortalDesk(token, clock, manner), pace_s=pace_s)


def _pattern(catalogue: Catalogue, connector: str) -> str:
    """Return how the codes of a biller's customers look, as the services that ask for them say."""
    patterns = {
        question.pattern
        for service in catalogue.services.values()
        for question in service.questions
        if service.connector == connector and isinstance(question, BillCodeQuestion)
    }
    return "|".join(sorted(patterns)) or ".+"
