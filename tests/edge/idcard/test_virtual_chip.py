"""The virtual chip by itself: what it does, and what it has to refuse."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.idcard.errors import GoneError
from tests.edge.idcard.bare_terminal import PACE_OID, SELECT_APPLICATION, BareTerminal
from tests.fakes.idcard.issuing import Personalisation, issue
from tests.fakes.idcard.manners import AtEnd, Manners
from tests.fakes.idcard.pace import CAN, MRZ, Profile
from tests.fakes.idcard.people import AN, PEOPLE, Person

VIETNAMESE_CARD_ACCESS = bytes.fromhex(
    "3134300D060804007F0007020202020101300F060A04007F000702020302020201013012060A04007F0007020204020202010202010D"
)


def chip_in_application() -> BareTerminal:
    """A terminal that has opened the default card by its CAN and selected the application."""
    card = issue()
    terminal = BareTerminal(card.chip)
    assert terminal.pace(card.can.encode(), CAN) == 0x9000
    assert terminal.send("00A4040C", bytes.fromhex("A0000002471001")) == (b"", 0x9000)
    return terminal


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.number)
def test_a_card_opens_by_its_mrz_and_by_its_can_and_all_its_files_are_there(person: Person) -> None:
    card = issue(Personalisation(person=person))
    for password, reference in ((person.can.encode(), CAN), (_mrz_password(person.mrz_information), MRZ)):
        terminal = BareTerminal(card.chip)
        assert terminal.pace(password, reference) == 0x9000
        terminal.send("00A4040C", bytes.fromhex("A0000002471001"))
        assert terminal.file(0x010D) == card.groups[13]
    terminal = BareTerminal(card.chip)
    assert terminal.bac(person.mrz_information) == 0x9000
    for number in (1, 2, 13, 14, 15):
        assert terminal.file(0x0100 | number) == card.groups[number]
    assert terminal.file(0x011D) == card.sod


def _mrz_password(information: str) -> bytes:
    return hashlib.sha1(information.encode()).digest()


def test_a_wrong_key_opens_nothing_and_after_some_of_them_no_key_does_even_after_a_reset() -> None:
    card = issue(manners=Manners(blocks_after=3))
    terminal = BareTerminal(card.chip)
    assert terminal.pace(b"000000", CAN) == 0x6300
    assert terminal.bac("0" * 24) == 0x6300
    assert terminal.pace(card.can.encode(), CAN) == 0x9000
    for _ in range(3):
        card.chip.reset()
        assert terminal.pace(b"000000", CAN) == 0x6300
    card.chip.reset()
    assert terminal.pace(card.can.encode(), CAN) == 0x6983
    assert terminal.bac(AN.mrz_information) == 0x6983


def test_without_a_session_only_card_access_can_be_read() -> None:
    terminal = BareTerminal(issue().chip)
    assert terminal.plain("00B09C0000") == (VIETNAMESE_CARD_ACCESS, 0x9000)
    assert terminal.plain("00A4020C02011C") == (b"", 0x9000)
    assert terminal.plain("00B0000204") == (VIETNAMESE_CARD_ACCESS[2:6], 0x9000)
    assert terminal.plain("00A4000C023F00") == (b"", 0x6D00)
    assert terminal.plain("00A4020C02010D") == (b"", 0x6A82)
    assert terminal.plain(SELECT_APPLICATION) == (b"", 0x9000)
    assert terminal.plain("00A4020C02010D") == (b"", 0x6982)
    assert terminal.plain("00B08D0000") == (b"", 0x6982)
    assert terminal.plain("0088000008000000000000000000") == (b"", 0x6982)


def test_a_strict_chip_takes_no_le_in_a_plain_select() -> None:
    for strict, sw in ((True, 0x6700), (False, 0x9000)):
        terminal = BareTerminal(issue(manners=Manners(strict=strict)).chip)
        assert terminal.plain(SELECT_APPLICATION + "00") == (b"", sw)


@pytest.mark.parametrize(
    ("command", "sw"),
    [
        ("00A4040C07A0000002471002", 0x6A82),
        ("0020000000", 0x6D00),
        ("80CA000000", 0x6E00),
        ("00C0000000", 0x6985),
        ("0CB0000000", 0x6988),
        ("00A4", 0x6700),
        ("00A4040C07A000", 0x6700),
        ("0022C1A40F800A04007F00070202040203830102", 0x6A80),
        ("0022C1A40F800A04007F00070202040202830103", 0x6A88),
        ("0022C1A412800A04007F0007020204020283010284010C", 0x6A88),
        ("0022C1A402800A", 0x6A80),
        ("0022C1B400", 0x6700),
        ("0022C1B4018001", 0x6700),
        ("0086000000", 0x6985),
        ("0082000028" + "00" * 40 + "28", 0x6985),
    ],
)
def test_what_the_chip_does_not_do_has_its_status_word(command: str, sw: int) -> None:
    terminal = BareTerminal(issue().chip)
    assert terminal.plain(command) == (b"", sw)


def test_pace_must_be_chained_and_run_without_a_break() -> None:
    terminal = BareTerminal(issue().chip)
    choose = f"0022C1A40F800A{PACE_OID.hex()}830102"
    terminal.plain(choose)
    assert terminal.plain("00860000027C0000") == (b"", 0x6883)
    terminal.plain(choose)
    assert terminal.plain("10860000027C0000")[1] == 0x9000
    terminal.plain("00B09C0000")
    assert terminal.plain("10860000047C02810000") == (b"", 0x6985)
    terminal.plain(choose)
    terminal.plain("10860000027C0000")
    off_the_curve = "04" + "11" * 64
    assert terminal.plain(f"10860000457C438141{off_the_curve}00") == (b"", 0x6A80)


def test_a_card_without_pace_or_without_bac_does_not_know_it() -> None:
    only_bac = BareTerminal(issue(Personalisation(pace=False)).chip)
    assert only_bac.pace(AN.can.encode(), CAN) == 0x6D00
    assert only_bac.plain("00B09C0000") == (b"", 0x6A82)
    assert only_bac.bac(AN.mrz_information) == 0x9000
    only_pace = BareTerminal(issue(Personalisation(bac=False)).chip)
    only_pace.plain(SELECT_APPLICATION)
    assert only_pace.plain("0084000008") == (b"", 0x6D00)


def test_a_chip_may_speak_another_variant_of_pace_and_says_so() -> None:
    profile = Profile(parameter_id=12)
    card = issue(Personalisation(profile=profile))
    terminal = BareTerminal(card.chip)
    assert terminal.plain("00B09C0000")[0].endswith(profile.info)
    assert terminal.plain(f"0022C1A412800A{PACE_OID.hex()}83010284010D") == (b"", 0x6A88)
    assert terminal.plain(f"0022C1A412800A{PACE_OID.hex()}83010284010C") == (b"", 0x9000)


def test_a_refused_command_is_answered_under_protection_and_the_session_goes_on() -> None:
    terminal = chip_in_application()
    assert terminal.send("00A4020C", b"\x01\x03") == (b"", 0x6982)
    assert terminal.send("00A4020C", b"\x01\x0b") == (b"", 0x6A82)
    assert terminal.send("00200000") == (b"", 0x6D00)
    assert terminal.send("00B08D00", le="04") == (issue().groups[13][:4], 0x9000)


def test_a_wrong_checksum_or_a_plain_command_ends_the_session() -> None:
    terminal = chip_in_application()
    forged = bytearray(terminal.protect("00B08D00", le="04"))
    forged[-2] ^= 1
    assert terminal.chip.transmit(bytes(forged)) == b"\x69\x88"
    assert terminal.chip.transmit(terminal.protect("00B08D00", le="04")) == b"\x69\x88"
    terminal = chip_in_application()
    assert terminal.plain("00B08D0004") == (b"", 0x6982)
    assert terminal.chip.transmit(terminal.protect("00B08D00", le="04")) == b"\x69\x88"
    terminal = chip_in_application()
    assert terminal.plain("0CB08D0000")[1] == 0x6987


def test_a_protected_command_is_good_only_once() -> None:
    terminal = chip_in_application()
    command = terminal.protect("00B08D00", le="04")
    assert terminal.take(terminal.chip.transmit(command))[1] == 0x9000
    assert terminal.chip.transmit(command) == b"\x69\x88"


def test_a_short_answer_carries_as_much_as_fits() -> None:
    aes, des = chip_in_application(), BareTerminal(issue().chip)
    des.bac(AN.mrz_information)
    for terminal, most in ((aes, 223), (des, 231)):
        data, sw = terminal.send("00B08200", le="00")
        assert (len(data), sw) == (most, 0x9000)


def test_a_long_answer_carries_a_whole_photo_and_a_chip_that_knows_no_long_lengths_ends_the_session() -> None:
    terminal = chip_in_application()
    assert terminal.send("00B08200", le="0000") == (issue().groups[2], 0x9000)
    card = issue(manners=Manners(extended=False))
    terminal = BareTerminal(card.chip)
    assert terminal.pace(card.can.encode(), CAN) == 0x9000
    assert card.chip.transmit(terminal.protect("00B08200", le="0000")) == b"\x67\x00"
    assert card.chip.transmit(terminal.protect("00B08200", le="00")) == b"\x69\x88"


def test_offsets_are_short_ones_long_ones_and_outside() -> None:
    terminal = chip_in_application()
    group = issue().groups[2]
    terminal.send("00B08200", le="04")
    assert terminal.send("00B03000", le="10")[0] == group[0x3000:0x3010]
    odd, sw = terminal.send("00B10002", b"\x54\x02\x10\x00", le="16")
    assert (odd, sw) == (b"\x53\x10" + group[0x1000:0x1010], 0x9000)
    assert terminal.send("00B07FFF", le="10") == (b"", 0x6B00)


def test_the_end_of_a_file_is_told_in_the_chips_own_way() -> None:
    for manner, sw in ((AtEnd.DONE, 0x9000), (AtEnd.WARNED, 0x6282)):
        card = issue(manners=Manners(at_end=manner))
        terminal = BareTerminal(card.chip)
        assert terminal.bac(AN.mrz_information) == 0x9000
        assert terminal.send("00B08100", le="DF") == (card.groups[1], sw)


def test_a_pulled_card_is_gone_until_it_is_powered_again() -> None:
    chip = issue(manners=Manners(pulled_at=2)).chip
    terminal = BareTerminal(chip)
    assert terminal.plain(SELECT_APPLICATION)[1] == 0x9000
    for _ in range(2):
        with pytest.raises(GoneError):
            terminal.plain(SELECT_APPLICATION)
    chip.reset()
    assert terminal.plain(SELECT_APPLICATION)[1] == 0x9000
    assert chip.apdus == 4


def test_garbage_comes_once_and_a_slow_chip_pauses_before_each_answer() -> None:
    pauses: list[None] = []
    manners = Manners(garbage_at=2, garble=lambda answer: answer[::-1], pause=lambda: pauses.append(None))
    terminal = BareTerminal(issue(manners=manners).chip)
    assert [terminal.plain(SELECT_APPLICATION)[1] for _ in range(3)] == [0x9000, 0x0090, 0x9000]
    assert len(pauses) == 3


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_whatever_is_sent_has_an_answer_with_a_status_word(apdu: bytes) -> None:
    chip = issue().chip
    assert len(chip.transmit(apdu)) >= 2
    chip.transmit(bytes.fromhex(f"0022C1A40F800A{PACE_OID.hex()}830102"))
    assert len(chip.transmit(apdu)) >= 2
