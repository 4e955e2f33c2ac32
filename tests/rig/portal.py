"""The public-service portal as a real server beside the cloud, which can go away and come back with its memory."""

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from catalogue.load import load_catalogue
from catalogue.routes import Protocol
from cloud.clock import now_ms
from cloud.connectors.simulators.portal import PortalDesk, create_app
from cloud.connectors.simulators.serving import serving
from tests.rig.broker import HOST
from tests.rig.processes import free_port

TOKEN = "invented-portal-token"


def dossier_systems() -> list[str]:
    """Return the systems that number cases as authorities do; the simulator speaks for all of them."""
    return [each.id for each in load_catalogue().parties.connectors if each.protocol is Protocol.CASES]


class Portal:
    """`with Portal(directory) as portal`: serves until the context ends, but for `go_away` and `come_back`."""

    def __init__(
        self, directory: Path, systems: Sequence[str] | None = None, *, pace_s: float | None = None
    ) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.desk = PortalDesk(TOKEN, now_ms)
        self._pace_s = pace_s
        self._systems = dossier_systems() if systems is None else systems
        self._token_file = directory / "portal.token"
        self._token_file.write_text(f"{TOKEN}\n")
        self._served = ExitStack()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://{HOST}:{self.port}"

    def section(self, **settings: str | int) -> str:
        """Return the cloud's `[requests]` section that sends dossiers here; `settings` are further keys of it."""
        lines = ["[requests]", *(f"{key} = {json.dumps(value)}" for key, value in settings.items())]
        for system in self._systems:
            lines += [
                f"[requests.connectors.{system}]",
                f"url = {json.dumps(self.url)}",
                f"token_file = {json.dumps(str(self._token_file))}",
            ]
        return "\n".join(lines) + "\n"

    def __enter__(self) -> Self:
        self.come_back()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.go_away()

    def come_back(self) -> None:
        """Listen (again)."""
        self._served.enter_context(serving(create_app(self.desk, pace_s=self._pace_s), port=self.port))

    def go_away(self) -> None:
        """Listen no more; connections are refused, what it knows stays."""
        self._served.close()

    def number_of(self, request: str) -> str | None:
        """Return the case number under which a request came; None when it has not."""
        for number, case in list(self.desk.cases.items()):
            if any(each.key == request for each in case.received):
                return number
        return None

    def official(self, request: str, status: str, **more: Any) -> None:
        """Let an official change a case, by its own door as a person does."""
        body = {"case_number": self.number_of(request), "status": status, **more}
        answer = httpx.post(f"{self.url}/control/case", json=body, timeout=10, trust_env=False)
        answer.raise_for_status()


@contextmanager
def running_portal(directory: Path, *, pace_s: float | None = None) -> Iterator[Portal]:
    """Run the portal until the context ends; with a pace, cases go on by themselves."""
    with Portal(directory, pace_s=pace_s) as portal:
        yield portal
