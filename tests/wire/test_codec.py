"""The doors: strict on every message, forgiving for the neighbours of a broken entry, silent about values."""

import contextlib
import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.batches import BOOT, COMMAND, JOURNAL, STATION, batch_of, read
from wire.codec import (
    LooseBatch,
    LooseEntry,
    decode_body,
    decode_downlink,
    decode_uplink,
    encode,
    encode_body,
)
from wire.entries import (
    DaemonStarted,
    Dropped,
    Measured,
    Quantity,
    Reading,
    SosPressed,
    SosReleased,
    VitalKind,
)
from wire.errors import MessageError, RefuseReason
from wire.messages import (
    MAX_PAYLOAD_BYTES,
    Birth,
    Command,
    Death,
    Heartbeat,
    LaneHealth,
    Message,
    Outcome,
    Ping,
    Receipt,
    Refusal,
    Rejected,
    RejectReason,
    Reply,
    RunDrill,
    ShowSos,
    SosStage,
)
from wire.topics import Channel, Lane, Topic

PRESS = SosPressed(button="b1", source="0a1b.1.7", ago_ms=3)


def _changed(payload: bytes, change: Callable[[Any], None]) -> bytes:
    tree = json.loads(payload)
    change(tree)
    return json.dumps(tree).encode()


def test_a_batch_arrives_as_it_was_sent() -> None:
    release = SosReleased(button="b1", source="0a1b.1.8")
    intake = read(Lane.SOS, batch_of(Lane.SOS, PRESS, release))
    assert (intake.station, intake.journal, intake.boot, intake.lane) == (STATION, JOURNAL, BOOT, Lane.SOS)
    assert intake.sent_at_ms == 9
    assert [entry.body for entry in intake.entries] == [PRESS, release]
    assert intake.aside == ()


UPLINKS: list[tuple[Message, Channel, str | None]] = [
    (Birth(station=STATION, journal=JOURNAL, boot=BOOT, at_ms=1, release="0.1.0"), Channel.BIRTH, None),
    (Death(station=STATION, boot=BOOT), Channel.DEATH, None),
    (
        Heartbeat(
            station=STATION,
            boot=BOOT,
            at_ms=1,
            uptime_ms=2,
            loop_lag_ms=0,
            disk_free_bytes=10,
            lanes=[LaneHealth(lane=Lane.SOS, depth=1)],
        ),
        Channel.HEARTBEAT,
        None,
    ),
    (Reply(station=STATION, id=COMMAND, at_ms=1, outcome=Outcome.DONE), Channel.REPLY, COMMAND),
]
DOWNLINKS: list[tuple[Message, Channel, str | None]] = [
    (
        Receipt(
            station=STATION,
            journal=JOURNAL,
            lane=Lane.SOS,
            ranges=[(1, 2)],
            rejected=[Rejected(2, RejectReason.MALFORMED)],
            committed_at_ms=4,
        ),
        Channel.RECEIPT,
        None,
    ),
    (Refusal(station=STATION, reason=RefuseReason.OVERSIZED, digest="0" * 16), Channel.RECEIPT, None),
    *(
        (
            Command(station=STATION, id=COMMAND, issued_at_ms=1, expires_at_ms=2, body=body),
            Channel.COMMAND,
            COMMAND,
        )
        for body in (Ping(), RunDrill(), ShowSos(incident=JOURNAL, version=1, stage=SosStage.RECEIVED))
    ),
]


@pytest.mark.parametrize(("message", "channel", "token"), UPLINKS)
def test_every_uplink_message_reads_back(message: Message, channel: Channel, token: str | None) -> None:
    assert decode_uplink(Topic(STATION, channel, token), encode(message)) == message


@pytest.mark.parametrize(("message", "channel", "token"), DOWNLINKS)
def test_every_downlink_message_reads_back(message: Message, channel: Channel, token: str | None) -> None:
    assert decode_downlink(Topic(STATION, channel, token), encode(message)) == message


@pytest.mark.parametrize(("message", "channel", "token"), UPLINKS)
def test_a_station_cannot_speak_for_another(message: Message, channel: Channel, token: str | None) -> None:
    with pytest.raises(MessageError) as caught:
        decode_uplink(Topic("st-0002", channel, token), encode(message))
    assert caught.value.reason is RefuseReason.NOT_YOURS


