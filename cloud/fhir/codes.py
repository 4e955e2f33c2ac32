"""What each measure and each flag is called in FHIR: LOINC, profile, category, unit, words.

Sources: https://hl7.org/fhir/R4/observation-vitalsigns.html for codes, profiles and units of the vital signs; LOINC for
the others. UCUM codes are those of wire.measures. The body mass index is no measurement and is not emitted.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from cloud.fhir.models import CATEGORY, LOINC, CodeableConcept, Coding
from wire.entries import Flag, VitalKind

PROFILES: Final = "http://hl7.org/fhir/StructureDefinition/"

VITAL_SIGNS: Final = CodeableConcept(
    coding=(Coding(system=CATEGORY, code="vital-signs", display="Vital Signs"),)
)
LABORATORY: Final = CodeableConcept(
    coding=(Coding(system=CATEGORY, code="laboratory", display="Laboratory"),)
)

PANEL: Final = "blood-pressure-panel"
"""Stands for the two pressures and their mean, which FHIR wants in one Observation."""


@dataclass(frozen=True, slots=True)
class Sign:
    """How one measure is told: its codes, `unit` as people write it, its profile (none for a laboratory's value)."""

    code: CodeableConcept
    unit: str = ""
    profile: str | None = None
    category: CodeableConcept = VITAL_SIGNS


def _loinc(*codes: tuple[str, str]) -> CodeableConcept:
    return CodeableConcept(
        coding=tuple(Coding(system=LOINC, code=code, display=display) for code, display in codes)
    )


SIGNS: Final = MappingProxyType(
    {
        PANEL: Sign(_loinc(("85354-9", "Blood pressure panel with all children optional")), profile="bp"),
        "systolic-pressure": Sign(_loinc(("8480-6", "Systolic blood pressure")), "mmHg"),
        "diastolic-pressure": Sign(_loinc(("8462-4", "Diastolic blood pressure")), "mmHg"),
        "mean-arterial-pressure": Sign(_loinc(("8478-0", "Mean blood pressure")), "mmHg"),
        "pulse-rate": Sign(_loinc(("8867-4", "Heart rate")), "beats/minute", "heartrate"),
        "oxygen-saturation": Sign(
            _loinc(
                ("2708-6", "Oxygen saturation in Arterial blood"),
                ("59408-5", "Oxygen saturation in Arterial blood by Pulse oximetry"),
            ),
            "%",
            "oxygensat",
        ),
        "perfusion-index": Sign(_loinc(("61006-3", "Perfusion index Tissue by Pulse oximetry")), "%"),
        "body-temperature": Sign(_loinc(("8310-5", "Body temperature")), "°C", "bodytemp"),
        "body-weight": Sign(_loinc(("29463-7", "Body weight")), "kg", "bodyweight"),
        "body-height": Sign(_loinc(("8302-2", "Body height")), "cm", "bodyheight"),
        "body-fat": Sign(_loinc(("41982-0", "Percentage of body fat Measured")), "%", "vitalsigns"),
        "respiration-rate": Sign(_loinc(("9279-1", "Respiratory rate")), "breaths/minute", "resprate"),
        "glucose": Sign(
            _loinc(("15074-8", "Glucose [Moles/volume] in Blood")), "mmol/L", category=LABORATORY
        ),
    }
)
"""By name of the measure in wire.measures, and `PANEL`."""

MAIN: Final = MappingProxyType(
    {
        VitalKind.BLOOD_PRESSURE: PANEL,
        VitalKind.OXYGEN: "oxygen-saturation",
        VitalKind.TEMPERATURE: "body-temperature",
        VitalKind.HEART_RATE: "pulse-rate",
        VitalKind.WEIGHT: "body-weight",
        VitalKind.HEIGHT: "body-height",
        VitalKind.GLUCOSE: "glucose",
    }
)
"""What each kind is about: that Observation is always emitted, if need be with the reason why its value is missing."""

REQUIRED_PARTS: Final = MappingProxyType({PANEL: ("systolic-pressure", "diastolic-pressure")})
OPTIONAL_PARTS: Final = MappingProxyType(
    {PANEL: ("mean-arterial-pressure",), "oxygen-saturation": ("perfusion-index",)}
)
"""What stands within an Observation as its components."""

BESIDE: Final = ("pulse-rate", "respiration-rate", "body-fat")
"""What devices report along with something else, told in an Observation of its own."""

REMARKS: Final = MappingProxyType(
    {
        Flag.MOTION: "the person moved while it was measured",
        Flag.CUFF_LOOSE: "the cuff was loose",
        Flag.IRREGULAR_PULSE: "the device detected an irregular pulse",
        Flag.PULSE_OUT_OF_RANGE: "the pulse was outside the range of the device",
        Flag.WRONG_POSITION: "the arm or body was not in the right position",
        Flag.WEAK_SIGNAL: "the signal was weak",
        Flag.DIVERGENT: "readings of the same session lay further apart than the rules allow",
        Flag.UNTIMED: "the device told no time; the time is that of arrival at the station",
        Flag.MANUAL: "typed by the person, not measured by a device",
    }
)
"""What limits the trust in a measurement, in words."""
