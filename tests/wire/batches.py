"""A station of the tests, and batches of it: written and read at the doors."""

import msgspec

from wire.codec import Intake, LooseBatch, LooseEntry, decode_uplink, encode, encode_body
from wire.entries import AnyBody
from wire.topics import Lane, Topic

STATION = "st-0001"
JOURNAL, BOOT, COMMAND = "a" * 32, "b" * 32, "c" * 32
TRACKING = "V68M-8BYZ-746J"


def batch_of(lane: Lane, *bodies: AnyBody) -> bytes:
    """Return a batch of one lane."""
    entries = [
        LooseEntry(seq=seq, at_ms=1_780_000_000_000, uptime_ms=5, body=msgspec.Raw(encode_body(body)))
        for seq, body in enumerate(bodies, 1)
    ]
    return encode(
        LooseBatch(station=STATION, journal=JOURNAL, boot=BOOT, lane=lane, sent_at_ms=9, entries=entries)
    )


def read(lane: Lane, payload: bytes) -> Intake:
    """Return what the ingest makes of it."""
    intake = decode_uplink(Topic(STATION, lane), payload)
    assert isinstance(intake, Intake)
    return intake
