"""What breaks while somebody sits in the cabin: the screen always says what to do next, and SOS works through all of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.ble.devices import VirtualCuff, VirtualGlucoseMeter
from tests.fakes.ble.peripheral import PASSKEY, Bonding
from tests.rig.broker import Broker
from tests.rig.room import SERVICE_PIN
from tests.story.cabin import PACE, Stage, offered, one_cabin
from tests.story.faults import FaultTable

pytestmark = [pytest.mark.story, pytest.mark.timeout(120)]

MEASURING = "step blood-pressure measuring"
CUFF = "cuff"


@pytest.fixture
async def stage(tmp_path: Path, broker: Broker, faults: FaultTable) -> AsyncIterator[Stage]:
    async with one_cabin(tmp_path, broker, faults) as found:
        yield found


async def finish(stage: Stage) -> None:
    """Try again after the trouble, unless the cabin does by itself: now it has to work."""
    if "repeat" in stage.screen.view["actions"]:
        await stage.screen.touch("repeat")
    await stage.screen.until("step blood-pressure rest", "step blood-pressure result", timeout_s=40)


async def test_a_cuff_that_goes_out_of_range_in_mid_measurement(stage: Stage) -> None:
    """The link breaks while the cuff inflates: the screen says so, and the next try is a new measurement."""
    await stage.begin("blood-pressure")
    await stage.screen.until(MEASURING)
    await stage.room.wireless[CUFF].walk_away()
    await stage.tells("a cuff goes out of range in mid-measurement", "lost")
    await finish(stage)


async def test_a_cuff_whose_battery_dies(stage: Stage) -> None:
    """It is gone and stays gone: the person goes on without it."""
    await stage.begin("blood-pressure")
    await stage.screen.until(MEASURING)
    await stage.room.wireless[CUFF].die()
    await stage.tells("a cuff's battery dies", "lost")
    view = await stage.screen.touch("skip")
    assert view["page"] == "sheet"
    assert view["sheet"]["skipped"] == ["blood-pressure"]


async def test_a_cuff_that_never_answers(stage: Stage) -> None:
    """Nobody switches it on, or it hangs: after its time the screen says so instead of waiting for ever."""
    stage.patient.is_idle = True
    await stage.begin("blood-pressure")
    await stage.tells("a cuff never answers (patience shortened from 60 to 6 s)", "silent")
    stage.patient.is_idle = False
    await finish(stage)


async def test_a_cuff_swapped_for_another_of_the_same_model(stage: Stage) -> None:
    """A stranger of the same model measures a neighbour: it is no device of this station, and nobody gets its values."""
    stage.patient.is_idle = True
    stranger = VirtualCuff("F0:00:00:00:09:09", name="Vòng bít", pace=PACE, bonding=Bonding.OPEN)
    stranger.person = type(stranger.person)(systolic=199)
    async with stage.room.ward.holding(stranger):
        await stage.begin("blood-pressure")
        await stranger.switch_on()
        await stranger.measure()
        await stage.tells("a neighbour's cuff of the same model measures instead (same patience)", "silent")
        assert stranger.connects == 0


async def test_a_cuff_with_the_right_address_and_another_serial_number(stage: Stage) -> None:
    """The device at a known address is not the one that was written down: it is called by its name, and not used."""
    await service(stage, "PATCH", f"/service/api/devices/{CUFF}", serial_number="B-2002")
    await stage.begin("blood-pressure")
    view = await stage.tells("a known address has another serial number", "bond", timeout_s=30)
    assert view["step"]["result"] is None
    devices = await service(stage, "GET", "/service/api/devices")
    cuff = next(device for device in devices["devices"] if device["name"] == CUFF)
    assert cuff["state"] == "fault"
    assert "serial" in cuff["detail"]


async def test_twenty_devices_that_advertise_at_once(stage: Stage) -> None:
    """A tower is full of watches and beacons: the person's cuff is found among them."""
    async with AsyncExitStack() as crowd:
        for number in range(20):
            noise = VirtualCuff(f"F0:00:00:00:20:{number:02X}", name=f"Khách {number}", pace=PACE)
            await crowd.enter_async_context(stage.room.ward.holding(noise))
            await noise.switch_on()
        await stage.begin("blood-pressure")
        await stage.goes_on("20 strangers advertise at once")
        await stage.screen.until("step blood-pressure rest", "step blood-pressure result", timeout_s=60)


