"""Which protocol a paired device's `driver` names."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from edge.codecs.serial.berrymed import Pm6750
from edge.codecs.serial.contec import Cms50d, Cms50dV46
from edge.codecs.serial.height_rod import HeightRod
from edge.codecs.serial.protocol import SerialProtocol
from edge.codecs.serial.taidoc import Taidoc
from wire.entries import VitalKind

SERIAL_DRIVERS: Final[Mapping[str, Callable[[], SerialProtocol]]] = MappingProxyType(
    {
        "berrymed-pm6750": Pm6750,
        "contec-cms50d-plus": Cms50d,
        "contec-cms50d-plus-v46": Cms50dV46,
        "height-rod": HeightRod,
        "taidoc-td31xx": lambda: Taidoc(VitalKind.BLOOD_PRESSURE),
        "taidoc-td42xx": lambda: Taidoc(VitalKind.GLUCOSE),
    }
)
"""Makes the protocol of each `PairedDevice.driver`."""
