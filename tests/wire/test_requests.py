"""Lane `request`: what people submit and do to it later; bounded, sealed, and nothing of a person in the open."""

import base64
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.codec import (
    Intake,
    LooseBatch,
    LooseEntry,
    decode_body,
    decode_downlink,
    decode_uplink,
    encode,
    encode_body,
)
from wire.describe import render_markdown
from wire.entries import (
    AGE_INTRO,
    LANE_BODIES,
    MAX_BLOBS,
    MAX_CONTACT_BYTES,
    MAX_RECIPIENTS,
    MAX_REQUEST_BYTES,
    MAX_SHARED_FIELDS,
    AnyBody,
    Blob,
    RequestAction,
    RequestAmended,
    RequestKind,
    RequestSubmitted,
)
from wire.errors import MessageError, RefuseReason
from wire.messages import MAX_PAYLOAD_BYTES, AmendmentRefused, Command, RejectReason, RequestChanged
from wire.topics import Channel, Lane, Topic
from wire.tracking import tracking_code

STATION = "st-0001"
REQUEST, AMENDMENT, PERSON = "4e" * 16, "a3" * 16, "9e" * 16
TRACKING = tracking_code(STATION, 17)
SEALED = AGE_INTRO + bytes(range(256))
BLOB = Blob(sha256="0f" * 32, size_bytes=250_000)


def submitted(**changed: Any) -> RequestSubmitted:
    fields: dict[str, Any] = {
        "request": REQUEST,
        "tracking": TRACKING,
        "service": "temporary-residence",
        "service_version": 3,
        "request_kind": RequestKind.DOSSIER,
        "authority": "ward-police",
        "text_version": "2026-11.submit",
        "recipients": ["ward-police"],
        "sealed": SEALED,
    }
    return RequestSubmitted(**(fields | changed))


def amended(action: RequestAction = RequestAction.WITHDRAW, **changed: Any) -> RequestAmended:
    return RequestAmended(**({"amendment": AMENDMENT, "request": REQUEST, "action": action} | changed))


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


def test_lane_request_carries_what_is_submitted_and_what_is_done_to_it() -> None:
    assert LANE_BODIES[Lane.REQUEST][2:] == (RequestSubmitted, RequestAmended)
    full = submitted(
        fields=["number", "name"],
        ward="27097",
        category="street-light",
        blobs=[BLOB],
        contact=SEALED,
        order="order-1",
        submitted_by=PERSON,
        is_named=True,
    )
    bodies: list[AnyBody] = [
        submitted(),
        full,
        amended(),
        amended(RequestAction.SUPPLEMENT, sealed=SEALED, blobs=[BLOB]),
    ]
    intake = read(*[encode_body(body) for body in bodies])
    assert [entry.body for entry in intake.entries] == bodies
    assert intake.aside == ()


@pytest.mark.parametrize("lane", [lane for lane in Lane if lane is not Lane.REQUEST])
def test_no_other_lane_takes_them(lane: Lane) -> None:
    told = read(encode_body(submitted()), encode_body(amended()), lane=lane)
    assert reasons(told) == [RejectReason.WRONG_LANE] * 2


@given(st.binary(max_size=2_000), st.none() | st.binary(max_size=900))
def test_any_sealed_bytes_come_back_as_they_were(payload: bytes, contact: bytes | None) -> None:
    body = submitted(sealed=AGE_INTRO + payload, contact=None if contact is None else AGE_INTRO + contact)
    assert decode_body(encode_body(body)) == body


@pytest.mark.parametrize(
    "fields",
    [
        {"request": REQUEST[:-1]},
        {"tracking": TRACKING.lower()},
        {"tracking": "0000-0000-0000"},
        {"service": "Tam tru"},
        {"service_version": 0},
        {"request_kind": "wish"},
        {"recipients": []},
        {"recipients": ["x"] * (MAX_RECIPIENTS + 1)},
        {"fields": ["NGUYEN VAN AN"]},
        {"fields": ["name"] * (MAX_SHARED_FIELDS + 1)},
        {"ward": "2709"},
        {"category": "Den duong"},
        {"sealed": ""},
        {"sealed": base64.b64encode(bytes(MAX_REQUEST_BYTES + 1)).decode()},
        {"contact": base64.b64encode(bytes(MAX_CONTACT_BYTES + 1)).decode()},
        {"blobs": [{"sha256": "0f", "size_bytes": 1}]},
        {"blobs": [{"sha256": "0f" * 32, "size_bytes": 0}]},
        {"blobs": [{"sha256": "0f" * 32, "size_bytes": 1}] * (MAX_BLOBS + 1)},
        {"submitted_by": "079203001234"},
        {"name": "NGUYEN VAN AN"},
    ],
)
def test_what_is_submitted_has_bounds_and_no_place_for_a_name(fields: dict[str, Any]) -> None:
    with pytest.raises(MessageError) as caught:
        decode_body(changed(submitted(), **fields))
    assert caught.value.reason is RefuseReason.MALFORMED
    assert "NGUYEN" not in str(caught.value)


