"""Which desks somebody answers for, and who that is: the one place where roles meet requests.

A desk officer sees the desks of the account, in its wards if it has any; duty officers and the city desk the duty desk and
no other; an auditor all of them, also requests that no desk has yet.
"""

from http import HTTPStatus

from cloud.api.context import Context
from cloud.api.problems import Problem
from cloud.api.sessions import Visitor
from cloud.store.accounts import Account, Role
from cloud.store.request_desks import DeskRow, Wanted


def desks_of(account: Account, duty_desk: str) -> frozenset[str] | None:
    """Return the desks whose requests this person sees; None: all."""
    match account.role:
        case Role.AUDITOR:
            return None
        case Role.DESK_OFFICER:
            return frozenset(account.desks)
        case Role.DUTY_OFFICER | Role.CITY_DESK:
            return frozenset({duty_desk})
        case _:
            return frozenset()


def answers_at(account: Account, desk: str | None, ward: str, duty_desk: str) -> bool:
    """Whether this person may be given a request of a desk and a ward."""
    if account.disabled or account.role is Role.AUDITOR or desk is None:
        return False
    is_limited = account.role is Role.DUTY_OFFICER or bool(account.wards)
    return desk in (desks_of(account, duty_desk) or ()) and (not is_limited or ward in account.wards)


def sight_of(context: Context, visitor: Visitor) -> Wanted:
    """Return all open requests that the visitor sees."""
    desks = desks_of(visitor.account, context.settings.requests.duty_desk)
    return Wanted(desks=desks, wards=visitor.wards)


def require_desk(context: Context, visitor: Visitor, row: DeskRow) -> None:
    """Refuse whoever does not see a request (Problem `forbidden`)."""
    desks = desks_of(visitor.account, context.settings.requests.duty_desk)
    if not visitor.sees(row.request.ward) or (desks is not None and row.desk not in desks):
        raise Problem(HTTPStatus.FORBIDDEN, "forbidden")
