"""Exactly what is emitted of FHIR R4 (4.0.1), no more: Observation, and the transaction Bundle that carries them.

Field names are FHIR's own in JSON. Numbers are Decimal and written as they are, since the digits of a FHIR decimal say
how exact it is (https://hl7.org/fhir/R4/datatypes.html#decimal).
"""

from decimal import Decimal
from typing import Annotated, Final, Literal, Self

import msgspec
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

LOINC: Final = "http://loinc.org"
UCUM: Final = "http://unitsofmeasure.org"
URI: Final = "urn:ietf:rfc:3986"
CATEGORY: Final = "http://terminology.hl7.org/CodeSystem/observation-category"
ABSENT: Final = "http://terminology.hl7.org/CodeSystem/data-absent-reason"

Text = Annotated[str, Field(min_length=1, max_length=500)]
Moment = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$")]
Uuid = Annotated[str, Field(pattern=r"^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]

_encoder: Final = msgspec.json.Encoder(decimal_format="number")


class Element(BaseModel):
    """Common form: frozen, nothing unknown; None and empty lists stay out of the JSON, as FHIR demands."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        hide_input_in_errors=True,
    )

    def json_bytes(self) -> bytes:
        """Return the JSON, in one line."""
        return _encoder.encode(_filled(self.model_dump(by_alias=True, exclude_none=True)))


class Coding(Element):
    """A code of a code system."""

    system: Text
    code: Text
    display: Text | None = None


class CodeableConcept(Element):
    """One meaning, by one code or several."""

    coding: Annotated[tuple[Coding, ...], Field(min_length=1)]
    text: Text | None = None


class Identifier(Element):
    """A name that stays the same for ever."""

    system: Text
    value: Text


class Reference(Element):
    """A logical reference: whom it means is told by an identifier, not by an address."""

    type: Literal["Patient"]
    identifier: Identifier


class Display(Element):
    """A reference that can only be read."""

    display: Text


class Quantity(Element):
    """A value with its UCUM unit; `unit` is how people write it."""

    value: Decimal
    unit: Text
    system: Literal["http://unitsofmeasure.org"] = UCUM
    code: Text


class Annotation(Element):
    """A remark."""

    text: Text


class Valued(Element):
    """Something with a value, or with the reason why there is none (invariants obs-6, vs-2, vs-3)."""

    code: CodeableConcept
    value_quantity: Quantity | None = None
    data_absent_reason: CodeableConcept | None = None

    @model_validator(mode="after")
    def _not_both(self) -> Self:
        if self.value_quantity is not None and self.data_absent_reason is not None:
            raise ValueError("a value, or the reason why there is none")
        return self


class Component(Valued):
    """One part of an Observation."""

    @model_validator(mode="after")
    def _not_neither(self) -> Self:
        if self.value_quantity is None and self.data_absent_reason is None:
            raise ValueError("a component has a value or the reason why there is none")
        return self


class Meta(Element):
    """Which profiles the resource follows."""

    profile: tuple[Text, ...] = ()


class Observation(Valued):
    """One observation of one person at one time, as `preliminary` as everything that no doctor has confirmed."""

    resource_type: Literal["Observation"] = "Observation"
    meta: Meta | None = None
    identifier: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    status: Literal["preliminary"] = "preliminary"
    category: Annotated[tuple[CodeableConcept, ...], Field(min_length=1)]
    subject: Reference
    effective_date_time: Moment
    issued: Moment
    device: Display
    note: tuple[Annotation, ...] = ()
    component: tuple[Component, ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.component and self.value_quantity is None and self.data_absent_reason is None:
            raise ValueError("vs-2: a value, a component, or the reason why there is none")
        return self


class Request(Element):
    """Create it unless it is there already."""

    method: Literal["POST"] = "POST"
    url: Literal["Observation"] = "Observation"
    if_none_exist: Text


class Entry(Element):
    """One resource of a Bundle and what to do with it."""

    full_url: Uuid
    resource: Observation
    request: Request


class Bundle(Element):
    """All of a session at once: everything is created or nothing, and once, however often it is sent."""

    resource_type: Literal["Bundle"] = "Bundle"
    type: Literal["transaction"] = "transaction"
    entry: Annotated[tuple[Entry, ...], Field(min_length=1)]


def _filled(value: object) -> object:
    """Leave out what is empty, since FHIR knows no empty list or object; begin with what a reader looks for first."""
    if isinstance(value, dict):
        parts = {name: _filled(part) for name, part in sorted(value.items(), key=_is_not_type)}
        return {name: part for name, part in parts.items() if part not in ((), [], {})}
    if isinstance(value, (list, tuple)):
        return [_filled(part) for part in value]
    return value


def _is_not_type(item: tuple[str, object]) -> bool:
    return item[0] != "resourceType"