async def test_an_adapter_that_is_reset_in_mid_measurement(stage: Stage) -> None:
    """The station's own radio goes away and comes back: nobody is sent to look for a cuff that is not to blame."""
    await stage.begin("blood-pressure")
    await stage.screen.until(MEASURING)
    await stage.room.ward.radio.unplug()
    await stage.tells("the station's Bluetooth adapter is reset", "radio")
    view = await stage.screen.until_view(lambda view: offered(view, "blood-pressure"), "offers")
    found = offered(view, "blood-pressure")
    assert found is not None
    assert found["readiness"] == "missing"
    stage.room.ward.radio.plug_in()
    await stage.screen.until_view(lambda view: view["step"]["trouble"] is None, "radio back")
    await finish(stage)


async def test_noise_on_the_line_of_a_wired_module(stage: Stage) -> None:
    """Half frames and garbage between the values: they are dropped, and the clip settles all the same."""
    await stage.begin("oxygen")
    await stage.screen.until("step oxygen measuring", timeout_s=30)
    for _ in range(20):
        stage.room.module.noise(bytes(range(0x50, 0x90)) * 3)
        await asyncio.sleep(0.05)
    await stage.goes_on("noise on a wired module's line")
    view = await stage.screen.until("step oxygen result", timeout_s=40)
    assert view["step"]["result"]["values"]["oxygen-saturation"] == stage.room.module.person.oxygen_percent


async def test_a_module_whose_cable_is_pulled_and_put_back(stage: Stage) -> None:
    """Unplugged while it measures: the screen says so at once; plugged in again, it goes on by itself or by a touch."""
    await stage.begin("oxygen")
    await stage.screen.until("step oxygen measuring", timeout_s=30)
    stage.room.module.unplug()
    await stage.tells("a wired module's cable is pulled", "lost")
    stage.room.module.plug()
    if stage.screen.view["step"]["phase"] == "trouble":
        await stage.screen.touch("repeat")
    await stage.screen.until("step oxygen result", timeout_s=60)


async def test_a_wrong_passkey_pairs_nothing_and_the_right_one_does(stage: Stage) -> None:
    """A technician mistypes what the new meter shows: he is told, may try again, and nothing half paired stays."""
    meter = VirtualGlucoseMeter("F0:00:00:00:07:07", name="Máy mới", bonding=Bonding.PASSKEY, pace=PACE)
    async with stage.room.ward.holding(meter):
        await meter.switch_on()
        assert (await pair(stage, meter.address, f"{PASSKEY + 1:06}"))["state"] == "failed"
        listed = await service(stage, "GET", "/service/api/devices")
        assert "new-meter" not in {device["name"] for device in listed["devices"]}
        await stage.sos_works()
        await meter.switch_on()
        assert (await pair(stage, meter.address, f"{PASSKEY:06}"))["state"] == "done"


async def pair(stage: Stage, address: str, passkey: str) -> dict[str, Any]:
    """Pair a device on the service page; return how it ended."""
    order = {"name": "new-meter", "driver": "ble", "address": address, "place": "Ngăn 4"}
    pairing = (await service(stage, "POST", "/service/api/pair", **order))["pairing"]
    while True:
        at = await service(stage, "GET", f"/service/api/pairing/{pairing}")
        if at["state"] in {"done", "failed"}:
            return at
        if at["state"] == "passkey":
            await service(stage, "POST", f"/service/api/pairing/{pairing}", passkey=passkey)
        await asyncio.sleep(0.05)


async def service(stage: Stage, method: str, path: str, **body: object) -> dict[str, Any]:
    """Ask the service page's API as a technician who has typed his PIN."""
    answer = await stage.screen.ask(method, path, **body)
    if answer.status_code == 401:
        login = await stage.screen.ask("POST", "/service/api/login", pin=SERVICE_PIN)
        assert login.status_code == 204, login.text
        return await service(stage, method, path, **body)
    assert answer.is_success, answer.text
    return answer.json() if answer.content else {}
