"""Which flow a kind of request goes."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from cloud.requests.bill import BILL
from cloud.requests.booking import BOOKING
from cloud.requests.dossier import DOSSIER
from cloud.requests.flow import Flow, Whose
from cloud.requests.referral import REFERRAL
from cloud.requests.report import REPORT
from cloud.requests.request import Kind, State

FLOWS: Final[Mapping[Kind, Flow]] = MappingProxyType(
    {
        Kind.DOSSIER: DOSSIER,
        Kind.REPORT: REPORT,
        Kind.REFERRAL: REFERRAL,
        Kind.BOOKING: BOOKING,
        Kind.CONTACT: REFERRAL,
        Kind.BILL: BILL,
    }
)

DESK_STATES: Final[frozenset[State]] = frozenset(
    state for flow in FLOWS.values() for state, wait in flow.waits.items() if wait.whose is Whose.DESK
)
"""In which a desk is waited for; a state means the same in every kind that has it."""

CITIZEN_STATES: Final[frozenset[State]] = (
    frozenset(state for flow in FLOWS.values() for state in flow.waits) - DESK_STATES
)
"""In which the person is waited for."""
