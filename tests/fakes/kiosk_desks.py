"""What stands around the kiosk, scripted: a cabin, help, a printer and a technician's bench that do as they are told."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

import msgspec

from catalogue.model import Kind, Need
from catalogue.words import Label as CatalogueLabel
from catalogue.words import Text as CatalogueText
from edge.cabin.errors import ActionRefusedError, Refusal
from edge.cabin.orders import Order
from edge.cabin.view import Action, NewsView, OfferView, Page, RowView, SheetView, View, WaveView
from edge.devices import Change
from edge.drivers.printer.driver import PrinterError
from edge.drivers.printer.slip import Slip
from edge.idcard.card import Photo
from edge.identity.errors import OrderRefusedError
from edge.identity.errors import Refusal as IdentityRefusal
from edge.identity.orders import Order as IdentityOrder
from edge.identity.view import Action as IdentityAction
from edge.identity.view import IdentityView
from edge.identity.view import Page as IdentityPage
from edge.instrument import Readiness
from edge.journal.errors import JournalError
from edge.kiosk.ports import (
    DeskError,
    DeviceRow,
    FoundRow,
    Pairing,
    PairingAnswer,
    PairingStep,
    PairOrder,
    Scan,
    SerialRow,
    Tested,
    TestedAbout,
    UnknownDeviceError,
)
from edge.services.errors import OrderRefusedError as ServicesRefusedError
from edge.services.errors import Refusal as ServicesRefusal
from edge.services.orders import Order as ServicesOrder
from edge.services.view import Action as ServicesAction
from edge.services.view import EntryView, MenuView, NeedView, ServicesView, WardView
from edge.services.view import Page as ServicesPage
from wire.entries import DeviceState, Flag, VitalKind
from wire.messages import SosStage

AT_MS = 1_795_314_930_000
"""2026-11-22 09:35:30 in Vietnam."""
PAIRING = "c" * 32

CHOOSE = View(
    version=1,
    page=Page.CHOOSE,
    offers=[OfferView(kind=VitalKind.OXYGEN, readiness=Readiness.READY, seconds=30)],
    actions=[Action.BEGIN],
)


def row(kind: VitalKind, values: dict[str, float], *flags: Flag, is_doubtful: bool = False) -> RowView:
    return RowView(kind=kind, values=values, flags=list(flags), readings=[], is_doubtful=is_doubtful)


PRESSURE = row(
    VitalKind.BLOOD_PRESSURE,
    {"systolic-pressure": 132, "diastolic-pressure": 84, "pulse-rate": 76, "mean-arterial-pressure": 100},
)
OXYGEN = row(VitalKind.OXYGEN, {"oxygen-saturation": 97, "pulse-rate": 75, "perfusion-index": 4.1})
TEMPERATURE = row(VitalKind.TEMPERATURE, {"body-temperature": 36.7})


def sheet(*rows: RowView, skipped: list[VitalKind] | None = None, is_high: bool = False) -> SheetView:
    """An invented person's sheet."""
    news2 = NewsView(at_least=7 if is_high else 0, missing=["respiration-rate"], is_high=is_high)
    return SheetView(
        at_ms=AT_MS,
        rows=list(rows or (PRESSURE, OXYGEN, TEMPERATURE)),
        skipped=skipped or [],
        news2=news2,
        kept=None,
    )


def sheet_page(shown: SheetView, version: int = 9) -> View:
    return View(version=version, page=Page.SHEET, offers=[], actions=[Action.FINISH], sheet=shown)


@dataclass
class ScriptedCabin:
    """Shows what a test lets it show."""

    view: View = CHOOSE
    orders: list[Order] = field(default_factory=list)
    watchers: list[asyncio.Queue[View | WaveView | None]] = field(default_factory=list)

    def show(self, view: View) -> None:
        self.view = view
        self._tell(view)

    def wave(self, *samples: int) -> None:
        self._tell(WaveView(samples=list(samples), rate_hz=50))

    def stop_telling(self) -> None:
        self._tell(None)

    def act(self, order: Order) -> View:
        if order.action not in self.view.actions:
            raise ActionRefusedError(Refusal.NOT_NOW)
        self.orders.append(order)
        self.show(msgspec.structs.replace(self.view, version=self.view.version + 1))
        return self.view

    @contextmanager
    def watch(self) -> Iterator[AsyncIterator[View | WaveView]]:
        queue: asyncio.Queue[View | WaveView | None] = asyncio.Queue()
        queue.put_nowait(self.view)
        self.watchers.append(queue)
        try:
            yield self._news(queue)
        finally:
            self.watchers.remove(queue)

    def _tell(self, item: View | WaveView | None) -> None:
        for queue in self.watchers:
            queue.put_nowait(item)

    @staticmethod
    async def _news(queue: asyncio.Queue[View | WaveView | None]) -> AsyncIterator[View | WaveView]:
        while (item := await queue.get()) is not None:
            yield item


NOBODY = IdentityView(version=1, page=IdentityPage.NONE, actions=[IdentityAction.OPEN], reader_ok=True)


@dataclass
class ScriptedIdentity:
    """Shows what a test lets it show."""

    view: IdentityView = NOBODY
    photo: Photo | None = None
    orders: list[IdentityOrder] = field(default_factory=list)
    followers: list[Callable[[IdentityView], None]] = field(default_factory=list)

    def show(self, view: IdentityView) -> None:
        self.view = view
        for tell in self.followers:
            tell(view)

    def act(self, order: IdentityOrder) -> IdentityView:
        if order.action not in self.view.actions:
            raise OrderRefusedError(IdentityRefusal.NOT_NOW)
        self.orders.append(order)
        self.show(msgspec.structs.replace(self.view, version=self.view.version + 1))
        return self.view

    @contextmanager
    def follow(self, tell: Callable[[IdentityView], None]) -> Iterator[None]:
        self.followers.append(tell)
        tell(self.view)
        try:
            yield
        finally:
            self.followers.remove(tell)


