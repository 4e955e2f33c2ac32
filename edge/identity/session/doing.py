"""What the person does: each action of the catalogue, carried out. Whether it is allowed was asked before."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Final

import msgspec

from edge.idcard.card import AccessKey, Can, MrzKey
from edge.idcard.errors import CardError, CardFault
from edge.idcard.groups import NEVER_SENT, Field
from edge.idcard.mrz import document_number_of
from edge.idcard.number import CitizenNumber, can_of, check_number
from edge.idcard.printed_code import parse_printed_code
from edge.identity.errors import OrderRefusedError, Refusal
from edge.identity.orders import Order
from edge.identity.purposes import Gives, Purpose
from edge.identity.session.due import Change, end, fail, leave
from edge.identity.session.events import Act, Bind, HandOver, KeepConsent, Read, Share
from edge.identity.session.state import Remedy, State, Visit
from edge.identity.view import BUSY, Action, Outcome, Page
from wire.entries import Name

CAN_DIGITS: Final = 6


def carry_out(state: State, act: Act, now_ms: int) -> Change:
    """Do what the person wants; OrderRefusedError when the order's data is wrong."""
    touched = replace(state, touched_ms=now_ms)
    if act.order.action is Action.OPEN:
        return open_visit(touched, act.token, act.offered, act.order.purpose)
    assert state.visit is not None
    visit = replace(state.visit, is_misread=False)
    return _DOERS[act.order.action](touched, visit, act, now_ms)


def open_visit(state: State, token: str, offered: tuple[Purpose, ...], name: str = "") -> Change:
    """Begin a visit, at the purpose `name` or with the question for it; the only purpose there is needs no question."""
    if not offered:
        raise OrderRefusedError(Refusal.PURPOSE)
    visit = Visit(session=token, offered=offered)
    if name or len(offered) == 1:
        visit = replace(visit, purpose=_purpose(offered, name or offered[0].name), page=Page.CONSENT)
    return replace(state, visit=visit, farewell=None), ()


def towards_reading(state: State, visit: Visit, now_ms: int) -> Change:
    """Go to what is missing for reading the card; when nothing is, read it."""
    if state.tries.is_paused(now_ms):
        return fail(state, visit, BUSY, Remedy.TYPE_AGAIN, now_ms)
    if not state.is_reader_ok:
        return fail(state, visit, CardFault.NO_READER, Remedy.READ_AGAIN, now_ms)
    if visit.key is None:
        return _to(state, visit, Page.NUMBER)
    if state.turn is None:
        return _to(state, visit, Page.CARD)
    assert visit.purpose is not None
    attempt = state.attempt + 1
    reading = replace(visit, page=Page.READING, step=None, trouble=None, begun_ms=now_ms)
    order = Read(attempt, state.turn, visit.key, frozenset(visit.purpose.fields))
    return replace(state, visit=reading, attempt=attempt), (order,)


def _choose(state: State, visit: Visit, act: Act, _: int) -> Change:
    return _to(state, replace(visit, purpose=_purpose(visit.offered, act.order.purpose)), Page.CONSENT)


def _agree(state: State, visit: Visit, act: Act, now_ms: int) -> Change:
    assert visit.purpose is not None
    agreed = replace(visit, session=act.token)
    consent = KeepConsent(agreed.session, visit.purpose.name, _text_version(act.order))
    going, effects = towards_reading(state, agreed, now_ms)
    return going, (consent, *effects)


def _number(state: State, visit: Visit, act: Act, now_ms: int) -> Change:
    typed = act.order.number
    if len(typed) == CAN_DIGITS and typed.isascii() and typed.isdecimal():
        return _with_key(state, visit, Can(typed), None, now_ms)
    try:
        return _with_number(state, visit, check_number(typed), now_ms)
    except CardError:
        raise OrderRefusedError(Refusal.NUMBER) from None


def _scan(state: State, visit: Visit, act: Act, now_ms: int) -> Change:
    try:
        return _with_number(state, visit, parse_printed_code(act.order.text).number, now_ms)
    except CardError:
        raise OrderRefusedError(Refusal.CODE) from None


def _dates(state: State, visit: Visit, act: Act, now_ms: int) -> Change:
    try:
        birth = date.fromisoformat(act.order.birth or "")
        expiry = date.fromisoformat(act.order.expiry or "")
        number = check_number(act.order.number).digits
    except ValueError:
        raise OrderRefusedError(Refusal.DATES) from None
    except CardError:
        raise OrderRefusedError(Refusal.NUMBER) from None
    if expiry <= birth:
        raise OrderRefusedError(Refusal.DATES)
    key = MrzKey(document_number_of(number), birth, expiry)
    return _with_key(state, visit, key, number, now_ms)


def _with_number(state: State, visit: Visit, number: CitizenNumber, now_ms: int) -> Change:
    return _with_key(state, visit, can_of(number), number.digits, now_ms)


def _with_key(state: State, visit: Visit, key: AccessKey, number: str | None, now_ms: int) -> Change:
    return towards_reading(state, replace(visit, key=key, number=number), now_ms)


