"""A virtual counter for chip cards: pcscd with a virtual reader, invented citizens' cards, and the keys that it takes.

The station cannot tell it from a real one: its own driver talks to the real pcscd. `Holder` is somebody who lays their card
on when the screen asks for it and takes it along at the end.
"""

import asyncio
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import pyrage

from catalogue.load import load_catalogue
from tests.fakes.idcard.issuing import IssuedCard, Personalisation, issue
from tests.fakes.idcard.people import AN
from tests.rig.pcsc import PcscDaemon
from tests.rig.screen import Screen, View

CALM_S: Final = 1.0
"""How long a person takes to lay a card on."""


class Counter:
    """`with Counter(directory) as counter`: write `section()` into the settings, hand `environment` to the daemon."""

    def __init__(self, directory: Path, card: IssuedCard | None = None) -> None:
        self.directory = directory
        self.card = card or issue(Personalisation(person=AN))
        self.authority = pyrage.x25519.Identity.generate()
        """The recipient's private key: what opens what was sent."""
        self.pcscd = PcscDaemon(directory / "pcsc", socket_path=directory / "pcscd.comm")
        self._write_keys()

    @property
    def environment(self) -> Mapping[str, str]:
        """What the station's daemon needs to find the reader."""
        return self.pcscd.environment

    def section(self, scanner: str | None = None) -> str:
        """Return the settings of the counter."""
        line = f'scanner = "{scanner}"\n' if scanner else ""
        return f"""
[card]
{line}trust = "{self._trust}"
recipients = "{self._recipients}"
pseudonym_key = "{self._pseudonym_key}"
"""

    def services(self, *, has_camera: bool = False) -> str:
        """Return the settings of a station where services can be submitted; the same key opens all of it."""
        return f"""
[services]
recipients = "{self._recipients}"
camera = {"true" if has_camera else "false"}
"""

    def lay(self, card: IssuedCard | None = None) -> None:
        """Lay a card on the reader; the counter's own, if no other."""
        self.pcscd.slots[0].insert((card or self.card).chip)

    def take(self) -> None:
        """Take it away."""
        self.pcscd.slots[0].remove()

    @property
    def has_card(self) -> bool:
        """Whether one lies there."""
        return self.pcscd.slots[0].is_inserted

    def open_sealed(self, sealed: bytes) -> bytes:
        """Open what was sent, as the recipient does."""
        return pyrage.decrypt(sealed, [self.authority])

    def __enter__(self) -> Self:
        self.pcscd.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.take()
        self.pcscd.__exit__(kind, error, trace)

    @property
    def _trust(self) -> Path:
        return self.directory / "csca"

    @property
    def _recipients(self) -> Path:
        return self.directory / "recipients"

    @property
    def _pseudonym_key(self) -> Path:
        return self.directory / "pseudonym.key"

    def _write_keys(self) -> None:
        for directory in (self._trust, self._recipients):
            directory.mkdir(parents=True, exist_ok=True)
        (self._trust / "csca.cer").write_bytes(self.card.authority.csca_der)
        (self._trust / "csca.crl").write_bytes(self.card.authority.crl_der)
        for name in _recipients():
            (self._recipients / f"{name}.age.pub").write_text(f"{self.authority.to_public()}\n")
        self._pseudonym_key.write_text(secrets.token_hex(32))
        self._pseudonym_key.chmod(0o600)


def _recipients() -> set[str]:
    """Return everybody that a service of the catalogue, or a card alone, may be sent to."""
    services = load_catalogue().services.values()
    return {"ward-police"} | {service.identity.recipient or service.authority for service in services}


class Holder:
    """Lays the card on when the screen asks for it, and takes it when everything is over."""

    def __init__(self, counter: Counter, screen: Screen, *, calm_s: float = CALM_S) -> None:
        self._counter = counter
        self._calm_s = calm_s
        self._tasks: set[asyncio.Task[None]] = set()
        screen.on_identity = self.follow

    def follow(self, view: View) -> None:
        """Take a new view of the identity session."""
        if view["page"] == "card" and not view["card_present"]:
            self._later(self._counter.lay)
        elif view["page"] == "farewell" and self._counter.has_card:
            self._later(self._counter.take)

    def _later(self, act: Callable[[], None]) -> None:
        async def do() -> None:
            await asyncio.sleep(self._calm_s)
            await asyncio.to_thread(act)

        task = asyncio.create_task(do(), name="holder")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
