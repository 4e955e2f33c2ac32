"""The few sentences that the station itself prints or puts into a code; the screen's own live with the screen.

Plain and polite, no diagnosis, nobody is blamed. Vietnamese first; both languages have every key.
"""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from wire.entries import Flag, VitalKind


class Language(StrEnum):
    """What the station speaks."""

    VIETNAMESE = "vi"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Words:
    """One language's sentences; `decimal` stands between whole and part."""

    title: str
    pulse: str
    body_fat: str
    body_mass_index: str
    doubtful: str
    calibration_overdue: str
    skipped: str
    help: str
    no_diagnosis: str
    code_caption: str
    farewell: str
    decimal: str
    kinds: MappingProxyType[VitalKind, str]
    units: MappingProxyType[str, str]
    flags: MappingProxyType[Flag, str]


_VIETNAMESE: Final = Words(
    title="Kết quả đo sức khỏe",
    pulse="Mạch",
    body_fat="Mỡ cơ thể",
    body_mass_index="Chỉ số BMI",
    doubtful="Kết quả chưa chắc chắn, nên đo lại.",
    calibration_overdue="Máy đo này đã đến hạn hiệu chuẩn.",
    skipped="Chưa đo",
    help="Một vài kết quả nên được nhân viên y\u00a0tế xem sớm. Nếu thấy không khỏe, hãy nhấn nút SOS hoặc gọi\u00a0115.",
    no_diagnosis="Đây là số đo, không phải chẩn đoán. Hãy hỏi bác\u00a0sĩ khi\u00a0cần.",
    code_caption="Quét mã để lưu kết quả vào điện thoại",
    farewell="Xin cảm ơn. Chúc nhiều sức khỏe!",
    decimal=",",
    kinds=MappingProxyType(
        {
            VitalKind.BLOOD_PRESSURE: "Huyết áp",
            VitalKind.OXYGEN: "Oxy trong máu",
            VitalKind.TEMPERATURE: "Nhiệt độ",
            VitalKind.HEART_RATE: "Nhịp tim",
            VitalKind.WEIGHT: "Cân nặng",
            VitalKind.HEIGHT: "Chiều cao",
            VitalKind.GLUCOSE: "Đường huyết",
        }
    ),
    units=MappingProxyType(
        {
            "mm[Hg]": "mmHg",
            "/min": "lần/phút",
            "%": "%",
            "Cel": "°C",
            "kg": "kg",
            "cm": "cm",
            "kg/m2": "kg/m²",
            "mmol/L": "mmol/L",
        }
    ),
    flags=MappingProxyType(
        {
            Flag.MOTION: "Có cử động khi đo.",
            Flag.CUFF_LOOSE: "Vòng quấn tay hơi lỏng khi đo.",
            Flag.IRREGULAR_PULSE: "Máy ghi nhận mạch không đều khi đo.",
            Flag.PULSE_OUT_OF_RANGE: "Mạch nằm ngoài khoảng mà máy đo được chính xác.",
            Flag.WRONG_POSITION: "Tư thế khi đo chưa phù hợp.",
            Flag.WEAK_SIGNAL: "Tín hiệu yếu khi đo.",
            Flag.DIVERGENT: "Các lần đo khác nhau nhiều.",
            Flag.UNTIMED: "Máy đo không ghi giờ.",
            Flag.MANUAL: "Giá trị do người dùng nhập.",
        }
    ),
)

_ENGLISH: Final = Words(
    title="Your measurements",
    pulse="Pulse",
    body_fat="Body fat",
    body_mass_index="BMI",
    doubtful="This value is uncertain; measuring again is advised.",
    calibration_overdue="This device is due for calibration.",
    skipped="Not measured",
    help="Some values should be seen by health staff soon. If you feel unwell, press the SOS button or call\u00a0115.",
    no_diagnosis="These are measurements, not a diagnosis. Please ask a doctor when in need.",
    code_caption="Scan to keep this on your phone (text in Vietnamese)",
    farewell="Thank you. We wish you good health!",
    decimal=".",
    kinds=MappingProxyType(
        {
            VitalKind.BLOOD_PRESSURE: "Blood pressure",
            VitalKind.OXYGEN: "Blood oxygen",
            VitalKind.TEMPERATURE: "Temperature",
            VitalKind.HEART_RATE: "Heart rate",
            VitalKind.WEIGHT: "Weight",
            VitalKind.HEIGHT: "Height",
            VitalKind.GLUCOSE: "Blood glucose",
        }
    ),
    units=MappingProxyType({**_VIETNAMESE.units, "/min": "beats/min"}),
    flags=MappingProxyType(
        {
            Flag.MOTION: "There was movement while measuring.",
            Flag.CUFF_LOOSE: "The cuff was a little loose.",
            Flag.IRREGULAR_PULSE: "The device noticed an irregular pulse.",
            Flag.PULSE_OUT_OF_RANGE: "The pulse was outside of what the device measures well.",
            Flag.WRONG_POSITION: "The position while measuring did not fit.",
            Flag.WEAK_SIGNAL: "The signal was weak.",
            Flag.DIVERGENT: "The readings lie far apart.",
            Flag.UNTIMED: "The device keeps no time.",
            Flag.MANUAL: "Typed in by hand.",
        }
    ),
)

WORDS: Final = MappingProxyType({Language.VIETNAMESE: _VIETNAMESE, Language.ENGLISH: _ENGLISH})
