"""What BlueZ is answered while a technician pairs a device, and what a stranger is."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest
from dbus_fast import DBusError, Message, MessageType
from dbus_fast.aio import MessageBus

from edge.drivers.ble import agent as agent_module
from edge.drivers.ble.agent import AGENT_PATH, PairingAgent
from edge.drivers.ble.bluez import BluezHost
from edge.drivers.ble.errors import PairingError, RadioGoneError
from tests.edge.waiting import eventually
from tests.fakes.bluez import FakeBluez, PrivateBus, private_bus

METER = "AA:BB:CC:00:00:01"
METER_PATH = "/org/bluez/hci0/dev_AA_BB_CC_00_00_01"
STRANGER_PATH = "/org/bluez/hci0/dev_AA_BB_CC_00_00_02"
QUESTIONS = [
    ("RequestPasskey", "o", []),
    ("RequestConfirmation", "ou", [123456]),
    ("RequestAuthorization", "o", []),
    ("DisplayPasskey", "ouq", [123456, 0]),
]


@dataclass
class Technician:
    """Answers as told; `hesitates` makes him read and think until he is asked no longer."""

    number: int = 0
    agrees: bool = True
    hesitates: bool = False
    refuses: bool = False
    saw: list[int | None] = field(default_factory=list)
    was_interrupted: bool = False

    async def passkey(self) -> int:
        await self._think(None)
        return self.number

    async def confirm(self, passkey: int) -> bool:
        await self._think(passkey)
        return self.agrees

    async def _think(self, passkey: int | None) -> None:
        self.saw.append(passkey)
        if self.refuses:
            raise PairingError("the technician went away")
        try:
            while self.hesitates:  # noqa: ASYNC110  # he never answers
                await asyncio.sleep(60)
        except asyncio.CancelledError:
            self.was_interrupted = True
            raise


@pytest.fixture
def bus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivateBus]:
    with private_bus(tmp_path_factory.mktemp("bus")) as running:
        yield running


@asynccontextmanager
async def registered(bus: PrivateBus) -> AsyncIterator[tuple[FakeBluez, PairingAgent]]:
    agent = PairingAgent()
    async with FakeBluez(bus.address) as bluez:
        host = BluezHost("hci0", agent, bus_address=bus.address)
        task = asyncio.create_task(host.run())
        try:
            await eventually(lambda: host.is_present or task.done())
            yield bluez, agent
        finally:
            task.cancel()
            await asyncio.wait([task])


def refusal() -> "pytest.RaisesExc[DBusError]":
    return pytest.raises(DBusError, check=lambda error: error.type == "org.bluez.Error.Rejected")


async def test_a_passkey_that_the_device_shows_is_typed(bus: PrivateBus) -> None:
    async with registered(bus) as (bluez, agent), agent.answering(METER, Technician(123456)):
        assert await bluez.ask("RequestPasskey", "o", METER_PATH) == [123456]


async def test_a_passkey_may_begin_with_zeros(bus: PrivateBus) -> None:
    async with registered(bus) as (bluez, agent), agent.answering(METER, Technician(7)):
        assert await bluez.ask("RequestPasskey", "o", METER_PATH) == [7]


@pytest.mark.parametrize("number", [-1, 1_000_000, 1 << 40])
async def test_a_number_that_is_no_passkey_is_refused(bus: PrivateBus, number: int) -> None:
    async with registered(bus) as (bluez, agent), agent.answering(METER, Technician(number)):
        with refusal():
            await bluez.ask("RequestPasskey", "o", METER_PATH)


async def test_equal_numbers_on_both_displays_are_confirmed(bus: PrivateBus) -> None:
    technician = Technician()
    async with registered(bus) as (bluez, agent), agent.answering(METER.lower(), technician):
        assert await bluez.ask("RequestConfirmation", "ou", METER_PATH, 4711) == []
    assert technician.saw == [4711]


async def test_different_numbers_are_refused(bus: PrivateBus) -> None:
    async with registered(bus) as (bluez, agent), agent.answering(METER, Technician(agrees=False)):
        with refusal():
            await bluez.ask("RequestConfirmation", "ou", METER_PATH, 4711)


async def test_a_device_without_display_and_keys_just_works_and_nobody_is_asked(bus: PrivateBus) -> None:
    technician = Technician()
    async with registered(bus) as (bluez, agent), agent.answering(METER, technician):
        assert await bluez.ask("RequestAuthorization", "o", METER_PATH) == []
    assert technician.saw == []


async def test_a_passkey_for_the_devices_keys_is_shown_once_however_many_digits_are_typed(
    bus: PrivateBus,
) -> None:
    technician = Technician(hesitates=True)
    async with registered(bus) as (bluez, agent), agent.answering(METER, technician):
        shown = asyncio.create_task(bluez.ask("DisplayPasskey", "ouq", METER_PATH, 98, 0))
        await eventually(lambda: technician.saw)
        await bluez.ask("DisplayPasskey", "ouq", METER_PATH, 98, 1)
        await bluez.ask("Cancel")
        with pytest.raises(DBusError):
            await shown
    assert technician.saw == [98]
    assert technician.was_interrupted


async def test_a_technician_who_does_not_want_the_shown_passkey_ends_the_pairing(bus: PrivateBus) -> None:
    async with registered(bus) as (bluez, agent), agent.answering(METER, Technician(agrees=False)):
        bluez.add_device(METER, is_bonded=False)
        await bluez.ask("DisplayPasskey", "ouq", METER_PATH, 98, 0)
        assert "CancelPairing" in bluez.calls


@pytest.mark.parametrize(("member", "signature", "body"), QUESTIONS)
async def test_a_stranger_is_refused_while_another_device_is_paired(
    bus: PrivateBus, member: str, signature: str, body: list[object]
) -> None:
    technician = Technician()
    async with registered(bus) as (bluez, agent), agent.answering(METER, technician):
        with refusal():
            await bluez.ask(member, signature, STRANGER_PATH, *body)
    assert technician.saw == []


@pytest.mark.parametrize(("member", "signature", "body"), QUESTIONS)
async def test_everybody_is_refused_while_nobody_pairs(
    bus: PrivateBus, member: str, signature: str, body: list[object], caplog: pytest.LogCaptureFixture
) -> None:
    async with registered(bus) as (bluez, agent):
        async with agent.answering(METER, Technician()):
            pass
        with refusal():
            await bluez.ask(member, signature, METER_PATH, *body)
    refused = [record for record in caplog.records if record.message == "pairing refused"]
    assert len(refused) == 1
    assert "AA" not in str(refused[0].__dict__["fields"])


@pytest.mark.parametrize(
    ("member", "signature", "body"),
    [
        ("RequestPinCode", "o", []),
        ("DisplayPinCode", "os", ["0000"]),
        ("AuthorizeService", "os", ["00001124-0000-1000-8000-00805f9b34fb"]),
    ],
)
async def test_what_no_instrument_needs_is_refused_even_to_the_device_being_paired(
    bus: PrivateBus, member: str, signature: str, body: list[object]
) -> None:
    async with registered(bus) as (bluez, agent), agent.answering(METER, Technician()):
        with refusal():
            await bluez.ask(member, signature, METER_PATH, *body)


async def test_a_device_that_gives_up_takes_its_question_back(bus: PrivateBus) -> None:
    technician = Technician(hesitates=True)
    async with registered(bus) as (bluez, agent), agent.answering(METER, technician):
        asked = asyncio.create_task(bluez.ask("RequestPasskey", "o", METER_PATH))
        await eventually(lambda: technician.saw)
        await bluez.ask("Cancel")
        with pytest.raises(DBusError, check=lambda error: error.type == "org.bluez.Error.Canceled"):
            await asked
        assert technician.was_interrupted
        technician.hesitates, technician.number = False, 5
        assert await bluez.ask("RequestPasskey", "o", METER_PATH) == [5]


async def test_a_technician_who_does_not_answer_is_not_waited_for(
    bus: PrivateBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agent_module, "ANSWER_TIMEOUT_S", 0.02)
    technician = Technician(hesitates=True)
    async with registered(bus) as (bluez, agent), agent.answering(METER, technician):
        with pytest.raises(DBusError, check=lambda error: error.type == "org.bluez.Error.Canceled"):
            await bluez.ask("RequestPasskey", "o", METER_PATH)
    assert technician.was_interrupted


async def test_a_technician_who_goes_away_refuses(bus: PrivateBus) -> None:
    async with registered(bus) as (bluez, agent), agent.answering(METER, Technician(refuses=True)):
        with refusal():
            await bluez.ask("RequestPasskey", "o", METER_PATH)


async def test_a_pairing_that_ends_interrupts_what_was_being_asked(bus: PrivateBus) -> None:
    technician = Technician(hesitates=True)
    async with registered(bus) as (bluez, agent):
        async with agent.answering(METER, technician):
            asked = asyncio.create_task(bluez.ask("RequestPasskey", "o", METER_PATH))
            await eventually(lambda: technician.saw)
        with pytest.raises(DBusError):
            await asked
    assert technician.was_interrupted


async def test_one_question_at_a_time(bus: PrivateBus) -> None:
    technician = Technician(hesitates=True)
    async with registered(bus) as (bluez, agent), agent.answering(METER, technician):
        first = asyncio.create_task(bluez.ask("RequestPasskey", "o", METER_PATH))
        await eventually(lambda: technician.saw)
        with refusal():
            await bluez.ask("RequestConfirmation", "ou", METER_PATH, 1)
        await bluez.ask("Cancel")
        with suppress(DBusError):
            await first
    assert technician.saw == [None]


async def test_one_pairing_at_a_time(bus: PrivateBus) -> None:
    async with registered(bus) as (bluez, agent), agent.answering(METER, Technician(1)):
        with pytest.raises(PairingError):
            async with agent.answering("AA:BB:CC:00:00:02", Technician(2)):
                pass
        assert await bluez.ask("RequestPasskey", "o", METER_PATH) == [1]


async def test_pairing_needs_a_bluetoothd_to_answer(bus: PrivateBus) -> None:
    agent = PairingAgent()
    with pytest.raises(RadioGoneError):
        async with agent.answering(METER, Technician()):
            pass
    async with registered(bus) as (bluez, agent):
        await bluez.kill()
        await eventually(lambda: not agent.is_registered)
        with pytest.raises(RadioGoneError):
            async with agent.answering(METER, Technician()):
                pass


async def test_a_killed_bluetoothd_interrupts_the_question_and_may_ask_again_after_its_return(
    bus: PrivateBus,
) -> None:
    technician = Technician(9, hesitates=True)
    async with registered(bus) as (bluez, agent), agent.answering(METER, technician):
        asked = asyncio.create_task(bluez.ask("RequestPasskey", "o", METER_PATH))
        await eventually(lambda: technician.saw)
        await bluez.kill()
        await eventually(lambda: technician.was_interrupted)
        with suppress(Exception):  # whatever a dead caller sees
            await asked
        technician.hesitates = False
        await bluez.start()
        await eventually(lambda: bluez.default_agent)
        assert await bluez.ask("RequestPasskey", "o", METER_PATH) == [9]


async def test_a_released_agent_registers_again(bus: PrivateBus) -> None:
    async with registered(bus) as (bluez, agent):
        await bluez.ask("Release")
        assert not agent.is_registered
        bluez.agents.clear()
        bluez.set_adapter(Discovering=True)
        await eventually(lambda: agent.is_registered)
        assert bluez.agents[bluez.default_agent] == (AGENT_PATH, "KeyboardDisplay")


async def test_an_agent_that_bluez_still_knows_is_made_the_default_all_the_same(bus: PrivateBus) -> None:
    async with registered(bus) as (bluez, agent):
        known = dict(bluez.agents)
        await bluez.ask("Release")
        bluez.default_agent = ""
        bluez.set_adapter(Discovering=True)
        await eventually(lambda: agent.is_registered)
        assert bluez.agents == known
        assert bluez.default_agent in known


async def test_another_program_on_the_bus_is_told_nothing(bus: PrivateBus) -> None:
    """Only org.bluez may ask; anybody else could pair the device with himself, or read its passkey off."""
    technician = Technician(123456)
    async with registered(bus) as (bluez, agent), agent.answering(METER, technician):
        other = await MessageBus(bus_address=bus.address).connect()
        reply = await other.call(
            Message(
                destination=bluez.default_agent,
                path=AGENT_PATH,
                interface="org.bluez.Agent1",
                member="RequestPasskey",
                signature="o",
                body=[METER_PATH],
            )
        )
        other.disconnect()
        await other.wait_for_disconnect()  # type: ignore[no-untyped-call]
    assert reply.message_type is MessageType.ERROR
    assert reply.error_name == "org.freedesktop.DBus.Error.AccessDenied"
    assert technician.saw == []
