"""Invented people at the card reader: what a station's journal says of them, and how it reaches the store."""

from typing import Any, Final

from cloud.store import identities
from cloud.store.engine import Store
from cloud.store.identities import AnyBody, Told
from tests.cloud.samples import NOW_MS, STATION
from wire.entries import AGE_INTRO, CloneCheck, IdentityConsented, IdentityShared, IssuerCheck

VISIT: Final = "1d" * 16
SHARE: Final = "54" * 16
RECIPIENT: Final = "ward-police"
PURPOSE: Final = "temporary-residence"
DAY_MS: Final = 86_400_000
KEEP_MS: Final = 30 * DAY_MS

SECRET: Final = b"sealed-b1e55ed0c0ffee"
"""Bytes that stand nowhere else, so that a search of a database's file proves something."""


def sealed(secret: bytes = SECRET) -> bytes:
    """Return what looks like an age file from outside, which is all that the cloud can tell."""
    return AGE_INTRO + b"-> X25519 invented\n" + secret + bytes(range(256))


def agreed(visit: str = VISIT, purpose: str = PURPOSE) -> IdentityConsented:
    """Return the consent to the reading."""
    return IdentityConsented(session=visit, purpose=purpose, text_version="2026-11")


def shared(number: int | None = None, **changed: Any) -> IdentityShared:
    """Return a share; one with a number has an id of its own."""
    fields: dict[str, Any] = {
        "share": SHARE if number is None else f"{number:032x}",
        "session": VISIT,
        "purpose": PURPOSE,
        "text_version": "2026-11.send",
        "recipient": RECIPIENT,
        "fields": ["number", "name", "birth"],
        "issuer": IssuerCheck.VERIFIED,
        "clone_check": CloneCheck.CHIP_AUTHENTICATION,
        "sealed": sealed(),
    }
    return IdentityShared(**(fields | changed))


def send(
    store: Store, *bodies: AnyBody, station: str = STATION, received_at_ms: int = NOW_MS, at_ms: int = NOW_MS
) -> None:
    """Let a station's entries arrive, each a second after the one before by the station's clock."""
    told = [Told(station, received_at_ms, at_ms + 1_000 * index, body) for index, body in enumerate(bodies)]
    with store.writing() as connection:
        identities.record(connection, told, keep_ms=KEEP_MS)
