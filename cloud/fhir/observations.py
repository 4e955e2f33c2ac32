"""From a measurement to its Observations, from a session to its Bundle.

One measurement may be several Observations: a cuff tells pressures and a pulse. The first keeps the measurement's own
id; the others have one that is derived from it (RFC 9562, version 5), so that sending again creates nothing twice.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Final
from uuid import UUID, uuid5

from cloud.fhir.codes import BESIDE, MAIN, OPTIONAL_PARTS, PROFILES, REMARKS, REQUIRED_PARTS, SIGNS, Sign
from cloud.fhir.models import (
    ABSENT,
    URI,
    Annotation,
    Bundle,
    CodeableConcept,
    Coding,
    Component,
    Display,
    Entry,
    Identifier,
    Meta,
    Observation,
    Quantity,
    Reference,
    Request,
)
from cloud.store.vitals import CabinSession, Vital
from wire.measures import MEASURES

PERSON_SYSTEM: Final = "urn:oid:2.25.266783437761332175233681088960926086936"
SESSION_SYSTEM: Final = "urn:oid:2.25.142478201212419004483383449615144515086"
"""Whose pseudonym it is: a person's, or one session's alone. Our own by ITU-T X.667, which needs no registry."""

VIETNAM: Final = timezone(timedelta(hours=7))
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST_MS: Final = 253_402_214_400_000
"""The last day that a date can name; a station's clock may say anything."""

_UNKNOWN: Final = CodeableConcept(coding=(Coding(system=ABSENT, code="unknown", display="Unknown"),))


def bundle(session: CabinSession) -> Bundle | None:
    """Return a transaction that creates what is not there yet of a session; None when nothing is kept of it."""
    entries = [
        _entry(observation) for vital in session.vitals for observation in observations(session, vital)
    ]
    return Bundle(entry=tuple(entries)) if entries else None


def observations(session: CabinSession, vital: Vital) -> Iterator[Observation]:
    """Yield what one measurement tells, its own kind first."""
    values = {part.measure: exact(part.value) for part in vital.quantities}
    main = MAIN[vital.kind]
    yield _observation(session, vital, main, values, str(UUID(vital.measurement)))
    for measure in BESIDE:
        if measure in values and measure != main:
            yield _observation(session, vital, measure, values, str(uuid5(UUID(vital.measurement), measure)))


def exact(value: float) -> Decimal:
    """Return the shortest decimal that means this float, which is what the station wrote; 120.0 is 120."""
    number = Decimal(repr(value))
    whole = number.to_integral_value()
    return whole if whole == number else number


def moment(at_ms: int) -> str:
    """Return a time as FHIR writes it, by the clocks on the wall of a station."""
    at = _EPOCH + timedelta(milliseconds=min(at_ms, _LATEST_MS))
    return at.astimezone(VIETNAM).isoformat(timespec="milliseconds")


def _observation(
    session: CabinSession, vital: Vital, measure: str, values: Mapping[str, Decimal], identity: str
) -> Observation:
    sign = SIGNS[measure]
    components = tuple(_components(measure, values))
    has_value = measure in values
    return Observation(
        meta=Meta(profile=(PROFILES + sign.profile,)) if sign.profile else None,
        identifier=(Identifier(system=URI, value=f"urn:uuid:{identity}"),),
        category=(sign.category,),
        code=sign.code,
        subject=_subject(session),
        effective_date_time=moment(vital.at_ms),
        issued=moment(vital.received_at_ms),
        device=Display(display=f"{vital.station} {vital.sensor}"),
        note=tuple(Annotation(text=f"{flag.value}: {REMARKS[flag]}") for flag in vital.flags),
        value_quantity=_quantity(measure, sign, values[measure]) if has_value else None,
        data_absent_reason=None if has_value or measure in REQUIRED_PARTS else _UNKNOWN,
        component=components,
    )


def _components(measure: str, values: Mapping[str, Decimal]) -> Iterator[Component]:
    for part in REQUIRED_PARTS.get(measure, ()):
        if part in values:
            yield _component(part, values[part])
        else:
            yield Component(code=SIGNS[part].code, data_absent_reason=_UNKNOWN)
    for part in OPTIONAL_PARTS.get(measure, ()):
        if part in values:
            yield _component(part, values[part])


def _component(measure: str, value: Decimal) -> Component:
    sign = SIGNS[measure]
    return Component(code=sign.code, value_quantity=_quantity(measure, sign, value))


def _quantity(measure: str, sign: Sign, value: Decimal) -> Quantity:
    return Quantity(value=value, unit=sign.unit, code=MEASURES[measure].unit)


def _subject(session: CabinSession) -> Reference:
    system = PERSON_SYSTEM if session.is_personal else SESSION_SYSTEM
    return Reference(type="Patient", identifier=Identifier(system=system, value=session.pseudonym))


def _entry(observation: Observation) -> Entry:
    identity = observation.identifier[0]
    return Entry(
        full_url=identity.value,
        resource=observation,
        request=Request(if_none_exist=f"identifier={identity.system}|{identity.value}"),
    )