@pytest.mark.parametrize(
    "fields",
    [
        {"amendment": ""},
        {"action": "bribe"},
        {"version": -1},
        {"by": "079203001234"},
        {"rating": 0},
        {"rating": 6},
        {"reason": "Vẫn còn hỏng"},
        {"sealed": ""},
    ],
)
def test_what_is_done_to_it_has_bounds(fields: dict[str, Any]) -> None:
    with pytest.raises(MessageError):
        decode_body(changed(amended(RequestAction.RATE, rating=3), **fields))


@pytest.mark.parametrize(
    "body",
    [
        submitted(sealed=b"NGUYEN VAN AN|079203001234"),
        submitted(contact=b"+84900000001"),
        amended(RequestAction.SUPPLEMENT, sealed=b"NGUYEN VAN AN"),
    ],
)
def test_what_is_not_sealed_is_never_stored(body: AnyBody) -> None:
    intake = read(encode_body(body))
    assert intake.entries == ()
    assert reasons(intake) == [RejectReason.IMPLAUSIBLE]


@pytest.mark.parametrize(
    ("body", "is_sound"),
    [
        (amended(RequestAction.RATE, rating=5), True),
        (amended(RequestAction.BOOK, slot_start_ms=5), True),
        (amended(RequestAction.RATE), False),
        (amended(RequestAction.BOOK), False),
        (amended(RequestAction.WITHDRAW, rating=5), False),
        (amended(RequestAction.CANCEL, slot_start_ms=5), False),
    ],
)
def test_each_action_has_its_own_and_nothing_else(body: RequestAmended, *, is_sound: bool) -> None:
    assert reasons(read(encode_body(body))) == ([] if is_sound else [RejectReason.IMPLAUSIBLE])


def test_the_largest_request_fits_the_journal_and_a_payload() -> None:
    """The journal takes bodies of 64,000 bytes, so no request can stand at the head of its lane for ever."""
    largest = submitted(
        service="s" * 64,
        authority="a" * 64,
        text_version="t" * 64,
        recipients=["r" * 64] * MAX_RECIPIENTS,
        fields=["f" * 64] * MAX_SHARED_FIELDS,
        category="c" * 64,
        sealed=AGE_INTRO.ljust(MAX_REQUEST_BYTES, b"x"),
        blobs=[BLOB] * MAX_BLOBS,
        contact=AGE_INTRO.ljust(MAX_CONTACT_BYTES, b"x"),
        order="o" * 64,
        submitted_by=PERSON,
    )
    body = encode_body(largest)
    assert decode_body(body) == largest
    assert len(body) < 64_000
    assert len(body) * 2 < MAX_PAYLOAD_BYTES


def news(**changed: Any) -> RequestChanged:
    fields: dict[str, Any] = {
        "request": REQUEST,
        "tracking": TRACKING,
        "version": 4,
        "state": "supplement-wanted",
        "at_ms": 1_780_000_000_000,
    }
    return RequestChanged(**(fields | changed))


def test_a_change_goes_down_as_a_command_with_all_that_a_kiosk_may_say() -> None:
    body = news(
        due_at_ms=1_780_000_000_001,
        is_late=True,
        reason="incomplete",
        text="requests.apology.late",
        note="Thiếu bản chính",
        wanted=["birth-certificate"],
        slots=[(1, 2)],
        case_number="H29.13.5-261123-0012",
        refused=AmendmentRefused(amendment=AMENDMENT, code="stale"),
    )
    command = Command(station=STATION, id="c0" * 16, issued_at_ms=1, expires_at_ms=2, body=body)
    topic = Topic(STATION, Channel.COMMAND, "c0" * 16)
    assert decode_downlink(topic, encode(command)) == command


@pytest.mark.parametrize(
    "fields", [{"state": "Đang xử lý"}, {"note": "x" * 201}, {"wanted": ["x"] * 21}, {"slots": [[1, 2]] * 13}]
)
def test_what_goes_down_has_bounds_too(fields: dict[str, Any]) -> None:
    command = Command(station=STATION, id="c0" * 16, issued_at_ms=1, expires_at_ms=2, body=news())
    tree = json.loads(encode(command))
    tree["body"] |= fields
    with pytest.raises(MessageError):
        decode_downlink(Topic(STATION, Channel.COMMAND, "c0" * 16), json.dumps(tree).encode())


def test_the_document_explains_both_ways() -> None:
    text = render_markdown()
    assert "| `sealed` | base64 (RFC 4648, 4), at most 32768 bytes | yes |" in text
    assert "### RequestChanged (`kind: request-changed`)" in text
    assert "tracking code, e.g." in text
