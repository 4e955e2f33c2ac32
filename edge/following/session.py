"""Following a request as a pure state machine: codes, what is known and what the centre says in, what may be done out.

Whoever has the code sees how it stands. Who wants to do something shows the word on the receipt, too; to one that was
submitted with a card, the card.
"""

from dataclasses import dataclass, field, replace
from typing import Final

from edge.following.errors import OrderRefusedError
from edge.following.view import FollowingView, Needed, Order, Page, Trouble
from wire.asking import AnyAnswer, NotAnswered, RequestFound, RequestsFound
from wire.entries import RequestAction, RequestAmended
from wire.messages import RequestChanged
from wire.tracking import Receipt, proof_of, read_receipt, read_word

MAX_WRONG: Final = 10
"""So many wrong codes in PAUSE_MS, then none is looked up until the oldest is that old."""
PAUSE_MS: Final = 5 * 60_000

OFFERED: Final = frozenset(
    {
        RequestAction.WITHDRAW,
        RequestAction.RATE,
        RequestAction.CONFIRM,
        RequestAction.REOPEN,
        RequestAction.CANCEL,
    }
)
"""What needs neither papers nor a choice of dates."""
ENDING: Final = frozenset({RequestAction.WITHDRAW, RequestAction.CANCEL})
"""What cannot be taken back: the person is asked twice."""

NOT_YOURS: Final = "not-yours"
"""What the centre says of a wrong word."""

Answer = AnyAnswer | None
"""None: no answer came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Where somebody is. `token` names the amendment that they may make; `wrong_ms` is when wrong codes came (uptime).

    `proof` is of the word that they showed; with the line cut nobody here can tell whether it is right.
    """

    page: Page = Page.CODE
    code: str = ""
    proof: str = field(default="", repr=False)
    now: RequestChanged | None = None
    found: RequestFound | None = None
    is_fresh: bool = False
    sent: RequestAction | None = None
    token: str = ""
    trouble: Trouble | None = None
    wrong_ms: tuple[int, ...] = ()


NOBODY: Final = State()


def left(state: State) -> State:
    """Forget the person; how many codes were wrong is not forgotten."""
    return State(wrong_ms=state.wrong_ms)


def typed(state: State, text: str, now_ms: int) -> State:
    """Take what was typed or scanned: a code to be looked up has page ASKING, everything else a trouble."""
    wrong_ms = _lately(state, now_ms)
    if len(wrong_ms) >= MAX_WRONG:
        return State(trouble=Trouble.TOO_OFTEN, wrong_ms=wrong_ms)
    receipt = read_receipt(text)
    if receipt is None:
        return State(trouble=Trouble.MISTYPED, wrong_ms=(*wrong_ms, now_ms))
    proof = proof_of(receipt) if receipt.word else ""
    return State(page=Page.ASKING, code=receipt.code, proof=proof, wrong_ms=wrong_ms)


def shown(state: State, text: str, now_ms: int) -> State:
    """Take the word that somebody typed; OrderRefusedError where none is asked for."""
    if _needed(state) is not Needed.WORD:
        raise OrderRefusedError("not-now")
    state = replace(state, wrong_ms=_lately(state, now_ms))
    if len(state.wrong_ms) >= MAX_WRONG:
        return replace(state, trouble=Trouble.TOO_OFTEN)
    word = read_word(text)
    if word is None:
        return _disproved(state, Trouble.MISTYPED, now_ms)
    return replace(state, proof=proof_of(Receipt(state.code, word)), trouble=None)


def _lately(state: State, now_ms: int) -> tuple[int, ...]:
    return tuple(at_ms for at_ms in state.wrong_ms if now_ms - at_ms < PAUSE_MS)


def _disproved(state: State, trouble: Trouble, now_ms: int) -> State:
    """Forget a wrong word. Where nothing is known of the code the person begins anew, since nobody will ask again."""
    page = Page.CODE if state.now is None else state.page
    return replace(state, page=page, proof="", trouble=trouble, wrong_ms=(*state.wrong_ms, now_ms))


