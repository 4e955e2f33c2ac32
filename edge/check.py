"""What can be known before the daemon starts: files, certificate, disk, ports. It changes nothing.

The certificate is judged by the handshake that the broker will do, in memory: it matches its key, an authority in
`broker.ca` issued it, it has not expired, and its common name is the station's id.
"""

import os
import shutil
import ssl
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from edge.errors import EdgeError
from edge.sections import Problem
from edge.settings import Settings

MAX_FLIGHTS: Final = 10
"""A TLS handshake takes three."""
_ADAPTERS: Final = Path("/sys/class/bluetooth")
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def check_settings(settings: Settings) -> list[Problem]:
    """Return everything that would keep the station from working, empty when nothing would."""
    problems = [
        *_files(settings),
        *_disk(settings),
        *_ports(settings),
        *_cabin(settings),
        *_card(settings),
        *_services(settings),
        *_guide(settings),
    ]
    return problems + (
        [] if any(found.key.startswith("broker.") for found in problems) else _identity(settings)
    )


def _files(settings: Settings) -> Iterator[Problem]:
    broker = settings.broker
    for key, path in (("ca", broker.ca), ("certificate", broker.certificate), ("key", broker.key)):
        if not path.is_file():
            yield Problem(f"broker.{key}", f"there is no file {path}")
        elif not os.access(path, os.R_OK):
            yield Problem(f"broker.{key}", f"{path} cannot be read by this user")
        elif key == "key" and _is_shared(path):
            yield Problem("broker.key", f"others may read {path}: chmod 600 it")


def _disk(settings: Settings) -> Iterator[Problem]:
    journal = settings.journal
    place = next(parent for parent in journal.path.parents if parent.exists())
    if not os.access(place, os.W_OK | os.X_OK):
        yield Problem("journal.path", f"this user cannot write to {place}")
        return
    if journal.path.exists() and not os.access(journal.path, os.R_OK | os.W_OK):
        yield Problem("journal.path", f"this user cannot write to {journal.path}")
    used = journal.path.stat().st_size if journal.path.exists() else 0
    disk = os.statvfs(place)
    missing = journal.max_bytes + journal.reserve_bytes - used - disk.f_bavail * disk.f_frsize
    if missing > 0:
        yield Problem("journal.max_bytes", f"{place} lacks {missing} bytes for the journal and its reserve")
    if journal.max_bytes < 2 * journal.reserve_bytes:
        yield Problem("journal.max_bytes", "must be at least twice journal.reserve_bytes")


def _ports(settings: Settings) -> Iterator[Problem]:
    ports = [
        (f"{name}.port", section.port)
        for name in ("board", "modem", "printer")
        if (section := getattr(settings, name)) is not None
    ]
    if settings.card is not None and settings.card.scanner is not None:
        ports.append(("card.scanner", settings.card.scanner))
    for number, (key, port) in enumerate(ports):
        if (reason := _port_problem(port)) is not None:
            yield Problem(key, reason)
        for other, taken in ports[:number]:
            if port == taken:
                yield Problem(key, f"is the same as {other}")


def _card(settings: Settings) -> Iterator[Problem]:
    card = settings.card
    if card is None:
        return
    from edge.identity.pseudonym import load_pseudonyms  # noqa: PLC0415 - only stations with a reader need them
    from edge.sealing import load_recipients  # noqa: PLC0415 - same
    from edge.trust_anchors import load_trust  # noqa: PLC0415 - same

    if settings.kiosk is None:
        yield Problem("kiosk", "a card reader needs a screen: write the section [kiosk]")
    loads: tuple[tuple[str, Path | None, Callable[[Path], object]], ...] = (
        ("trust", card.trust, load_trust),
        ("recipients", card.recipients, load_recipients),
        ("pseudonym_key", card.pseudonym_key, load_pseudonyms),
    )
    for key, path, load in loads:
        try:
            if path is not None:
                load(path)
        except EdgeError as error:
            yield Problem(f"card.{key}", str(error))
    if card.pseudonym_key is not None and card.pseudonym_key.is_file() and _is_shared(card.pseudonym_key):
        yield Problem("card.pseudonym_key", f"others may read {card.pseudonym_key}: chmod 600 it")


