"""Lane `request`: what a citizen agreed to, and what was sealed for somebody else; bounded, and unreadable on the way."""

import base64
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.codec import Intake, LooseBatch, LooseEntry, decode_body, decode_uplink, encode, encode_body
from wire.describe import render_asyncapi, render_markdown
from wire.entries import (
    AGE_INTRO,
    LANE_BODIES,
    MAX_SEALED_BYTES,
    MAX_SHARED_FIELDS,
    AnyBody,
    CloneCheck,
    DaemonStarted,
    IdentityConsented,
    IdentityShared,
    IssuerCheck,
)
from wire.errors import MessageError, RefuseReason
from wire.messages import MAX_PAYLOAD_BYTES, RejectReason
from wire.topics import Lane, Topic

STATION = "st-0001"
SESSION, SHARE = "5e" * 16, "54" * 16

CONSENT = IdentityConsented(session=SESSION, purpose="residence-confirmation", text_version="2026-11")
SEALED = AGE_INTRO + bytes(range(256))


def share(sealed: bytes = SEALED, **changed: Any) -> IdentityShared:
    fields: dict[str, Any] = {
        "share": SHARE,
        "session": SESSION,
        "purpose": "residence-confirmation",
        "text_version": "2026-11.send",
        "recipient": "ward-26734",
        "fields": ["number", "name", "old-number"],
        "issuer": IssuerCheck.VERIFIED,
        "clone_check": CloneCheck.CHIP_AUTHENTICATION,
        "sealed": sealed,
    }
    return IdentityShared(**(fields | changed))


def read(*bodies: bytes, lane: Lane = Lane.REQUEST) -> Intake:
    entries = [
        LooseEntry(seq=seq, at_ms=1, uptime_ms=1, body=msgspec.Raw(body))
        for seq, body in enumerate(bodies, 1)
    ]
    batch = LooseBatch(
        station=STATION, journal="a" * 32, boot="b" * 32, lane=lane, sent_at_ms=9, entries=entries
    )
    intake = decode_uplink(Topic(STATION, lane), encode(batch))
    assert isinstance(intake, Intake)
    return intake


def reasons(intake: Intake) -> list[RejectReason]:
    return [aside.rejected.reason for aside in intake.aside]


def changed(body: AnyBody, **fields: Any) -> bytes:
    return json.dumps(json.loads(encode_body(body)) | fields).encode()


def test_lane_request_carries_a_consent_and_what_was_sent_and_nothing_else() -> None:
    assert LANE_BODIES[Lane.REQUEST][:2] == (IdentityConsented, IdentityShared)
    intake = read(encode_body(CONSENT), encode_body(share()))
    assert [entry.body for entry in intake.entries] == [CONSENT, share()]
    assert intake.aside == ()
    assert reasons(read(encode_body(DaemonStarted(release="0.1.0")))) == [RejectReason.WRONG_LANE]


@pytest.mark.parametrize("lane", [lane for lane in Lane if lane is not Lane.REQUEST])
def test_no_other_lane_takes_them(lane: Lane) -> None:
    told = read(encode_body(CONSENT), encode_body(share()), lane=lane)
    assert reasons(told) == [RejectReason.WRONG_LANE] * 2


def test_what_is_sealed_travels_as_base64() -> None:
    tree = json.loads(encode_body(share()))
    assert base64.b64decode(tree["sealed"], validate=True) == SEALED


@given(st.binary(max_size=MAX_SEALED_BYTES - len(AGE_INTRO)))
def test_any_sealed_bytes_come_back_as_they_were(payload: bytes) -> None:
    sealed = AGE_INTRO + payload
    assert decode_body(encode_body(share(sealed))) == share(sealed)


@pytest.mark.parametrize("fields", [{"session": "short"}, {"purpose": ""}, {"text_version": "with space"}])
def test_a_consent_has_bounds(fields: dict[str, Any]) -> None:
    with pytest.raises(MessageError):
        decode_body(changed(CONSENT, **fields))


