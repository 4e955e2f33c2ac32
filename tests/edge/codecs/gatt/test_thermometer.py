from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.codecs.gatt.thermometer import (
    Site,
    decode_temperature,
    decode_temperature_type,
    settling_temperature_events,
    temperature_events,
)
from edge.codecs.instrument import DeviceTime, Failed, Live, Taken, Trouble
from tests.edge.codecs.gatt.captures import capture
from tests.edge.codecs.gatt.cases import (
    AT,
    assert_no_front_piece_passes,
    assert_what_follows_is_ignored,
    subsets,
    times,
    unhurried,
)
from tests.fakes.ble import frames
from tests.fakes.ble.encode import INFINITE, NAN, NRES
from wire.entries import VitalKind

OPTIONAL: dict[str, Any] = {"fahrenheit": True, "at": AT, "site": 6}
ALL = list(subsets(OPTIONAL))


@pytest.mark.parametrize("given_fields", ALL)
def test_every_combination_of_flags_is_read(given_fields: dict[str, Any]) -> None:
    told = decode_temperature(frames.temperature(value=Decimal("98.6"), **given_fields))
    in_fahrenheit = "fahrenheit" in given_fields
    assert told.temperature_cel == (Decimal("37.00") if in_fahrenheit else Decimal("98.6"))
    assert told.taken_at == given_fields.get("at")
    assert told.site == (Site.MOUTH if "site" in given_fields else None)


@pytest.mark.parametrize("given_fields", ALL)
def test_no_part_of_a_measurement_passes_and_what_follows_is_ignored(
    given_fields: dict[str, Any],
) -> None:
    frame = frames.temperature(value=Decimal("36.6"), **given_fields)
    for decode in (decode_temperature, temperature_events, settling_temperature_events):
        assert_no_front_piece_passes(decode, frame)
    assert_what_follows_is_ignored(decode_temperature, frame)


@unhurried
@given(st.integers(-8388605, 8388605), st.integers(-128, 127), times)
def test_whatever_a_thermometer_measures_is_read_as_it_was_sent(
    mantissa: int, exponent: int, at: DeviceTime
) -> None:
    value = Decimal(mantissa).scaleb(exponent)
    told = decode_temperature(frames.temperature(value=value, at=at))
    assert (told.temperature_cel, told.taken_at) == (value, at)


def test_the_published_measurement_becomes_an_event() -> None:
    (frame,) = capture("2a1c-nordic-ble-common-2.2.0")
    assert decode_temperature(frame).site is Site.FINGER
    assert temperature_events(frame) == [
        Taken(
            kind=VitalKind.TEMPERATURE,
            values={"body-temperature": Decimal("37.60")},
            raw=frame,
            taken_at=DeviceTime(2012, 12, 5, 11, 50, 27),
        )
    ]


def test_a_thermometers_readings_are_those_of_its_display() -> None:
    readings = map(decode_temperature, capture("2a1c-unnamed-thermometer-stackoverflow-54834439"))
    values = [reading.temperature_cel for reading in readings]
    assert values == [Decimal("36.0"), Decimal("36.2"), Decimal("36.8"), Decimal("34.6")]


@pytest.mark.parametrize("special", [NAN, NRES, INFINITE, -INFINITE])
@pytest.mark.parametrize("fahrenheit", [True, False])
def test_a_thermometer_without_a_value_does_not_touch_anybody(*, special: Decimal, fahrenheit: bool) -> None:
    frame = frames.temperature(value=special, fahrenheit=fahrenheit)
    assert temperature_events(frame) == [Failed(VitalKind.TEMPERATURE, Trouble.PROBE_OFF, frame)]
    assert settling_temperature_events(frame) == [Live(VitalKind.TEMPERATURE, {"body-temperature": None})]


def test_a_thermometer_that_settles_shows_where_it_is() -> None:
    assert settling_temperature_events(frames.temperature(value=Decimal("35.1"))) == [
        Live(VitalKind.TEMPERATURE, {"body-temperature": Decimal("35.1")})
    ]


def test_each_site_has_its_code_and_any_other_is_none() -> None:
    sites = {code: decode_temperature_type(bytes((code,))) for code in range(256)}
    assert {code: site for code, site in sites.items() if site is not None} == {
        site.value: site for site in Site
    }
    assert decode_temperature(frames.temperature(value=36, site=10)).site is None
    assert_no_front_piece_passes(decode_temperature_type, b"\x01")
