"""How people write and say words that the catalogue spells otherwise: shorthand, dialect, and sounds of the south.

Only what changes which service is meant, or which question, is worth a line here. A value may be several words.
"""

from types import MappingProxyType
from typing import Final

SPOKEN: Final = MappingProxyType(
    {
        "bịnh": "bệnh",
        "biểu": "bảo",
        "bố": "cha",
        "chánh": "chính",
        "dìa": "về",
        "dô": "vô",
        "dzề": "về",
        "dzìa": "về",
        "dzô": "vô",
        "hem": "không",
        "hông": "không",
        "hổng": "không",
        "lãnh": "nhận",
        "má": "mẹ",
        "nầy": "này",
        "nhứt": "nhất",
        "sanh": "sinh",
        "tánh": "tính",
        "tía": "cha",
        "zìa": "về",
        "zô": "vô",
        "đc": "được",
        "đk": "đăng ký",
        "đky": "đăng ký",
        "đt": "điện thoại",
    }
)
"""As it is written, accents and all -> as the catalogue writes it."""

SHORT: Final = MappingProxyType(
    {
        "bhxh": "bảo hiểm xã hội",
        "bhyt": "bảo hiểm y tế",
        "bs": "bác sĩ",
        "bv": "bệnh viện",
        "ca": "công an",
        "cccd": "căn cước công dân",
        "ck": "chuyển khoản",
        "cmnd": "chứng minh nhân dân",
        "cmt": "chứng minh nhân dân",
        "cskv": "cảnh sát khu vực",
        "cty": "công ty",
        "dc": "được",
        "dg": "đang",
        "dk": "đăng ký",
        "dki": "đăng ký",
        "dky": "đăng ký",
        "dt": "điện thoại",
        "dzo": "vô",
        "hd": "hóa đơn",
        "hk": "hộ khẩu",
        "hs": "hồ sơ",
        "j": "gì",
        "k": "không",
        "kh": "không",
        "khg": "không",
        "ki": "ký",
        "ko": "không",
        "kq": "kết quả",
        "kt": "kiểm tra",
        "li": "lý",
        "lltp": "lý lịch tư pháp",
        "mk": "mật khẩu",
        "nc": "nước",
        "ng": "người",
        "nh": "ngân hàng",
        "nhiu": "nhiêu",
        "r": "rồi",
        "sanh": "sinh",
        "sdt": "số điện thoại",
        "sos": "khẩn cấp",
        "stk": "số tài khoản",
        "tk": "tài khoản",
        "tui": "tôi",
        "ubnd": "ủy ban",
        "vs": "với",
        "zo": "vô",
    }
)
"""Without accents -> as the catalogue writes it."""

KEPT: Final = frozenset((
    "been", "box", "bus", "free", "gas", "has", "how", "is", "less", "mix", "now", "our", "see", "six", "tax",
    "taxi", "too", "us", "visa", "was", "who", "yes", "your",
))  # fmt: skip
"""Words that look as if a Telex keyboard had left something behind, and did not."""
