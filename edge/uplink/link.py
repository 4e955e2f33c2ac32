"""One MQTT connection to the broker: the only file that knows aiomqtt, and paho below it.

aiomqtt connects, subscribes, receives and says goodbye. What it cannot do is done here on the paho client that it
wraps (`_client`): the reason code of each PUBACK, publishing without a task per message, cutting a connection whose peer
is silent, and giving up a connection attempt for good.
"""

import asyncio
import logging
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final, Protocol

import aiomqtt
from paho.mqtt import client as paho
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from edge.logs import Log
from edge.settings import BrokerSettings
from edge.uplink.errors import LinkLostError
from wire.messages import MAX_PAYLOAD_BYTES

CONNECT_TIMEOUT_S: Final = 8.0
"""Name look-up, TCP, TLS and CONNACK together."""
STEP_TIMEOUT_S: Final = 4.0
"""Each of TCP, TLS, CONNACK and SUBACK."""
GOODBYE_TIMEOUT_S: Final = 2.0
SESSION_EXPIRY_S: Final = 24 * 3600
MAX_INCOMING: Final = 1_000
"""Messages that may wait to be read; further ones are dropped: a receipt or a command comes again."""

SUCCESS: Final = 0x00
NO_MATCHING_SUBSCRIBERS: Final = 0x10
FAILURE: Final = 0x80
"""This and above are failures (MQTT 5, 2.4)."""

_log: Final = Log(__name__)
_PAHO_LOG: Final = logging.getLogger("edge.uplink.mqtt")


@dataclass(frozen=True, slots=True)
class Will:
    """What the broker publishes when it loses the connection."""

    topic: str
    payload: bytes


class _Socket(Protocol):
    """What paho calls a socket."""

    def fileno(self) -> int:
        """Return its file descriptor."""


class _TlsSocket(ssl.SSLSocket):
    """A TLS socket that is not left open when its handshake fails."""

    def do_handshake(self, block: bool = False) -> None:  # noqa: FBT001, FBT002 - the base class's signature
        try:
            super().do_handshake(block)
        except BaseException:
            self.close()
            raise


@dataclass(frozen=True, slots=True)
class _Sent:
    at_ms: int
    on_ack: Callable[[int], None] | None


class Link:
    """An open connection. Not for several tasks that receive; publishing is for anyone on the event loop."""

    def __init__(self, client: aiomqtt.Client, now_ms: Callable[[], int]) -> None:
        self._client = client
        self._paho = client._client  # noqa: SLF001 - see the module's docstring
        self._now_ms = now_ms
        self._unanswered: dict[int, _Sent] = {}
        self._all_answered = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._paho.on_publish = self._on_publish
        self._paho.on_socket_register_write = self._on_register_write

    def publish(
        self,
        topic: str,
        payload: bytes,
        *,
        retain: bool = False,
        on_ack: Callable[[int], None] | None = None,
    ) -> None:
        """Hand a message with QoS 1 to the connection; `on_ack` gets the PUBACK's reason code (0 with MQTT 3.1.1).

        LinkLostError when there is no connection. Returning says nothing about delivery.
        """
        info = self._paho.publish(topic, payload, qos=1, retain=retain)
        if info.rc != paho.MQTT_ERR_SUCCESS:
            raise LinkLostError(f"publish: {paho.error_string(info.rc)}")
        self._unanswered[info.mid] = _Sent(self._now_ms(), on_ack)
        self._all_answered.clear()

    @property
    def unanswered_since_ms(self) -> int | None:
        """When the oldest message without its PUBACK was published."""
        return next((sent.at_ms for sent in self._unanswered.values()), None)

    async def subscribe(self, topic_filter: str) -> None:
        """Subscribe with QoS 1; LinkLostError when the broker refuses or is silent."""
        try:
            codes = await self._client.subscribe(topic_filter, qos=1, timeout=STEP_TIMEOUT_S)
        except aiomqtt.MqttError as error:
            raise LinkLostError(f"subscribe: {error}") from error
        if any(_value(code) >= FAILURE for code in codes):
            raise LinkLostError("subscribe: refused by the broker")

    async def messages(self) -> AsyncIterator[tuple[str, bytes]]:
        """Give each message as topic and payload; ends with LinkLostError."""
        try:
            async for message in self._client.messages:
                payload = message.payload
                yield message.topic.value, payload if isinstance(payload, bytes) else b""
        except (aiomqtt.MqttError, OSError) as error:
            raise LinkLostError(f"connection: {error}") from error

    async def say_goodbye(self) -> None:
        """Wait for the last PUBACKs, then DISCONNECT; bounded, and without effect on a connection that is lost.

        A DISCONNECT beside answers still under way is lost: the closed socket resets them, and the last will goes out.
        """
        if self._unanswered and not self._client._disconnected.done():  # noqa: SLF001 - aiomqtt tells it nowhere else
            with suppress(TimeoutError):
                async with asyncio.timeout(GOODBYE_TIMEOUT_S):
                    await self._all_answered.wait()
        await _disconnect(self._client)

    def cut(self) -> None:
        """Break the connection without asking a peer that does not answer; nothing is waited for any more."""
        self._unanswered.clear()
        _cut(self._client)

    def _on_publish(
        self, client: paho.Client, userdata: object, mid: int, reason: ReasonCode, properties: Properties
    ) -> None:
        del client, userdata, properties
        sent = self._unanswered.pop(mid, None)
        if not self._unanswered:
            self._all_answered.set()
        if sent is not None and sent.on_ack is not None:
            sent.on_ack(_value(reason))

    def _on_register_write(self, client: paho.Client, userdata: object, opened: _Socket) -> None:
        """Watch for room to write at once; aiomqtt does it a turn of the loop later, when the socket may be closed."""
        del client, userdata
        self._loop.add_writer(opened.fileno(), self._write)

    def _write(self) -> None:
        try:
            self._paho.loop_write()
        except Exception:  # noqa: BLE001 - whatever it is, this connection is over
            _log.exception("write failed")
            self.cut()


