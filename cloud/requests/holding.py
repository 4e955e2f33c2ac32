"""Whose a request is: its owner's by card, or else whoever's who holds the receipt with its word."""

import hmac

from cloud.requests.request import Request


def is_theirs(request: Request, *, by: str | None = None, proof: str | None = None) -> bool:
    """Tell whether somebody may change a request; `by` is the pseudonym of their card, `proof` of their receipt's word.

    A request that was submitted by card is opened by no word; one without either is nobody's at a station.
    """
    is_owned = request.submitted_by is not None
    known, shown = (request.submitted_by, by) if is_owned else (request.proof, proof)
    return known is not None and hmac.compare_digest(known, shown or "")
