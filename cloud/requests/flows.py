"""Which flow a kind of request goes."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from cloud.requests.booking import BOOKING
from cloud.requests.dossier import DOSSIER
from cloud.requests.flow import Flow
from cloud.requests.referral import REFERRAL
from cloud.requests.report import REPORT
from cloud.requests.request import Kind

FLOWS: Final[Mapping[Kind, Flow]] = MappingProxyType(
    {
        Kind.DOSSIER: DOSSIER,
        Kind.REPORT: REPORT,
        Kind.REFERRAL: REFERRAL,
        Kind.BOOKING: BOOKING,
        Kind.CONTACT: REFERRAL,
    }
)
