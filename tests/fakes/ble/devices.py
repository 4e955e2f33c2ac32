"""The wireless instruments of a cabin, virtual: each behaves as its profile asks and as real ones of its kind do."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Final

from bumble.gatt import Characteristic, Service

from edge.codecs.instrument import DeviceTime
from tests.fakes.ble import frames
from tests.fakes.ble.encode import NAN
from tests.fakes.ble.peripheral import VirtualDevice

MAX_UNSENT: Final = 30
_NO_RECORDS: Final = 6
_SUCCESS: Final = 1


class _Keeping(VirtualDevice):
    """A device that keeps what it could not send, and sends it as soon as somebody listens."""

    IS_STAMPING: ClassVar[bool] = True

    def __init__(self, address: str, **options: object) -> None:
        super().__init__(address, **options)  # type: ignore[arg-type]  # the base names them
        self.unsent: list[tuple[Characteristic[bytes], bytes]] = []
        self.is_stamping = self.IS_STAMPING

    def stamp(self) -> DeviceTime | None:
        """The time of a record made now; None for a model without a clock."""
        return self.clock.stamp() if self.is_stamping else None

    def kept(self, characteristic: "Characteristic[bytes]") -> "Characteristic[bytes]":
        """Send what was kept for `characteristic` whenever somebody subscribes to it."""
        characteristic.on(Characteristic.EVENT_SUBSCRIPTION, lambda *_: self.soon(self._flush()))
        return characteristic

    async def deliver(self, characteristic: "Characteristic[bytes]", value: bytes) -> None:
        """Send a finished measurement, or keep it."""
        if not await self.send(characteristic, value):
            self.unsent = [*self.unsent, (characteristic, value)][-MAX_UNSENT:]

    async def _flush(self) -> None:
        await self.rest(0.2)
        waiting, self.unsent = self.unsent, []
        for characteristic, value in waiting:
            await self.deliver(characteristic, value)


class VirtualCuff(_Keeping):
    """A blood pressure monitor (1810): inflates, falls, tells the pressure in its cuff and then the result."""

    SERVICES = ("1810",)

    def __init__(self, address: str, *, has_live: bool = True, **options: object) -> None:
        super().__init__(address, **options)
        self.has_live = has_live
        self.status = 0
        self._result = self.kept(self.characteristic("2A35", "indicate"))
        self._pressure = self.characteristic("2A36", "notify")

    def services(self) -> Iterable[Service]:
        feature = self.characteristic("2A49", read=lambda: b"\x07\x00")
        live = [self._pressure] if self.has_live else []
        return [Service("1810", [self._result, *live, feature, self.date_time()])]

    async def _measure(self) -> None:
        for pressure in [*range(0, 180, 12), *range(180, 60, -6)]:
            await self.rest(0.8)
            if self.has_live:
                await self.send(self._pressure, frames.cuff_pressure(pressure=pressure))
        await self.rest(0.5)
        await self.deliver(self._result, self.record())

    def record(self) -> bytes:
        """A result of `person`, now by the device's clock."""
        person = self.person
        return frames.blood_pressure(
            systolic=person.systolic,
            diastolic=person.diastolic,
            mean=(person.systolic + 2 * person.diastolic) // 3,
            at=self.stamp(),
            pulse=person.pulse,
            user=1,
            status=self.status,
        )

    async def keep(self) -> None:
        """Measure somebody while nobody listens."""
        self.unsent.append((self._result, self.record()))


class VirtualThermometer(_Keeping):
    """An ear thermometer (1809): one value a press."""

    SERVICES = ("1809",)

    def __init__(self, address: str, **options: object) -> None:
        super().__init__(address, **options)
        self._result = self.kept(self.characteristic("2A1C", "indicate"))

    def services(self) -> Iterable[Service]:
        site = self.characteristic("2A1D", read=lambda: b"\x03")
        return [Service("1809", [self._result, site, self.date_time()])]

    async def _measure(self) -> None:
        await self.rest(2.0)
        value = Decimal(self.person.temperature_tenths) / 10
        await self.deliver(self._result, frames.temperature(value=value, at=self.stamp(), site=3))


class VirtualOximeter(_Keeping):
    """A finger clip (1822): continuous values once a second, then a spot check."""

    SERVICES = ("1822",)
    SEARCHING: ClassVar[int] = 3
    STABLE: ClassVar[int] = 12

    def __init__(self, address: str, *, has_spot: bool = True, **options: object) -> None:
        super().__init__(address, **options)
        self.has_spot = has_spot
        self._spot = self.kept(self.characteristic("2A5E", "indicate"))
        self._stream = self.characteristic("2A5F", "notify")

    def services(self) -> Iterable[Service]:
        features = self.characteristic("2A60", read=lambda: b"\x02\x00")
        spot = [self._spot] if self.has_spot else []
        return [Service("1822", [*spot, self._stream, features]), self.current_time()]

    async def _measure(self) -> None:
        person = self.person
        for second in range(self.SEARCHING + self.STABLE):
            await self.rest(1.0)
            found = second >= self.SEARCHING
            saturation = person.saturation if found else NAN
            pulse = person.pulse + second % 3 if found else NAN
            await self.send(
                self._stream,
                frames.plx_continuous(saturation=saturation, pulse=pulse, pulse_amplitude=Decimal("4.2")),
            )
        if self.has_spot:
            spot = frames.plx_spot_check(saturation=person.saturation, pulse=person.pulse, at=self.stamp())
            await self.deliver(self._spot, spot)