@pytest.mark.parametrize(
    "fields",
    [
        {"share": SHARE[:-1]},
        {"session": SESSION.upper()},
        {"purpose": "Residence"},
        {"recipient": "x" * 65},
        {"text_version": None},
        {"fields": []},
        {"fields": ["name"] * (MAX_SHARED_FIELDS + 1)},
        {"fields": ["NGUYEN VAN AN"]},
        {"issuer": "trusted"},
        {"clone_check": "none"},
        {"sealed": ""},
        {"sealed": "not base64!"},
        {"sealed": base64.b64encode(bytes(MAX_SEALED_BYTES + 1)).decode()},
    ],
)
def test_what_is_sent_has_bounds(fields: dict[str, Any]) -> None:
    with pytest.raises(MessageError) as caught:
        decode_body(changed(share(), **fields))
    assert caught.value.reason is RefuseReason.MALFORMED
    assert "NGUYEN" not in str(caught.value)


@pytest.mark.parametrize("body", [CONSENT, share()])
def test_nothing_more_can_be_said_with_it(body: AnyBody) -> None:
    """A field such as a name would be one that nobody agreed to."""
    with pytest.raises(MessageError):
        decode_body(changed(body, name="NGUYEN VAN AN"))
    for field in json.loads(encode_body(body)):
        tree = json.loads(encode_body(body))
        del tree[field]
        with pytest.raises(MessageError):
            decode_body(json.dumps(tree).encode())


@pytest.mark.parametrize("payload", [b"079203001234", b"NGUYEN VAN AN|01/01/2003", AGE_INTRO[:-1]])
def test_what_is_not_sealed_is_never_stored(payload: bytes) -> None:
    intake = read(encode_body(CONSENT), encode_body(share(payload)))
    assert [entry.body for entry in intake.entries] == [CONSENT]
    assert reasons(intake) == [RejectReason.IMPLAUSIBLE]


def test_the_largest_share_fits_beside_others_into_one_payload() -> None:
    """The journal takes bodies of 64,000 bytes, so no share can stand at the head of its lane for ever."""
    largest = share(
        AGE_INTRO.ljust(MAX_SEALED_BYTES, b"x"),
        purpose="p" * 64,
        text_version="t" * 64,
        recipient="r" * 64,
        fields=["f" * 64] * MAX_SHARED_FIELDS,
    )
    body = encode_body(largest)
    assert decode_body(body) == largest
    assert len(body) < 13_000
    assert len(read(*[body] * (MAX_PAYLOAD_BYTES // 13_200)).entries) == 9


def test_the_documents_say_how_bytes_travel_and_how_many() -> None:
    assert "| `sealed` | base64 (RFC 4648, 4), at most 8192 bytes | yes |" in render_markdown()
    schema = json.loads(render_asyncapi())["components"]["schemas"]["IdentityShared"]
    sealed = schema["properties"]["sealed"]
    assert sealed["contentEncoding"] == "base64"
    assert sealed["maxLength"] == len(base64.b64encode(bytes(MAX_SEALED_BYTES)))


OLDER = (
    b'{"v":1,"station":"st-0001","journal":"0123456789abcdef0123456789abcdef",'
    b'"boot":"fedcba9876543210fedcba9876543210","lane":"vitals","sent_at_ms":1780000000001,"entries":['
    b'{"seq":1,"at_ms":1780000000000,"uptime_ms":1,"body":{"kind":"consent-given",'
    b'"session":"5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e","scope":"keep","text_version":"2026-11"}}]}'
)
"""As a station wrote it that knew nothing of cards; it may lie in a journal for weeks."""


def test_what_an_older_station_wrote_is_still_read() -> None:
    intake = decode_uplink(Topic(STATION, Lane.VITALS), OLDER)
    assert isinstance(intake, Intake)
    assert (len(intake.entries), intake.aside) == (1, ())
