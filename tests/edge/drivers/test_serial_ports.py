from pathlib import Path

from edge.drivers.serial_ports import MAX_PORTS, PortFound, list_ports


def test_ports_are_named_by_what_they_are(tmp_path: Path) -> None:
    (tmp_path / "usb-FTDI_FT232R_USB_UART_A5069RR4-if00-port0").symlink_to("/dev/ttyUSB0")
    (tmp_path / "usb-Arduino-if01").symlink_to("/dev/ttyACM0")
    assert list_ports(tmp_path) == [
        PortFound(str(tmp_path / "usb-Arduino-if01"), "Arduino"),
        PortFound(
            str(tmp_path / "usb-FTDI_FT232R_USB_UART_A5069RR4-if00-port0"), "FTDI FT232R USB UART A5069RR4"
        ),
    ]


def test_a_machine_without_ports_has_none(tmp_path: Path) -> None:
    assert list_ports(tmp_path / "nowhere") == []


def test_a_long_list_ends(tmp_path: Path) -> None:
    for number in range(MAX_PORTS + 5):
        (tmp_path / f"usb-port-{number:03}-if00").touch()
    assert len(list_ports(tmp_path)) == MAX_PORTS
