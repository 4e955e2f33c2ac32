import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.guide.masking import MASK, MAX_TEXT, mask

NAMES = ("nguyễn", "nguyen", "văn", "vawn", "thị", "hoa", "bông", "john", "smith", "trần", "bé")


@pytest.mark.parametrize(
    "said",
    [
        "tôi tên là Nguyễn Văn An muốn đóng tiền điện",
        "toi ten la nguyen van an muon dong tien dien",
        "tooi teen laf nguyeenx vawn an muoons ddongs tieenf ddieenj",
        "TÔI TÊN LÀ NGUYỄN VĂN AN MUỐN ĐÓNG TIỀN ĐIỆN",
        "em là Trần Thị Bé, cần làm khai sinh",
        "tên tôi là trần thị bé muốn khai tử cho chồng",
        "họ tên: Nguyễn Thị Hoa cần bản sao",
        "khai sinh cho con tên bông",
        "con của Nguyễn Hoa",
        "nguyen thi hoa can khai sinh",
        "my name is John Smith and I need a sim",
        "I am John Smith",
        "hẹn gặp bác sĩ John Smith ở bệnh viện",
        unicodedata.normalize("NFD", "tôi tên là Nguyễn Văn An"),
    ],
)
def test_a_name_is_masked(said: str) -> None:
    masked = mask(said)
    assert MASK in masked
    assert not [name for name in NAMES if name in masked.lower().split()]


@pytest.mark.parametrize(
    "said",
    [
        "số 079203001234",
        "số 0792 0300 1234",
        "số 079.203.001-234",
        "số (+84) 90 123 45 67",
        "mã PE01234567890",
        "hồ sơ H29-240115-0001",
        "sinh ngày 01/02/1960",
        "năm 1960",
        "0 7 9 2 0 3",
        "căn B1205",
    ],
)
def test_four_digits_are_masked_however_they_are_grouped(said: str) -> None:
    assert not any(char.isdigit() for char in mask(said))
    assert MASK in mask(said)


@pytest.mark.parametrize(
    ("said", "gone"),
    [
        ("không bảy chín hai không ba", "bảy"),
        ("so cua toi la mot hai ba bon nam", "bon"),
        ("an.nguyen@example.com gửi", "example"),
        ("an.nguyen @ example . com", "example"),
        ("xem https://example.com/?id=an", "example"),
        ("phòng 12A hẻm 7/3", "12A"),
        ("đường Nguyễn Duy Trinh bị ngập", "Trinh"),
        ("ở căn hộ B12", "B12"),
    ],
)
def test_spoken_digits_addresses_and_mail_are_masked(said: str, gone: str) -> None:
    assert gone not in mask(said)


@pytest.mark.parametrize(
    "said",
    [
        "tôi muốn đóng tiền điện",
        "toi muon dang ky tam tru",
        "lý lịch tư pháp số 2",
        "định danh mức 2",
        "tôi là sinh viên muốn tạm trú",
        "Hồ sơ của tôi tới đâu rồi",
        "giấy hôn thú bị mối ăn",
    ],
)
def test_what_tells_the_service_is_left(said: str) -> None:
    assert mask(said) == said


def test_the_wish_beside_a_name_is_left() -> None:
    assert mask("tôi tên là Nguyễn Văn An muốn đóng tiền điện") == f"tôi {MASK} muốn đóng tiền điện"


def test_a_long_text_is_cut() -> None:
    assert len(mask("ab " * 1_000)) <= MAX_TEXT


@given(st.text(max_size=600))
def test_no_text_keeps_four_digits_in_a_row(text: str) -> None:
    masked = mask(text)
    run = 0
    for char in masked:
        run = run + 1 if char.isdecimal() else 0
        assert run < 4


@given(st.text(alphabet="aAnNâ1@. -/tên:là", max_size=400))
def test_masking_ends_for_whatever_is_built_from_what_it_looks_for(text: str) -> None:
    assert isinstance(mask(text), str)


@given(st.integers(0, 10**12 - 1), st.sampled_from([" ", "-", ".", "", ". "]))
def test_no_citizen_number_passes(number: int, between: str) -> None:
    digits = between.join(f"{number:012d}")
    assert not any(char.isdigit() for char in mask(f"thẻ của tôi {digits} hết hạn"))