def _services(settings: Settings) -> Iterator[Problem]:
    services = settings.services
    if services is None:
        return
    from catalogue.load import SHIPPED, load_catalogue  # noqa: PLC0415 - only stations with services need them
    from catalogue.mistakes import BrokenCatalogueError  # noqa: PLC0415 - same
    from edge.sealing import load_recipients  # noqa: PLC0415 - same
    from edge.services.wards import load_wards  # noqa: PLC0415 - same

    if settings.kiosk is None:
        yield Problem("kiosk", "services need a screen: write the section [kiosk]")
    try:
        load_catalogue(services.catalogue or SHIPPED)
    except BrokenCatalogueError as error:
        yield from (Problem("services.catalogue", str(mistake)) for mistake in error.mistakes)
    loads: tuple[tuple[str, Path | None, Callable[[Path], object]], ...] = (
        ("recipients", services.recipients, load_recipients),
        ("wards", services.wards, load_wards),
    )
    for key, path, load in loads:
        try:
            if path is not None:
                load(path)
        except EdgeError as error:
            yield Problem(f"services.{key}", str(error))


def _guide(settings: Settings) -> Iterator[Problem]:
    guide = settings.guide
    if guide is None:
        return
    from edge.guide.endpoint import load_key  # noqa: PLC0415 - only stations that ask for opinions need them
    from edge.guide.errors import EndpointError  # noqa: PLC0415 - same
    from edge.guide.remote import check_address  # noqa: PLC0415 - same

    if settings.services is None:
        yield Problem("services", "a guide needs services: write the section [services]")
    try:
        check_address(guide.url)
    except EndpointError as error:
        yield Problem("guide.url", str(error))
    if guide.key_file is None:
        return
    try:
        load_key(guide.key_file)
    except EndpointError as error:
        yield Problem("guide.key_file", str(error))
    else:
        if _is_shared(guide.key_file):
            yield Problem("guide.key_file", f"others may read {guide.key_file}: chmod 600 it")


def _is_shared(path: Path) -> bool:
    return bool(path.stat().st_mode & _OTHERS)


def _port_problem(port: str) -> str | None:
    path = Path(port)
    if not path.exists():
        return f"{port} is not there: is the device plugged in?"
    if not path.is_char_device():
        return f"{port} is no serial port"
    if not os.access(path, os.R_OK | os.W_OK):
        return f"{port} cannot be used by this user: group dialout?"
    return None


def _cabin(settings: Settings) -> Iterator[Problem]:
    if settings.bluetooth is not None and not (_ADAPTERS / settings.bluetooth.adapter).exists():
        yield Problem("bluetooth.adapter", f"this machine has no adapter {settings.bluetooth.adapter}")
    if settings.cabin is not None and settings.kiosk is None:
        yield Problem("kiosk", "a cabin needs a screen: write the section [kiosk]")
    if settings.kiosk is not None:
        if not (settings.kiosk.pages / "kiosk" / "index.html").is_file():
            yield Problem("kiosk.pages", f"there are no built pages in {settings.kiosk.pages}")
        for key, command in (
            ("speech.command", settings.speech.command),
            ("kiosk.restart", settings.kiosk.restart),
        ):
            if command and shutil.which(command[0]) is None:
                yield Problem(key, f"there is no program {command[0]}: install it, or name another")


def _identity(settings: Settings) -> list[Problem]:
    broker = settings.broker
    station = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    station.check_hostname = False
    station.verify_mode = ssl.CERT_NONE
    gate = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    gate.verify_mode = ssl.CERT_REQUIRED
    try:
        gate.load_verify_locations(broker.ca)
    except ssl.SSLError as error:
        return [Problem("broker.ca", f"no certificates in {broker.ca} ({error.reason})")]
    try:
        for context in (station, gate):
            context.load_cert_chain(broker.certificate, broker.key, password="")
    except ssl.SSLError as error:
        return [
            Problem(
                "broker.key", f"does not belong to broker.certificate, or one is damaged ({error.reason})"
            )
        ]
    try:
        name = _common_name(gate, station)
    except ssl.SSLCertVerificationError as error:
        return [Problem("broker.certificate", f"the broker will refuse it: {error.verify_message}")]
    except ssl.SSLError as error:
        return [Problem("broker.certificate", f"the broker will refuse it ({error.reason})")]
    if name != settings.station.id:
        return [Problem("station.id", "must be the common name of broker.certificate, which is another one")]
    return []


def _common_name(gate: ssl.SSLContext, station: ssl.SSLContext) -> str:
    """Shake hands in memory, as broker and station; return the name under which the broker knows the station."""
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    broker_end = gate.wrap_bio(up, down, server_side=True)
    station_end = station.wrap_bio(down, up)
    for _ in range(MAX_FLIGHTS):
        done = [_step(station_end), _step(broker_end)]
        if all(done):
            break
    for part in (broker_end.getpeercert() or {}).get("subject", ()):
        for pair in part:
            if pair[0] == "commonName":
                return str(pair[1])
    return ""


def _step(end: ssl.SSLObject) -> bool:
    try:
        end.do_handshake()
    except ssl.SSLWantReadError:
        return False
    return True
