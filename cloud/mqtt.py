"""A connection to the broker for the roles that speak little: aiomqtt over mTLS."""

import socket
import ssl
from pathlib import Path
from typing import Final

import aiomqtt

from cloud.settings import Broker

STEP_TIMEOUT_S: Final = 5.0
_NODELAY: Final = ((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),)


def new_client(config: Broker, name: str, certificate: Path, key: Path) -> aiomqtt.Client:
    """Return a client that connects as `name`, its certificate's common name; entering it raises MqttError."""
    context = ssl.create_default_context(cafile=str(config.ca))
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    return aiomqtt.Client(
        config.host,
        config.port,
        identifier=name,
        protocol=aiomqtt.ProtocolVersion.V5 if config.mqtt_version == 5 else aiomqtt.ProtocolVersion.V311,  # noqa: PLR2004  # the version's own name
        keepalive=config.keepalive_s,
        tls_context=context,
        socket_options=_NODELAY,
        timeout=STEP_TIMEOUT_S,
    )