def _to_dates(state: State, visit: Visit, _act: Act, _now_ms: int) -> Change:
    return _to(state, visit, Page.DATES)


def _retry(state: State, visit: Visit, _act: Act, now_ms: int) -> Change:
    assert visit.trouble is not None
    if visit.trouble.remedy is Remedy.REVIEW_AGAIN:
        return _to(state, visit, Page.REVIEW)
    return towards_reading(state, visit, now_ms)


def _show(state: State, visit: Visit, act: Act, _: int) -> Change:
    return _kept(state, replace(visit, shown=visit.shown | {_field(visit, act.order)}))


def _hide(state: State, visit: Visit, act: Act, _: int) -> Change:
    return _kept(state, replace(visit, shown=visit.shown - {_field(visit, act.order)}))


def _remove(state: State, visit: Visit, act: Act, _: int) -> Change:
    field = _field(visit, act.order)
    assert visit.purpose is not None
    if field in visit.purpose.needed:
        raise OrderRefusedError(Refusal.FIELD)
    return _kept(state, replace(visit, removed=visit.removed | {field}))


def _restore(state: State, visit: Visit, act: Act, _: int) -> Change:
    return _kept(state, replace(visit, removed=visit.removed - {_field(visit, act.order)}))


def _send(state: State, visit: Visit, act: Act, _: int) -> Change:
    """Send what is shown and was left in; of a field that may never leave there is nothing in it whatever a purpose says."""
    assert visit.purpose is not None
    assert visit.card is not None
    text_version = _text_version(act.order)
    if visit.purpose.gives is Gives.PSEUDONYM:
        return _to(state, visit, Page.SENDING, Bind(visit.session, visit.card.fields[Field.NUMBER]))
    fields = {
        field: visit.card.fields[field]
        for field in visit.fields
        if field not in visit.removed and field not in NEVER_SENT
    }
    if visit.purpose.gives is Gives.PREFILL:
        given = HandOver(session=visit.session, purpose=visit.purpose, fields=fields, proof=visit.card.proof)
        return _to(state, visit, Page.SENDING, given)
    share = Share(
        session=visit.session,
        share=act.token,
        purpose=visit.purpose,
        text_version=text_version,
        fields=fields,
        proof=visit.card.proof,
    )
    return _to(state, visit, Page.SENDING, share)


def _back(state: State, visit: Visit, _act: Act, _now_ms: int) -> Change:
    before = _BEFORE[visit.page]
    if before is None or (before is Page.PURPOSE and len(visit.offered) == 1):
        return leave(state)
    return _to(state, replace(visit, key=None, number=None), before)


def _end(state: State, visit: Visit, _act: Act, now_ms: int) -> Change:
    has_read = visit.page in (Page.REVIEW, Page.DONE, Page.READING, Page.TROUBLE)
    return end(state, Outcome.FINISHED, now_ms) if has_read or state.turn is not None else leave(state)


def _extend(state: State, visit: Visit, _act: Act, _now_ms: int) -> Change:
    return _kept(state, visit)


def _to(state: State, visit: Visit, page: Page, *effects: Share | Bind | HandOver) -> Change:
    return replace(state, visit=replace(visit, page=page, trouble=None)), effects


def _kept(state: State, visit: Visit) -> Change:
    return replace(state, visit=visit), ()


def _purpose(offered: tuple[Purpose, ...], name: str) -> Purpose:
    for purpose in offered:
        if purpose.name == name:
            return purpose
    raise OrderRefusedError(Refusal.PURPOSE)


def _text_version(order: Order) -> str:
    try:
        return msgspec.convert(order.text_version, Name)
    except msgspec.ValidationError:
        raise OrderRefusedError(Refusal.TEXT_VERSION) from None


def _field(visit: Visit, order: Order) -> Field:
    if order.field is None or order.field not in visit.fields:
        raise OrderRefusedError(Refusal.FIELD)
    return order.field


_BEFORE: Final[Mapping[Page, Page | None]] = MappingProxyType(
    {
        Page.PURPOSE: None,
        Page.CONSENT: Page.PURPOSE,
        Page.NUMBER: Page.CONSENT,
        Page.DATES: Page.NUMBER,
        Page.CARD: Page.NUMBER,
    }
)
_DOERS: Final[Mapping[Action, Callable[[State, Visit, Act, int], Change]]] = MappingProxyType(
    {
        Action.CHOOSE: _choose,
        Action.AGREE: _agree,
        Action.NUMBER: _number,
        Action.SCAN: _scan,
        Action.TO_DATES: _to_dates,
        Action.DATES: _dates,
        Action.RETRY: _retry,
        Action.SHOW: _show,
        Action.HIDE: _hide,
        Action.REMOVE: _remove,
        Action.RESTORE: _restore,
        Action.SEND: _send,
        Action.BACK: _back,
        Action.END: _end,
        Action.EXTEND: _extend,
    }
)
