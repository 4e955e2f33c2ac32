"""A real Mosquitto with mTLS and the product's own access list, on a free port below a directory."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from provisioning.broker import COUNTER, COURIER, INGEST, Listener, cloud_client, render_acl, render_conf
from provisioning.pki import Authority, Leaf
from tests.rig.processes import Process, RigError, accepts, free_port

HOST = "127.0.0.1"


class Broker(Process):
    """The running broker and its certificate authority."""

    def __init__(self, directory: Path, *, ingest_workers: int, persistent: bool) -> None:
        self.directory = directory
        self.authority = Authority.create(directory / "pki")
        self.port = free_port()
        self.ingest_workers = ingest_workers
        super().__init__(
            "mosquitto",
            [_program(), "-c", str(self._configure(persistent=persistent))],
            log=directory / "mosquitto.log",
            is_ready=lambda: accepts(self.port),
        )
        for index in range(ingest_workers):
            self.certificate(cloud_client(INGEST, index))
        self.certificate(cloud_client(COURIER, 0))
        self.certificate(cloud_client(COUNTER, 0))

    @property
    def ca_path(self) -> Path:
        """What clients trust."""
        return self.authority.ca_path

    def certificate(self, common_name: str) -> Leaf:
        """Return the certificate of a client, issued at the first call."""
        directory = self.authority.directory
        leaf = Leaf(common_name, directory / f"{common_name}.crt", directory / f"{common_name}.key")
        return leaf if leaf.certificate.exists() else self.authority.issue(common_name)

    def revoke(self, leaf: Leaf) -> None:
        """Revoke a certificate and let the broker read the list."""
        self.authority.revoke(leaf)
        self.reload()

    def _configure(self, *, persistent: bool) -> Path:
        server = self.authority.issue("broker", hosts=(HOST, "localhost"))
        acl = self.directory / "broker.acl"
        acl.write_text(render_acl(ingest_workers=self.ingest_workers))
        acl.chmod(0o600)
        data = self.directory / "mosquitto"
        data.mkdir(exist_ok=True)
        listener = Listener(
            HOST, self.port, self.ca_path, self.authority.crl_path, server.certificate, server.key
        )
        conf = self.directory / "mosquitto.conf"
        user = "root" if os.geteuid() == 0 else None
        conf.write_text(render_conf(listener, acl=acl, data=data if persistent else None, user=user))
        return conf


@contextmanager
def running_broker(directory: Path, *, ingest_workers: int = 1, persistent: bool = True) -> Iterator[Broker]:
    """Run a broker below `directory` until the context ends."""
    directory.mkdir(parents=True, exist_ok=True)
    with Broker(directory, ingest_workers=ingest_workers, persistent=persistent) as broker:
        yield broker


def _program() -> str:
    found = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")
    if found is None:
        raise RigError("mosquitto is missing: apt-get install mosquitto")
    return found
