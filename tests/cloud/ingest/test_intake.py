"""Sorting a drain: nothing is dropped, and everybody is told what became of what they sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.ingest.intake import Arrival, accounted, receipts, sort_arrivals
from tests.cloud.ingest.samples import (
    BOOT,
    JOURNAL,
    NOW_MS,
    STATION,
    arrival,
    batch,
    press,
    reading,
    spoiled_entry,
)
from wire.codec import encode
from wire.entries import Dropped
from wire.errors import RefuseReason
from wire.messages import Birth, Receipt, Refusal, RejectReason
from wire.topics import Channel, Lane, Topic


def test_batches_of_a_lane_stay_together_in_their_order() -> None:
    group = sort_arrivals(
        [
            arrival(Lane.SOS, batch(Lane.SOS, {1: press(1)})),
            arrival(Lane.TELEMETRY, batch(Lane.TELEMETRY, {1: reading()})),
            arrival(Lane.SOS, batch(Lane.SOS, {2: press(2)})),
        ]
    )
    parcels = group.parcels[STATION, JOURNAL, Lane.SOS]
    assert [entry.seq for parcel in parcels for entry in parcel.intake.entries] == [1, 2]
    assert len(group.parcels) == 2
    assert group.spoiled == []


def test_signs_of_life_are_no_batches() -> None:
    birth = Birth(station=STATION, journal=JOURNAL, boot=BOOT, at_ms=1, release="0.1.0")
    group = sort_arrivals([arrival(Channel.BIRTH, encode(birth))])
    assert [sign.message for sign in group.signs] == [birth]


def test_a_cleared_retained_message_is_nothing() -> None:
    group = sort_arrivals([arrival(Channel.BIRTH, b"")])
    assert not group.signs
    assert not group.spoiled


def test_what_cannot_be_read_is_kept_and_its_sender_is_told() -> None:
    group = sort_arrivals([arrival(Lane.SOS, b"not json")])
    (spoiled,) = group.spoiled
    assert (spoiled.station, spoiled.reason, spoiled.payload) == (
        STATION,
        RefuseReason.MALFORMED,
        b"not json",
    )
    ((topic, refusal),) = receipts(group, NOW_MS)
    assert topic == Topic(STATION, Channel.RECEIPT)
    assert isinstance(refusal, Refusal)
    assert refusal.digest == spoiled.digest


@pytest.mark.parametrize(
    "topic", ["tcds/v1/00/st-0001/up/sos", "tcds/v2/18/st-0001/up/sos", "x", "tcds/v1/18/st-0001/up/nothing"]
)
def test_a_topic_that_is_not_ours_is_kept_and_answered_to_nobody(topic: str) -> None:
    group = sort_arrivals([Arrival(topic, b"{}", 1, 1, NOW_MS)])
    assert group.spoiled[0].reason is RefuseReason.NOT_YOURS
    assert receipts(group, NOW_MS) == []


def test_a_forged_sender_is_refused_on_the_topic_it_wrote_to() -> None:
    group = sort_arrivals([arrival(Lane.SOS, batch(Lane.SOS, {1: press()}, station="st-0002"))])
    ((topic, refusal),) = receipts(group, NOW_MS)
    assert topic.station == STATION
    assert isinstance(refusal, Refusal)
    assert refusal.reason is RefuseReason.NOT_YOURS


def test_one_receipt_covers_all_clean_batches_of_a_lane_and_the_sos_comes_first() -> None:
    group = sort_arrivals(
        [
            arrival(Lane.TELEMETRY, batch(Lane.TELEMETRY, {1: reading(), 2: reading()})),
            arrival(Lane.TELEMETRY, batch(Lane.TELEMETRY, {3: reading()})),
            arrival(Lane.SOS, batch(Lane.SOS, {1: press()})),
        ]
    )
    told = [message for _, message in receipts(group, NOW_MS) if isinstance(message, Receipt)]
    assert [(receipt.lane, receipt.ranges) for receipt in told] == [
        (Lane.SOS, [(1, 1)]),
        (Lane.TELEMETRY, [(1, 3)]),
    ]
    assert all(receipt.committed_at_ms == NOW_MS for receipt in told)


def test_a_rejected_entry_is_receipted_with_its_reason() -> None:
    payload = spoiled_entry(batch(Lane.SOS, {1: press(1), 2: press(2), 3: press(3)}), 1)
    group = sort_arrivals([arrival(Lane.SOS, payload)])
    ((_, receipt),) = receipts(group, NOW_MS)
    assert isinstance(receipt, Receipt)
    assert receipt.ranges == [(1, 3)]
    assert [(item.seq, item.reason) for item in receipt.rejected] == [(2, RejectReason.MALFORMED)]


def test_a_reported_gap_is_accounted_for() -> None:
    group = sort_arrivals([arrival(Lane.TELEMETRY, batch(Lane.TELEMETRY, {9: Dropped(first=1, last=8)}))])
    assert str(accounted(group.parcels[STATION, JOURNAL, Lane.TELEMETRY])) == "1-9"


def test_a_receipt_with_many_holes_is_cut_into_pieces_that_stations_accept() -> None:
    numbers = range(1, 2_001, 2)
    arrivals = [
        arrival(
            Lane.TELEMETRY, batch(Lane.TELEMETRY, {seq: reading() for seq in numbers[start : start + 500]})
        )
        for start in (0, 500)
    ]
    told = [
        message for _, message in receipts(sort_arrivals(arrivals), NOW_MS) if isinstance(message, Receipt)
    ]
    assert [len(receipt.ranges) for receipt in told] == [500, 500]
    assert sorted(span for receipt in told for span in receipt.ranges) == [
        (number, number) for number in numbers
    ]


@given(st.lists(st.tuples(st.text(max_size=60), st.binary(max_size=80)), max_size=5))
def test_no_arrival_raises_and_every_one_is_accounted_for(raw: list[tuple[str, bytes]]) -> None:
    group = sort_arrivals(Arrival(topic, payload, 1, 1, NOW_MS) for topic, payload in raw)
    assert len(group.spoiled) == sum(bool(payload) for _, payload in raw)
