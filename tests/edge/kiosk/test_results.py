"""The sheet in words, on paper and in the code for a phone: plain, complete, no diagnosis, and never too large."""

import re
import unicodedata
import xml.etree.ElementTree as ET

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.cabin.view import RowView, SheetView
from edge.drivers.printer.page import Page
from edge.drivers.printer.slip import Code, Text, Value
from edge.kiosk.qr import CAPACITY, QUIET_MODULES, fitting, sheet_text, svg
from edge.kiosk.results import Result, date_and_time, results
from edge.kiosk.slips import sheet_slip
from edge.kiosk.words import WORDS, Language
from edge.settings import StationSettings
from tests.edge.kiosk.conftest import STATION
from tests.fakes.kiosk_desks import AT_MS, OXYGEN, PRESSURE, TEMPERATURE, row, sheet
from wire.entries import Flag, VitalKind
from wire.measures import MEASURES

VI, EN = Language.VIETNAMESE, Language.ENGLISH
FULL = [
    row(VitalKind.HEIGHT, {"body-height": 165.0}, Flag.MANUAL),
    row(VitalKind.WEIGHT, {"body-weight": 68.44, "body-mass-index": 25.1, "body-fat": 27.3}),
    TEMPERATURE,
    OXYGEN,
    row(VitalKind.HEART_RATE, {"pulse-rate": 76}),
    row(
        VitalKind.BLOOD_PRESSURE,
        {"systolic-pressure": 182, "diastolic-pressure": 104, "pulse-rate": 112},
        *Flag,
        is_doubtful=True,
    ),
    row(VitalKind.GLUCOSE, {"glucose": 6.2}, Flag.UNTIMED),
]


def test_a_row_reads_as_people_say_it() -> None:
    pressure, oxygen, temperature = results(sheet(PRESSURE, OXYGEN, TEMPERATURE), WORDS[VI])
    assert pressure == Result("Huyết áp", "132/84", "mmHg", ("Mạch: 76 lần/phút",))
    assert oxygen == Result("Oxy trong máu", "97", "%", ("Mạch: 75 lần/phút",))
    assert temperature == Result("Nhiệt độ", "36,7", "°C")
    assert results(sheet(TEMPERATURE), WORDS[EN]) == [Result("Temperature", "36.7", "°C")]


def test_what_limits_the_trust_in_a_value_stands_in_words_beside_it() -> None:
    doubtful = row(VitalKind.OXYGEN, {"oxygen-saturation": 90}, Flag.MOTION, Flag.UNTIMED, is_doubtful=True)
    (result,) = results(sheet(doubtful), WORDS[VI])
    assert result.notes == ("Có cử động khi đo.", "Kết quả chưa chắc chắn, nên đo lại.")


def test_a_value_that_the_device_did_not_tell_is_no_number() -> None:
    (result,) = results(sheet(row(VitalKind.BLOOD_PRESSURE, {"systolic-pressure": 120})), WORDS[VI])
    assert result.value == "120/---"


def test_times_are_vietnams_whatever_the_machine_says() -> None:
    assert date_and_time(AT_MS) == "22/11/2026 09:35"
    assert date_and_time(AT_MS + 15 * 3_600_000) == "23/11/2026 00:35"


@pytest.mark.parametrize("language", Language)
def test_every_kind_flag_and_unit_has_its_words(language: Language) -> None:
    words = WORDS[language]
    assert set(words.kinds) == set(VitalKind)
    assert set(words.flags) == set(Flag)
    assert {"mm[Hg]", "/min", "%", "Cel", "kg", "cm", "kg/m2", "mmol/L"} <= set(words.units)
    said = [*words.kinds.values(), *words.flags.values(), words.help, words.no_diagnosis]
    assert all(text == unicodedata.normalize("NFC", text) and text for text in said)
    assert set(words.units) <= {measure.unit for measure in MEASURES.values()}


def test_the_paper_carries_station_time_rows_and_that_it_is_no_diagnosis() -> None:
    slip = sheet_slip(sheet(*FULL, skipped=[VitalKind.OXYGEN]), STATION, VI, 80)
    texts = [block.text for block in slip.blocks if isinstance(block, Text)]
    assert texts[:4] == ["Trạm công dân số thử", "Sảnh tháp A", "Kết quả đo sức khỏe", "22/11/2026 09:35"]
    assert "Chưa đo: Oxy trong máu" in texts
    assert any("không phải chẩn đoán" in text for text in texts)
    values = [(block.label, block.value, block.unit) for block in slip.blocks if isinstance(block, Value)]
    assert ("Cân nặng", "68,4", "kg") in values
    assert ("Đường huyết", "6,2", "mmol/L") in values
    assert len(values) == len(FULL)


