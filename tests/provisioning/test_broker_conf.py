"""The rendered files say what the wire needs, and no more rights than anybody needs."""

from pathlib import Path

from provisioning.broker import Listener, cloud_client, render_acl, render_conf
from wire.messages import MAX_PAYLOAD_BYTES

LISTENER = Listener("0.0.0.0", 8883, Path("/ca"), Path("/crl"), Path("/crt"), Path("/key"))


def test_nobody_enters_without_a_certificate_or_under_anothers_name() -> None:
    conf = render_conf(LISTENER, acl=Path("/acl"), data=None).splitlines()
    for line in (
        "require_certificate true",
        "use_identity_as_username true",
        "use_username_as_clientid true",
        "allow_anonymous false",
        "crlfile /crl",
        "acl_file /acl",
    ):
        assert line in conf


def test_the_brokers_limits_admit_every_message_and_little_more() -> None:
    conf = render_conf(LISTENER, acl=Path("/acl"), data=None)
    assert f"message_size_limit {MAX_PAYLOAD_BYTES}\n" in conf
    assert "set_tcp_nodelay true\n" in conf


def test_persistence_is_a_choice() -> None:
    assert "persistence false\n" in render_conf(LISTENER, acl=Path("/acl"), data=None)
    kept = render_conf(LISTENER, acl=Path("/acl"), data=Path("/data"), user="mosquitto")
    assert "persistence_location /data/\n" in kept
    assert "user mosquitto\n" in kept


def test_each_role_of_the_cloud_has_its_own_rights() -> None:
    acl = render_acl(ingest_workers=2)
    rights: dict[str, list[str]] = {}
    for line in acl.splitlines():
        if line.startswith("user "):
            current = rights.setdefault(line.removeprefix("user "), [])
        elif line.startswith("topic "):
            current.append(line.removeprefix("topic "))
    roles = (("ingest", 0), ("ingest", 1), ("courier", 0), ("counter", 0))
    assert set(rights) == {cloud_client(role, index) for role, index in roles}
    assert rights["ingest-1"] == ["read tcds/v1/+/+/up/#", "write tcds/v1/+/+/down/receipt"]
    assert rights["courier-0"] == ["write tcds/v1/+/+/down/command/+"]
    assert rights["counter-0"] == ["read tcds/v1/+/+/up/ask/+", "write tcds/v1/+/+/down/answer/+"]
