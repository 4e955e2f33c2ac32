"""The one door to paho: a persistent session that acknowledges only what it is told to.

One thread, no background loop: `collect` reads what has arrived, and while nobody calls it nothing is read, so a slow
store slows the broker down instead of filling this process. Whatever was not acknowledged when the connection ended
comes again; acknowledgements of a former connection are dropped, because packet ids are reused [MQTT-2.2.1].
"""

import select
import socket
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from cloud.ingest.intake import Arrival
from cloud.ingest.line import Line, client_context
from wire.topics import ingest_filter

SESSION_EXPIRY_S: Final = 30 * 24 * 3600
_CONNECT_TIMEOUT_S: Final = 10.0
_FILTERS_PER_SUBSCRIBE: Final = 8
"""AWS IoT takes no more in one packet."""


class SourceError(Exception):
    """The broker cannot be reached, refused the session or went away."""


@dataclass(frozen=True, slots=True)
class SourceConfig:
    """Where the broker is, who we are (`client_id` = common name of the certificate) and which shards are ours."""

    host: str
    port: int
    ca: Path
    certificate: Path
    key: Path
    client_id: str
    shards: tuple[int, ...]
    mqtt_version: int = 3
    keepalive_s: int = 5


class MqttSource:
    """A connection to the broker: `connect`, then `collect`, `publish`, `acknowledge` in turn, from one thread."""

    def __init__(self, config: SourceConfig, clock: Callable[[], int]) -> None:
        self._config = config
        self._clock = clock
        self._epoch = 0
        self._arrived: list[Arrival] = []
        self._arrived_bytes = 0
        self._connected: list[ReasonCode] = []
        self._granted: list[ReasonCode] = []
        self._client = self._new_client()
        self.stale_acks = 0

    def connect(self) -> None:
        """Open the session and subscribe; SourceError when it does not stand within ten seconds."""
        self._drop_arrivals()
        self._connected, self._granted = [], []
        try:
            self._open()
        except (OSError, ValueError) as error:
            raise SourceError(f"broker {self._config.host}:{self._config.port}: {error}") from error
        self._await(lambda: bool(self._connected), "the broker's answer")
        if any(code.is_failure for code in self._connected):
            raise SourceError(f"broker refused the session: {self._connected[0]}")
        self._subscribe()

    def collect(self, *, max_messages: int, max_bytes: int, wait_s: float) -> list[Arrival]:
        """Return what has arrived: wait up to `wait_s` for the first message, never for a further one."""
        if not self._arrived:
            self._turn(wait_s)
        seen = -1
        while seen < len(self._arrived) < max_messages and self._arrived_bytes < max_bytes:
            seen = len(self._arrived)
            self._check(self._client.loop_read())
        taken, self._arrived, self._arrived_bytes = self._arrived, [], 0
        return taken

    def acknowledge(self, arrivals: Sequence[Arrival]) -> None:
        """Tell the broker that these need never come again; those of a former connection are passed over."""
        current = [arrival for arrival in arrivals if arrival.epoch == self._epoch]
        self.stale_acks += len(arrivals) - len(current)
        with self._together():
            for arrival in current:
                self._client.ack(arrival.mid, qos=1)

    def publish(self, messages: Iterable[tuple[str, bytes]]) -> None:
        """Send (topic, payload) at QoS 1; when the connection is gone this does nothing, the asker will ask again."""
        with self._together():
            for topic, payload in messages:
                self._client.publish(topic, payload, qos=1)

    def close(self) -> None:
        """End the connection; the broker keeps the session."""
        self._client.disconnect()
        if self._client.socket() is not None:
            self._client.loop_misc()

    def abandon(self) -> None:
        """Break the connection without a word, so that everything unacknowledged comes again."""
        sock = self._client.socket()
        if sock is not None:
            sock.close()
        self._drop_arrivals()

    @contextmanager
    def _together(self) -> Iterator[None]:
        """Let everything that is sent within the block leave as one."""
        line: object = self._client.socket()
        if not isinstance(line, Line):
            raise SourceError("broker: not connected")
        try:
            with line.corked():
                yield
        except OSError as error:
            raise SourceError("broker: the connection is gone") from error

    def _new_client(self) -> paho.Client:
        is_v5 = self._config.mqtt_version == paho.MQTTv5
        client = paho.Client(
            CallbackAPIVersion.VERSION2,
            client_id=self._config.client_id,
            clean_session=None if is_v5 else False,
            protocol=paho.MQTTv5 if is_v5 else paho.MQTTv311,
            manual_ack=True,
            reconnect_on_failure=False,
        )
        config = self._config
        client.tls_set_context(client_context(str(config.ca), str(config.certificate), str(config.key)))
        client.connect_timeout = _CONNECT_TIMEOUT_S
        client.max_inflight_messages_set(0)
        client.on_socket_open = _set_nodelay
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        return client

    def _open(self) -> None:
        host, port, keepalive_s = self._config.host, self._config.port, self._config.keepalive_s
        if self._config.mqtt_version != paho.MQTTv5:
            self._client.connect(host, port, keepalive_s)
            return
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho leaves it untyped
        properties.SessionExpiryInterval = SESSION_EXPIRY_S
        self._client.connect(host, port, keepalive_s, clean_start=False, properties=properties)

    def _subscribe(self) -> None:
        shards = self._config.shards
        for start in range(0, len(shards), _FILTERS_PER_SUBSCRIBE):
            self._granted = []
            chosen = shards[start : start + _FILTERS_PER_SUBSCRIBE]
            self._client.subscribe([(ingest_filter(shard), 1) for shard in chosen])
            self._await(lambda: bool(self._granted), "the subscription")
            if any(code.is_failure for code in self._granted):
                raise SourceError(
                    "broker refused a subscription: is this certificate's name in its access list?"
                )

    def _await(self, condition: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + _CONNECT_TIMEOUT_S
        while not condition():
            if time.monotonic() > deadline:
                raise SourceError(f"broker: {what} did not come within {_CONNECT_TIMEOUT_S:g} s")
            self._turn(0.1)

    def _turn(self, wait_s: float) -> None:
        if self._is_readable(wait_s):
            self._check(self._client.loop_read())
        if self._client.want_write():
            self._check(self._client.loop_write())
        self._check(self._client.loop_misc())

    def _is_readable(self, wait_s: float) -> bool:
        sock = self._client.socket()
        if sock is None:
            raise SourceError("broker: not connected")
        line: object = sock
        if isinstance(line, Line) and line.pending() > 0:
            return True
        try:
            return bool(select.select([sock], [], [], wait_s)[0])
        except (OSError, ValueError) as error:
            raise SourceError("broker: the connection is gone") from error

    def _check(self, code: MQTTErrorCode) -> None:
        if code is not MQTTErrorCode.MQTT_ERR_SUCCESS:
            raise SourceError(f"broker: {paho.error_string(code)}")

    def _drop_arrivals(self) -> None:
        self._epoch += 1
        self._arrived, self._arrived_bytes = [], 0

    def _on_connect(
        self, _client: paho.Client, _data: object, _flags: object, code: ReasonCode, _properties: object
    ) -> None:
        self._connected = [code]

    def _on_disconnect(
        self, _client: paho.Client, _data: object, _flags: object, _code: ReasonCode, _properties: object
    ) -> None:
        self._epoch += 1

    def _on_subscribe(
        self, _client: paho.Client, _data: object, _mid: int, codes: list[ReasonCode], _properties: object
    ) -> None:
        self._granted = codes

    def _on_message(self, _client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        arrival = Arrival(message.topic, bytes(message.payload), message.mid, self._epoch, self._clock())
        self._arrived.append(arrival)
        self._arrived_bytes += len(message.payload)


def _set_nodelay(_client: paho.Client, _data: object, sock: object) -> None:
    if isinstance(sock, socket.socket):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
