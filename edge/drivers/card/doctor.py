"""What is wrong between a card and this program, found step by step from the service down to the chip.

Each finding says what is so and, where it is not right, what to do. A step whose ground is missing is not tried.
"""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeVar

from edge.drivers.card.errors import Code, PcscError
from edge.drivers.card.pcsc import Context, ReaderState
from edge.drivers.card.port import CardPort, open_port
from edge.drivers.card.waiting import look_at_all, missing_reader
from edge.idcard.errors import CardError, GoneError, SilentError
from edge.idcard.groups import AID

ANSWER_LIMIT_S: Final = 10.0
"""So long pcscd may take to answer at all."""
_SMART_CARD_CLASS: Final = "0b"
"""USB's interface class of CCID readers (USB-IF, Defined Class Codes)."""
_SELECT: Final = bytes((0x00, 0xA4, 0x04, 0x0C, len(AID))) + AID
_READ_LONG: Final = bytes.fromhex("00B09C00000000")
"""READ BINARY of EF.CardAccess with an extended Le: whatever the chip says to it, it has understood it."""
_NOT_UNDERSTOOD: Final = frozenset({0x6700, 0x6F00, 0x6D00, 0x6E00})
_OK: Final = 0x9000

T = TypeVar("T")


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "PROBLEM"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `advice` says what to do."""

    level: Level
    text: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Machine:
    """Where Debian has the parts of PC/SC."""

    programs: str = "/usr/sbin:/usr/local/sbin:/usr/bin"
    socket: Path = Path("/run/pcscd/pcscd.comm")
    ccid: Path = Path("/usr/lib/pcsc/drivers/ifd-ccid.bundle")
    virtual: Path = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
    usb: Path = Path("/sys/bus/usb/devices")


def examine(wanted: str, machine: Machine) -> Iterator[Finding]:
    """Look at everything, for a reader with `wanted` in its name (empty: any)."""
    yield from _installed(machine)
    try:
        context = _within(ANSWER_LIMIT_S, Context)
    except TimeoutError:
        advice = "Restart it: systemctl restart pcscd. If it happens again, unplug the reader first."
        yield Finding(Level.PROBLEM, f"pcscd does not answer within {ANSWER_LIMIT_S:g} s.", advice)
        return
    except PcscError as error:
        yield _no_service(error, machine)
        return
    with context:
        yield Finding(Level.OK, "pcscd runs, and this user may speak with it.")
        states = look_at_all(context, wanted)
        if not states:
            yield _no_reader(wanted, context.readers(), machine)
            return
    for state in states:
        yield Finding(Level.OK, f"Reader: {state.name}")
    yield from _card(states)


def _installed(machine: Machine) -> Iterator[Finding]:
    if shutil.which("pcscd", path=machine.programs) is None:
        yield Finding(Level.PROBLEM, "pcscd is not installed.", "apt-get install pcscd libccid")
    else:
        yield Finding(Level.OK, "pcscd is installed.")
    if machine.ccid.exists():
        yield Finding(Level.OK, "The driver of USB readers (libccid) is installed.")
    else:
        yield Finding(Level.WARNING, "The driver of USB readers is missing.", "apt-get install libccid")
    if machine.virtual.exists():
        yield Finding(
            Level.WARNING,
            "The virtual reader vsmartcard-vpcd is installed: anybody on the network can present a card to it.",
            "On a station: apt-get purge vsmartcard-vpcd. It belongs on machines for development only.",
        )


def _no_service(error: PcscError, machine: Machine) -> Finding:
    if error.code == Code.SECURITY_VIOLATION:
        return Finding(
            Level.PROBLEM,
            "polkit does not let this user use the reader.",
            "Add a polkit rule that allows org.debian.pcsc-lite.access_pcsc and .access_card to the station's user.",
        )
    path = Path(os.environ.get("PCSCLITE_CSOCK_NAME", machine.socket))
    if path.exists() and not os.access(path, os.R_OK | os.W_OK):
        return Finding(
            Level.PROBLEM,
            f"This user may not use {path}.",
            "Run it as the station's user; look at the socket's mode in pcscd.socket.",
        )
    if path.exists():
        return Finding(
            Level.PROBLEM,
            f"pcscd has ended and left {path} behind.",
            "systemctl restart pcscd.socket pcscd; journalctl -u pcscd says why it ended.",
        )
    return Finding(Level.PROBLEM, "pcscd does not run.", "systemctl enable --now pcscd.socket")


def _no_reader(wanted: str, others: tuple[str, ...], machine: Machine) -> Finding:
    text = f"pcscd says that there is {missing_reader(wanted, others)}."
    if others:
        return Finding(Level.PROBLEM, text, "Correct `reader` in the section [card] of the settings.")
    if _is_on_usb(machine.usb):
        advice = "Unplug it and plug it in again. If a kernel module has taken it: modprobe -r pn533_usb nfc, and blacklist both."
        return Finding(Level.PROBLEM, f"{text} Yet one is on USB.", advice)
    return Finding(Level.PROBLEM, text, "Plug it in; try another cable and another USB port.")


def _is_on_usb(devices: Path) -> bool:
    classes = (path.read_text().strip() for path in devices.glob("*/bInterfaceClass"))
    return any(one == _SMART_CARD_CLASS for one in classes)


def _card(states: list[ReaderState]) -> Iterator[Finding]:
    state = next((state for state in states if state.is_present), None)
    if state is None:
        advice = "Lay one on and run this again to try the chip."
        yield Finding(Level.WARNING, "No card lies on the reader; the rest was not tried.", advice)
        return
    if state.is_mute:
        yield _SILENT
        return
    yield Finding(Level.OK, f"A card answers to power: ATR {state.atr.hex(' ').upper()}")
    try:
        with open_port(state, threading.Event()) as port:
            yield from _chip(port)
    except CardError as error:
        yield _failed(error)


_SILENT: Final = Finding(
    Level.PROBLEM,
    "A card lies there and gives no answer.",
    "Lay it flat, chip and antenna over the middle; take other cards and the wallet away; try another card.",
)


def _failed(error: CardError) -> Finding:
    if isinstance(error, GoneError):
        return Finding(Level.PROBLEM, "The card was taken away.", "Leave it there and run this again.")
    if isinstance(error, SilentError):
        return Finding(
            Level.PROBLEM,
            f"The card cannot be used: {error}.",
            "If another program uses it, end that (scdaemon, opensc, a session at the station); else lay the card anew.",
        )
    return Finding(Level.PROBLEM, f"The reader failed: {error}.", "Unplug it and plug it in again.")


def _chip(port: CardPort) -> Iterator[Finding]:
    yield _long_answers(port)
    sw = _status(port.transmit(_SELECT))
    if sw == _OK:
        yield Finding(Level.OK, "The chip has the application of identity cards.")
        return
    yield Finding(
        Level.PROBLEM,
        f"The chip has no application of identity cards (SELECT: {sw:04X}).",
        "It is another kind of card, such as a bank's. Try a citizen's card with chip.",
    )


def _long_answers(port: CardPort) -> Finding:
    capacity = port.capacity_bytes()
    told = "it does not say" if capacity is None else f"it says {capacity} bytes"
    try:
        is_understood = _status(port.transmit(_READ_LONG)) not in _NOT_UNDERSTOOD
    except SilentError:
        is_understood = False
    if is_understood:
        return Finding(Level.OK, f"Reader and chip let long answers through ({told}).")
    return Finding(
        Level.WARNING,
        f"Reader or chip let only short answers through ({told}).",
        "Cards are read all the same; a photo takes about three times as long. A reader with extended APDUs mends it.",
    )


def _status(response: bytes) -> int:
    return int.from_bytes(response[-2:], "big")


def _within(limit_s: float, work: Callable[[], T]) -> T:
    """Return what comes of `work`; TimeoutError when it takes longer. A frozen pcscd holds a caller for ever."""
    results: list[T] = []
    failures: list[PcscError] = []

    def run() -> None:
        try:
            results.append(work())
        except PcscError as error:
            failures.append(error)

    thread = threading.Thread(target=run, name="pcsc-answers", daemon=True)
    thread.start()
    thread.join(limit_s)
    for failure in failures:
        raise failure
    if not results:
        raise TimeoutError
    return results[0]
