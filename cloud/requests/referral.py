"""A referral: the platform hands somebody's wish to a bank, an operator, VNeID's desk, or the ward's area officer.

    sent -> received -> contacted -> done | declined          withdrawn by the person until it is done
                ^           |
                '- supplement-wanted, of either

Only the fields that the person agreed to send go along, sealed for the partner; their names are in `Request.fields`.
"""

from typing import Final

from cloud.requests.calendar import Term, Unit
from cloud.requests.flow import CITIZEN_ONLY, DESK_ONLY, Flow, Move, Wait, Whose, moves, names
from cloud.requests.request import State, Verb
from cloud.requests.shared import because

MAX_SUPPLEMENTS: Final = 3

_OPEN: Final = frozenset({State.SENT, State.RECEIVED, State.CONTACTED, State.SUPPLEMENT_WANTED})


REFERRAL: Final = Flow(
    start=State.SENT,
    ends=frozenset({State.DONE, State.DECLINED, State.WITHDRAWN}),
    rated=frozenset({State.DONE, State.DECLINED}),
    waits={
        State.SENT: Wait(whose=Whose.DESK, term=Term(8, Unit.WORKING_HOURS)),
        State.RECEIVED: Wait(whose=Whose.DESK, term=Term(2, Unit.WORKING_DAYS)),
        State.CONTACTED: Wait(whose=Whose.DESK, term=Term(10, Unit.WORKING_DAYS)),
        State.SUPPLEMENT_WANTED: Wait(whose=Whose.CITIZEN, term=Term(15, Unit.DAYS)),
    },
    moves=moves(
        Move(verb=Verb.RECEIVE, sources=frozenset({State.SENT}), to=State.RECEIVED, by=DESK_ONLY),
        Move(
            verb=Verb.CONTACT,
            sources=frozenset({State.SENT, State.RECEIVED}),
            to=State.CONTACTED,
            by=DESK_ONLY,
        ),
        Move(
            verb=Verb.ASK_SUPPLEMENT,
            sources=frozenset({State.RECEIVED, State.CONTACTED}),
            to=State.SUPPLEMENT_WANTED,
            by=DESK_ONLY,
            needs=names("reason", "wanted"),
            limit=MAX_SUPPLEMENTS,
            effect=because,
        ),
        Move(
            verb=Verb.SUPPLEMENT,
            sources=frozenset({State.SUPPLEMENT_WANTED}),
            to=State.RECEIVED,
            by=CITIZEN_ONLY,
        ),
        Move(
            verb=Verb.FINISH,
            sources=frozenset({State.RECEIVED, State.CONTACTED}),
            to=State.DONE,
            by=DESK_ONLY,
        ),
        Move(
            verb=Verb.DECLINE,
            sources=_OPEN,
            to=State.DECLINED,
            by=DESK_ONLY,
            needs=names("reason"),
            effect=because,
        ),
        Move(verb=Verb.WITHDRAW, sources=_OPEN, to=State.WITHDRAWN, by=CITIZEN_ONLY),
    ),
)
