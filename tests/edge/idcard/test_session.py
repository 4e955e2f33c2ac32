import pytest

from edge.idcard.blocks import Blocks, Manner
from edge.idcard.chip_authentication import ChipKey, usable_key
from edge.idcard.errors import ClonedError, GarbledError, GoneError, RefusedError, SilentError
from edge.idcard.groups import File
from edge.idcard.port import Port
from edge.idcard.security_infos import parse_dg14
from edge.idcard.session import Session
from tests.edge.idcard.cards import can_of
from tests.edge.idcard.scripted import AnsweringPort
from tests.fakes.idcard.issuing import IssuedCard, Personalisation, issue
from tests.fakes.idcard.manners import Manners
from tests.fakes.idcard.people import AN

OPENING = 6


def session_with(port: Port, blocks: Blocks | None = None) -> Session:
    session = Session(port, can_of(AN), blocks=blocks)
    session.open()
    return session


def chip_key_of(card: IssuedCard) -> ChipKey:
    key = usable_key(parse_dg14(card.groups[14]))
    assert key is not None
    return key


def is_long_read(apdu: bytes) -> bool:
    return apdu[:2] == b"\x0c\xb0" and apdu[4] == 0


def test_files_are_read_whole_one_after_the_other() -> None:
    card = issue()
    session = session_with(card.chip)
    assert session.read(File.DG1) == card.groups[1]
    assert session.read(File.DG2) == card.groups[2]
    assert session.read(File.SOD) == card.sod
    assert session.exchange.apdus == card.chip.apdus == OPENING + 1 + 4 + 1


def test_a_chip_that_wants_short_answers_is_opened_anew_once_and_that_is_remembered() -> None:
    card = issue(manners=Manners(extended=False, blocks_after=1))
    blocks = Blocks()
    session = session_with(card.chip, blocks)
    assert session.read(File.DG1) == card.groups[1]
    assert session.exchange.apdus == OPENING + 1 + OPENING + 1
    assert session.read(File.DG13) == card.groups[13]
    assert blocks.manner is Manner.SHORT
    card.chip.reset()
    knowing = session_with(card.chip, blocks)
    assert knowing.read(File.DG1) == card.groups[1]
    assert knowing.exchange.apdus == OPENING + 1


@pytest.mark.parametrize("answer", [b"\x67\x00", b"\x6f\x00", b"\x90\x00", b"\x01\x02\x03\x90\x00"])
def test_however_a_long_read_fails_it_is_tried_short(answer: bytes) -> None:
    card = issue()
    port = AnsweringPort(lambda apdu: answer if is_long_read(apdu) else card.chip.transmit(apdu))
    blocks = Blocks()
    assert session_with(port, blocks).read(File.DG13) == card.groups[13]
    assert blocks.manner is Manner.SHORT


def test_a_reader_that_falls_silent_over_a_long_answer_is_asked_for_short_ones() -> None:
    card = issue()

    def narrow(apdu: bytes) -> bytes:
        answer = card.chip.transmit(apdu)
        if len(answer) > 522:
            raise SilentError("the reader gives no answer")
        return answer

    blocks = Blocks()
    session = session_with(AnsweringPort(narrow), blocks)
    assert session.read(File.DG1) == card.groups[1]
    assert blocks.is_long
    assert session.read(File.DG2) == card.groups[2]
    assert not blocks.is_long


def test_a_card_that_falls_silent_is_silent_and_nothing_is_learnt_of_lengths() -> None:
    card = issue()
    blocks = Blocks()
    session = session_with(card.chip, blocks)

    def silent(_apdu: bytes) -> bytes:
        raise SilentError("the card gives no answer")

    session.exchange._port = AnsweringPort(silent)
    with pytest.raises(SilentError):
        session.read(File.DG1)
    assert blocks.is_long


def test_a_chip_that_refuses_to_be_asked_beyond_the_end_is_read_with_care() -> None:
    card = issue()

    def fussy(apdu: bytes) -> bytes:
        asks_for_223 = apdu[:2] == b"\x0c\xb0" and bytes.fromhex("9701DF") in apdu
        return b"\x67\x00" if asks_for_223 else card.chip.transmit(apdu)

    blocks = Blocks(0)
    assert session_with(AnsweringPort(fussy), blocks).read(File.DG1) == card.groups[1]
    assert blocks.manner is Manner.CAREFUL


def test_a_file_that_is_not_there_is_no_reason_to_ask_for_less() -> None:
    card = issue(Personalisation(aa=None))
    blocks = Blocks()
    session = session_with(card.chip, blocks)
    with pytest.raises(RefusedError) as refusal:
        session.read(File.DG15)
    assert refusal.value.sw == 0x6A82
    assert blocks.is_long


def test_a_garbled_answer_of_a_length_that_came_through_before_is_garbled() -> None:
    card = issue(manners=Manners(garbage_at=OPENING + 6))
    blocks = Blocks()
    session = session_with(card.chip, blocks)
    session.read(File.DG2)
    session.read(File.DG1)
    with pytest.raises(GarbledError):
        session.read(File.DG1)
    assert blocks.is_long


def test_a_card_that_is_pulled_is_gone_and_nothing_is_learnt_of_lengths() -> None:
    card = issue(manners=Manners(pulled_at=OPENING + 1))
    blocks = Blocks()
    session = session_with(card.chip, blocks)
    with pytest.raises(GoneError):
        session.read(File.DG1)
    assert blocks.is_long


def test_chip_authentication_is_proven_by_what_is_read_next() -> None:
    card = issue()
    session = session_with(card.chip)
    session.authenticate(chip_key_of(card))
    assert session.is_unproven
    assert session.read(File.DG13) == card.groups[13]
    assert not session.is_unproven


def test_chip_authentication_is_proven_by_one_byte_where_nothing_is_left_to_read() -> None:
    card = issue()
    session = session_with(card.chip)
    session.authenticate(chip_key_of(card))
    session.confirm()
    assert not session.is_unproven
    assert session.exchange.apdus == OPENING + 3


def test_a_copy_fails_by_either_proof_and_its_lengths_are_not_blamed() -> None:
    for prove in (Session.confirm, lambda session: session.read(File.DG2)):
        card = issue(Personalisation(cloned=True))
        blocks = Blocks()
        session = session_with(card.chip, blocks)
        session.authenticate(chip_key_of(card))
        with pytest.raises(ClonedError):
            prove(session)
        assert blocks.is_long


def test_a_chip_that_refuses_the_agreement_is_a_copy() -> None:
    card = issue(Personalisation(aa="ecdsa"))
    without = issue(Personalisation(ca=False))
    session = session_with(without.chip)
    with pytest.raises(ClonedError):
        session.authenticate(chip_key_of(card))


def test_opening_anew_repeats_chip_authentication() -> None:
    card = issue()

    def narrow(apdu: bytes) -> bytes:
        answer = card.chip.transmit(apdu)
        return b"\x6f\x00" if len(answer) > 2000 else answer

    session = session_with(AnsweringPort(narrow))
    session.authenticate(chip_key_of(card))
    session.confirm()
    before = session.exchange.apdus
    assert session.read(File.DG2) == card.groups[2]
    assert not session.is_unproven
    long_try, again = 1, OPENING + 2
    shorts = -(-len(card.groups[2]) // 223)
    assert session.exchange.apdus == before + long_try + again + shorts
