"""A station's side of the wire without a station: publishes what it is told to and collects what comes back."""

import queue
import socket
from pathlib import Path
from types import TracebackType
from typing import Self

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from tests.rig.broker import HOST, Broker
from wire.codec import Downlink, decode_downlink
from wire.messages import Receipt, Refusal
from wire.topics import downlink_filter, parse_topic

_TIMEOUT_S = 10.0


class FakeUplink:
    """`with FakeUplink(broker, "st-0001") as uplink`: connected as that station, with its own certificate."""

    def __init__(self, broker: Broker, station: str, port: int | None = None) -> None:
        leaf = broker.certificate(station)
        self.station = station
        self._address = (HOST, port or broker.port)
        self._sent: list[paho.MQTTMessageInfo] = []
        self._told: queue.Queue[Downlink] = queue.Queue()
        self._client = new_client(station, broker.ca_path, leaf.certificate, leaf.key)
        self._client.on_connect = lambda client, *_: client.subscribe(downlink_filter(station), 1)
        self._client.on_subscribe = lambda *_: self._subscribed.put(None)
        self._client.on_message = self._on_message
        self._subscribed: queue.Queue[None] = queue.Queue()

    def __enter__(self) -> Self:
        self._client.connect(*self._address, keepalive=5)
        self._client.loop_start()
        self._subscribed.get(timeout=_TIMEOUT_S)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Publish at QoS 1 and wait for the broker's acknowledgement, which proves nothing."""
        self._client.publish(topic, payload, qos=1, retain=retain).wait_for_publish(_TIMEOUT_S)

    def send(self, topic: str, payload: bytes) -> None:
        """Publish at QoS 1 without waiting; `flush` waits for all of them."""
        self._sent.append(self._client.publish(topic, payload, qos=1))

    def flush(self, timeout_s: float = 60) -> None:
        """Wait until the broker has acknowledged everything that was sent."""
        for info in self._sent:
            info.wait_for_publish(timeout_s)
        self._sent.clear()

    def next_told(self, timeout_s: float = _TIMEOUT_S) -> Downlink:
        """Return the next message from the cloud; queue.Empty when none comes in time."""
        return self._told.get(timeout=timeout_s)

    def next_receipt(self, timeout_s: float = _TIMEOUT_S) -> Receipt:
        """Return the next receipt, passing over everything else."""
        while not isinstance(told := self.next_told(timeout_s), Receipt):
            pass
        return told

    def next_refusal(self, timeout_s: float = _TIMEOUT_S) -> Refusal:
        """Return the next refusal, passing over everything else."""
        while not isinstance(told := self.next_told(timeout_s), Refusal):
            pass
        return told

    def _on_message(self, _client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        self._told.put(decode_downlink(parse_topic(message.topic), bytes(message.payload)))


def new_client(
    name: str, ca: Path, certificate: Path, key: Path, *, clean_session: bool = True, manual_ack: bool = False
) -> paho.Client:
    """Return an MQTT 3.1.1 client with mTLS and without Nagle's delay."""
    client = paho.Client(
        CallbackAPIVersion.VERSION2,
        client_id=name,
        clean_session=clean_session,
        protocol=paho.MQTTv311,
        manual_ack=manual_ack,
    )
    client.tls_set(str(ca), str(certificate), str(key))
    client.on_socket_open = _set_nodelay
    client.max_inflight_messages_set(1000)
    return client


def _set_nodelay(_client: paho.Client, _data: object, sock: object) -> None:
    if isinstance(sock, socket.socket):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