@pytest.mark.parametrize(("message", "channel", "token"), [*UPLINKS, *DOWNLINKS])
def test_an_unknown_field_and_another_version_are_refused(
    message: Message, channel: Channel, token: str | None
) -> None:
    decode = decode_uplink if str(channel).startswith("up/") else decode_downlink
    topic = Topic(STATION, channel, token)
    with pytest.raises(MessageError) as extra:
        decode(topic, _changed(encode(message), lambda tree: tree.update(surprise=1)))
    assert extra.value.reason is RefuseReason.MALFORMED
    with pytest.raises(MessageError) as version:
        decode(topic, _changed(encode(message), lambda tree: tree.update(v=2)))
    assert version.value.reason is RefuseReason.WRONG_VERSION


def test_a_broken_entry_does_not_take_its_neighbours_along() -> None:
    payload = _changed(
        batch_of(Lane.SOS, PRESS, PRESS, PRESS), lambda tree: tree["entries"][1].update(at_ms="now")
    )
    intake = read(Lane.SOS, payload)
    assert [entry.seq for entry in intake.entries] == [1, 3]
    assert [aside.rejected for aside in intake.aside] == [Rejected(2, RejectReason.MALFORMED)]
    assert b'"now"' in intake.aside[0].payload


def test_an_entry_in_the_wrong_lane_is_set_aside() -> None:
    intake = read(Lane.EVENT, batch_of(Lane.EVENT, PRESS, DaemonStarted(release="0.1.0")))
    assert [entry.seq for entry in intake.entries] == [2]
    assert [aside.rejected for aside in intake.aside] == [Rejected(1, RejectReason.WRONG_LANE)]


@pytest.mark.parametrize(
    ("body", "is_stored"),
    [
        (Reading(measure="cabin-temperature", value=25.5, sensor="t1"), True),
        (Reading(measure="cabin-temperature", value=80, sensor="t1"), True),
        (Reading(measure="cabin-temperature", value=80.1, sensor="t1"), False),
        (Reading(measure="mood", value=1, sensor="t1"), False),
        (Reading(measure="pulse-rate", value=70, sensor="t1"), False),
    ],
)
def test_an_implausible_reading_is_set_aside(body: Reading, is_stored: bool) -> None:  # noqa: FBT001  # a table's column
    intake = read(Lane.TELEMETRY, batch_of(Lane.TELEMETRY, body))
    assert [aside.rejected.reason for aside in intake.aside] == (
        [] if is_stored else [RejectReason.IMPLAUSIBLE]
    )


@pytest.mark.parametrize(
    ("values", "is_stored"),
    [
        ([("systolic-pressure", 128), ("diastolic-pressure", 82)], True),
        ([("systolic-pressure", 128), ("diastolic-pressure", 10)], False),
        ([("cabin-temperature", 25)], False),
        ([("mood", 1)], False),
    ],
)
def test_an_implausible_measurement_is_set_aside_as_a_whole(
    values: list[tuple[str, float]],
    is_stored: bool,  # noqa: FBT001  # a table's column
) -> None:
    body = Measured(
        session="a" * 32,
        measurement="b" * 32,
        vital=VitalKind.BLOOD_PRESSURE,
        values=[Quantity(measure=measure, value=value) for measure, value in values],
        sensor="cuff",
    )
    intake = read(Lane.VITALS, batch_of(Lane.VITALS, body))
    assert [aside.rejected.reason for aside in intake.aside] == (
        [] if is_stored else [RejectReason.IMPLAUSIBLE]
    )


def test_a_gap_must_lie_before_its_own_entry() -> None:
    intake = read(Lane.TELEMETRY, batch_of(Lane.TELEMETRY, Dropped(first=1, last=1)))
    assert intake.aside[0].rejected.reason is RejectReason.IMPLAUSIBLE


@pytest.mark.parametrize(
    "damage",
    [
        lambda tree: tree.update(entries=[]),
        lambda tree: tree.update(entries=tree["entries"] * 501),
        lambda tree: tree["entries"].append({"no": "number"}),
        lambda tree: tree["entries"][0].update(seq=0),
        lambda tree: tree.pop("journal"),
        lambda tree: tree.update(journal="short"),
    ],
)
def test_a_batch_that_cannot_be_receipted_is_refused_whole(damage: Callable[[Any], None]) -> None:
    with pytest.raises(MessageError) as caught:
        read(Lane.SOS, _changed(batch_of(Lane.SOS, PRESS), damage))
    assert caught.value.reason is RefuseReason.MALFORMED


