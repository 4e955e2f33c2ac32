"""The ingest's loop: drain, commit as one, acknowledge, receipt; and what happens when a step fails.

The order is the guarantee: nothing is acknowledged or receipted before the transaction has committed. A failure of the
store breaks the connection without an acknowledgement, so the broker keeps everything and brings it again. A group that
fails for its content is taken apart, so that one bad payload is quarantined alone and holds nobody up.
"""

import random
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Final

import structlog

from cloud.clock import now_ms
from cloud.ingest.commit import WITHOUT_HOLIDAYS, commit_group
from cloud.ingest.intake import Arrival, Group, Spoiled, receipts, sort_arrivals, spoil
from cloud.ingest.source import MqttSource, SourceConfig, SourceError
from cloud.requests.offices import Offices
from cloud.settings import Identity, Settings, Vitals
from cloud.sos.plan import Plan
from cloud.store import beats
from cloud.store.engine import Store, open_store
from cloud.store.errors import ContentError, StoreError
from cloud.telemetry import SqliteTelemetry, TelemetryError, TelemetryStore, heartbeat_points
from wire.codec import encode
from wire.errors import MessageError, RefuseReason
from wire.ids import SHARDS
from wire.messages import Heartbeat

_log = structlog.get_logger(__name__)

MAX_MESSAGES: Final = 256
MAX_BYTES: Final = 300_000
"""A group of either size takes some 20 ms, so that an SOS behind it waits no longer than that."""

BEAT_MS: Final = 1_000
_IDLE_S: Final = 0.25
_RETRY_S: Final = (0.2, 5.0)


@dataclass(frozen=True, slots=True)
class Worker:
    """One ingest process: its name (`ingest-0`), where it reads, where it writes."""

    name: str
    source: MqttSource
    store: Store
    plan: Plan
    clock: Callable[[], int]
    telemetry: TelemetryStore | None = None
    keep_vitals_ms: int = Vitals().retention_ms
    keep_shares_ms: int = Identity().share_ms
    offices: Offices = WITHOUT_HOLIDAYS

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set; a broker or store that is away is tried again for ever, with back-off."""
        delay_s = _RETRY_S[0]
        while not stop.is_set():
            try:
                self.source.connect()
                _log.info("ingest.connected", worker=self.name)
                delay_s = _RETRY_S[0]
                self._serve(stop)
            except (SourceError, StoreError) as error:
                _log.warning(
                    "ingest.interrupted", worker=self.name, error=str(error), cause=repr(error.__cause__)
                )
                self.source.abandon()
                stop.wait(delay_s * random.uniform(0.5, 1.0))
                delay_s = min(delay_s * 2, _RETRY_S[1])
        self.source.close()

    def _serve(self, stop: threading.Event) -> None:
        next_beat_ms = 0
        while not stop.is_set():
            arrivals = self.source.collect(max_messages=MAX_MESSAGES, max_bytes=MAX_BYTES, wait_s=_IDLE_S)
            if arrivals:
                self._take(arrivals)
            if self.clock() >= next_beat_ms:
                next_beat_ms = self.clock() + BEAT_MS
                self._beat()

    def _take(self, arrivals: Sequence[Arrival]) -> None:
        group = sort_arrivals(arrivals)
        try:
            self._commit(group)
        except (MessageError, ContentError) as error:
            if len(arrivals) == 1:
                group = self._give_up(arrivals[0], error)
            else:
                for arrival in arrivals:
                    self._take([arrival])
                return
        self._tell(group)
        self.source.acknowledge(arrivals)

    def _commit(self, group: Group) -> None:
        with self.store.writing() as connection:
            commit_group(
                connection,
                group,
                now_ms=self.clock(),
                plan=self.plan,
                keep_vitals_ms=self.keep_vitals_ms,
                keep_shares_ms=self.keep_shares_ms,
                offices=self.offices,
            )

    def _give_up(self, arrival: Arrival, error: Exception) -> Group:
        """Quarantine a payload that is well-formed and yet cannot be stored."""
        _log.error("ingest.unstorable", worker=self.name, topic=arrival.topic, error=type(error).__name__)
        detail = str(error) if isinstance(error, MessageError) else "cannot be stored"
        group = Group(spoiled=[spoil(arrival, RefuseReason.MALFORMED, detail)])
        self._commit(group)
        return group

    def _tell(self, group: Group) -> None:
        """Tell everybody who watches the store, then the stations, then note what is only good to know."""
        self.store.ring()
        self.source.publish((str(topic), encode(message)) for topic, message in receipts(group, self.clock()))
        for spoiled in group.spoiled:
            _log_spoiled(self.name, spoiled)
        if self.telemetry is not None:
            self._keep_numbers(self.telemetry, group)

    def _keep_numbers(self, telemetry: TelemetryStore, group: Group) -> None:
        beats_in = [
            (sign.message, sign.received_at_ms) for sign in group.signs if isinstance(sign.message, Heartbeat)
        ]
        try:
            if beats_in:
                telemetry.write(heartbeat_points(beats_in))
        except TelemetryError as error:
            _log.warning("ingest.telemetry_lost", worker=self.name, error=str(error))

    def _beat(self) -> None:
        """Say in the store that this worker works."""
        with self.store.writing() as connection:
            beats.beat(connection, self.name, self.clock())


def run_ingest(
    settings: Settings, index: int, stop: threading.Event, offices: Offices = WITHOUT_HOLIDAYS
) -> None:
    """Run worker `index` with its own certificate on its own part of the shards, until `stop` is set.

    `offices` is what people who submit something are promised.
    """
    name = f"ingest-{index}"
    config = SourceConfig(
        host=settings.broker.host,
        port=settings.broker.port,
        ca=settings.broker.ca,
        certificate=settings.ingest.certificate(index),
        key=settings.ingest.key(index),
        client_id=name,
        shards=tuple(range(index, SHARDS, settings.ingest.workers)),
        mqtt_version=settings.ingest.mqtt_version,
        keepalive_s=settings.broker.keepalive_s,
    )
    plan = Plan.from_json(settings.escalation.plan())
    with ExitStack() as stack:
        store = stack.enter_context(open_store(settings.store.url))
        path = settings.telemetry.path
        telemetry = stack.enter_context(SqliteTelemetry(path)) if path else None
        source = MqttSource(config, now_ms)
        worker = Worker(
            name,
            source,
            store,
            plan,
            now_ms,
            telemetry,
            keep_vitals_ms=settings.vitals.retention_ms,
            keep_shares_ms=settings.identity.share_ms,
            offices=offices,
        )
        worker.run(stop)


def _log_spoiled(worker: str, spoiled: Spoiled) -> None:
    _log.warning(
        "ingest.quarantined",
        worker=worker,
        topic=spoiled.topic[:128],
        reason=spoiled.reason,
        detail=spoiled.detail,
        digest=spoiled.digest,
    )
