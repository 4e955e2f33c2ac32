"""What a station asks while a person waits at its screen, and what the cloud answers. Nothing of it is kept on the way.

A question has one answer or none: who hears nothing in time asks again, or says that it cannot be had now. Asking twice
changes nothing; what must not be lost is an entry of the journal instead.
"""

from typing import Annotated, Final

from msgspec import Meta, Struct

from wire.entries import Count, Millis, Name, RequestKind, Sha256, Token, Tracking
from wire.messages import Message, RequestChanged

MAX_BILLS: Final = 24
MAX_WAYS: Final = 4
MAX_FOUND: Final = 20
MAX_QR_LENGTH: Final = 1_000

Account = Annotated[
    str,
    Meta(
        pattern=r"^[A-Z0-9_][A-Z0-9._/-]{1,31}$", description="a customer's code as whoever bills gave it out"
    ),
]
BillId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9./-]{0,63}$")]
Dong = Annotated[int, Meta(ge=0, le=2**53 - 1, description="whole dong")]
Label = Annotated[str, Meta(max_length=80)]
Day = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", description="a day, `2026-12-31`")]


class Part(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Common form of what questions and answers are made of."""


class AskBills(Part, frozen=True, kw_only=True, tag_field="kind", tag="ask-bills"):
    """Asks which bills of `account` are open at whoever bills for `service`."""

    service: Name
    account: Account


class BillChosen(Part, frozen=True, kw_only=True):
    """The bill that the person saw and wants to pay, with the amount that they saw."""

    account: Account
    bill: BillId
    amount_dong: Dong


class AskPayment(Part, frozen=True, kw_only=True, tag_field="kind", tag="ask-payment"):
    """Asks how `order` stands and how it can be paid. The first time makes it; the id is minted with the draft.

    It pays for `request`, which the station has submitted: its bill, or without `bill` the fee that is asked for it.
    """

    order: Token
    request: Token
    bill: BillChosen | None = None


class AskRequest(Part, frozen=True, kw_only=True, tag_field="kind", tag="ask-request"):
    """Asks how the request of this tracking code stands; with `proof`, whether the word on the receipt is right."""

    tracking: Tracking
    proof: Sha256 | None = None


class AskOwn(Part, frozen=True, kw_only=True, tag_field="kind", tag="ask-own"):
    """Asks for the requests of the person of pseudonym `by`, whose card lies on the reader."""

    by: Token


AnyQuestion = AskBills | AskPayment | AskRequest | AskOwn


class Question(Message, frozen=True, kw_only=True):
    """Topic: `up/ask/{id}`."""

    id: Token
    asked_at_ms: Millis
    body: AnyQuestion


class OpenBill(Part, frozen=True, kw_only=True):
    """One bill: for which period, how much, until when."""

    bill: BillId
    period: Label
    amount_dong: Dong
    due_day: Day | None = None


class BillsFound(Part, frozen=True, kw_only=True, tag_field="kind", tag="bills-found"):
    """The open bills, oldest first; `holder` is masked by whoever bills, and tells the person whether it is theirs."""

    holder: Label
    bills: Annotated[list[OpenBill], Meta(max_length=MAX_BILLS)]


class PaymentWay(Part, frozen=True, kw_only=True):
    """One way to pay: the text of a QR code to be scanned, and of whom it is."""

    provider: Name
    qr_text: Annotated[str, Meta(min_length=1, max_length=MAX_QR_LENGTH)]


class PaymentStands(Part, frozen=True, kw_only=True, tag_field="kind", tag="payment-stands"):
    """How an order stands: `state` is one of the states of an order, `ways` are there while it can be paid.

    `reference` is how it is known to banks; `receipt` and `invoice` are numbers given once it is paid and cleared.
    """

    order: Token
    state: Name
    amount_dong: Dong
    taken_dong: Dong = 0
    is_paid: bool = False
    expires_at_ms: Millis
    ways: Annotated[list[PaymentWay], Meta(max_length=MAX_WAYS)] = []
    reference: Label = ""
    paid_at_ms: Millis | None = None
    receipt: Label = ""
    invoice: Label = ""


class RequestFound(Part, frozen=True, kw_only=True):
    """One request, and what it was for; `is_holder`: whoever asks may do to it what it allows."""

    service: Name
    request_kind: RequestKind
    submitted_at_ms: Millis
    now: RequestChanged
    is_holder: bool = False


class RequestsFound(Part, frozen=True, kw_only=True, tag_field="kind", tag="requests-found"):
    """The newest first; `more` that are not listed."""

    requests: Annotated[list[RequestFound], Meta(max_length=MAX_FOUND)]
    more: Count = 0


class NotAnswered(Part, frozen=True, kw_only=True, tag_field="kind", tag="not-answered"):
    """Why there is no answer: unknown, out-of-reach, not-offered, paid, changed, too-often, not-yours (a wrong proof).

    `out-of-reach` and `too-often` may be asked again later, `unknown` too when it is about what was just submitted.
    """

    code: Name


AnyAnswer = BillsFound | PaymentStands | RequestsFound | NotAnswered


class Answer(Message, frozen=True, kw_only=True):
    """Topic: `down/answer/{id}`."""

    id: Token
    body: AnyAnswer
