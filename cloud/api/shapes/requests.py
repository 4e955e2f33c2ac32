"""What people submitted, as a desk sees it: a page of cards, one in full, and what only its recipients can open."""

import base64
from collections.abc import Iterable, Mapping
from typing import Self

from catalogue.model import Catalogue
from catalogue.words import Label
from cloud.api.shapes.base import Shape, WardNames
from cloud.requests.flow import Whose
from cloud.requests.offices import Offices
from cloud.requests.options import Option, options
from cloud.requests.reasons import TEXTS
from cloud.requests.request import Event, Slot
from cloud.store.request_desks import DeskRow, Sealed

SAME = (
    "id", "tracking", "service", "service_version", "station", "ward", "version", "opened_at_ms", "entered_at_ms",
    "updated_at_ms", "due_at_ms", "late_since_ms", "ended_at_ms", "reason", "duplicate_of", "assignee", "rating",
    "rounds", "new_dates", "case_number", "category", "is_anonymous", "fields",
)  # fmt: skip
"""Fields of a request that a card repeats; the pseudonym of whoever submitted it is none of them."""


class Name(Shape):
    """A name in both languages."""

    vi: str
    en: str

    @classmethod
    def of(cls, label: Label) -> Self:
        """Say the same in JSON."""
        return cls(vi=label.vi, en=label.en)


class Span(Shape):
    """A time at which somebody may come."""

    start_ms: int
    end_ms: int

    @classmethod
    def of(cls, slot: Slot) -> Self:
        """Say the same in JSON."""
        return cls(start_ms=slot.start_ms, end_ms=slot.end_ms)


class RequestCard(Shape):
    """One request. `turn`: who is waited for, null when it is over; `actions`: what the desk may do now.

    `due_days`: working days until what was promised, 0 today, negative when past; null when nothing is.
    """

    id: str
    tracking: str
    kind: str
    service: str
    service_version: int
    service_name: Name | None
    authority: str
    ward: str
    ward_name: str
    station: str
    station_name: str
    desk: str | None
    connector: str | None
    state: str
    turn: str | None
    is_overdue: bool
    due_days: int | None
    actions: tuple[str, ...]
    version: int
    opened_at_ms: int
    entered_at_ms: int
    updated_at_ms: int
    due_at_ms: int | None
    late_since_ms: int | None
    ended_at_ms: int | None
    reason: str | None
    decision: str | None
    duplicate_of: str | None
    assignee: str | None
    rating: int | None
    rounds: int
    new_dates: int
    case_number: str | None
    category: str | None
    is_anonymous: bool
    fields: tuple[str, ...]
    slots: tuple[Span, ...]
    slot: Span | None


class Cards:
    """Makes cards with the names and terms of this city, as things are at `now_ms`."""

    def __init__(self, catalogue: Catalogue, offices: Offices, wards: WardNames, now_ms: int) -> None:
        self._catalogue = catalogue
        self._offices = offices
        self._wards = wards
        self._now_ms = now_ms

    def card(self, row: DeskRow) -> RequestCard:
        """Arrange a row of the store."""
        request = row.request
        wait = self._offices.flow(request).waits.get(request.state)
        service = self._catalogue.services.get(request.service)
        due_ms = request.due_at_ms
        is_past = request.due_at_ms is not None and request.due_at_ms < self._now_ms
        return RequestCard(
            **{name: getattr(request, name) for name in SAME},
            kind=request.kind.value,
            service_name=None if service is None else Name.of(service.name),
            authority=row.authority,
            ward_name=self._wards.get(request.ward, request.ward),
            station_name=row.station_name,
            desk=row.desk,
            connector=row.connector,
            state=request.state.value,
            turn=None if wait is None else wait.whose.value,
            is_overdue=is_past and wait is not None and wait.whose is Whose.DESK,
            due_days=None if due_ms is None else self._offices.calendar.days_until(self._now_ms, due_ms),
            actions=tuple(each.verb.value for each in self.options(row)),
            decision=request.decision and request.decision.value,
            slots=tuple(Span.of(slot) for slot in request.slots),
            slot=None if request.slot is None else Span.of(request.slot),
        )

    def options(self, row: DeskRow) -> list[Option]:
        """Return what the desk may do to it now."""
        return options(self._offices.flow(row.request), row.request, self._now_ms)

    def detail(self, row: DeskRow, events: Iterable[Event]) -> "RequestDetail":
        """Arrange a row with everything that happened to it, and what can be done."""
        return RequestDetail(
            card=self.card(row),
            events=tuple(map(RequestEvent.of, events)),
            forms=tuple(map(ActionForm.of, self.options(row))),
        )


class RequestPage(Shape):
    """A page of cards; `next` is where the following page begins, null when this is the last."""

    requests: tuple[RequestCard, ...]
    next: str | None


class RequestActor(Shape):
    """Who acted: an officer's login, a connector's name, null for people and the clock."""

    kind: str
    name: str | None


class RequestEvent(Shape):
    """One thing that happened; `data` are the action's own parameters, `text` a key of what the person was told.

    `reason` is the text of the key in `data`; null when there is none, or it is another system's own.
    """

    sequence: int
    at_ms: int
    actor: RequestActor
    verb: str
    state: str
    data: Mapping[str, object]
    text: str | None
    reason: Name | None

    @classmethod
    def of(cls, event: Event) -> Self:
        """Say the same in JSON."""
        reason = TEXTS.get(str(event.data.get("reason")))
        return cls(
            sequence=event.sequence,
            at_ms=event.at_ms,
            actor=RequestActor(kind=event.actor.kind.value, name=event.actor.name),
            verb=event.verb.value,
            state=event.state.value,
            data=event.data,
            text=event.text,
            reason=None if reason is None else Name(vi=reason.vi, en=reason.en),
        )


class ReasonText(Name):
    """A reviewed text under the key that an action names."""

    key: str


class ActionForm(Shape):
    """One of the card's `actions`: parameters that it `needs` and `may` have, reasons to choose from, whether it ends all."""

    action: str
    needs: tuple[str, ...]
    may: tuple[str, ...]
    is_end: bool
    reasons: tuple[ReasonText, ...]

    @classmethod
    def of(cls, option: Option) -> Self:
        """Say the same in JSON."""
        return cls(
            action=option.verb.value,
            needs=tuple(sorted(option.needs)),
            may=tuple(sorted(option.may)),
            is_end=option.is_end,
            reasons=tuple(ReasonText(key=each.key, vi=each.vi, en=each.en) for each in option.reasons),
        )


class RequestDetail(Shape):
    """A request, everything that happened to it, and what its desk may do now."""

    card: RequestCard
    events: tuple[RequestEvent, ...]
    forms: tuple[ActionForm, ...]


class SealedLater(Shape):
    """What came later, in base64; null: nothing came with it, or it is gone."""

    amendment: str
    action: str
    made_at_ms: int
    sealed: str | None


class SealedRequest(Shape):
    """Age files in base64, for the desk's own key; nobody here can open them. Null: gone."""

    recipients: tuple[str, ...]
    sealed: str | None
    amendments: tuple[SealedLater, ...]

    @classmethod
    def of(cls, kept: Sealed) -> Self:
        """Say the same in JSON."""
        return cls(
            recipients=kept.recipients,
            sealed=_text(kept.document),
            amendments=tuple(
                SealedLater(
                    amendment=each.amendment,
                    action=each.action,
                    made_at_ms=each.made_at_ms,
                    sealed=_text(each.sealed),
                )
                for each in kept.amendments
            ),
        )


def _text(sealed: bytes | None) -> str | None:
    return None if sealed is None else base64.b64encode(sealed).decode()
