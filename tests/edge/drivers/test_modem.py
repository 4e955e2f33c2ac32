"""The modem's driver against a modem on a pty, with its faults."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from edge.clock import SystemClock
from edge.codecs.sms import Delivery, SmsError
from edge.drivers import at_line
from edge.drivers import modem as driver
from edge.drivers.at_line import ModemError, ModemRefusedError
from edge.drivers.modem import MAX_ORDERS, ModemDriver
from edge.drivers.serial_port import PortError
from edge.settings import ModemSettings
from edge.supervise import Backoff, supervise
from tests.edge.waiting import eventually
from tests.fakes.modem import FakeModem, Faults, Sms
from wire.entries import DeviceChanged, DeviceState

NUMBER = "+84901234567"
FAST = Backoff(first_s=0.05, limit_s=0.1)


@dataclass
class Rig:
    modem: FakeModem
    driver: ModemDriver
    changes: list[DeviceChanged] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)

    @property
    def states(self) -> list[DeviceState]:
        return [change.state for change in self.changes]

    async def is_ready(self) -> None:
        await eventually(lambda: self.driver.device.health.state is DeviceState.OK)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(at_line, "HELLO_TIMEOUT_S", 0.1)
    monkeypatch.setattr(at_line, "ANSWER_TIMEOUT_S", 0.3)
    monkeypatch.setattr(at_line, "PROMPT_TIMEOUT_S", 0.3)
    monkeypatch.setattr(at_line, "SUBMIT_TIMEOUT_S", 0.5)
    monkeypatch.setattr(driver, "WATCH_INTERVAL_S", 0.1)


@asynccontextmanager
async def running(path: Path, faults: Faults | None = None, pin: str | None = None) -> AsyncIterator[Rig]:
    async with FakeModem(path, faults or Faults()) as modem:
        changes: list[DeviceChanged] = []
        deliveries: list[Delivery] = []
        one = ModemDriver(
            ModemSettings(port=str(path), numbers=(NUMBER,), pin=pin),
            SystemClock(),
            note=changes.append,
            on_delivery=deliveries.append,
        )
        task = asyncio.create_task(supervise("modem", one.run, FAST))
        try:
            yield Rig(modem, one, changes, deliveries)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
def port(tmp_path: Path) -> Path:
    return tmp_path / "modem"


async def test_an_sms_goes_out_and_asks_for_a_report(port: Path) -> None:
    async with running(port) as rig:
        reference = await rig.driver.send(NUMBER, "SOS tram A1")
        assert reference == 1
        assert rig.modem.sent == [Sms(NUMBER, "SOS tram A1", wants_report=True)]
        assert rig.states == [DeviceState.OK]
        assert rig.driver.device.health.detail == "signal 18"


async def test_a_status_report_is_told(port: Path) -> None:
    async with running(port) as rig:
        reference = await rig.driver.send(NUMBER, "x")
        rig.modem.report(reference)
        rig.modem.report(reference, status=0x46)
        await eventually(lambda: len(rig.deliveries) == 2)
        assert rig.deliveries == [Delivery(1, is_delivered=True), Delivery(1, is_delivered=False)]


async def test_notices_between_the_answers_disturb_nothing(port: Path) -> None:
    async with running(
        port, Faults(garbage=b"\r\n+CREG: 2\r\n\r\nRING\r\n\xff\x00\x13\r\n^BOOT:1,2\r\n")
    ) as rig:
        assert await rig.driver.send(NUMBER, "x") == 1


async def test_a_modem_that_misses_the_first_words_is_found(port: Path) -> None:
    async with running(port, Faults(lost_characters=9)) as rig:
        await rig.is_ready()


async def test_a_slow_prompt_is_waited_for(port: Path) -> None:
    async with running(port, Faults(prompt_delay_s=0.2)) as rig:
        assert await rig.driver.send(NUMBER, "x") == 1


async def test_a_prompt_that_never_comes_is_given_up_and_the_next_try_works(port: Path) -> None:
    async with running(port, Faults(prompt_delay_s=30)) as rig:
        with pytest.raises(ModemError, match="no prompt"):
            await rig.driver.send(NUMBER, "x")
        rig.modem.faults.prompt_delay_s = 0
        assert await rig.driver.send(NUMBER, "second") == 1
        assert [sms.text for sms in rig.modem.sent] == ["second"]


async def test_without_a_network_it_says_so_and_recovers(port: Path) -> None:
    async with running(port, Faults(no_network=True)) as rig:
        await eventually(lambda: rig.states == [DeviceState.FAULT])
        assert "not in the network" in rig.driver.device.health.detail
        with pytest.raises(ModemError, match="CMS 331"):
            await rig.driver.send(NUMBER, "x")
        rig.modem.faults.no_network = False
        await rig.is_ready()
        assert await rig.driver.send(NUMBER, "x") == 1


async def test_a_refused_sms_leaves_the_modem_in_use(port: Path) -> None:
    async with running(port, Faults(cms_error=500)) as rig:
        with pytest.raises(ModemError, match="CMS 500"):
            await rig.driver.send(NUMBER, "x")
        rig.modem.faults.cms_error = None
        assert await rig.driver.send(NUMBER, "x") == 1
        assert DeviceState.LOST not in rig.states


async def test_unplugged_and_plugged_in_again(port: Path) -> None:
    async with running(port) as rig:
        await rig.is_ready()
        rig.modem.unplug()
        await eventually(lambda: rig.states[-1] is DeviceState.LOST)
        sending = asyncio.create_task(rig.driver.send(NUMBER, "waits"))
        await asyncio.sleep(0.05)
        rig.modem.plug()
        assert await sending == 1
        assert rig.states == [DeviceState.OK, DeviceState.LOST, DeviceState.OK]


async def test_unplugged_in_the_middle_of_an_sms_it_is_said_to_have_failed(port: Path) -> None:
    async with running(port, Faults(prompt_delay_s=30)) as rig:
        await rig.is_ready()
        sending = asyncio.create_task(rig.driver.send(NUMBER, "x"))
        await eventually(lambda: any(command.startswith("AT+CMGS") for command in rig.modem.commands))
        rig.modem.unplug()
        with pytest.raises(ModemError):
            await sending


async def test_a_mute_modem_is_lost(port: Path) -> None:
    async with running(port, Faults(mute=True)) as rig:
        await eventually(lambda: rig.states == [DeviceState.LOST])
        assert "no answer" in rig.driver.device.health.detail
        rig.modem.faults.mute = False
        await rig.is_ready()


async def test_the_pin_is_entered(port: Path) -> None:
    async with running(port, Faults(pin="1234"), pin="1234") as rig:
        assert await rig.driver.send(NUMBER, "x") == 1


async def test_a_wrong_pin_is_tried_once_for_ever(port: Path) -> None:
    async with running(port, Faults(pin="1234"), pin="9999") as rig:
        await eventually(lambda: rig.modem.commands.count("AT+CPIN?") >= 4)
        assert rig.modem.commands.count('AT+CPIN="9999"') == 1
        assert rig.states == [DeviceState.LOST]
        assert "9999" not in rig.driver.device.health.detail


async def test_a_sim_that_wants_a_pin_we_do_not_have(port: Path) -> None:
    async with running(port, Faults(pin="1234")) as rig:
        await eventually(lambda: "SIM PIN" in rig.driver.device.health.detail)
        assert not any(command.startswith('AT+CPIN="') for command in rig.modem.commands)


async def test_without_a_sim_it_says_so(port: Path) -> None:
    async with running(port, Faults(no_sim=True)) as rig:
        await eventually(lambda: "CME 10" in rig.driver.device.health.detail)


async def test_more_orders_than_the_modem_can_take_are_refused_at_once(tmp_path: Path) -> None:
    one = ModemDriver(
        ModemSettings(port=str(tmp_path / "none"), numbers=(NUMBER,)),
        SystemClock(),
        note=lambda _: None,
        on_delivery=lambda _: None,
    )
    waiting = [asyncio.create_task(one.send(NUMBER, "x")) for _ in range(MAX_ORDERS)]
    await asyncio.sleep(0)
    with pytest.raises(ModemError, match="too many"):
        await one.send(NUMBER, "x")
    for task in waiting:
        task.cancel()
    with pytest.raises(ExceptionGroup) as group:
        await one.run()
    assert group.group_contains(PortError)


async def test_an_order_that_nobody_waits_for_any_more_is_not_sent(port: Path) -> None:
    async with running(port, Faults(mute=True)) as rig:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await rig.driver.send(NUMBER, "old")
        rig.modem.faults.mute = False
        await rig.driver.send(NUMBER, "new")
        assert [sms.text for sms in rig.modem.sent] == ["new"]


async def test_what_is_no_sms_is_refused_before_the_modem_sees_it(port: Path) -> None:
    async with running(port) as rig:
        with pytest.raises(SmsError):
            await rig.driver.send(NUMBER, "x" * 161)
        with pytest.raises(SmsError):
            await rig.driver.send("not a number", "x")


def test_a_refusal_is_a_modems_error() -> None:
    assert issubclass(ModemRefusedError, ModemError)
