"""What the kiosk asks of the station around it; the composition root hands over whoever does it.

`CabinDesk` is edge.cabin's `Cabin`. The shapes of the service page are msgspec Structs, which are its JSON, too.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager
from datetime import date
from enum import StrEnum
from typing import Annotated, Protocol

from msgspec import Meta, Struct

from edge.cabin.orders import Order
from edge.cabin.view import View, WaveView
from edge.devices import Change
from edge.drivers.printer.slip import Slip
from edge.errors import EdgeError
from edge.following.view import FollowingView
from edge.following.view import Order as FollowingOrder
from edge.guide.orders import Order as GuideOrder
from edge.guide.view import GuideView
from edge.idcard.card import Photo
from edge.identity.orders import Order as IdentityOrder
from edge.identity.view import IdentityView
from edge.instrument import Readiness
from edge.paying.orders import Order as PayingOrder
from edge.paying.view import PayingView
from edge.registry import Label
from edge.services.orders import Order as ServicesOrder
from edge.services.view import MenuView, ServicesView, WardView
from wire.entries import DeviceState, Name, Token, VitalKind
from wire.messages import SosStage

Address = Annotated[str, Meta(min_length=1, max_length=200)]
Passkey = Annotated[str, Meta(pattern=r"^[0-9]{6}$")]


class CabinDesk(Protocol):
    """The cabin as its screen sees it."""

    @property
    def view(self) -> View:
        """The newest view."""

    def act(self, order: Order) -> View:
        """Do what the person wants and return the view after it; edge.cabin.errors.ActionRefusedError. Never waits."""

    def watch(self) -> AbstractContextManager[AsyncIterator[View | WaveView]]:
        """Within the context, give the present view first, then what changes; the newest view wins."""


class Link(Protocol):
    """The way to the cloud."""

    @property
    def connected(self) -> bool:
        """Whether it is open now."""


class SosDesk(Protocol):
    """Calling for help from the screen."""

    @property
    def stage(self) -> SosStage | None:
        """What the person may be told; None: nothing is going on."""

    async def press(self, press: str) -> None:
        """Take press `press` (32 hex digits, minted for it) and return when it is on disk.

        The same id again is the same press. JournalError: it is not recorded.
        """


class IdentityDesk(Protocol):
    """The identity session as the screen sees it (edge.identity.identity)."""

    @property
    def view(self) -> IdentityView:
        """The newest view."""

    @property
    def photo(self) -> Photo | None:
        """The face, while its person looks at what was read."""

    def act(self, order: IdentityOrder) -> IdentityView:
        """Do what the person wants and return the view after it; edge.identity.errors.OrderRefusedError. Never waits."""

    def follow(self, tell: Callable[[IdentityView], None]) -> AbstractContextManager[None]:
        """Within the context, tell the present view and each newer one; `tell` must not wait."""


class ServicesDesk(Protocol):
    """The services session as the screen sees it (edge.services.services)."""

    @property
    def view(self) -> ServicesView:
        """The newest view."""

    @property
    def menu(self) -> MenuView:
        """Everything that is offered; the same as long as the daemon runs."""

    @property
    def wards(self) -> list[WardView]:
        """The wards that an address can be in."""

    def act(self, order: ServicesOrder) -> ServicesView:
        """Do what the person wants and return the view after it; edge.services.errors.OrderRefusedError. Never waits."""

    def follow(self, tell: Callable[[ServicesView], None]) -> AbstractContextManager[None]:
        """Within the context, tell the present view and each newer one; `tell` must not wait."""


class PayingDesk(Protocol):
    """The payment as the screen sees it (edge.paying.paying)."""

    @property
    def view(self) -> PayingView:
        """The newest view."""

    def act(self, order: PayingOrder) -> PayingView:
        """Do what the person wants and return the view after it; edge.paying.errors.OrderRefusedError. Never waits."""

    def code(self, provider: str) -> str | None:
        """Return the text of a provider's code; None when there is none to be paid now."""

    def follow(self, tell: Callable[[PayingView], None]) -> AbstractContextManager[None]:
        """Within the context, tell the present view and each newer one; `tell` must not wait."""


class FollowingDesk(Protocol):
    """What became of requests, as the screen sees it (edge.following.following)."""

    async def act(self, order: FollowingOrder) -> FollowingView:
        """Take a step and return the page after it; edge.following.errors.OrderRefusedError. 8 s at most."""


