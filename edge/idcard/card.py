"""What is put to a card, and what comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from edge.idcard.groups import Field


@dataclass(frozen=True, slots=True)
class Can:
    """The card access number: on Vietnamese cards the last six digits of the twelve. Shown in no repr."""

    digits: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class MrzKey:
    """What a machine-readable zone opens the chip with: the 9-character document number and two days."""

    document_number: str = field(repr=False)
    birth: date = field(repr=False)
    expiry: date = field(repr=False)


AccessKey = Can | MrzKey


class Issuer(StrEnum):
    """What is known of who signed the card."""

    VERIFIED = "verified"
    """An authority of the trust store issued the signer's certificate."""
    NOT_CHECKED = "not-checked"
    """The station has no trust store: what was read is whole, by whom it was signed is not known."""


class CloneCheck(StrEnum):
    """How it was shown that the chip is the one that was signed."""

    CHIP_AUTHENTICATION = "chip-authentication"
    ACTIVE_AUTHENTICATION = "active-authentication"
    NOT_SUPPORTED = "not-supported"
    """The chip offers neither: it could be a copy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Exactly what was proven. That every file read is the one that was signed is so whenever there is a Proof at all."""

    issuer: Issuer
    clone_check: CloneCheck
    warnings: tuple[str, ...] = ()
    """What a technician should know, such as an unknown province; never personal."""
    fingerprint: str = field(default="", repr=False)
    """SHA-256 of what the issuer signed (EF.SOD), in hex: nobody can know it who never had this card. Never leaves the station."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """The face as the card has it: JPEG or JPEG 2000."""

    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRead:
    """What was asked for and was there, and what it proves. `apdus` counts round trips."""

    fields: Mapping[Field, str] = field(repr=False)
    """As they are shown and sent; PARENTS holds both names, joined by "; ". Without PHOTO."""
    photo: Photo | None = field(repr=False)
    proof: Proof
    apdus: int


class Step(StrEnum):
    """How far a reading is; told as it happens."""

    OPENING = "opening"
    READING = "reading"
    PHOTO = "photo"
    PROVING = "proving"
