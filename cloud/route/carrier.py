"""One connector's errands: submissions and what came later go out, news of how they stand come in.

An errand is claimed for a while, carried, and settled. A carrier that dies in between leaves it to be carried again, which
the other side recognises by its key.
"""

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from cloud.connectors.errors import ConnectorError
from cloud.connectors.port import Connector, Handover, NotTakenError, Standing, UnknownNumberError
from cloud.requests.errors import RefusedCode, RefusedError
from cloud.requests.offices import Offices
from cloud.requests.request import Action, Actor, ActorKind, Event, Request, State, Verb
from cloud.route.retry import FIRST_POLL_MS, poll_at_ms, retry_at_ms
from cloud.store import amendments, errands, request_lists, request_routes, requests
from cloud.store.amendments import Sent
from cloud.store.engine import Store
from cloud.store.errands import Errand, ErrandKind
from cloud.store.errors import MissingError
from cloud.store.request_routes import Poll

_log = structlog.get_logger(__name__)

BATCH: Final = 20
ECHO_MS: Final = 1_800_000
"""So long another system may take to notice what it was told."""

FIRST_NOTE: Final = "Trùng với phản ánh số {}"

LEASE_MS: Final = 45_000
"""Longer than a connector may take with all its attempts; so long one errand waits whose carrier died with it in hand."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """Carries for one connector; each has its own, so that one that hangs holds up no other."""

    store: Store
    connector: Connector
    offices: Offices
    clock: Callable[[], int]
    jitter: Callable[[], float] = random.random
    first_poll_ms: int = FIRST_POLL_MS

    async def carry_due(self) -> int:
        """Carry up to BATCH errands, each in turn; return how many.

        Each is claimed when its turn comes: a carrier that dies leaves one of them to its lease, not all.
        """
        for count in range(BATCH):
            errand = await asyncio.to_thread(self._claim)
            if errand is None:
                return count
            await self._carry(errand)
        return BATCH

    async def poll_due(self) -> int:
        """Ask for news of up to BATCH requests; return how many."""
        asked = await asyncio.to_thread(self._polls)
        for poll in asked:
            try:
                standing: Standing | None = await self.connector.status(poll.number)
            except UnknownNumberError:
                _log.error("route.number_unknown", request=poll.request, connector=self.connector.name)
                standing = None
            except ConnectorError as error:
                _log.warning("route.no_news", request=poll.request, error=str(error))
                standing = None
            await asyncio.to_thread(self._follow, poll, standing)
        return len(asked)

    def _claim(self) -> Errand | None:
        now_ms = self.clock()
        with self.store.reading() as connection:
            if not errands.any_due(connection, self.connector.name, now_ms):
                return None
        with self.store.writing() as connection:
            claimed = errands.claim(connection, self.connector.name, now_ms, 1, lease_ms=LEASE_MS)
        return claimed[0] if claimed else None

    async def _carry(self, errand: Errand) -> None:
        try:
            handover = await asyncio.to_thread(self._handover, errand)
            number = await self.connector.submit(handover)
        except NotTakenError as error:
            await asyncio.to_thread(self._failed, errand, str(error), is_final=True)
        except ConnectorError as error:
            await asyncio.to_thread(self._failed, errand, str(error), is_final=False)
        except MissingError:
            await asyncio.to_thread(self._failed, errand, "what was sealed is gone", is_final=True)
        except Exception:  # noqa: BLE001  # a fault of our own must neither stop the others nor lose this one
            _log.exception("route.fault", errand=errand.id, connector=self.connector.name)
            await asyncio.to_thread(self._failed, errand, "a fault of the carrier's own", is_final=False)
        else:
            await asyncio.to_thread(self._done, errand, number)

    def _handover(self, errand: Errand) -> Handover:
        """Return what is to be carried; MissingError when it is gone."""
        with self.store.reading() as connection:
            submission = request_routes.submission(connection, errand.request)
            sent = Sent(None, submission.sealed, None)
            if errand.kind is ErrandKind.AMEND:
                sent = amendments.sent(connection, errand.subject)
            elif errand.kind is ErrandKind.PAID:
                sent = Sent(Verb.PAY.value, None, None)
        if sent.action is None and sent.sealed is None:
            raise MissingError("request: what was sealed is gone")
        request = submission.request
        return Handover(
            key=errand.subject or request.id,
            tracking=request.tracking,
            service=request.service,
            service_version=request.service_version,
            authority=submission.authority,
            ward=request.ward,
            recipients=submission.recipients,
            fields=request.fields,
            blobs=submission.blobs,
            action=sent.action,
            outside=None if sent.action is None else submission.outside,
            slot_start_ms=sent.slot_start_ms,
            sealed=sent.sealed,
        )

    def _done(self, errand: Errand, number: str) -> None:
        now_ms = self.clock()
        with self.store.writing() as connection:
            errands.mark_done(connection, errand.id, now_ms)
            if errand.kind is ErrandKind.SUBMIT:
                next_ms = poll_at_ms(now_ms, now_ms, self.jitter(), self.first_poll_ms)
                request_routes.mark_submitted(connection, errand.request, number, next_ms)

    def _failed(self, errand: Errand, detail: str, *, is_final: bool) -> None:
        now_ms = self.clock()
        again_ms = retry_at_ms(errand.attempts + 1, now_ms, self.jitter(), is_final=is_final)
        with self.store.writing() as connection:
            errands.mark_failed(connection, errand.id, now_ms, detail, again_at_ms=again_ms)
        report = _log.error if again_ms is None else _log.warning
        report("route.failed", errand=errand.id, request=errand.request, detail=detail, dead=again_ms is None)

    def _polls(self) -> list[Poll]:
        """Return whom to ask about; nobody else asks until the lease is over."""
        now_ms = self.clock()
        with self.store.reading() as connection:
            due = request_routes.polls_due(connection, self.connector.name, now_ms, BATCH)
        if due:
            with self.store.writing() as connection:
                for poll in due:
                    request_routes.poll_again(connection, poll.request, now_ms + LEASE_MS)
        return due

    def _follow(self, poll: Poll, standing: Standing | None) -> None:
        now_ms = self.clock()
        if standing is not None and standing.state is None:
            _log.error("route.word_unknown", request=poll.request, connector=self.connector.name)
        elif standing is not None:
            self._take_over(poll, standing, now_ms)
        with self.store.writing() as connection:
            request = requests.require(connection, poll.request)
            at_ms = poll_at_ms(request.updated_at_ms, now_ms, self.jitter(), self.first_poll_ms)
            request_routes.poll_again(connection, poll.request, at_ms)
        self.store.ring()

    def _first(self, standing: Standing) -> str | None:
        """Return our id of the report that was first, where it came by us too."""
        if standing.state is not State.DUPLICATE or standing.duplicate_of is None:
            return None
        with self.store.reading() as connection:
            return request_routes.known_as(connection, self.connector.name, standing.duplicate_of)

    def _take_over(self, poll: Poll, standing: Standing, now_ms: int) -> None:
        action = _action(poll, standing, self.connector.name, self._first(standing))
        try:
            with self.store.writing() as connection:
                events = request_lists.events(connection, poll.request)
                request = requests.require(connection, poll.request)
                if not (_is_echo(events, standing, now_ms) or _is_offered(request, standing)):
                    requests.follow(connection, poll.request, action, self.offices, now_ms)
        except RefusedError as error:
            report = _log.info if error.code is RefusedCode.STALE else _log.error
            report("route.no_way", request=poll.request, told=standing.state, why=error.code.value)


def _action(poll: Poll, standing: Standing, connector: str, first: str | None) -> Action:
    by, key = Actor(ActorKind.CONNECTOR, connector), f"follow-{poll.version}"
    if standing.state is State.OFFERED:
        return Action(verb=Verb.OFFER, by=by, key=key, version=poll.version, slots=standing.slots)
    return Action(
        verb=Verb.FOLLOW,
        by=by,
        key=key,
        version=poll.version,
        state=standing.state,
        decision=standing.decision,
        reason=standing.reason,
        case_number=standing.case_number,
        note=standing.note or _named(standing),
        duplicate_of=first,
    )


def _named(standing: Standing) -> str:
    """Say which report was first: a number that its reporter and the public know."""
    return "" if standing.duplicate_of is None else FIRST_NOTE.format(standing.duplicate_of)


def _is_offered(request: Request, standing: Standing) -> bool:
    """Whether the person is choosing among just these slots."""
    return standing.state is State.OFFERED is request.state and tuple(sorted(standing.slots)) == request.slots


def _is_echo(events: Sequence[Event], standing: Standing, now_ms: int) -> bool:
    """Whether it only says what was so before the person did or paid something, which it has not noticed yet."""
    if len(events) <= 1:
        return False
    if events[-1].actor.kind is not ActorKind.CITIZEN and events[-1].verb is not Verb.PAY:
        return False
    return events[-2].state is standing.state and now_ms - events[-1].at_ms < ECHO_MS
