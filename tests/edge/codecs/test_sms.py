import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.codecs.sms import (
    MAX_SEPTETS,
    Delivery,
    Sender,
    SmsError,
    pack,
    plain,
    read_report,
    septets,
    sos_text,
    submit_pdu,
)
from tests.fakes.modem import Sms, _read_submit

AT_MS = 1_795_336_200_000  # 2026-11-22 20:30:00 +07:00
SOURCE = "0000abcd-12-3"
SENDER = Sender("hcm-binh-trung-a1", "Trạm Bình Trưng A1", "Sảnh tháp A, 12 Nguyễn Duy Trinh")


def test_the_text_says_who_where_when_and_which_press() -> None:
    text = sos_text(SENDER, AT_MS, SOURCE)
    assert text.startswith("SOS tram Tram Binh Trung A1, Sanh thap A, 12 Nguyen Duy Trinh. Luc ")
    assert ":" in text.partition("Luc ")[2][:8]
    assert text.endswith(f"Ma hcm-binh-trung-a1/{SOURCE}")


def test_the_time_is_vietnams() -> None:
    assert "Luc 07:00:00 01/01" in sos_text(SENDER, 0, SOURCE)


def test_a_long_name_is_shortened_and_the_id_is_not() -> None:
    text = sos_text(Sender("s" * 32, "Trạm " * 12, "Ngõ " * 15), AT_MS, "ffffffff-4294967295-4294967295")
    assert len(septets(text)) <= MAX_SEPTETS
    assert text.endswith(f"Ma {'s' * 32}/ffffffff-4294967295-4294967295")


def test_a_station_without_a_name_goes_by_its_id() -> None:
    assert sos_text(Sender("st-1", "", ""), AT_MS, SOURCE).startswith("SOS tram st-1. Luc")


@given(st.text(max_size=60), st.text(max_size=60), st.integers(0, 2**41), st.integers(0, 2**32 - 1))
def test_every_station_gets_one_sms(name: str, place: str, at_ms: int, seq: int) -> None:
    text = sos_text(Sender("st-1", name, place), at_ms, f"{seq:08x}-{seq}-{seq}")
    codes = septets(text)
    assert len(codes) == len(text) <= MAX_SEPTETS
    assert _read_submit(submit_pdu("113", text)[0][1:]) == Sms("113", text, wants_report=True)


@pytest.mark.parametrize(
    ("vietnamese", "ascii_only"),
    [
        ("Phường Bình Trưng", "Phuong Binh Trung"),
        ("Đường Đặng Văn Bi", "Duong Dang Van Bi"),
        ("đĩa ỡ Ỹ ẫ", "dia o Y a"),
        ("tầng 3 [A] 中", "tang 3 ?A? ?"),
        ("hai\ndòng", "hai?dong"),
        ("`@$_|€", "?@$_??"),
    ],
)
def test_diacritics_are_stripped(vietnamese: str, ascii_only: str) -> None:
    assert plain(vietnamese) == ascii_only


@pytest.mark.parametrize(
    ("text", "packed"),
    [
        ("hellohello", "e8329bfd4697d9ec37"),  # the example of every description of TS 23.038
        ("", ""),
        ("1234567", "31d98c56b3dd00"),
        ("12345678", "31d98c56b3dd70"),
    ],
)
def test_seven_bits_are_packed(text: str, packed: str) -> None:
    assert pack(septets(text)).hex() == packed


def test_the_alphabet_has_its_own_codes() -> None:
    assert septets("@$_") == bytes((0, 2, 17))
    assert septets("{€") == bytes((27, 40, 27, 101))
    with pytest.raises(SmsError):
        septets("ă")


def test_a_pdu_is_as_the_standard_writes_it() -> None:
    pdu, length = submit_pdu("+84901234567", "hello")
    assert pdu.hex() == "0031000b914809214365f700000b05e8329bfd06"
    assert length == len(pdu) - 1


def test_a_short_number_is_not_international() -> None:
    pdu, _ = submit_pdu("113", "x")
    assert pdu[3:8].hex() == "038111f300"


@pytest.mark.parametrize("number", ["", "+", "12a", "1" * 21, "٣٣٣"])
def test_a_number_is_digits(number: str) -> None:
    with pytest.raises(SmsError):
        submit_pdu(number, "x")


def test_more_than_one_sms_is_refused() -> None:
    submit_pdu("113", "x" * MAX_SEPTETS)
    with pytest.raises(SmsError):
        submit_pdu("113", "x" * (MAX_SEPTETS + 1))


@pytest.mark.parametrize(
    ("status", "delivered"),
    [(0x00, True), (0x1F, True), (0x20, None), (0x3F, None), (0x40, False), (0x46, False)],
)
def test_a_status_report_is_read(status: int, delivered: bool | None) -> None:  # noqa: FBT001 - a table's column
    stamp = "62112241030082"
    pdu = bytes.fromhex(f"07914889200026F3 06 2A 0B914809214365F7 {stamp} {stamp} {status:02X}")
    assert read_report(pdu) == Delivery(0x2A, delivered)


@given(st.binary(max_size=64))
def test_any_other_pdu_is_no_report(pdu: bytes) -> None:
    report = read_report(pdu)
    assert report is None or 0 <= report.reference <= 255
