"""A paired wireless device as an instrument of the cabin: met whenever it advertises, listened to, and judged.

Connected as soon as it shows up, begun or not: so the readings of an earlier person are taken from it, counted and
forgotten before the next one sits down. Its battery is spared: when nobody waits and nothing comes, it is let go.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from edge.clock import Clock
from edge.codecs.gatt.characteristics import kinds_of
from edge.codecs.instrument import About, Taken
from edge.drivers.ble.bond import BondWatch, Evidence
from edge.drivers.ble.conversation import Conversation
from edge.drivers.ble.errors import BondLostError, LinkError, RadioGoneError, SwappedError
from edge.drivers.ble.link import CancelledConnectError, Link
from edge.drivers.ble.radio import Radio, Sighting, heed_cancellation
from edge.drivers.ble.sieve import Sieve, Told
from edge.drivers.ble.waiting import Waiting
from edge.drivers.device import Device
from edge.instrument import Absence, Heard, Listener, Readiness
from edge.logs import Log
from edge.registry import PairedDevice
from wire.entries import DeviceChanged, VitalKind
from wire.messages import DeviceHealth

LOW_PERCENT: Final = 15

_log: Final = Log(__name__)


class BleInstrument:
    """One paired device (edge.instrument.Instrument). Run `run` under `supervise`, beside the radio's."""

    def __init__(
        self,
        device: PairedDevice,
        radio: Radio,
        clock: Clock,
        hear: Listener,
        note: Callable[[DeviceChanged], None],
    ) -> None:
        self._paired = device
        self._radio = radio
        self._clock = clock
        self._hear = hear
        self._patience = radio.patience
        self._device = Device(device.name, clock, note)
        self._sieve = Sieve(hold_ms=round(self._patience.hold_s * 1000), pace=self._patience.pace)
        self._waiting = Waiting(device.name, hear)
        self._bond = BondWatch()
        self._kinds = frozenset(device.kinds)
        self._about: About | None = None
        self._battery: int | None = None
        self._signal_dbm: int | None = None
        self._conversation: Conversation | None = None
        self._is_ready = False
        self._is_swapped = False
        self._damaged = 0
        self._rest_until_ms = self._retry_at_ms = 0
        self._advertised = asyncio.Event()

    @property
    def name(self) -> str:
        """The name that it was paired under."""
        return self._paired.name

    @property
    def kinds(self) -> frozenset[VitalKind]:
        """What it measures: as paired, else as its services say once it was met."""
        return self._kinds

    @property
    def readiness(self) -> Readiness:
        """READY while connected, ASLEEP while silent, MISSING when no switch of the device's helps."""
        if self._absence is not None:
            return Readiness.MISSING
        return Readiness.READY if self._is_ready else Readiness.ASLEEP

    @property
    def health(self) -> DeviceHealth:
        """How it is, for the heartbeat."""
        return self._device.health

    @property
    def about(self) -> About | None:
        """What it said of itself when it was last connected."""
        return self._about

    @property
    def battery(self) -> int | None:
        """Its charge as last told, 0 to 100."""
        return self._battery

    @property
    def signal_dbm(self) -> int | None:
        """How strongly its last advertisement was received."""
        return self._signal_dbm

    @property
    def refused(self) -> int:
        """How many measurements were not told: stored ones, others' and those sent twice."""
        return self._sieve.refused

    @property
    def damaged(self) -> int:
        """How many values made no sense."""
        return self._damaged + (0 if self._conversation is None else self._conversation.damaged)

    def begin(self, kind: VitalKind) -> None:
        """Wait for a measurement of `kind` that is taken from now on."""
        self._sieve.begin(kind, self._clock.uptime_ms())
        limit_s = self._patience.measure_s if self._is_ready else self._patience.answer_s
        self._waiting.begin(kind, limit_s, self._absence)
        if self._conversation is not None:
            self._conversation.wake()

    def cancel(self, kind: VitalKind) -> None:
        """Wait no longer; a wireless device cannot be stopped, what it still says is refused."""
        self._sieve.cancel(kind)
        self._waiting.cancel(kind)

    async def run(self) -> None:
        """Meet the device whenever it advertises; LinkError when another instrument has its address."""
        unwatch = self._radio.watch(self._radio_changed)
        try:
            with self._radio.adopting(self._paired.address, self._sighted):
                if not self._radio.is_present:
                    self._lose_radio()
                while True:
                    heed_cancellation()
                    await self._advertised.wait()
                    await self._meet()
                    self._advertised.clear()
        except asyncio.CancelledError:
            self._waiting.clear()
            raise
        finally:
            unwatch()

    @property
    def _absence(self) -> Absence | None:
        if not self._radio.is_present:
            return Absence.RADIO
        return Absence.BOND if self._bond.is_lost or self._is_swapped else None

    def _sighted(self, sighting: Sighting) -> None:
        self._signal_dbm = sighting.signal_dbm
        self._device.seen()
        now_ms = sighting.heard_ms
        is_wanted = self._waiting.is_wanted and self._absence is None
        if now_ms >= self._retry_at_ms and (is_wanted or now_ms >= self._rest_until_ms):
            self._advertised.set()

    async def _meet(self) -> None:
        """Have one link from connecting to its end, and draw the conclusions."""
        try:
            async with self._radio.connected(self._paired.address) as link:
                await self._converse(link)
        except BondLostError as error:
            self._doubt(Evidence.REFUSED, str(error))
        except CancelledConnectError as error:
            self._doubt(Evidence.CANCELLED, str(error))
        except SwappedError as error:
            self._is_swapped = True
            self._device.fault(str(error))
            self._waiting.vanished(Absence.BOND)
            self._rest(self._patience.bond_rest_s)
        except (LinkError, RadioGoneError) as error:
            _log.debug("instrument not met", device=self.name, reason=error)
            self._retry()

    async def _converse(self, link: Link) -> None:
        talk = Conversation(link, self._clock, self._sieve, self._patience, self._take)
        self._conversation = talk
        try:
            await talk.open(self._paired.serial_number)
            self._became_ready(link, talk)
            await talk.collect(lambda: self._waiting.is_wanted)
        finally:
            self._parted(talk)

    def _became_ready(self, link: Link, talk: Conversation) -> None:
        self._bond.worked()
        self._is_swapped = False
        self._is_ready = True
        self._kinds = self._kinds or kinds_of(link.services)
        self._learn(talk)
        self._device.ok(self._detail())
        self._waiting.appeared(self._patience.measure_s)

    def _parted(self, talk: Conversation) -> None:
        """Conclude from how a link ended whether a measurement was cut short."""
        self._conversation = None
        self._learn(talk)
        self._damaged += talk.damaged
        was_ready, self._is_ready = self._is_ready, False
        cut = self._sieve.running(self._clock.uptime_ms()) if was_ready else frozenset()
        if cut and self._absence is None:
            self._device.lost(f"out of range or switched off while it measured, {self._detail()}")
            self._waiting.vanished(Absence.LOST, cut)
        self._waiting.rearm(self._patience.answer_s)
        self._rest(self._patience.rest_s)

    def _doubt(self, evidence: Evidence, reason: str) -> None:
        self._bond.failed(evidence)
        if self._bond.is_lost:
            self._device.fault(f"{reason}; pair it again")
            self._waiting.vanished(Absence.BOND)
            self._rest(self._patience.bond_rest_s)
        else:
            self._retry()

    def _radio_changed(self, is_present: bool) -> None:  # noqa: FBT001  # a listener of the port
        if is_present:
            self._rest_until_ms = 0
            self._device.presumed_ok(self._detail())
            self._waiting.appeared(self._patience.answer_s)
        else:
            self._lose_radio()

    def _lose_radio(self) -> None:
        self._device.fault("the station's radio is gone")
        self._waiting.vanished(Absence.RADIO)
        if self._conversation is not None:
            self._conversation.stop()

    def _take(self, event: Told) -> None:
        if event.kind in self._waiting:
            self._waiting.heard(event.kind, self._patience.measure_s, is_result=isinstance(event, Taken))
        self._hear(Heard(self.name, event))

    def _learn(self, talk: Conversation) -> None:
        self._about = talk.about or self._about
        if talk.battery is not None:
            self._battery = talk.battery
        if self._is_ready and self._absence is None:
            self._device.ok(self._detail())

    def _detail(self) -> str:
        if self._battery is None:
            return ""
        return f"battery {self._battery} %{', low' if self._battery <= LOW_PERCENT else ''}"

    def _rest(self, seconds: float) -> None:
        self._rest_until_ms = self._clock.uptime_ms() + round(seconds * 1000)

    def _retry(self) -> None:
        self._retry_at_ms = self._clock.uptime_ms() + round(self._patience.retry_s * 1000)
