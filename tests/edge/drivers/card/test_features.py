"""What readers say of themselves, or do not."""

from hypothesis import given
from hypothesis import strategies as st

from edge.drivers.card.features import MAX_BYTES, max_apdu_bytes, parse_tlv
from edge.drivers.card.pcsc import Context, control_code
from tests.edge.drivers.card.desk import PlainCard
from tests.edge.waiting import eventually
from tests.rig.pcsc import PcscDaemon

PROPERTIES_CODE = 0x4233_0012


class Reader:
    """Answers control codes from a table."""

    def __init__(self, answers: dict[int, bytes]) -> None:
        self._answers = answers

    def control(self, function: int, data: bytes = b"") -> bytes | None:
        assert data == b""
        return self._answers.get(function)


def reader(properties: bytes) -> Reader:
    """A reader with a PIN pad feature and with properties."""
    features = bytes.fromhex("06044233000212044233") + b"\x00\x12"
    return Reader({control_code(3400): features, PROPERTIES_CODE: properties})


def test_a_reader_with_long_apdus_says_how_long() -> None:
    assert max_apdu_bytes(reader(bytes.fromhex("0902 0000 0A04 00000100".replace(" ", "")))) == 0x10000


def test_a_reader_with_short_apdus_only_says_zero() -> None:
    assert max_apdu_bytes(reader(bytes.fromhex("0A0400000000"))) == 0


def test_a_reader_that_does_not_know_the_question_says_nothing() -> None:
    assert max_apdu_bytes(Reader({})) is None
    assert max_apdu_bytes(Reader({control_code(3400): b""})) is None


def test_a_reader_that_has_no_such_property_says_nothing() -> None:
    assert max_apdu_bytes(reader(bytes.fromhex("0901000B0272070C022322"))) is None
    assert max_apdu_bytes(reader(b"")) is None
    assert max_apdu_bytes(reader(bytes.fromhex("0A00"))) is None


def test_a_control_code_of_another_length_is_none() -> None:
    assert max_apdu_bytes(Reader({control_code(3400): bytes.fromhex("12024233")})) is None


def test_what_is_cut_off_is_left_out() -> None:
    assert parse_tlv(bytes.fromhex("010155 0203AABB".replace(" ", ""))) == {1: b"\x55"}
    assert parse_tlv(b"\x01") == {}


@given(data=st.binary(max_size=2 * MAX_BYTES))
def test_whatever_a_reader_answers_has_an_end(data: bytes) -> None:
    found = parse_tlv(data)
    assert sum(2 + len(value) for value in found.values()) <= MAX_BYTES
    size = max_apdu_bytes(reader(data))
    assert size is None or size >= 0


async def test_the_virtual_reader_says_nothing(pcscd: PcscDaemon) -> None:
    pcscd.slots[0].insert(PlainCard())
    await eventually(lambda: "Card ATR" in pcscd.log_tail())
    with Context() as context, context.connect(context.readers()[0]) as connection:
        assert max_apdu_bytes(connection) is None
