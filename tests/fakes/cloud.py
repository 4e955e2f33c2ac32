"""The cloud's consumer as a station sees it: takes batches, "commits" them, sends receipts; faults on request.

It runs on a real broker with the ingest's certificate, acknowledges to the broker after its commit, and remembers every
arrival in order, repeated or not.
"""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion

from tests.rig.broker import HOST, Broker
from tests.rig.processes import wait_until
from wire.codec import Intake, decode_uplink, encode
from wire.entries import Entry
from wire.messages import Birth, Command, Death, Heartbeat, Receipt, Rejected, RejectReason, Reply
from wire.ranges import SequenceSet
from wire.topics import Channel, Lane, Topic, parse_topic

Key = tuple[str, Lane, int]


@dataclass(frozen=True, slots=True)
class Arrival:
    """One entry of one batch as it came in; `is_first` when it was not there before."""

    journal: str
    boot: str
    lane: Lane
    entry: Entry
    at_s: float
    is_first: bool


@dataclass(slots=True)
class Faults:
    """What the cloud does wrong, until it is told otherwise."""

    withhold: int = 0  # of the next batches: committed, but no receipt
    repeat: int = 1  # receipts sent for each batch
    delay_s: float = 0.0  # before each receipt
    reject: set[int] = field(default_factory=set)  # sequences of any lane


class FakeCloud:
    """One consumer. Its lists are written by its own thread and may be read at any time."""

    def __init__(self, broker: Broker) -> None:
        self.faults = Faults()
        self.arrivals: list[Arrival] = []
        self.births: list[Birth] = []
        self.deaths: list[Death] = []
        self.heartbeats: list[Heartbeat] = []
        self.replies: list[Reply] = []
        self.batches = 0
        self._listening = threading.Event()
        self._known: set[Key] = set()
        self._broker = broker
        self._consumer = _client(broker, "ingest-0")
        self._courier = _client(broker, "courier-0")
        self._consumer.on_connect = lambda client, *_: client.subscribe("tcds/v1/+/+/up/#", qos=1)
        self._consumer.on_subscribe = lambda *_: self._listening.set()
        self._consumer.on_message = self._on_message

    def start(self) -> None:
        """Connect and subscribe."""
        for client in (self._consumer, self._courier):
            client.connect(HOST, self._broker.port, keepalive=5)
            client.loop_start()
        assert self._listening.wait(10)
        wait_until(self._courier.is_connected, "courier connected")

    def stop(self) -> None:
        """Disconnect."""
        for client in (self._consumer, self._courier):
            client.disconnect()
            client.loop_stop()

    def command(self, command: Command) -> None:
        """Send a command to its station."""
        topic = str(Topic(command.station, Channel.COMMAND, command.id))
        self._courier.publish(topic, encode(command), qos=1).wait_for_publish(10)

    def firsts(self, lane: Lane) -> list[Entry]:
        """Return the entries of a lane in the order in which each arrived first."""
        return [arrival.entry for arrival in list(self.arrivals) if arrival.lane is lane and arrival.is_first]

    def _on_message(self, client: paho.Client, _: object, message: paho.MQTTMessage) -> None:
        topic = parse_topic(message.topic)
        if topic.kind is Channel.ASK:
            client.ack(message.mid, message.qos)
            return
        uplink = decode_uplink(topic, bytes(message.payload))
        if isinstance(uplink, Intake):
            self._commit(uplink)
            self._send_receipts(client, uplink)
        elif isinstance(uplink, Birth):
            self.births.append(uplink)
        elif isinstance(uplink, Death):
            self.deaths.append(uplink)
        elif isinstance(uplink, Heartbeat):
            self.heartbeats.append(uplink)
        else:
            self.replies.append(uplink)
        client.ack(message.mid, message.qos)

    def _commit(self, intake: Intake) -> None:
        self.batches += 1
        now_s = time.monotonic()
        for entry in intake.entries:
            key = (intake.journal, intake.lane, entry.seq)
            self.arrivals.append(
                Arrival(intake.journal, intake.boot, intake.lane, entry, now_s, key not in self._known)
            )
            self._known.add(key)

    def _send_receipts(self, client: paho.Client, intake: Intake) -> None:
        if self.faults.withhold > 0:
            self.faults.withhold -= 1
            return
        if self.faults.delay_s:
            time.sleep(self.faults.delay_s)
        sequences = [entry.seq for entry in intake.entries]
        receipt = Receipt(
            station=intake.station,
            journal=intake.journal,
            lane=intake.lane,
            ranges=list(SequenceSet.of_numbers(sequences).ranges),
            rejected=[
                Rejected(seq, RejectReason.IMPLAUSIBLE) for seq in sequences if seq in self.faults.reject
            ],
            committed_at_ms=time.time_ns() // 1_000_000,
        )
        for _ in range(self.faults.repeat):
            client.publish(str(Topic(intake.station, Channel.RECEIPT)), encode(receipt), qos=1)


@contextmanager
def running_cloud(broker: Broker) -> Iterator[FakeCloud]:
    """Run a consumer on a broker until the context ends."""
    cloud = FakeCloud(broker)
    cloud.start()
    try:
        yield cloud
    finally:
        cloud.stop()


def _client(broker: Broker, name: str) -> paho.Client:
    client = paho.Client(CallbackAPIVersion.VERSION2, client_id=name, clean_session=False, manual_ack=True)
    leaf = broker.certificate(name)
    context = ssl.create_default_context(cafile=broker.ca_path)
    context.load_cert_chain(leaf.certificate, leaf.key)
    client.tls_set_context(context)
    client.reconnect_delay_set(min_delay=1, max_delay=1)
    client.on_socket_open = _set_nodelay
    return client


def _set_nodelay(client: paho.Client, userdata: object, opened: object) -> None:
    if isinstance(opened, socket.socket):
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
