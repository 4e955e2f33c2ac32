"""The Record Access Control Point (2A52): asking a meter for its records, and its answers.

Source: GATT Specification Supplement, section Record Access Control Point; Glucose Service 1.0.1, section 3.4, whose
records are numbered in 16 bits.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from edge.codecs.gatt.reader import Reader
from edge.codecs.instrument import InstrumentEvent

LAST_SEQUENCE: Final = 0xFFFF

_BY_SEQUENCE: Final = 1
_COUNT_ANSWER: Final = 5
_ANSWER: Final = 6


class Operation(IntEnum):
    """What the meter is to do with the records selected."""

    REPORT = 1
    DELETE = 2
    ABORT = 3
    COUNT = 4


class Operator(IntEnum):
    """Which records are selected."""

    NULL = 0
    ALL = 1
    UP_TO = 2
    FROM = 3
    WITHIN = 4
    FIRST = 5
    LAST = 6


class Outcome(IntEnum):
    """How a request ended."""

    SUCCESS = 1
    OPERATION_UNSUPPORTED = 2
    OPERATOR_INVALID = 3
    OPERATOR_UNSUPPORTED = 4
    OPERAND_INVALID = 5
    NO_RECORDS = 6
    ABORT_FAILED = 7
    NOT_COMPLETED = 8
    OPERAND_UNSUPPORTED = 9
    BUSY = 10


@dataclass(frozen=True, slots=True)
class RecordCount:
    """So many records match."""

    count: int


@dataclass(frozen=True, slots=True)
class RecordAnswer:
    """The request `operation` (a code: the meter may name any) is over; all its records came before this."""

    operation: int
    outcome: Outcome


def encode_request(operation: Operation, first: int | None = None, last: int | None = None) -> bytes:
    """Ask for the records numbered `first` to `last`, both included and open where None; neither: for all.

    Numbers are 0 to `LAST_SEQUENCE`; others are cut to that.
    """
    if first is None and last is None:
        return bytes((operation, Operator.ALL))
    operator = Operator.WITHIN
    if first is None or last is None:
        operator = Operator.UP_TO if first is None else Operator.FROM
    bounds = b"".join(_sequence(number) for number in (first, last) if number is not None)
    return bytes((operation, operator, _BY_SEQUENCE)) + bounds


def encode_newest(operation: Operation) -> bytes:
    """Ask for the newest record alone."""
    return bytes((operation, Operator.LAST))


def encode_abort() -> bytes:
    """Ask the meter to leave off."""
    return bytes((Operation.ABORT, Operator.NULL))


def decode_record_access(data: bytes) -> RecordCount | RecordAnswer:
    """Decode what the meter indicates on 2A52."""
    reader = Reader(data)
    kind, operator = reader.uint8(), reader.uint8()
    if operator != Operator.NULL:
        raise reader.noise()
    if kind == _COUNT_ANSWER:
        return RecordCount(reader.uint16())
    if kind != _ANSWER:
        raise reader.noise()
    operation, outcome = reader.uint8(), reader.uint8()
    if not Outcome.SUCCESS <= outcome <= Outcome.BUSY:
        raise reader.noise()
    return RecordAnswer(operation, Outcome(outcome))


def record_access_events(data: bytes) -> list[InstrumentEvent]:
    """Return nothing: it is between driver and meter."""
    decode_record_access(data)
    return []


def _sequence(number: int) -> bytes:
    return max(0, min(number, LAST_SEQUENCE)).to_bytes(2, "little")