def test_a_batch_on_another_lanes_topic_is_not_its_senders() -> None:
    with pytest.raises(MessageError) as caught:
        read(Lane.EVENT, batch_of(Lane.SOS, PRESS))
    assert caught.value.reason is RefuseReason.NOT_YOURS


def test_what_is_too_large_is_refused_before_it_isread() -> None:
    with pytest.raises(MessageError) as caught:
        read(Lane.SOS, b"[" * (MAX_PAYLOAD_BYTES + 1))
    assert caught.value.reason is RefuseReason.OVERSIZED


@pytest.mark.parametrize("letter", [b"[", b'{"v":'])
def test_deep_nesting_is_an_error_like_any_other(letter: bytes) -> None:
    with pytest.raises(MessageError):
        read(Lane.SOS, letter * (MAX_PAYLOAD_BYTES // len(letter)))


@pytest.mark.parametrize("channel", [Channel.RECEIPT, Channel.COMMAND])
def test_a_station_does_not_send_on_the_clouds_topics(channel: Channel) -> None:
    topic = Topic(STATION, channel, COMMAND if channel is Channel.COMMAND else None)
    with pytest.raises(MessageError):
        decode_uplink(topic, b"{}")


@pytest.mark.parametrize("topic", [Topic(STATION, Lane.SOS), Topic(STATION, Channel.BIRTH)])
def test_the_cloud_does_not_send_on_a_stations_topics(topic: Topic) -> None:
    with pytest.raises(MessageError):
        decode_downlink(topic, b"{}")


def test_an_id_must_be_its_topics() -> None:
    reply = Reply(station=STATION, id=COMMAND, at_ms=1, outcome=Outcome.DONE)
    with pytest.raises(MessageError):
        decode_uplink(Topic(STATION, Channel.REPLY, "d" * 32), encode(reply))
    command = Command(station=STATION, id=COMMAND, issued_at_ms=1, expires_at_ms=2, body=Ping())
    with pytest.raises(MessageError):
        decode_downlink(Topic(STATION, Channel.COMMAND, "d" * 32), encode(command))


ANY_TOPIC = st.sampled_from([*(Topic(STATION, lane) for lane in Lane), Topic(STATION, Channel.HEARTBEAT)])


@given(ANY_TOPIC, st.binary(max_size=300))
def test_no_bytes_raise_anything_but_our_own_error(topic: Topic, payload: bytes) -> None:
    for decode in (decode_uplink, decode_downlink):
        with pytest.raises(MessageError):
            decode(topic, payload)


JSON_TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.sampled_from(["v", "station", "journal", "boot", "lane", "sent_at_ms", "entries"]), JSON_TREES)
def test_any_value_in_any_field_is_read_or_refused(field: str, value: Any) -> None:
    payload = _changed(batch_of(Lane.SOS, PRESS), lambda tree: tree.update({field: value}))
    with contextlib.suppress(MessageError):
        read(Lane.SOS, payload)


@given(st.sampled_from(["kind", "button", "source", "drill", "ago_ms", "extra"]), st.text(min_size=4))
def test_an_error_never_repeats_what_the_sender_wrote(field: str, value: str) -> None:
    secret = "?" + value
    body = _changed(encode_body(PRESS), lambda tree: tree.update({field: secret}))
    with pytest.raises(MessageError) as caught:
        decode_body(body)
    assert secret not in str(caught.value)


def test_an_error_says_which_rule_and_where() -> None:
    heartbeat = encode(UPLINKS[2][0])
    payload = _changed(heartbeat, lambda tree: tree.update(uptime_ms=-1))
    with pytest.raises(MessageError, match=r"Expected `int` >= 0 at `\$\.uptime_ms`"):
        decode_uplink(Topic(STATION, Channel.HEARTBEAT), payload)


def test_a_message_too_large_for_the_brokers_is_not_encoded() -> None:
    entries = [
        LooseEntry(seq=1, at_ms=1, uptime_ms=1, body=msgspec.Raw(b'"' + b"x" * MAX_PAYLOAD_BYTES + b'"'))
    ]
    with pytest.raises(MessageError) as caught:
        encode(
            LooseBatch(
                station=STATION, journal=JOURNAL, boot=BOOT, lane=Lane.SOS, sent_at_ms=1, entries=entries
            )
        )
    assert caught.value.reason is RefuseReason.OVERSIZED
