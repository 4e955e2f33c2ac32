"""Puts together what a device sends in two values: a glucose record and its context, a weighing in two packets."""

from dataclasses import replace

from edge.codecs.gatt.body_composition import (
    BodyComposition,
    decode_body_composition,
    joined,
    weighing_events,
)
from edge.codecs.gatt.characteristics import (
    BODY_COMPOSITION,
    GLUCOSE,
    GLUCOSE_CONTEXT,
    RECORD_ACCESS,
    events_of,
    number_of,
)
from edge.codecs.gatt.glucose import decode_glucose
from edge.codecs.gatt.glucose_context import decode_glucose_context
from edge.codecs.instrument import InstrumentEvent, Taken


class Joiner:
    """Takes one connection's values in order; holds at most one record and one packet, for want of their other half.

    A record's context follows it at once (Glucose Service 1.0.1, section 3.2), so the next record or the end of the
    request lets it go as it is; so does the next whole weighing a packet.
    """

    def __init__(self) -> None:
        self._record: Taken | None = None
        self._packet: tuple[BodyComposition, bytes] | None = None

    def feed(self, characteristic: str | int, data: bytes) -> list[InstrumentEvent]:
        """Take the next value and return what is complete; CodecError as `events_of`, and nothing held is lost."""
        events = events_of(characteristic, data)
        number = number_of(characteristic)
        if number == GLUCOSE:
            return self._release_record() + self._hold_record(events, data)
        if number == RECORD_ACCESS:
            return self._release_record()
        if number == GLUCOSE_CONTEXT:
            return self._complete_record(data)
        if number == BODY_COMPOSITION:
            return self._weigh(events, data)
        return events

    def finish(self) -> list[InstrumentEvent]:
        """Return what is held: the connection ended, or nothing came for a while."""
        return self._release_record() + self._release_packet()

    def _hold_record(self, events: list[InstrumentEvent], data: bytes) -> list[InstrumentEvent]:
        if not decode_glucose(data).has_context:
            return events
        self._record = next((event for event in events if isinstance(event, Taken)), None)
        return []

    def _complete_record(self, context: bytes) -> list[InstrumentEvent]:
        record = self._record
        if record is None or record.sequence != decode_glucose_context(context).sequence:
            return []
        self._record = None
        return [replace(record, raw=record.raw + context)]

    def _weigh(self, events: list[InstrumentEvent], data: bytes) -> list[InstrumentEvent]:
        told = decode_body_composition(data)
        if not told.is_part:
            return self._release_packet() + events
        if self._packet is None:
            self._packet = (told, data)
            return []
        first, raw = self._packet
        self._packet = None
        return weighing_events(joined(first, told), raw + data)

    def _release_record(self) -> list[InstrumentEvent]:
        record, self._record = self._record, None
        return [] if record is None else [record]

    def _release_packet(self) -> list[InstrumentEvent]:
        packet, self._packet = self._packet, None
        return [] if packet is None else weighing_events(*packet)
