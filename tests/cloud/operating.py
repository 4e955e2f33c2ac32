"""Settings as an operator has them: in a file for the program's commands, or a section for a role."""

from pathlib import Path
from typing import Final

from cloud.settings import Broker as BrokerSection
from tests.rig.broker import HOST, Broker

PLACES: Final = Path("cloud/sample-places.toml").resolve()


def write_config(directory: Path, store_url: str, extra: str = "") -> Path:
    """Write settings over a store; the files that they name need not be there. `extra` is further TOML."""
    path = directory / "cloud.toml"
    path.write_text(
        f"""
        places = "{PLACES}"
        [store]
        url = "{store_url}"
        [broker]
        host = "127.0.0.1"
        ca = "{directory / "ca.pem"}"
        certificate = "{directory / "courier-0.crt"}"
        key = "{directory / "courier-0.key"}"
        [ingest]
        certificates = "{directory}"
        {extra}
        """,
        encoding="utf-8",
    )
    return path


def broker_section(broker: Broker) -> BrokerSection:
    """Return the section that names a running broker, with the courier's certificate."""
    leaf = broker.certificate("courier-0")
    return BrokerSection(
        host=HOST,
        port=broker.port,
        ca=broker.ca_path,
        certificate=leaf.certificate,
        key=leaf.key,
        keepalive_s=5,
    )
