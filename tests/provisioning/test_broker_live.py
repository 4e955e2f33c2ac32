"""The rendered configuration, held against a real Mosquitto."""

import socket
import ssl
import subprocess

import pytest

from provisioning.pki import Leaf
from tests.rig.broker import HOST, Broker
from tests.rig.processes import wait_until
from wire.topics import Lane, Topic


def _publish(broker: Broker, leaf: Leaf, topic: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            *("mosquitto_pub", "-V", "5", "-h", HOST, "-p", str(broker.port), "-q", "1", "-d"),
            *("--cafile", str(broker.ca_path), "--cert", str(leaf.certificate), "--key", str(leaf.key)),
            *("-i", leaf.common_name, "-t", topic, "-m", "{}"),
        ],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


def test_a_station_may_write_its_own_lanes(broker: Broker) -> None:
    result = _publish(broker, broker.certificate("st-0001"), str(Topic("st-0001", Lane.SOS)))
    assert result.returncode == 0, result.stderr
    assert "Not authorized" not in result.stdout + result.stderr


def test_a_station_may_not_write_anothers_lanes(broker: Broker) -> None:
    result = _publish(broker, broker.certificate("st-0001"), str(Topic("st-0002", Lane.SOS)))
    assert "Not authorized" in result.stdout + result.stderr


def test_a_station_may_not_write_its_own_receipts(broker: Broker) -> None:
    topic = str(Topic("st-0001", Lane.SOS)).replace("up/sos", "down/receipt")
    result = _publish(broker, broker.certificate("st-0001"), topic)
    assert "Not authorized" in result.stdout + result.stderr


def test_a_revoked_certificate_is_refused_after_a_reload(broker: Broker) -> None:
    leaf = broker.certificate("st-0001")
    topic = str(Topic("st-0001", Lane.SOS))
    assert _publish(broker, leaf, topic).returncode == 0
    broker.revoke(leaf)
    wait_until(lambda: _publish(broker, leaf, topic).returncode != 0, "the revoked certificate is refused")
    other = broker.certificate("st-0002")
    assert _publish(broker, other, str(Topic("st-0002", Lane.SOS))).returncode == 0


def test_nobody_enters_without_a_certificate(broker: Broker) -> None:
    context = ssl.create_default_context(cafile=str(broker.ca_path))
    raw = socket.create_connection((HOST, broker.port), 5)
    with (
        context.wrap_socket(raw, server_hostname=HOST) as stranger,
        pytest.raises(OSError, match=r"ALERT|reset|alert"),
    ):
        stranger.recv(1)
