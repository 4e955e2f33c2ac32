"""A device's clock over its link: read, and set to the station's local time where it is wrong."""

from datetime import UTC, datetime
from typing import Final

from edge.clock import Clock
from edge.codecs.gatt.characteristics import CLOCKS, CURRENT_TIME, DATE_TIME
from edge.codecs.gatt.date_time import decode_current_time, decode_date_time
from edge.codecs.gatt.errors import CodecError
from edge.codecs.instrument import DeviceTime
from edge.drivers.ble.attribution import ClockReading, as_datetime
from edge.drivers.ble.errors import LinkError
from edge.drivers.ble.link import Link
from edge.drivers.ble.sieve import Sieve

RIGHT_MS: Final = 300_000
"""A clock that agrees this well has run since it was set; what was reset is off by years, a wrong zone by hours."""
GOOD_MS: Final = 2_000
"""A clock this good is left alone."""


async def tend_clock(link: Link, clock: Clock, sieve: Sieve) -> None:
    """Read and set the device's clock, and tell `sieve`; BondLostError, never LinkError: a clock is a bonus."""
    number = next((number for number in CLOCKS if link.can(number, "read", "write")), None)
    if number is None:
        return
    try:
        found = await _read(link, number, clock)
        off_ms = None if found is None else abs(_off_ms(found, clock))
        if found is not None and off_ms is not None:
            sieve.clock_found(found, is_right=off_ms <= RIGHT_MS)
        if link.can(number, "write") and (off_ms is None or off_ms > GOOD_MS):
            now = station_time(clock)
            await link.write(number, CLOCKS[number](_device_time(now.at)))
            sieve.clock_set(now)
    except LinkError:
        return


def station_time(clock: Clock) -> ClockReading:
    """Return the station's local time, to the second that a device's clock can take."""
    wall_ms = clock.wall_ms()
    at = datetime.fromtimestamp(wall_ms / 1000, UTC).astimezone().replace(tzinfo=None)
    return ClockReading(at.replace(microsecond=0), clock.uptime_ms() - wall_ms % 1000)


async def _read(link: Link, number: int, clock: Clock) -> ClockReading | None:
    if not link.can(number, "read"):
        return None
    value = await link.read(number)
    try:
        at = decode_date_time(value) if number == DATE_TIME else decode_current_time(value).at
    except CodecError:
        return None
    shown = as_datetime(at)
    return None if shown is None else ClockReading(shown, clock.uptime_ms())


def _off_ms(found: ClockReading, clock: Clock) -> int:
    return found.uptime_of(station_time(clock).at) - station_time(clock).uptime_ms


def _device_time(at: datetime) -> DeviceTime:
    return DeviceTime(at.year, at.month, at.day, at.hour, at.minute, at.second)


assert set(CLOCKS) == {DATE_TIME, CURRENT_TIME}, "each clock has its decoder here"
