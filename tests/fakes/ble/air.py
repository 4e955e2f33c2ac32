"""The air between virtual radios, over bumble's controllers: what is sent reaches only those who can hear it.

bumble tells every controller of every advertisement; here those that neither scan nor connect are left in peace, so
that twenty advertisers cost what one listener costs. bumble's controller also never gives a connect up again; this one
does.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from bumble import hci, ll
from bumble.controller import Controller
from bumble.device import Device, DeviceConfiguration
from bumble.host import Host
from bumble.keys import MemoryKeyStore
from bumble.link import LocalLink
from bumble.transport import open_transport
from bumble.transport.common import AsyncPipeSink

INTERVAL_MS: Final = 100
"""How often a device advertises; a connect takes about one of these."""


class Air(LocalLink):
    """One room full of radios."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # bumble types only its methods

    def send_advertising_pdu(self, sender_controller: Controller, packet: ll.AdvertisingPdu) -> None:
        """Let those hear an advertisement who listen, and the addressed one a connect."""
        loop = asyncio.get_running_loop()
        for controller in list(self.controllers):
            if controller is not sender_controller and _listens(controller, packet):
                loop.call_soon(controller.on_ll_advertising_pdu, packet)

    def send_ll_control_pdu(
        self, sender_address: hci.Address, receiver_address: hci.Address, packet: ll.ControlPdu
    ) -> None:
        """Lose what is sent to somebody who has gone."""
        if self.find_le_controller(receiver_address) is not None:
            super().send_ll_control_pdu(sender_address, receiver_address, packet)


def _listens(controller: Controller, packet: ll.AdvertisingPdu) -> bool:
    if isinstance(packet, ll.ConnectInd):
        return True
    return bool(controller.le_scan_enable) or controller.pending_le_connection is not None


class PatientController(Controller):
    """A controller that can give a connect up, as the specification asks (Core, vol. 4, part E, 7.8.13)."""

    def on_hci_le_create_connection_cancel_command(
        self, _command: hci.HCI_LE_Create_Connection_Cancel_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Tell the host that nothing came of it."""
        pending = self.pending_le_connection
        if pending is None:
            return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.COMMAND_DISALLOWED_ERROR)
        self.pending_le_connection = None
        asyncio.get_running_loop().call_soon(self._tell_cancelled, pending.peer_address)
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)

    def _tell_cancelled(self, peer_address: hci.Address) -> None:
        self.send_hci_packet(
            hci.HCI_LE_Connection_Complete_Event(
                status=hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
                connection_handle=0,
                role=hci.Role.CENTRAL,
                peer_address_type=peer_address.address_type,
                peer_address=peer_address,
                connection_interval=0,
                peripheral_latency=0,
                supervision_timeout=0,
                central_clock_accuracy=0,
            )
        )


@asynccontextmanager
async def powered_device(air: Air | str, name: str, address: str) -> AsyncIterator[Device]:
    """Have a radio with its host in `air`, or behind bumble's transport of that name, switched on."""
    device_address = hci.Address(address, hci.Address.RANDOM_DEVICE_ADDRESS)
    config = DeviceConfiguration(
        name=name,
        address=device_address,
        irk=bytes(device_address) + bytes(10),
        advertising_interval_min=INTERVAL_MS,
        advertising_interval_max=INTERVAL_MS,
    )
    if isinstance(air, str):
        async with await open_transport(air) as transport:
            host = Host(transport.source, transport.sink)
            async with _on(Device(config=config, host=host)) as device:
                yield device
    else:
        controller = PatientController(name, link=air)
        try:
            async with _on(Device(config=config, host=Host(controller, AsyncPipeSink(controller)))) as device:
                yield device
        finally:
            air.remove_controller(controller)


@asynccontextmanager
async def _on(device: Device) -> AsyncIterator[Device]:
    device.keystore = MemoryKeyStore()
    await device.power_on()
    try:
        yield device
    finally:
        for connection in list(device.connections.values()):
            await _quietly_disconnect(connection)
        await device.power_off()


async def _quietly_disconnect(connection: Any) -> None:
    try:
        async with asyncio.timeout(1.0):
            await connection.disconnect()
    except Exception:  # noqa: BLE001  # the radio is on its way out, whatever the emulator thinks of it
        logging.getLogger(__name__).debug("virtual connection did not end cleanly")
