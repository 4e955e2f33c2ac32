"""What consoles may send, field by field: everything has a type, a bound and no control characters."""

import ipaddress
from typing import Annotated, Literal
from urllib.parse import urlsplit

from fastapi import Path, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from wire.ids import ID_PATTERN, STATION_PATTERN, require_station

MAX_MILLIS = 2**53 - 1
MAX_VERSION = 2**31 - 1
MAX_NOTE_LENGTH = 2_000
_LINE = r"^[^\x00-\x1f\x7f]*$"
_TEXT = r"^[^\x00-\x08\x0b-\x1f\x7f]*$"


def _require_public_https(url: str) -> str:
    """Refuse addresses that only this machine's own network knows: the server will call what is given here."""
    host = urlsplit(url).hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        if "." in host and not host.endswith((".local", ".internal", ".localhost")):
            return url
    raise ValueError("endpoint: an https address of a push service")


Login = Annotated[str, Field(min_length=1, max_length=64, pattern=_LINE)]
Token = Annotated[str, Field(pattern=ID_PATTERN)]
Key = Annotated[str, Field(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9._:-]+$")]
Base64Url = Annotated[str, Field(min_length=16, max_length=128, pattern=r"^[A-Za-z0-9_-]+=*$")]
Endpoint = Annotated[
    str,
    Field(max_length=1_024, pattern=r"^https://[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]+$"),
    AfterValidator(_require_public_https),
]
StationId = Annotated[
    str, Field(max_length=32, json_schema_extra={"pattern": STATION_PATTERN}), AfterValidator(require_station)
]
ConsoleId = Annotated[str, Field(pattern=r"^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$")]

IncidentPath = Annotated[str, Path(pattern=ID_PATTERN)]
ConsolePath = Annotated[str, Path(pattern=r"^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$")]
MillisQuery = Annotated[int, Query(ge=0, le=MAX_MILLIS)]
SequenceQuery = Annotated[int, Query(ge=0, le=MAX_MILLIS)]
LimitQuery = Annotated[int, Query(ge=1, le=1_000)]


class Body(BaseModel):
    """A JSON object with exactly these fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Credentials(Body):
    """POST /api/session."""

    login: Login
    password: Annotated[str, Field(min_length=1, max_length=200)]


class ActionBody(Body):
    """POST /api/incidents/{id}/actions: what the officer wants, seen from `version` of the card."""

    action: Literal["acknowledge", "dispatch", "on_scene", "resolve", "reopen", "hand_over", "note"]
    version: Annotated[int, Field(strict=True, ge=1, le=MAX_VERSION)]
    idempotency_key: Key
    resolution: Literal["founded", "unfounded", "false_press", "drill", "duplicate"] | None = None
    duplicate_of: Token | None = None
    to: Login | None = None
    note: Annotated[str, Field(max_length=MAX_NOTE_LENGTH, pattern=_TEXT)] | None = None


class SeenBody(Body):
    """POST /api/incidents/{id}/seen."""


class PresenceBody(Body):
    """PUT /api/presence: this console is open, and it will sound when `armed`."""

    console: ConsoleId
    armed: Annotated[bool, Field(strict=True)]


class DrillBody(Body):
    """POST /api/drills."""

    station: StationId


class PushKeys(Body):
    """The browser's public key and secret (RFC 8291), base64url."""

    p256dh: Base64Url
    auth: Base64Url


class PushBody(Body):
    """POST and DELETE /api/push-subscriptions."""

    endpoint: Endpoint
    keys: PushKeys
