"""What a decision about time needs beside the request: the calendar, and the terms that services promise of their own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from cloud.requests.act import act, open_request, tick
from cloud.requests.calendar import Calendar, Term
from cloud.requests.flow import Flow
from cloud.requests.flows import FLOWS
from cloud.requests.request import Action, Change, Request, State


@dataclass(frozen=True, slots=True)
class Offices:
    """The city's offices: when they work, and how long each service may stay in each state (by the service's name).

    A service of which nothing is said has the terms of its kind's flow.
    """

    calendar: Calendar = field(default_factory=Calendar)
    terms: Mapping[str, Mapping[State, Term]] = field(default_factory=lambda: MappingProxyType({}))

    def flow(self, request: Request) -> Flow:
        """Return the flow that a request goes, with its service's terms."""
        flow, own = FLOWS[request.kind], self.terms.get(request.service)
        return flow if own is None else flow.with_terms(own)

    def open(self, request: Request, key: str, now_ms: int) -> Change:
        """Begin; see cloud.requests.act."""
        return open_request(self.flow(request), request, key, now_ms, self.calendar)

    def act(self, request: Request, action: Action, now_ms: int) -> Change:
        """Apply an action; see cloud.requests.act."""
        return act(self.flow(request), request, action, now_ms, self.calendar)

    def tick(self, request: Request, now_ms: int) -> Change | None:
        """Do what the clock has to do; see cloud.requests.act."""
        return tick(self.flow(request), request, now_ms, self.calendar)