def known(state: State, news: RequestChanged | None, token: str) -> State:
    """Take what this station was told of the code: something newer, or that what the person did is refused."""
    if news is None:
        return state
    refused = news.refused if news.refused is not None and news.refused.amendment == state.token else None
    if state.now is not None and news.version <= state.now.version and refused is None:
        return state
    found = replace(state, page=Page.FOUND, now=news, token=token, sent=None, trouble=None)
    if refused is not None and refused.code == NOT_YOURS:
        return replace(found, proof="", trouble=Trouble.NOT_YOURS)
    return found


def heard(state: State, code: str, answer: Answer, token: str, now_ms: int) -> State:
    """Take the centre's answer about `code`; one about another code changes nothing."""
    if code != state.code:
        return state
    match answer:
        case RequestsFound(requests=[first, *_]):
            return _found(state, first, token)
        case NotAnswered(code="unknown") if state.now is None:
            return State(trouble=Trouble.UNKNOWN, wrong_ms=(*state.wrong_ms, now_ms))
        case NotAnswered(code=code) if code == NOT_YOURS:
            return _disproved(state, Trouble.NOT_YOURS, now_ms)
        case NotAnswered(code="too-often"):
            return _unheard(state, Trouble.TOO_OFTEN)
        case _:
            return _unheard(state, Trouble.OFFLINE)


def allowed(state: State) -> list[RequestAction]:
    """Return what the person may do now, in the order of the request's own list."""
    return offered(state) if _needed(state) is Needed.NOTHING else []


def offered(state: State) -> list[RequestAction]:
    """Return what may be done to the request now by whoever shows that it is theirs."""
    if state.now is None or state.sent is not None:
        return []
    return [action for action in state.now.allowed if action in OFFERED]


def _needed(state: State) -> Needed:
    if not offered(state):
        return Needed.NOTHING
    if state.now is not None and state.now.is_owned:
        return Needed.CARD
    return Needed.NOTHING if state.proof else Needed.WORD


def amendment(state: State, order: Order) -> RequestAmended:
    """Return the entry of what the person wants; OrderRefusedError."""
    now, action = state.now, order.action
    is_rating = action is RequestAction.RATE
    if (
        now is None
        or action is None
        or action not in allowed(state)
        or is_rating != (order.rating is not None)
    ):
        raise OrderRefusedError("not-now")
    if action in ENDING and not order.is_sure:
        raise OrderRefusedError("not-sure")
    return RequestAmended(
        amendment=state.token,
        request=now.request,
        action=action,
        version=now.version,
        proof=state.proof,
        rating=order.rating,
    )


def recorded(state: State, made: RequestAmended) -> State:
    """Take that an amendment is on disk."""
    return replace(state, sent=made.action, trouble=None) if made.amendment == state.token else state


def unrecorded(state: State) -> State:
    """Take that the disk did not take it: the person may try again."""
    return replace(state, trouble=Trouble.NOT_RECORDED)


def show(state: State) -> FollowingView:
    """Return what the screen shows."""
    found = state.found
    return FollowingView(
        page=state.page,
        actions=allowed(state),
        offered=offered(state),
        needed=_needed(state),
        now=state.now,
        service="" if found is None else found.service,
        request_kind=None if found is None else found.request_kind,
        submitted_at_ms=None if found is None else found.submitted_at_ms,
        is_fresh=state.is_fresh,
        sent=state.sent,
        trouble=state.trouble,
    )


def _found(state: State, found: RequestFound, token: str) -> State:
    """Show the newest: the station may have been told more than the centre's answer says, never less for long."""
    before = state.now
    fresh = replace(state, page=Page.FOUND, found=found, is_fresh=True, trouble=None)
    if before is None or before.version < found.now.version:
        return replace(fresh, now=found.now, token=token, sent=None)
    return fresh


def _unheard(state: State, trouble: Trouble) -> State:
    """Keep what is known, and say that it may be old."""
    page = Page.CODE if state.now is None else state.page
    return replace(state, page=page, is_fresh=False, trouble=trouble)
