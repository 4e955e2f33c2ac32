"""What each order pays for: written with the order, and looked at until both sides are at peace.

Money moves by its own rules (cloud.payments), requests by theirs (cloud.requests); here stands what one still has to be told
of the other. Each of these may be told again: nothing happens twice.
"""

from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, Select, and_, bindparam, exists, func, or_, select, update

from cloud.payments.order import Order
from cloud.requests.request import Kind, State, Verb
from cloud.store.payment_rows import COLUMNS, to_order
from cloud.store.schema import PAYMENT_FOR as F
from cloud.store.schema import PAYMENT_ORDER as O
from cloud.store.schema import REQUEST as R
from cloud.store.schema import REQUEST_EVENT as E
from cloud.store.upsert import insert_new


@dataclass(frozen=True, slots=True, kw_only=True)
class PaysFor:
    """What an order pays for: the fee of a request, or with `bill` a bill of `account`; and what whoever bills said."""

    order: str
    request: str
    service: str
    account: str | None = field(default=None, repr=False)
    bill: str | None = None
    receipt: str = ""
    invoice: str = ""
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Due:
    """An order, what it pays for, and its money."""

    pays: PaysFor
    order: Order


def keep(connection: Connection, pays: PaysFor) -> None:
    """Write what an order pays for, in the transaction that makes it; repeating it changes nothing."""
    row = {
        "order_id": pays.order,
        "request": pays.request,
        "service": pays.service,
        "account": pays.account,
        "bill": pays.bill,
        "attempts": 0,
    }
    connection.execute(insert_new(connection.dialect.name, F), [row])


def find(connection: Connection, order: str) -> Due | None:
    """Return an order and what it pays for; None when there is no such order, or it pays for nothing of ours."""
    row = connection.execute(_ONE, {"key": order}).mappings().one_or_none()
    return None if row is None else _to_due(row)


def paid(connection: Connection, limit: int) -> list[Due]:
    """Return orders that are paid and whose request does not know it yet."""
    return _due(connection, _PAID, {"most": limit})


def vain(connection: Connection, limit: int) -> list[Due]:
    """Return orders that are paid for what will not be done, or is done without them: their money is to be owed back."""
    return _due(connection, _VAIN, {"most": limit})


def to_clear(connection: Connection, now_ms: int, limit: int) -> list[Due]:
    """Return paid bills of which whoever bills has still to be told, and now."""
    return _due(connection, _TO_CLEAR, {"now_ms": now_ms, "most": limit})


def try_again(connection: Connection, order: str, attempts: int, at_ms: int) -> None:
    """Tell whoever bills again then."""
    connection.execute(_AGAIN, {"key": order, "so_many": attempts, "then_ms": at_ms})


def mark_cleared(connection: Connection, order: str, receipt: str, invoice: str) -> None:
    """Keep the numbers that whoever bills gave."""
    connection.execute(_CLEARED, {"key": order, "its_receipt": receipt, "its_invoice": invoice})


def _due(connection: Connection, statement: Select[Any], values: dict[str, object]) -> list[Due]:
    return [_to_due(row) for row in connection.execute(statement, values).mappings()]


def _to_due(row: RowMapping) -> Due:
    pays = PaysFor(
        order=row["order_id"],
        request=row["request"],
        service=row["service"],
        account=row["account"],
        bill=row["bill"],
        receipt=row["receipt"] or "",
        invoice=row["invoice"] or "",
        attempts=row["attempts"],
    )
    return Due(pays, to_order(row))


_OWN: Final = tuple(
    F.c[name]
    for name in ("order_id", "request", "service", "account", "bill", "receipt", "invoice", "attempts")
)
_DONE_WITH: Final = [state.value for state in (State.WITHDRAWN, State.REFUSED, State.STOPPED, State.DECLINED)]
"""States of a request after which nothing is done for its money."""

_ALL: Final = (
    select(*COLUMNS, *_OWN)
    .select_from(F.join(O, O.c.id == F.c.order_id).join(R, R.c.id == F.c.request))
    .where(O.c.settled_at_ms.is_not(None))
    .order_by(O.c.settled_at_ms)
    .limit(bindparam("most"))
)
_ONE: Final = (
    select(*COLUMNS, *_OWN)
    .select_from(F.join(O, O.c.id == F.c.order_id))
    .where(F.c.order_id == bindparam("key"))
)
_IS_TOLD: Final = exists().where(
    E.c.request == F.c.request,
    E.c.verb == Verb.PAY.value,
    E.c.data["order"].as_string() == F.c.order_id,
)
# A bill is paid by one order; of several fees, each by one, the request names the last.
_IS_UNWANTED: Final = and_(
    R.c.state != State.FEE_WANTED.value,
    func.coalesce(R.c.payment_order, "") != F.c.order_id,
    or_(R.c.kind == Kind.BILL.value, ~_IS_TOLD),
)
_PAID: Final = _ALL.where(R.c.state == State.FEE_WANTED.value, O.c.is_closed.is_(False), ~_IS_TOLD)
_VAIN: Final = _ALL.where(
    O.c.is_closed.is_(False), F.c.receipt.is_(None), or_(R.c.state.in_(_DONE_WITH), _IS_UNWANTED)
)
_TO_CLEAR: Final = _ALL.where(
    R.c.kind == Kind.BILL.value,
    R.c.state == State.FEE_PAID.value,
    R.c.payment_order == F.c.order_id,
    F.c.bill.is_not(None),
    or_(F.c.next_try_ms.is_(None), F.c.next_try_ms <= bindparam("now_ms")),
)
_AGAIN: Final = (
    update(F)
    .where(F.c.order_id == bindparam("key"))
    .values(attempts=bindparam("so_many"), next_try_ms=bindparam("then_ms"))
)
_CLEARED: Final = (
    update(F)
    .where(F.c.order_id == bindparam("key"))
    .values(receipt=bindparam("its_receipt"), invoice=bindparam("its_invoice"), next_try_ms=None)
)
