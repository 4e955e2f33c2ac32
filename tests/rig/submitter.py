"""A station that submits: the real journal and the real uplink, and beside them a list of what it was told."""

import asyncio
import secrets
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from cloud.clock import now_ms
from edge.clock import SystemClock
from edge.journal.journal import Journal, open_journal
from edge.journal.records import MIB, Limits
from edge.settings import BrokerSettings
from edge.uplink.uplink import Uplink
from tests.rig.broker import HOST, Broker
from wire.entries import AGE_INTRO, RequestAction, RequestAmended, RequestKind, RequestSubmitted
from wire.messages import Birth, Command, Heartbeat, Outcome, RequestChanged
from wire.messages import Receipt as LaneReceipt
from wire.topics import Lane
from wire.tracking import Receipt, proof_of, tracking_code

WORD = "K7QM3V"
"""On every receipt that is given out here."""


class Submitter:
    """`async with Submitter(...)`: `submit` and `amend` return when it is on the station's disk.

    `told` is what the cloud told of each request, in the order of arrival; every command gets its answer.
    """

    def __init__(self, directory: Path, station: str, broker: Broker, *, port: int | None = None) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        leaf = broker.certificate(station)
        self.station = station
        self.told: dict[str, list[RequestChanged]] = {}
        self.receipts: list[LaneReceipt] = []
        self._settings = BrokerSettings(
            host=HOST,
            port=port or broker.port,
            ca=broker.ca_path,
            certificate=leaf.certificate,
            key=leaf.key,
            keepalive_s=5,
        )
        self._path = directory / "journal.db"
        self._boot = secrets.token_hex(16)
        self._stack = AsyncExitStack()
        self._journal: Journal | None = None
        self._uplink: asyncio.Task[None] | None = None
        self._number = 0
        self._proofs: dict[str, str] = {}

    async def __aenter__(self) -> Self:
        limits = Limits(max_bytes=64 * MIB, reserve_bytes=MIB)
        self._journal = await self._stack.enter_async_context(
            open_journal(self._path, limits, boot=self._boot)
        )
        uplink = Uplink(
            self._settings,
            self.station,
            self._journal,
            clock=SystemClock(),
            on_receipt=self._note_receipt,
            on_command=self._obey,
            birth=self._birth,
            heartbeat=self._heartbeat,
        )
        self._uplink = asyncio.create_task(uplink.run(), name=f"uplink-{self.station}")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._uplink is not None:
            self._uplink.cancel()
            await asyncio.gather(self._uplink, return_exceptions=True)
        await self._stack.aclose()

    async def submit(self, service: str = "temporary-residence", authority: str = "ward-police") -> str:
        """Submit a dossier of an invented person, sealed for the authority; return the request's id."""
        self._number += 1
        request, receipt = secrets.token_hex(16), Receipt(tracking_code(self.station, self._number), WORD)
        body = RequestSubmitted(
            request=request,
            tracking=receipt.code,
            service=service,
            service_version=1,
            request_kind=RequestKind.DOSSIER,
            authority=authority,
            text_version="2026-11.submit",
            recipients=[authority],
            fields=["number", "name", "birth"],
            sealed=AGE_INTRO + b"-> X25519 invented\n" + secrets.token_bytes(2_000),
            proof=proof_of(receipt),
        )
        self._proofs[request] = proof_of(receipt)
        await self._append(body, request)
        return request

    async def amend(self, request: str, action: RequestAction) -> str:
        """Do something to a request as the person who made it; return the amendment's id."""
        amendment = secrets.token_hex(16)
        sealed = AGE_INTRO + b"-> X25519 invented\n" + secrets.token_bytes(500)
        body = RequestAmended(
            amendment=amendment, request=request, action=action, sealed=sealed, proof=self._proofs[request]
        )
        await self._append(body, amendment)
        return amendment

    def state(self, request: str) -> str | None:
        """Return the newest state that the station knows of a request; None when it was told of none."""
        told = self.told.get(request, [])
        return max(told, key=lambda news: news.version).state if told else None

    async def until(self, is_so: Callable[[], bool], what: str, timeout_s: float = 60) -> None:
        """Return when something is so; TimeoutError names it when it is not in time."""
        try:
            async with asyncio.timeout(timeout_s):
                while not is_so():  # noqa: ASYNC110  other threads and processes make it so
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise TimeoutError(what) from None

    def depth(self) -> int:
        """Return how many submissions and amendments still wait for their receipt."""
        assert self._journal is not None, "not running"
        return next((lane.depth for lane in self._journal.health() if lane.lane is Lane.REQUEST), 0)

    async def _append(self, body: RequestSubmitted | RequestAmended, source: str) -> None:
        assert self._journal is not None, "not running"
        await self._journal.append(Lane.REQUEST, body, at_ms=now_ms(), uptime_ms=1, source=source)

    async def _note_receipt(self, receipt: LaneReceipt) -> None:
        self.receipts.append(receipt)

    async def _obey(self, command: Command) -> tuple[Outcome, str]:
        if isinstance(command.body, RequestChanged):
            self.told.setdefault(command.body.request, []).append(command.body)
        return Outcome.DONE, ""

    def _birth(self) -> Birth:
        assert self._journal is not None, "not running"
        journal = self._journal.journal_id
        return Birth(station=self.station, journal=journal, boot=self._boot, at_ms=now_ms(), release="0.1")

    def _heartbeat(self) -> Heartbeat:
        return Heartbeat(
            station=self.station,
            boot=self._boot,
            at_ms=now_ms(),
            uptime_ms=1,
            loop_lag_ms=0,
            disk_free_bytes=1 << 30,
        )