class VirtualScale(_Keeping):
    """A scale (181D) that also tells body fat (181B)."""

    SERVICES = ("181D", "181B")

    def __init__(self, address: str, **options: object) -> None:
        super().__init__(address, **options)
        self._weight = self.kept(self.characteristic("2A9D", "indicate"))
        self._composition = self.characteristic("2A9C", "indicate")

    def services(self) -> Iterable[Service]:
        weight_feature = self.characteristic("2A9E", read=lambda: bytes(4))
        body_feature = self.characteristic("2A9B", read=lambda: bytes(4))
        return [
            Service("181D", [self._weight, weight_feature]),
            Service("181B", [self._composition, body_feature]),
            self.current_time(),
        ]

    async def _measure(self) -> None:
        await self.rest(3.0)
        kilograms = Decimal(self.person.weight_grams) / 1000
        at = self.stamp()
        await self.deliver(self._weight, frames.weight(value=kilograms, at=at, user=1))
        await self.rest(1.0)
        fat = Decimal(self.person.fat_tenths) / 10
        composition = frames.body_composition(fat=fat, at=at, user=1, weight=kilograms)
        await self.deliver(self._composition, composition)


class VirtualHeartStrap(VirtualDevice):
    """A chest strap (180D): a value a second, kept nowhere."""

    SERVICES = ("180D",)
    SECONDS: ClassVar[int] = 15

    def __init__(self, address: str, **options: object) -> None:
        super().__init__(address, **options)  # type: ignore[arg-type]  # the base names them
        self._rate = self.characteristic("2A37", "notify")

    def services(self) -> Iterable[Service]:
        location = self.characteristic("2A38", read=lambda: b"\x01")
        return [Service("180D", [self._rate, location])]

    async def _measure(self) -> None:
        for second in range(self.SECONDS):
            await self.rest(1.0)
            rate = self.person.pulse + second % 2
            interval = 60 * 1024 // rate
            await self.send(self._rate, frames.heart_rate(rate=rate, contact=True, intervals=[interval]))


@dataclass(frozen=True, slots=True)
class GlucoseRecord:
    """One drop of blood."""

    sequence: int
    frame: bytes


class VirtualGlucoseMeter(VirtualDevice):
    """A glucose meter (1808): keeps all records, and gives them when its access point (2A52) is asked."""

    SERVICES = ("1808",)

    def __init__(self, address: str, **options: object) -> None:
        super().__init__(address, **options)  # type: ignore[arg-type]  # the base names them
        self.records: list[GlucoseRecord] = []
        self._next_sequence = 1
        self._result = self.characteristic("2A18", "notify")
        self._access = self.characteristic("2A52", "indicate", write=self._asked, is_guarded=True)

    def services(self) -> Iterable[Service]:
        features = self.characteristic("2A51", read=lambda: b"\x00\x04")
        return [Service("1808", [self._result, features, self._access]), self.current_time()]

    async def _measure(self) -> None:
        await self.rest(5.0)
        record = self.keep()
        await self.send(self._result, record.frame)

    def keep(self) -> GlucoseRecord:
        """Measure `person` while nobody listens."""
        sequence, self._next_sequence = self._next_sequence, self._next_sequence + 1
        concentration = Decimal(self.person.glucose_mg_dl) / 100_000
        frame = frames.glucose(sequence=sequence, at=self.clock.stamp(), concentration=concentration)
        self.records.append(GlucoseRecord(sequence, frame))
        return self.records[-1]

    def _asked(self, request: bytes) -> None:
        self.soon(self._answer(request))

    async def _answer(self, request: bytes) -> None:
        """Serve "report" (1) and "count" (4) with the operators all, at least, first and last."""
        opcode, operator = request[0], request[1]
        chosen = self._chosen(operator, request[2:])
        if opcode == 4:
            await self.send(self._access, frames.record_count(len(chosen)))
            return
        for record in chosen:
            await self.send(self._result, record.frame)
        await self.send(self._access, frames.record_answer(opcode, _SUCCESS if chosen else _NO_RECORDS))

    def _chosen(self, operator: int, operand: bytes) -> list[GlucoseRecord]:
        match operator:
            case 3:
                least = int.from_bytes(operand[1:3], "little")
                return [record for record in self.records if record.sequence >= least]
            case 5:
                return self.records[:1]
            case 6:
                return self.records[-1:]
        return list(self.records)