class PicturesDesk(Protocol):
    """Pictures for the question that the services session asks (edge.services.pictures), by the names of what is sealed."""

    def taken(self, question: str) -> list[str]:
        """Return the names of what was taken for a question, in order; none when it is not asked."""

    async def take(self, question: str, jpeg: bytes) -> list[str]:
        """Keep one more and return `taken`; edge.papers.errors, edge.services.errors.OrderRefusedError."""

    def look(self, name: str) -> bytes | None:
        """Return a picture (JPEG); None when it is not here."""

    def discard(self, question: str, name: str) -> list[str]:
        """Forget a picture and return `taken`; edge.services.errors.OrderRefusedError."""


class GuideDesk(Protocol):
    """The guide as the screen sees it (edge.guide.guide)."""

    async def act(self, order: GuideOrder) -> GuideView:
        """Return the turn after what the person said or touched; edge.guide.errors.OrderRefusedError. 3 s at most."""


class PrintDesk(Protocol):
    """The receipt printer (edge.drivers.printer.driver)."""

    @property
    def width_mm(self) -> int:
        """The paper's width, 58 or 80."""

    async def print(self, slip: Slip) -> None:
        """Return when the slip is out; PrinterError when it is not."""


class DeskError(EdgeError):
    """The service page cannot have what it asked for; `problem` names why for its catalogue."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class UnknownDeviceError(DeskError):
    """No such device or pairing."""

    def __init__(self) -> None:
        super().__init__("not-found")


class DeviceRow(Struct, frozen=True, kw_only=True):
    """A paired device and how it is."""

    name: str
    driver: str
    address: str
    kinds: list[VitalKind]
    manufacturer: str
    model: str
    serial_number: str
    place: str
    calibrated_on: date | None
    calibration_due_on: date | None
    is_overdue: bool
    state: DeviceState
    seen_at_ms: int | None
    detail: str
    readiness: Readiness
    battery: int | None = None


class FoundRow(Struct, frozen=True, kw_only=True):
    """A wireless device that announces itself."""

    address: str
    name: str
    signal_dbm: int | None
    kinds: list[VitalKind]
    is_paired: bool


class SerialRow(Struct, frozen=True, kw_only=True):
    """A serial port of this machine."""

    path: str
    description: str


class Scan(Struct, frozen=True, kw_only=True):
    """What could be paired."""

    found: list[FoundRow]
    ports: list[SerialRow]


class PairOrder(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Pair the device at `address` under `name`; without `kinds` it measures what it says it does."""

    name: Name
    driver: Name
    address: Address
    kinds: Annotated[list[VitalKind], Meta(max_length=len(VitalKind))] = []
    place: Label = ""


class PairingStep(StrEnum):
    """How far a pairing is."""

    WORKING = "working"
    PASSKEY = "passkey"
    """The device shows a number, which is to be typed."""
    CONFIRM = "confirm"
    """Both show a number; are they the same?"""
    DONE = "done"
    FAILED = "failed"


class Pairing(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A pairing under way; `passkey` is the number to compare."""

    state: PairingStep
    passkey: Passkey | None = None
    problem: str | None = None
    device: DeviceRow | None = None


class PairingAnswer(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the technician says: the number that the device shows, or whether both are the same."""

    passkey: Passkey | None = None
    accept: bool | None = None


class TestedAbout(Struct, frozen=True, kw_only=True):
    """What a device says of itself."""

    manufacturer: str = ""
    model: str = ""
    serial_number: str = ""
    firmware: str = ""


class Tested(Struct, frozen=True, kw_only=True):
    """What came of connecting to a device and asking it."""

    ok: bool
    about: TestedAbout
    battery: int | None
    detail: str


class DeviceDesk(Protocol):
    """What a technician does with the cabin's devices. DeskError when it cannot be done; each ends within 25 s."""

    async def devices(self) -> list[DeviceRow]:
        """Return all paired devices, by name."""

    async def scan(self) -> Scan:
        """Look around for 10 s."""

    async def pair(self, order: PairOrder) -> Token:
        """Begin to pair and return the pairing's id at once."""

    async def pairing(self, pairing: str) -> Pairing:
        """Return how far a pairing is; UnknownDeviceError."""

    async def answer(self, pairing: str, answer: PairingAnswer) -> None:
        """Hand the technician's answer on; UnknownDeviceError, DeskError when nothing was asked."""

    async def change(self, name: str, edit: Change) -> DeviceRow:
        """Write down what is named; UnknownDeviceError."""

    async def forget(self, name: str) -> None:
        """Forget a device and its keys; one that is not there is forgotten already."""

    async def test(self, name: str) -> Tested:
        """Connect to a device and ask it; UnknownDeviceError."""