START = ServicesView(version=1, page=ServicesPage.HOME, actions=[ServicesAction.OPEN, ServicesAction.CHOOSE])
MENU = MenuView(
    needs=[
        NeedView(
            need=Need.SAFETY,
            services=[
                EntryView(
                    id="report-library",
                    name=CatalogueLabel("Góp ý thư viện", "Tell the library"),
                    summary=CatalogueText("Góp ý cho thư viện bịa đặt.", "Tell an invented library."),
                    kind=Kind.REPORT,
                )
            ],
        )
    ]
)


@dataclass
class ScriptedServices:
    """Shows what a test lets it show."""

    view: ServicesView = START
    menu: MenuView = MENU
    wards: list[WardView] = field(default_factory=lambda: [WardView(code="27097", name="Phường Bình Trưng")])
    orders: list[ServicesOrder] = field(default_factory=list)
    followers: list[Callable[[ServicesView], None]] = field(default_factory=list)

    def show(self, view: ServicesView) -> None:
        self.view = view
        for tell in self.followers:
            tell(view)

    def act(self, order: ServicesOrder) -> ServicesView:
        if order.action not in self.view.actions:
            raise ServicesRefusedError(ServicesRefusal.NOT_NOW)
        self.orders.append(order)
        self.show(msgspec.structs.replace(self.view, version=self.view.version + 1))
        return self.view

    @contextmanager
    def follow(self, tell: Callable[[ServicesView], None]) -> Iterator[None]:
        self.followers.append(tell)
        tell(self.view)
        try:
            yield
        finally:
            self.followers.remove(tell)


@dataclass
class ScriptedSos:
    """Records presses, or fails, or hangs."""

    stage: SosStage | None = None
    error: JournalError | None = None
    hangs: bool = False
    presses: list[str] = field(default_factory=list)

    async def press(self, press: str) -> None:
        if self.hangs:
            await asyncio.Event().wait()
        if self.error is not None:
            raise self.error
        self.presses.append(press)


@dataclass
class ScriptedLink:
    connected: bool = True


@dataclass
class ScriptedPrinter:
    width_mm: int = 80
    error: PrinterError | None = None
    slips: list[Slip] = field(default_factory=list)

    async def print(self, slip: Slip) -> None:
        if self.error is not None:
            raise self.error
        self.slips.append(slip)


def device(name: str = "cuff-1", **changes: object) -> DeviceRow:
    return msgspec.structs.replace(
        DeviceRow(
            name=name,
            driver="ble",
            address="C0:FF:EE:00:00:01",
            kinds=[VitalKind.BLOOD_PRESSURE],
            manufacturer="Invented",
            model="BP-1",
            serial_number="0001",
            place="armrest",
            calibrated_on=date(2026, 1, 2),
            calibration_due_on=None,
            is_overdue=False,
            state=DeviceState.OK,
            seen_at_ms=AT_MS,
            detail="",
            readiness=Readiness.ASLEEP,
        ),
        **changes,
    )


@dataclass
class ScriptedBench:
    """A technician's devices; `refuses` names what every pairing ends with."""

    rows: dict[str, DeviceRow] = field(default_factory=lambda: {"cuff-1": device()})
    pairings: dict[str, Pairing] = field(default_factory=dict)
    answers: list[PairingAnswer] = field(default_factory=list)
    orders: list[PairOrder] = field(default_factory=list)
    refuses: str | None = None

    async def devices(self) -> list[DeviceRow]:
        return list(self.rows.values())

    async def scan(self) -> Scan:
        found = FoundRow(
            address="C0:FF:EE:00:00:02",
            name="Oximeter",
            signal_dbm=-60,
            kinds=[VitalKind.OXYGEN],
            is_paired=False,
        )
        return Scan(
            found=[found], ports=[SerialRow(path="/dev/serial/by-id/usb-0", description="USB serial")]
        )

    async def pair(self, order: PairOrder) -> str:
        if self.refuses:
            raise DeskError(self.refuses)
        self.orders.append(order)
        self.pairings[PAIRING] = Pairing(state=PairingStep.CONFIRM, passkey="012345")
        return PAIRING

    async def pairing(self, pairing: str) -> Pairing:
        if pairing not in self.pairings:
            raise UnknownDeviceError
        return self.pairings[pairing]

    async def answer(self, pairing: str, answer: PairingAnswer) -> None:
        await self.pairing(pairing)
        self.answers.append(answer)
        self.pairings[pairing] = Pairing(state=PairingStep.DONE, device=device("new"))

    async def change(self, name: str, edit: Change) -> DeviceRow:
        if name not in self.rows:
            raise UnknownDeviceError
        named = {
            key: value for key, value in msgspec.structs.asdict(edit).items() if value is not msgspec.UNSET
        }
        self.rows[name] = msgspec.structs.replace(self.rows[name], **named)
        return self.rows[name]

    async def forget(self, name: str) -> None:
        self.rows.pop(name, None)

    async def test(self, name: str) -> Tested:
        if name not in self.rows:
            raise UnknownDeviceError
        return Tested(ok=True, about=TestedAbout(model="BP-1"), battery=81, detail="")