@asynccontextmanager
async def open_link(
    settings: BrokerSettings, client_id: str, will: Will, now_ms: Callable[[], int]
) -> AsyncIterator[Link]:
    """Connect; on the way out say goodbye (DISCONNECT, no last will), also when the task is being cancelled.

    The session is persistent (24 h with MQTT 5), so that commands wait for a station that is away. LinkLostError when no
    connection comes about within `CONNECT_TIMEOUT_S`.
    """
    link = Link(await _connected(settings, client_id, will), now_ms)
    try:
        yield link
    finally:
        goodbye = asyncio.create_task(link.say_goodbye(), name="mqtt-goodbye")
        try:
            await asyncio.shield(goodbye)
        except asyncio.CancelledError:
            await goodbye
            raise


async def _connected(settings: BrokerSettings, client_id: str, will: Will) -> aiomqtt.Client:
    client: aiomqtt.Client | None = None
    try:
        async with asyncio.timeout(CONNECT_TIMEOUT_S):
            context = await asyncio.to_thread(_tls_context, settings)
            client = _client(settings, client_id, will, context)
            await client.__aenter__()
    except (aiomqtt.MqttError, OSError, ValueError) as error:
        # OSError includes ssl.SSLError and TimeoutError.
        raise LinkLostError(f"connect: {str(error) or type(error).__name__}") from error
    else:
        return client
    finally:
        if client is not None and not client._connected.done():  # noqa: SLF001 - aiomqtt leaves the socket behind
            _give_up(client)


def _client(settings: BrokerSettings, client_id: str, will: Will, context: ssl.SSLContext) -> aiomqtt.Client:
    is_5 = settings.mqtt_version == 5  # noqa: PLR2004 - the protocol's own name
    client = aiomqtt.Client(
        settings.host,
        settings.port,
        identifier=client_id,
        protocol=aiomqtt.ProtocolVersion.V5 if is_5 else aiomqtt.ProtocolVersion.V311,
        clean_session=None if is_5 else False,
        clean_start=False if is_5 else paho.MQTT_CLEAN_START_FIRST_ONLY,
        properties=_session_properties() if is_5 else None,
        will=aiomqtt.Will(will.topic, will.payload, qos=1),
        keepalive=settings.keepalive_s,
        timeout=STEP_TIMEOUT_S,
        tls_context=context,
        max_queued_incoming_messages=MAX_INCOMING,
        socket_options=[(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)],
        logger=_PAHO_LOG,
    )
    client._client.connect_timeout = STEP_TIMEOUT_S  # noqa: SLF001 - see the module's docstring
    return client


def _session_properties() -> Properties:
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call] # paho has no type here
    properties.SessionExpiryInterval = SESSION_EXPIRY_S
    properties.MaximumPacketSize = MAX_PAYLOAD_BYTES + 1_000
    return properties


def _tls_context(settings: BrokerSettings) -> ssl.SSLContext:
    """Made for each connection: a renewed certificate is used without a restart."""
    context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=settings.ca)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.sslsocket_class = _TlsSocket
    context.load_cert_chain(settings.certificate, settings.key)
    return context


async def _disconnect(client: aiomqtt.Client) -> None:
    client.timeout = GOODBYE_TIMEOUT_S
    try:
        await client.__aexit__(None, None, None)
    except aiomqtt.MqttError:
        _cut(client)
    if client._disconnected.done():  # noqa: SLF001 - or asyncio complains that nobody looked
        with suppress(Exception):
            client._disconnected.result()  # noqa: SLF001 - same


def _give_up(client: aiomqtt.Client) -> None:
    """Make sure that an abandoned attempt never connects: it would take the session from its successor."""
    client._client.on_socket_open = _refuse_socket  # noqa: SLF001 - the attempt may still sit in a thread
    _cut(client)


def _refuse_socket(client: paho.Client, userdata: object, opened: object) -> None:
    del client, userdata
    if isinstance(opened, socket.socket):
        opened.close()
    raise ConnectionAbortedError("given up")


def _cut(client: aiomqtt.Client) -> None:
    """Shut the socket down; paho then notices by itself and cleans up in the event loop."""
    opened = client._client.socket()  # noqa: SLF001 - see the module's docstring
    if isinstance(opened, socket.socket):
        with suppress(OSError):
            opened.shutdown(socket.SHUT_RDWR)


def _value(code: int | ReasonCode) -> int:
    return code if isinstance(code, int) else int(code.value)
