"""The serial ports that this machine has, by names that stay when cables are moved (udev's /dev/serial/by-id)."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

BY_ID: Final = Path("/dev/serial/by-id")
MAX_PORTS: Final = 64


@dataclass(frozen=True, slots=True)
class PortFound:
    """A port: the path to name in a pairing, and what its adapter calls itself."""

    path: str
    description: str


def list_ports(directory: Path = BY_ID) -> list[PortFound]:
    """Return the ports that are plugged in now, by path; none where there are none."""
    try:
        links = sorted(directory.iterdir())
    except OSError:
        return []
    return [PortFound(str(link), _description(link.name)) for link in links[:MAX_PORTS]]


def _description(name: str) -> str:
    """Return `FTDI FT232R USB UART A5069RR4` for `usb-FTDI_FT232R_USB_UART_A5069RR4-if00-port0`."""
    return name.removeprefix("usb-").partition("-if")[0].replace("_", " ")
