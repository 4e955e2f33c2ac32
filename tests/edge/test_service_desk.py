"""The service page's desk: a pairing goes on by itself, asks, is answered, and ends one way or another."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from edge.clock import SystemClock
from edge.codecs.instrument import About
from edge.devices import BLE, Air, Change, Devices
from edge.drivers.ble.discovery import Found, Paired
from edge.drivers.ble.errors import PairingError, PairingProblem, RadioGoneError
from edge.drivers.ble.ports import PairingAnswers
from edge.instrument import Listener, Readiness
from edge.kiosk.ports import DeskError, Pairing, PairingAnswer, PairingStep, PairOrder, UnknownDeviceError
from edge.rack import Rack
from edge.registry import PairedDevice, Registry
from edge.service_desk import MAX_PAIRINGS, ServiceDesk
from tests.edge.waiting import eventually
from tests.fakes.instrument import FakeInstrument
from wire.entries import DeviceState, VitalKind

ABOUT = About("TCDS Test", "Cuff 1", "SN-0007", "1.0")
KINDS = frozenset({VitalKind.BLOOD_PRESSURE})
ORDER = PairOrder(name="cuff", driver=BLE, address="F0:01", place="Ngăn 1")

Course = Callable[[PairingAnswers], Awaitable[None]]


async def _nothing(_answers: PairingAnswers) -> None:
    """Just Works."""


class Rig:
    """A desk whose radio pairs as `course` says."""

    def __init__(self, path: Path) -> None:
        self.course: Course = _nothing
        self.scan_error: Exception | None = None
        self.instruments: dict[str, FakeInstrument] = {}
        registry = Registry(path / "registry.json")
        self.rack = Rack(registry, SystemClock(), self._build)
        self.desk = ServiceDesk(Devices(registry, self.rack, {"module": KINDS}, Air(self._scan, self._pair)))

    def _build(self, device: PairedDevice, hear: Listener) -> FakeInstrument:
        self.instruments[device.name] = FakeInstrument(device, hear)
        return self.instruments[device.name]

    async def _scan(self, _seconds: float) -> list[Found]:
        if self.scan_error is not None:
            raise self.scan_error
        return [Found("F0:01", "Cuff 1", -50, KINDS)]

    async def _pair(self, _address: str, answers: PairingAnswers) -> Paired:
        await self.course(answers)
        return Paired(ABOUT, KINDS, 80)

    async def at(self, pairing: str, *steps: PairingStep) -> Pairing:
        """Return how the pairing is as soon as it is at one of `steps`."""
        async with asyncio.timeout(10):
            while (found := await self.desk.pairing(pairing)).state not in steps:  # noqa: ASYNC110  # asked again and again, as the page does
                await asyncio.sleep(0.002)
        return found


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    found = Rig(tmp_path)
    task = asyncio.create_task(found.rack.run())
    yield found
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_device_that_asks_nothing_is_paired_and_stands_in_the_list(rig: Rig) -> None:
    pairing = await rig.desk.pair(ORDER)
    done = await rig.at(pairing, PairingStep.DONE)
    assert done.device is not None
    assert (done.device.name, done.device.serial_number) == ("cuff", "SN-0007")
    await eventually(lambda: "cuff" in rig.instruments)
    (row,) = await rig.desk.devices()
    assert (row.state, row.readiness, row.is_overdue) == (DeviceState.OK, Readiness.READY, False)


async def test_a_passkey_is_asked_for_and_taken(rig: Rig) -> None:
    typed: list[int] = []

    async def ask(answers: PairingAnswers) -> None:
        typed.append(await answers.passkey())

    rig.course = ask
    pairing = await rig.desk.pair(ORDER)
    await rig.at(pairing, PairingStep.PASSKEY)
    with pytest.raises(DeskError):
        await rig.desk.answer(pairing, PairingAnswer(accept=True))
    await rig.desk.answer(pairing, PairingAnswer(passkey="000042"))
    await rig.at(pairing, PairingStep.DONE)
    assert typed == [42]


@pytest.mark.parametrize(("accepts", "end"), [(True, PairingStep.DONE), (False, PairingStep.FAILED)])
async def test_two_numbers_are_compared(rig: Rig, accepts: bool, end: PairingStep) -> None:  # noqa: FBT001  # a table's column
    async def compare(answers: PairingAnswers) -> None:
        if not await answers.confirm(7):
            raise PairingError("refused", PairingProblem.REFUSED)

    rig.course = compare
    pairing = await rig.desk.pair(ORDER)
    assert (await rig.at(pairing, PairingStep.CONFIRM)).passkey == "000007"
    await rig.desk.answer(pairing, PairingAnswer(accept=accepts))
    assert (await rig.at(pairing, end)).passkey is None
    assert len(await rig.desk.devices()) == accepts


async def test_one_pairing_at_a_time_and_an_answer_only_when_asked(rig: Rig) -> None:
    blocked = asyncio.Event()

    async def wait(_answers: PairingAnswers) -> None:
        await blocked.wait()

    rig.course = wait
    pairing = await rig.desk.pair(ORDER)
    with pytest.raises(DeskError, match="pairing-busy"):
        await rig.desk.pair(ORDER)
    with pytest.raises(DeskError, match="not-asked"):
        await rig.desk.answer(pairing, PairingAnswer(passkey="123456"))
    with pytest.raises(UnknownDeviceError):
        await rig.desk.pairing("f" * 32)
    blocked.set()
    await rig.at(pairing, PairingStep.DONE)


async def test_old_pairings_are_forgotten(rig: Rig) -> None:
    first = await rig.desk.pair(ORDER)
    await rig.at(first, PairingStep.DONE)
    for _ in range(MAX_PAIRINGS):
        await rig.at(await rig.desk.pair(ORDER), PairingStep.DONE)
    with pytest.raises(UnknownDeviceError):
        await rig.desk.pairing(first)


async def test_a_failure_is_told_in_words_and_keeps_nothing(rig: Rig) -> None:
    async def fail(_answers: PairingAnswers) -> None:
        raise RadioGoneError("no adapter")

    rig.course = fail
    failed = await rig.at(await rig.desk.pair(ORDER), PairingStep.FAILED)
    assert failed.problem == "radio"
    assert await rig.desk.devices() == []


async def test_looking_around_tells_what_is_paired_and_when_there_is_no_radio(rig: Rig) -> None:
    await rig.at(await rig.desk.pair(ORDER), PairingStep.DONE)
    assert [(found.address, found.is_paired) for found in (await rig.desk.scan()).found] == [("F0:01", True)]
    rig.scan_error = RadioGoneError("no adapter")
    with pytest.raises(DeskError, match="radio"):
        await rig.desk.scan()


async def test_a_device_is_changed_tested_and_forgotten(rig: Rig) -> None:
    await rig.at(await rig.desk.pair(ORDER), PairingStep.DONE)
    assert (await rig.desk.change("cuff", Change(place="Ngăn 9"))).place == "Ngăn 9"
    await eventually(lambda: "cuff" in rig.instruments)
    rig.instruments["cuff"].about = ABOUT
    tested = await rig.desk.test("cuff")
    assert (tested.ok, tested.about.model) == (True, "Cuff 1")
    await rig.desk.forget("cuff")
    assert await rig.desk.devices() == []
    with pytest.raises(UnknownDeviceError):
        await rig.desk.change("cuff", Change())
