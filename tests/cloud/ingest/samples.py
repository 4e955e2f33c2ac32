"""Batches as stations send them, arrivals as the source gives them."""

import json
from typing import Any

import msgspec

from cloud.ingest.intake import Arrival
from wire.codec import LooseBatch, LooseEntry, encode, encode_body
from wire.entries import AnyBody, Reading, SosPressed
from wire.topics import Channel, Lane, Topic

STATION = "st-0001"
JOURNAL, BOOT = "a" * 32, "b" * 32
NOW_MS = 1_780_000_000_000


def press(seq: int = 1, *, drill: bool = False) -> SosPressed:
    """Return a press as the button board names it."""
    return SosPressed(button="standing", source=f"0000002a-1-{seq}", ago_ms=4, drill=drill)


def reading(value: float = 25.5) -> Reading:
    """Return a reading that a working sensor can have made."""
    return Reading(measure="cabin-temperature", value=value, sensor="t1")


def batch(lane: Lane, bodies: dict[int, AnyBody], station: str = STATION, journal: str = JOURNAL) -> bytes:
    """Return the payload of a batch: sequence number -> body."""
    entries = [
        LooseEntry(seq=seq, at_ms=NOW_MS - 20, uptime_ms=seq, body=msgspec.Raw(encode_body(body)))
        for seq, body in bodies.items()
    ]
    return encode(
        LooseBatch(
            station=station, journal=journal, boot=BOOT, lane=lane, sent_at_ms=NOW_MS - 10, entries=entries
        )
    )


def arrival(
    kind: Lane | Channel, payload: bytes, station: str = STATION, command: str | None = None
) -> Arrival:
    """Return a payload as it came from the broker."""
    return Arrival(str(Topic(station, kind, command)), payload, mid=1, epoch=1, received_at_ms=NOW_MS)


def spoiled_entry(payload: bytes, index: int) -> bytes:
    """Return a batch in which one entry has lost its sense but not its number."""
    tree: dict[str, Any] = json.loads(payload)
    tree["entries"][index]["body"] = {"kind": "riddle"}
    return json.dumps(tree).encode()
