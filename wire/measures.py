"""Everything a station can measure: name, UCUM unit, plausible range.

A range says what a working sensor can report, not what is healthy. A value outside it is refused at the source and
again at the ingest. Units are case-sensitive UCUM codes (https://ucum.org/ucum, version 2.1).
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Measure:
    """One measurable quantity; `low` and `high` are inclusive and in `unit`."""

    name: str
    unit: str
    low: float
    high: float
    meaning: str

    def is_plausible(self, value: float) -> bool:
        """Tell whether a working sensor can have reported `value` (NaN and infinities never are)."""
        return self.low <= value <= self.high


_OF_A_PERSON: Final = (
    Measure("systolic-pressure", "mm[Hg]", 40, 300, "systolic blood pressure"),
    Measure("diastolic-pressure", "mm[Hg]", 20, 220, "diastolic blood pressure"),
    Measure("mean-arterial-pressure", "mm[Hg]", 25, 250, "mean arterial pressure"),
    Measure("pulse-rate", "/min", 20, 300, "pulse rate"),
    Measure("oxygen-saturation", "%", 35, 100, "oxygen saturation by pulse oximetry"),
    Measure("body-temperature", "Cel", 25, 45, "body temperature"),
    Measure("body-weight", "kg", 2, 300, "body weight"),
    Measure("body-height", "cm", 40, 250, "body height"),
    Measure("body-mass-index", "kg/m2", 8, 100, "body mass index"),
    Measure("body-fat", "%", 1, 75, "body fat as a share of weight"),
    Measure("glucose", "mmol/L", 0.5, 40, "glucose concentration in blood"),
    Measure("respiration-rate", "/min", 2, 80, "breaths a minute"),
    Measure("perfusion-index", "%", 0, 30, "pulse amplitude index of pulse oximetry"),
    Measure("cuff-pressure", "mm[Hg]", 0, 350, "pressure in the cuff while it measures"),
)
_OF_A_STATION: Final = (
    Measure("cabin-temperature", "Cel", -20, 80, "air temperature in the station"),
    Measure("cpu-temperature", "Cel", -20, 125, "temperature of the station's processor"),
    Measure("supply-voltage", "mV", 0, 60_000, "supply voltage at the button board"),
    Measure("line-voltage", "mV", 0, 6_000, "voltage of the supervised button line"),
    Measure("battery-level", "%", 0, 100, "charge of a device's battery"),
    Measure("signal-strength", "dB{mW}", -127, 20, "radio signal of a device as received (dBm)"),
    Measure("measurements-made", "1", 0, 1e9, "measurements accepted since the daemon started"),
    Measure("measurements-refused", "1", 0, 1e9, "measurements refused since the daemon started"),
    Measure("cards-read", "1", 0, 1e9, "chip cards read and believed since the daemon started"),
    Measure("cards-refused", "1", 0, 1e9, "chip cards not read, or not believed, since the daemon started"),
    Measure("disk-free", "By", 0, 1e15, "free space where the journal lives"),
    Measure("queue-depth", "1", 0, 1e9, "entries of a lane that wait for their receipt"),
    Measure("loop-lag", "ms", 0, 600_000, "how late the daemon's event loop runs"),
)

VITAL_MEASURES: Final = MappingProxyType({measure.name: measure for measure in _OF_A_PERSON})
"""What is measured on a person, by name: for `Measured` in lane `vitals`, with a consent, and nowhere else."""

STATION_MEASURES: Final = MappingProxyType({measure.name: measure for measure in _OF_A_STATION})
"""What is measured on a station, by name: for `Reading` in lane `telemetry`."""

MEASURES: Final = MappingProxyType({**VITAL_MEASURES, **STATION_MEASURES})
"""All measures by name, in the order of the catalogue."""
