import pytest

from edge.codecs.gatt.errors import CodecError
from edge.codecs.gatt.record_access import (
    Operation,
    Outcome,
    RecordAnswer,
    RecordCount,
    decode_record_access,
    encode_abort,
    encode_newest,
    encode_request,
    record_access_events,
)
from edge.codecs.instrument import DamageReason
from tests.edge.codecs.gatt.cases import (
    assert_no_front_piece_passes,
    assert_what_follows_is_ignored,
)
from tests.fakes.ble import frames


@pytest.mark.parametrize(
    ("request_sent", "written"),
    [
        (encode_request(Operation.COUNT), "0401"),
        (encode_request(Operation.REPORT), "0101"),
        (encode_request(Operation.DELETE), "0201"),
        (encode_request(Operation.REPORT, first=3), "0103010300"),
        (encode_request(Operation.REPORT, last=0x0102), "0102010201"),
        (encode_request(Operation.COUNT, first=3, last=0xFFFF), "0404010300ffff"),
        (encode_request(Operation.REPORT, first=0), "0103010000"),
        (encode_request(Operation.REPORT, first=0x10000), "010301ffff"),
        (encode_request(Operation.REPORT, last=-1), "0102010000"),
        (encode_newest(Operation.REPORT), "0106"),
        (encode_abort(), "0300"),
    ],
)
def test_a_request_is_written_as_specified(request_sent: bytes, written: str) -> None:
    assert request_sent.hex() == written


@pytest.mark.parametrize("count", [0, 1, 3, 0xFFFF])
def test_the_number_of_records_is_read(count: int) -> None:
    assert decode_record_access(frames.record_count(count)) == RecordCount(count)


@pytest.mark.parametrize("outcome", list(Outcome))
@pytest.mark.parametrize("operation", [*Operation, 12])
def test_the_answer_to_a_request_is_read(operation: int, outcome: Outcome) -> None:
    frame = frames.record_answer(operation, outcome)
    assert decode_record_access(frame) == RecordAnswer(operation, outcome)
    assert record_access_events(frame) == []


@pytest.mark.parametrize(
    "noise", ["06000100", "0600010b", "06010101", "05010300", "0101", "07000300", "0000"]
)
def test_anything_else_from_a_meter_is_noise(noise: str) -> None:
    with pytest.raises(CodecError) as caught:
        decode_record_access(bytes.fromhex(noise))
    assert caught.value.damage.reason is DamageReason.NOISE


def test_no_part_of_an_answer_passes_and_what_follows_is_ignored() -> None:
    for frame in (frames.record_count(3), frames.record_answer(1)):
        assert_no_front_piece_passes(decode_record_access, frame)
        assert_what_follows_is_ignored(decode_record_access, frame)
