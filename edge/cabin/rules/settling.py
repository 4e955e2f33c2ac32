"""From a stream of values to one reading: only what has stayed the same for a while, under a good signal, counts.

An oximeter averages over several beats, so the first numbers of a finger that was just put in are those of a moving
one. ISO 80601-2-61:2017 wants a weak signal told and allows an error of 4 % (root mean square); how long to wait is left
to the user. Ten seconds within 2 % are ours: longer than the averages, and no wider than good devices' error. A contact
thermometer creeps towards the body's temperature, hence a long and narrow window.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import median
from types import MappingProxyType
from typing import Final

from edge.cabin.rules.readings import DISTURBED, Reading, is_plausible, required, wanted
from edge.cabin.view import Trouble
from edge.codecs.instrument import Live
from wire.entries import Flag, VitalKind

MIN_SIGNAL: Final = Decimal("0.3")
"""Of the device's own scale; below a third of it the numbers are guesses."""
MAX_GAP_MS: Final = 3_000
"""A longer silence starts the window anew: nobody knows what was between."""
SAMPLE_MS: Final = 100
"""Good samples that follow one another faster say nothing new; a bad one always counts."""


@dataclass(frozen=True, slots=True)
class Settling:
    """For `window_ms` the required value may spread by `spread` at most; below `floor` it is not the body's."""

    window_ms: int
    spread: Decimal
    floor: Decimal = Decimal(0)


SETTLING: Final = MappingProxyType(
    {
        VitalKind.OXYGEN: Settling(10_000, Decimal(2)),
        VitalKind.HEART_RATE: Settling(10_000, Decimal(10)),
        VitalKind.TEMPERATURE: Settling(30_000, Decimal("0.1"), floor=Decimal(34)),
        VitalKind.HEIGHT: Settling(3_000, Decimal("0.5")),
    }
)
"""The kinds that may be read off a stream. A breath moves the pulse by up to 10 /min. A probe that lies in the cabin is
as steady as one on a body, so a streamed temperature counts from 34 Cel: a thermometer that makes up its own mind
(`Taken`) is believed below."""
MAX_PULSE_SPREAD: Final = Decimal(10)
"""Beside oxygen the pulse is told when it was steady too; a pulse that is not must not keep oxygen from being told."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What was said at one moment."""

    at_ms: int
    values: Mapping[str, Decimal]
    flags: frozenset[Flag]


@dataclass(frozen=True, slots=True)
class Window:
    """The longest run of good samples, ending now, that keeps to the rule."""

    samples: tuple[Sample, ...] = field(default=())

    @property
    def span_ms(self) -> int:
        """How long it has been steady."""
        return self.samples[-1].at_ms - self.samples[0].at_ms if self.samples else 0


def observe(window: Window, live: Live, now_ms: int) -> Window:
    """Return the window after `live`; kinds that are not read off a stream leave it empty."""
    rule = SETTLING.get(live.kind)
    if rule is None or fault_of(live) is not None:
        return Window()
    samples = window.samples
    if samples and now_ms - samples[-1].at_ms > MAX_GAP_MS:
        samples = ()
    if samples and now_ms - samples[-1].at_ms < SAMPLE_MS:
        return window
    return Window(_trimmed((*samples, Sample(now_ms, believable(live), live.flags)), live.kind, rule))


def settled(window: Window, kind: VitalKind, sensor: str) -> Reading | None:
    """Return the reading that the window amounts to (the median of each value), or None while it is too short."""
    rule = SETTLING.get(kind)
    if rule is None or window.span_ms < rule.window_ms:
        return None
    columns = {name: _column(window, name) for name in wanted(kind)}
    values = {
        name: median(column)
        for name, column in columns.items()
        if column and (name != "pulse-rate" or max(column) - min(column) <= MAX_PULSE_SPREAD)
    }
    flags = frozenset().union(*(sample.flags for sample in window.samples))
    return Reading(kind=kind, values=values, flags=flags, sensor=sensor)


def progress(window: Window, kind: VitalKind) -> Decimal | None:
    """Return how much of the window has been steady, 0 to 1; None where nothing is read off a stream."""
    rule = SETTLING.get(kind)
    return None if rule is None else min(Decimal(1), Decimal(window.span_ms) / rule.window_ms)


def fault_of(live: Live) -> Trouble | None:
    """Return why this moment of a stream does not count: the trouble to name if it never gets better."""
    rule = SETTLING.get(live.kind)
    if Flag.MOTION in live.flags:
        return Trouble.MOTION
    values = believable(live)
    if any(name not in values for name in required(live.kind)):
        return Trouble.PROBE_OFF if live.signal == 0 else Trouble.TIMED_OUT
    if rule is not None and any(values[name] < rule.floor for name in required(live.kind)):
        return Trouble.PROBE_OFF
    is_weak = live.signal is not None and live.signal < MIN_SIGNAL
    return Trouble.TIMED_OUT if is_weak or live.flags & DISTURBED else None


def believable(live: Live) -> dict[str, Decimal]:
    """Return the plausible values of a stream's moment; "no value" and nonsense are left out."""
    return {
        name: value
        for name, value in live.values.items()
        if value is not None
        and (name in wanted(live.kind) or name == "cuff-pressure")
        and is_plausible(name, value)
    }


def _trimmed(samples: tuple[Sample, ...], kind: VitalKind, rule: Settling) -> tuple[Sample, ...]:
    """Drop from the start what spreads too far, and what is older than the rule asks for."""
    start = 0
    for name in required(kind):
        low = high = samples[-1].values[name]
        for index in range(len(samples) - 1, start - 1, -1):
            value = samples[index].values[name]
            low, high = min(low, value), max(high, value)
            if high - low > rule.spread:
                start = index + 1
                break
    while start + 1 < len(samples) and samples[-1].at_ms - samples[start + 1].at_ms >= rule.window_ms:
        start += 1
    return samples[start:]


def _column(window: Window, name: str) -> list[Decimal]:
    return [sample.values[name] for sample in window.samples if name in sample.values]
