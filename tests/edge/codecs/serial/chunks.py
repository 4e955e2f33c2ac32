"""However the bytes of a line are chunked, an instrument's protocol must tell the same."""

from collections.abc import Callable

from hypothesis import strategies as st

from edge.codecs.instrument import Damage, InstrumentEvent
from edge.codecs.serial.protocol import SerialProtocol


def fed_at_random(
    make: Callable[[], SerialProtocol], stream: bytes, data: st.DataObject
) -> list[InstrumentEvent]:
    """Return what the protocol tells of `stream` in pieces of random sizes."""
    protocol, at = make(), 0
    events: list[InstrumentEvent] = []
    while at < len(stream):
        size = data.draw(st.integers(1, 40))
        events += protocol.feed(stream[at : at + size])
        at += size
    return events


def damaged_bytes(events: list[InstrumentEvent]) -> int:
    return sum(event.size for event in events if isinstance(event, Damage))


def next_poll_ms(protocol: SerialProtocol) -> int | None:
    """Return when the protocol wants to be polled, now."""
    return protocol.next_poll_ms
