"""Finding wireless instruments and pairing one: what a technician does, at the command line or the service page.

A `Radio` has to be running. Pairing is the one place where keys are ever removed: those of the very device that is being
paired anew, and only after it has refused them.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from edge.codecs.gatt.characteristics import READ_ONCE, events_of, kinds_of
from edge.codecs.gatt.device_information import merged
from edge.codecs.gatt.errors import CodecError
from edge.codecs.instrument import About, Battery
from edge.drivers.ble.bond import CANCELLED_ROUNDS, BondWatch, Evidence
from edge.drivers.ble.errors import BondLostError, LinkError, PairingError, PairingProblem, RadioGoneError
from edge.drivers.ble.link import CancelledConnectError, Link
from edge.drivers.ble.ports import PairingAnswers
from edge.drivers.ble.radio import Radio, Sighting
from wire.entries import VitalKind

MAX_FOUND: Final = 20
MAX_HEARD: Final = 500
"""Addresses remembered during a scan; telephones change theirs all the time."""
FIND_S: Final = 20.0
"""For the device to advertise: it has just been switched on for this."""


@dataclass(frozen=True, slots=True)
class Found:
    """A device that advertised; `kinds` is what its advertisement says it measures, which may be nothing."""

    address: str
    name: str
    signal_dbm: int
    kinds: frozenset[VitalKind]


@dataclass(frozen=True, slots=True)
class Paired:
    """A device that has a bond with this station now."""

    about: About
    kinds: frozenset[VitalKind]
    battery: int | None


async def scan(radio: Radio, seconds: float) -> list[Found]:
    """Return what advertised within `seconds`, strongest first; when there is too much, instruments go before others.

    RadioGoneError when there is no radio.
    """
    if not radio.is_present:
        raise RadioGoneError("no adapter")
    heard: dict[str, Found] = {}

    def hear(sighting: Sighting) -> None:
        if sighting.address in heard or len(heard) < MAX_HEARD:
            heard[sighting.address] = _found(sighting, heard.get(sighting.address))

    with radio.overhearing(hear):
        await asyncio.sleep(seconds)
    return _strongest(heard.values())


async def pair(radio: Radio, address: str, answers: PairingAnswers) -> Paired:
    """Make a bond with the device at `address`, which has to advertise, and get to know it; PairingError when not.

    RadioGoneError when there is no radio. A bond that it refuses is removed and made anew; a healthy one stays.
    """
    if not radio.is_present:
        raise RadioGoneError("no adapter")
    asked = _Asked(answers)
    bond = BondWatch()
    advertised = asyncio.Event()
    with radio.adopting(address, lambda _sighting: advertised.set(), takes_over=True):
        for _ in range(CANCELLED_ROUNDS + 1):
            await _until(advertised)
            try:
                return await _bond_with(radio, address, asked)
            except (BondLostError, LinkError) as error:
                await _reconsider(radio, address, bond, asked, error)
    raise PairingError("the device refuses the key, old and new", PairingProblem.REFUSED)


class _Asked:
    """The technician's answers, and whether he was asked: then a failure is about the new bond, not about an old one."""

    def __init__(self, answers: PairingAnswers) -> None:
        self._answers = answers
        self.was_asked = False

    async def passkey(self) -> int:
        """Return the number that the device shows."""
        self.was_asked = True
        return await self._answers.passkey()

    async def confirm(self, passkey: int) -> bool:
        """Tell whether the device shows `passkey` too."""
        self.was_asked = True
        return await self._answers.confirm(passkey)


async def _until(advertised: asyncio.Event) -> None:
    advertised.clear()
    try:
        async with asyncio.timeout(FIND_S):
            await advertised.wait()
    except TimeoutError as error:
        raise PairingError("the device does not advertise", PairingProblem.NOT_FOUND) from error


async def _bond_with(radio: Radio, address: str, answers: PairingAnswers) -> Paired:
    async with radio.paired(address, answers) as link:
        kinds = kinds_of(link.services)
        if kinds:
            return await _introduced(link, kinds)
    await radio.remove_bond(address)
    raise PairingError("the device measures nothing that a cabin knows", PairingProblem.NO_INSTRUMENT)


async def _reconsider(
    radio: Radio, address: str, bond: BondWatch, asked: _Asked, error: BondLostError | LinkError
) -> None:
    """Return when it is worth another try, after removing a bond that the device has refused; else PairingError."""
    if asked.was_asked:
        raise PairingError(
            "refused: another number, or the device gave up", PairingProblem.REFUSED
        ) from error
    if isinstance(error, BondLostError):
        bond.failed(Evidence.REFUSED)
    elif isinstance(error, CancelledConnectError):
        bond.failed(Evidence.CANCELLED)
    else:
        raise PairingError(str(error), PairingProblem.FAILED) from error
    if bond.is_lost:
        await radio.remove_bond(address)


async def _introduced(link: Link, kinds: frozenset[VitalKind]) -> Paired:
    """Read what the device says of itself; it may keep all of it to itself."""
    about, battery = About(), None
    for number in sorted(READ_ONCE):
        if not link.can(number, "read"):
            continue
        try:
            events = events_of(number, await link.read(number))
        except (LinkError, CodecError):
            continue
        for event in events:
            if isinstance(event, About):
                about = merged(about, event)
            elif isinstance(event, Battery):
                battery = event.percent
    return Paired(about, kinds, battery)


def _found(sighting: Sighting, before: Found | None) -> Found:
    """Put together what several advertisements of one device said: not each carries its name and services."""
    name = "".join(filter(str.isprintable, sighting.name)).strip()
    kinds = kinds_of(sighting.services)
    if before is not None:
        name, kinds = name or before.name, kinds | before.kinds
    return Found(sighting.address, name, sighting.signal_dbm, kinds)


def _strongest(found: Iterable[Found]) -> list[Found]:
    chosen = sorted(found, key=lambda device: (not device.kinds, -device.signal_dbm))[:MAX_FOUND]
    return sorted(chosen, key=lambda device: -device.signal_dbm)
