"""The technician's desk as the service page sees it: rows instead of records, and pairings that go on by themselves."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final, TypeVar

from edge.devices import Change, DeviceError, Devices, NewDevice, UnknownDeviceError
from edge.errors import EdgeError
from edge.instrument import Readiness
from edge.kiosk import ports
from edge.kiosk.ports import DeskError, DeviceRow, Pairing, PairingAnswer, PairingStep, PairOrder
from edge.logs import Log
from edge.registry import PairedDevice
from edge.tokens import new_token
from wire.entries import DeviceState

TEST_S: Final = 20.0
"""Below the time that a page waits for an answer."""
PAIRING_LIMIT_S: Final = 120.0
"""As long as a technician may take; the device gives up earlier."""
MAX_PAIRINGS: Final = 4
"""Kept to be asked for; the oldest is forgotten."""

_WORDS: Final = {
    "refused": "refused",
    "not-found": "not-found",
    "no-instrument": "unsupported",
    "busy": "pairing-busy",
    "failed": "timed-out",
}
"""What edge.drivers.ble's PairingProblem is called on the page; by value, since the radio's library may not be there."""

Answer = TypeVar("Answer")

_log: Final = Log(__name__)


@dataclass(slots=True)
class _Course:
    """One pairing under way: how far it is, and what it waits for."""

    step: PairingStep = PairingStep.WORKING
    shown: str | None = None
    problem: str | None = None
    has_typed: bool = False
    device: PairedDevice | None = None
    typed: asyncio.Future[int] | None = None
    accepted: asyncio.Future[bool] | None = None
    task: asyncio.Task[None] | None = field(default=None, repr=False)

    async def passkey(self) -> int:
        """Wait until the technician has typed what the device shows."""
        self.step, self.typed = PairingStep.PASSKEY, asyncio.get_running_loop().create_future()
        return await self._awaited(self.typed)

    async def confirm(self, passkey: int) -> bool:
        """Wait until the technician has compared the two numbers."""
        self.step, self.shown = PairingStep.CONFIRM, f"{passkey:06}"
        self.accepted = asyncio.get_running_loop().create_future()
        return await self._awaited(self.accepted)

    async def _awaited(self, answer: "asyncio.Future[Answer]") -> Answer:
        try:
            return await answer
        finally:
            self.step, self.shown, self.typed, self.accepted = PairingStep.WORKING, None, None, None

    def take(self, answer: PairingAnswer) -> bool:
        """Hand an answer on; False when nothing of the kind was asked."""
        if answer.passkey is not None and self.typed is not None and not self.typed.done():
            self.typed.set_result(int(answer.passkey))
            self.has_typed = True
        elif answer.accept is not None and self.accepted is not None and not self.accepted.done():
            self.accepted.set_result(answer.accept)
        else:
            return False
        return True


class ServiceDesk:
    """What the service page does with devices (edge.kiosk.ports.DeviceDesk)."""

    def __init__(self, devices: Devices) -> None:
        self._devices = devices
        self._courses: dict[str, _Course] = {}

    async def devices(self) -> list[DeviceRow]:
        """Return all paired devices, by name."""
        return [self._row(device) for device in await self._devices.listing()]

    async def scan(self) -> ports.Scan:
        """Look around for 10 s."""
        around = await _translated(self._devices.look_around)
        return ports.Scan(
            found=[
                ports.FoundRow(
                    address=found.address,
                    name=found.name,
                    signal_dbm=found.signal_dbm,
                    kinds=sorted(found.kinds),
                    is_paired=found.address.upper() in around.paired,
                )
                for found in around.found
            ],
            ports=[ports.SerialRow(path=port.path, description=port.description) for port in around.ports],
        )

    async def pair(self, order: PairOrder) -> str:
        """Begin to pair and return the pairing's id at once; DeskError while another is under way."""
        if any(course.task is not None and not course.task.done() for course in self._courses.values()):
            raise DeskError("pairing-busy")
        while len(self._courses) >= MAX_PAIRINGS:
            del self._courses[next(iter(self._courses))]
        identity, course = new_token(), _Course()
        new = NewDevice(order.name, order.driver, order.address, order.place, frozenset(order.kinds))
        course.task = asyncio.create_task(self._pair(course, new), name="pairing")
        self._courses[identity] = course
        return identity

    async def pairing(self, pairing: str) -> Pairing:
        """Return how far a pairing is."""
        course = self._course(pairing)
        row = None if course.device is None else self._row(course.device)
        return Pairing(state=course.step, passkey=course.shown, problem=course.problem, device=row)

    async def answer(self, pairing: str, answer: PairingAnswer) -> None:
        """Hand the technician's answer on."""
        if not self._course(pairing).take(answer):
            raise DeskError("not-asked")

    async def change(self, name: str, edit: Change) -> DeviceRow:
        """Write down what is named."""
        return self._row(await _translated(lambda: self._devices.change(name, edit)))

    async def forget(self, name: str) -> None:
        """Forget a device."""
        await _translated(lambda: self._devices.forget(name))

    async def test(self, name: str) -> ports.Tested:
        """Wait until a device answers; a wireless one has to be switched on meanwhile."""
        result = await _translated(lambda: self._devices.test(name, TEST_S))
        about = result.about
        told = (
            ports.TestedAbout()
            if about is None
            else ports.TestedAbout(
                manufacturer=about.manufacturer,
                model=about.model,
                serial_number=about.serial_number,
                firmware=about.firmware,
            )
        )
        return ports.Tested(ok=result.is_ok, about=told, battery=result.battery, detail=result.detail)

    async def _pair(self, course: _Course, new: NewDevice) -> None:
        try:
            async with asyncio.timeout(PAIRING_LIMIT_S):
                course.device = await self._devices.pair(new, course)
            course.step = PairingStep.DONE
        except (EdgeError, OSError) as error:
            self._fail(course, _problem(error, has_typed=course.has_typed), str(error))
        except BaseException:
            self._fail(course, "other", "interrupted")
            raise

    def _fail(self, course: _Course, problem: str, reason: str) -> None:
        course.step, course.problem = PairingStep.FAILED, problem
        _log.warning("pairing failed", problem=problem, reason=reason)

    def _course(self, pairing: str) -> _Course:
        if pairing not in self._courses:
            raise ports.UnknownDeviceError
        return self._courses[pairing]

    def _row(self, device: PairedDevice) -> DeviceRow:
        instrument = self._devices.rack.instrument(device.name)
        health = None if instrument is None else instrument.health
        return DeviceRow(
            name=device.name,
            driver=device.driver,
            address=device.address,
            kinds=device.kinds,
            manufacturer=device.manufacturer,
            model=device.model,
            serial_number=device.serial_number,
            place=device.place,
            calibrated_on=device.calibrated_on,
            calibration_due_on=device.calibration_due_on,
            is_overdue=device.is_overdue(self._devices.rack.today()),
            state=health.state if health else DeviceState.LOST,
            seen_at_ms=health.seen_at_ms if health else None,
            detail=health.detail if health else "",
            readiness=instrument.readiness if instrument else Readiness.MISSING,
            battery=instrument.battery if instrument else None,
        )


async def _translated(ask: Callable[[], Awaitable[Answer]]) -> Answer:
    """Return what was asked for; an error of the desk below becomes one of the page."""
    try:
        return await ask()
    except UnknownDeviceError as error:
        raise ports.UnknownDeviceError from error
    except (EdgeError, OSError) as error:
        raise DeskError(_problem(error)) from error


def _problem(error: Exception, *, has_typed: bool = False) -> str:
    """Return the word of the page's catalogue for what went wrong."""
    if isinstance(error, DeviceError):
        return error.problem.value
    if isinstance(error, TimeoutError):
        return "timed-out"
    found = getattr(error, "problem", None)
    if found is None:
        return "radio" if isinstance(error, EdgeError) else "other"
    if found == "refused" and has_typed:
        return "wrong-passkey"
    return _WORDS.get(str(found), "other")
