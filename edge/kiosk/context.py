"""Everything that the routes work with, handed over once."""

from dataclasses import dataclass

from edge.kiosk.ports import (
    CabinDesk,
    DeviceDesk,
    FollowingDesk,
    GuideDesk,
    IdentityDesk,
    PayingDesk,
    PicturesDesk,
    PrintDesk,
    ServicesDesk,
    SosDesk,
)
from edge.kiosk.screen import Screen
from edge.kiosk.service import ServiceDoor
from edge.kiosk.speech import Voice
from edge.settings import KioskSettings, StationSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What this station has; None: it has none."""

    station: StationSettings
    settings: KioskSettings
    release: str
    sos: SosDesk
    voice: Voice
    screen: Screen
    cabin: CabinDesk | None
    identity: IdentityDesk | None
    services: ServicesDesk | None
    paying: PayingDesk | None
    following: FollowingDesk | None
    pictures: PicturesDesk | None
    guide: GuideDesk | None
    printer: PrintDesk | None
    devices: DeviceDesk | None
    door: ServiceDoor | None

    @property
    def has_service(self) -> bool:
        """Whether a technician can come in."""
        return self.door is not None
