from dataclasses import replace
from typing import Any

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from cloud.payments.errors import QrError
from cloud.payments.money import MAX_DONG
from cloud.payments.vietqr import MAX_QR_BYTES, Service, VietQr, build, crc16, parse

OURS = VietQr(
    bank_bin="970436",
    account="0011001234567",
    amount_dong=75_000,
    bill="TCDS000123",
    purpose="LE PHI HO SO TCDS000123",
)
OUR_TEXT = (
    "00020101021238570010A00000072701270006970436011300110012345670208QRIBFTTA530370454057500058"
    "02VN62410110TCDS0001230823LE PHI HO SO TCDS0001236304054E"
)
STATIC_WITH_AMOUNT = (
    "00020101021138540010A00000072701240006970407011003865776720208QRIBFTTA53037045407100000058"
    "02VN62160812henry an cut6304A322"
)
WITH_BILL = (
    "00020101021238530010A0000007270123000697041601092245284790208QRIBFTTA53037045405100005802VN"
    "62340107NPS68690819TRANSFER TO SOMEONE6304AC13"
)
MERCHANT_AFTER_COUNTRY = (
    "00020101021153037045802VN38540010A00000072701240006970436011010319334300208QRIBFTTA62220818"
    "Thanh toan hoa don6304FCE9"
)


def sealed(body: str) -> str:
    """Return objects with the check value that fits."""
    return f"{body}6304{crc16(f'{body}6304'.encode()):04X}"


def test_the_check_value_is_the_published_one() -> None:
    assert crc16(b"123456789") == 0x29B1


def test_our_code_is_made_to_the_letter() -> None:
    assert build(OURS) == OUR_TEXT
    assert parse(OUR_TEXT) == OURS


def test_published_codes_are_read() -> None:
    assert parse(STATIC_WITH_AMOUNT) == VietQr(
        bank_bin="970407",
        account="0386577672",
        amount_dong=1_000_000,
        purpose="henry an cut",
        is_dynamic=False,
    )
    assert parse(WITH_BILL) == VietQr(
        bank_bin="970416",
        account="224528479",
        amount_dong=10_000,
        bill="NPS6869",
        purpose="TRANSFER TO SOMEONE",
    )
    assert parse(MERCHANT_AFTER_COUNTRY) == VietQr(
        bank_bin="970436", account="1031933430", purpose="Thanh toan hoa don", is_dynamic=False
    )


@pytest.mark.parametrize("text", [STATIC_WITH_AMOUNT, WITH_BILL])
def test_published_codes_are_made_again_as_they_were(text: str) -> None:
    assert build(parse(text)) == text


def test_the_code_fits_a_small_symbol() -> None:
    assert segno.make(OUR_TEXT, error="m", micro=False).designator == "6-M"


@pytest.mark.parametrize("at", range(len(OUR_TEXT)))
def test_any_damaged_character_is_noticed(at: int) -> None:
    other = "1" if OUR_TEXT[at] != "1" else "2"
    with pytest.raises(QrError):
        parse(OUR_TEXT[:at] + other + OUR_TEXT[at + 1 :])


@pytest.mark.parametrize("end", range(len(OUR_TEXT)))
def test_no_front_piece_is_read(end: int) -> None:
    with pytest.raises(QrError):
        parse(OUR_TEXT[:end])


MERCHANT = "38570010A00000072701270006970436011300110012345670208QRIBFTTA"
HEAD = "000201010212"


@pytest.mark.parametrize(
    "body",
    [
        "",
        f"{HEAD}53037045802VN",
        f"{MERCHANT}53037045802VN",
        f"{HEAD}{MERCHANT}53038405802VN",
        f"000202010212{MERCHANT}5303704",
        f"{HEAD}{MERCHANT}5303704{MERCHANT}",
        f"{HEAD}{MERCHANT}5303704540575.50",
        f"{HEAD}{MERCHANT}530370454041e10",
        f"{HEAD}{MERCHANT}53037045415" + "9" * 15,
        f"{HEAD}{MERCHANT}5303704xx02VN",
        f"{HEAD}{MERCHANT}53037045899VN",
        f"{HEAD}{MERCHANT.replace('A000000727', 'A000000728')}5303704",
        f"{HEAD}{MERCHANT.replace('QRIBFTTA', 'QRIBFTTX')}5303704",
        f"{HEAD}{MERCHANT.replace('970436', '97043x')}5303704",
        f"{HEAD}{MERCHANT.replace('001100', '0011 0')}5303704",
        f"{HEAD}{MERCHANT}5303704620508999",
    ],
)
def test_what_is_sealed_rightly_and_no_transfer_in_dong_is_refused(body: str) -> None:
    with pytest.raises(QrError):
        parse(sealed(body))


def test_a_whole_amount_may_be_written_with_its_decimals() -> None:
    assert parse(sealed(f"{HEAD}{MERCHANT}5303704540875000.00")).amount_dong == 75_000


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (1, 3, 0, 2)])
def test_the_order_of_objects_does_not_matter(order: tuple[int, ...]) -> None:
    parts = ["000201010212", MERCHANT, "5303704", "5802VN"]
    assert parse(sealed("".join(parts[index] for index in order))).account == "0011001234567"


@pytest.mark.parametrize(
    "changed",
    [
        {"bank_bin": "97043"},
        {"bank_bin": "97043é"},
        {"account": ""},
        {"account": "1" * 20},
        {"account": "0011 00"},
        {"amount_dong": 0},
        {"amount_dong": MAX_DONG + 1},
        {"bill": "x" * 26},
        {"bill": "TCDS 1"},
        {"purpose": "x" * 26},
        {"purpose": "LỆ PHÍ"},
    ],
)
def test_what_banks_do_not_take_is_not_made(changed: dict[str, Any]) -> None:
    with pytest.raises(QrError):
        build(replace(OURS, **changed))


plain = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=1, max_size=19)
codes = st.builds(
    VietQr,
    bank_bin=st.text("0123456789", min_size=6, max_size=6),
    account=plain,
    amount_dong=st.none() | st.integers(1, MAX_DONG),
    bill=st.just("") | plain,
    purpose=st.just("") | plain,
    service=st.sampled_from(Service),
    is_dynamic=st.booleans(),
)


@given(codes)
def test_whatever_is_made_is_read_as_it_was(code: VietQr) -> None:
    text = build(code)
    assert parse(text) == code
    assert len(text) <= MAX_QR_BYTES


@given(st.text(max_size=200))
def test_any_text_is_refused_or_read(body: str) -> None:
    for text in (body, sealed(body) if body.isascii() else body, f"{HEAD}{body}"):
        try:
            code = parse(text)
        except QrError:
            continue
        assert len(code.bank_bin) == 6


def test_what_is_longer_than_a_code_can_be_is_refused() -> None:
    with pytest.raises(QrError):
        parse(sealed(OUR_TEXT[:-8] + "".join(f"{number}60{'x' * 60}" for number in range(80, 88))))


def test_half_a_character_is_no_text() -> None:
    with pytest.raises(QrError):
        parse("\ud800")