@pytest.mark.parametrize("language", Language)
def test_a_high_score_offers_help_and_is_never_itself_on_paper(language: Language) -> None:
    calm = sheet_slip(sheet(PRESSURE), STATION, language, 58)
    high = sheet_slip(sheet(PRESSURE, is_high=True), STATION, language, 58)
    for slip, is_offered in ((calm, False), (high, True)):
        said = " ".join(block.text for block in slip.blocks if isinstance(block, Text | Code))
        assert ("115" in said) is is_offered
        assert ("SOS" in said) is is_offered
        assert "NEWS" not in said.upper()


def test_a_station_without_a_name_or_place_prints_its_id() -> None:
    slip = sheet_slip(sheet(), StationSettings(id="tower-b"), VI, 58)
    first, second, *_ = (block.text for block in slip.blocks if isinstance(block, Text))
    assert (first, second) == ("tower-b", "Kết quả đo sức khỏe")


@pytest.mark.parametrize(("language", "width_mm"), [(VI, 58), (EN, 80)])
def test_the_fullest_sheet_fits_the_paper(language: Language, width_mm: int) -> None:
    slip = sheet_slip(sheet(*FULL, skipped=list(VitalKind), is_high=True), STATION, language, width_mm)
    assert Page().picture(slip).height < 4_000


def test_the_phones_text_is_the_whole_sheet_when_there_is_room() -> None:
    assert sheet_text(sheet(PRESSURE, OXYGEN, TEMPERATURE), STATION) == (
        "Kết quả đo sức khỏe: Trạm công dân số thử\n"
        "Sảnh tháp A\n"
        "22/11/2026 09:35\n"
        "Huyết áp: 132/84 mmHg, Mạch: 76 lần/phút\n"
        "Oxy trong máu: 97 %, Mạch: 75 lần/phút\n"
        "Nhiệt độ: 36,7 °C\n"
        "Đây là số đo, không phải chẩn đoán. Hãy hỏi bác sĩ khi cần."
    )


def test_what_does_not_fit_is_left_out_in_its_order_and_values_never_are() -> None:
    text = sheet_text(sheet(*FULL, is_high=True), STATION)
    assert "Kết quả chưa chắc chắn" in text
    assert "Máy ghi nhận" not in text, "how it was measured goes first"
    for value in ("165 cm", "68,4 kg", "36,7 °C", "97 %", "76 lần/phút", "182/104 mmHg", "6,2 mmol/L"):
        assert value in text
    assert "không phải chẩn đoán" in text


labels = st.text(st.characters(min_codepoint=0xC0, max_codepoint=0x1EF9, categories=["L"]), max_size=60)
sheets = st.builds(
    lambda rows, high: sheet(*rows, is_high=high),
    st.lists(
        st.sampled_from([*FULL, PRESSURE, OXYGEN]), min_size=1, max_size=7, unique_by=lambda one: one.kind
    ),
    st.booleans(),
)


@settings(deadline=None, max_examples=50)
@given(labels, labels, sheets)
def test_the_code_is_never_larger_than_a_phone_reads(name: str, place: str, shown: SheetView) -> None:
    text = sheet_text(shown, StationSettings(id="tower-a", name=name, place=place))
    assert len(text.encode()) <= CAPACITY[-1][1]
    assert all(_value_of(one) in text for one in shown.rows)


@pytest.mark.parametrize(("size", "level"), [(1, "M"), (504, "M"), (505, "L"), (644, "L")])
def test_a_text_is_given_the_stronger_correction_that_fits_version_17(size: int, level: str) -> None:
    code = fitting("x" * size)
    assert code.level == level
    made = segno.make_qr(code.text, error=code.level, encoding="utf-8", mask=0)
    assert "LMQH".index(str(made.error)) >= "LMQH".index(level)
    assert len(made.matrix) <= 85


def test_the_image_is_black_on_white_with_its_quiet_zone_and_holds_the_text() -> None:
    text = sheet_text(sheet(), STATION)
    image = svg(text)
    root = ET.fromstring(image)
    matrix = segno.make_qr(text, error=fitting(text).level, encoding="utf-8").matrix
    size = len(matrix) + 2 * QUIET_MODULES
    assert root.attrib["viewBox"] == f"0 0 {size} {size}"
    assert b"#fff" in image
    assert b"style" not in image, "the strict policy forbids it"
    assert b"<script" not in image
    assert _modules(image) == sum(map(sum, matrix))


def _modules(image: bytes) -> int:
    """How many dark modules the path draws: the lengths of its horizontal strokes."""
    (path,) = re.findall(rb'stroke="#000" d="([^"]+)"', image) or re.findall(
        rb'd="([^"]+)" stroke="#000"', image
    )
    return sum(int(length) for length in re.findall(rb"h(\d+)", path))


def _value_of(one: RowView) -> str:
    (result,) = results(sheet(one), WORDS[VI])
    return f"{result.label}: {result.value} {result.unit}"
