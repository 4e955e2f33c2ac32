"""What may be personal is taken out of a sentence before anybody outside the station sees it.

Masked are: anything with four digits and more, however they are grouped; digits that are spoken one by one; e-mail
addresses; the name after "tôi tên là", "my name is" and their kin; names that begin with a common family name; flat, house
and street; words in a row that begin with a capital letter. It rather takes too much: what is left needs to say which service is meant, and nothing else.
"""

import re
import unicodedata
from typing import Final

from edge.guide.folding import written_out

MASK: Final = "…"
MAX_TEXT: Final = 400

_FAMILY: Final = (
    "Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Đinh|Đoàn|Trương|Mai|Trịnh|Lâm|Tạ|Cao"
    "|Châu|Tô|Tăng|Quách|Thái|La|Lưu|Phùng|Vương|Kiều|Nguyen|Tran|Le|Pham|Hoang|Huynh|Vu|Vo|Dang|Bui|Do|Ho|Ngo|Duong|Ly"
    "|Dinh|Doan|Truong|Trinh|Lam|Ta|Chau|To|Tang|Quach|Thai|Luu|Phung|Vuong|Kieu"
)
_WHO: Final = r"(?:\s+(?:tôi|toi|tui|em|con|cháu|chau|mình|minh|anh|chị|chi|bà|ba|ông|ong|cha|mẹ|me|má|ma|chồng|chong|vợ|vo|nó|no))"
_INTRODUCED: Final = (
    rf"(?:(?:tên|ten)(?:\s+(?:đầy\s+đủ|day\s+du))?(?:\s+(?:của|cua))?{_WHO}?(?:\s*(?:là|la|:))?"
    r"|(?:tôi|toi|tui|em|con|cháu|chau|mình|minh)\s+(?:là|la)|my\s+name(?:\s+is|'s)|name\s*:|i\s+am|i'm)(?!\w)"
)
_FOLLOWS: Final = (
    r"(?!(?:muốn|muon|cần|can|xin|hỏi|hoi|ở|o|sinh|số|so|làm|lam|đăng|dang|đóng|dong|và|va|mà|ma|want|need|and|to|gì|gi"
    r"|người|nguoi|sinh|công|cong|chủ|chu|khách|khach)\b)"
)
_MIDDLE: Final = (
    "văn|van|thị|thi|đức|duc|ngọc|ngoc|thanh|minh|hữu|huu|quang|quốc|quoc|xuân|xuan|thu|kim|hồng|hong|đình|dinh|công|cong"
    "|bá|ba|trọng|trong|hoàng|hoang|phương|phuong|tuấn|tuan|gia|bảo|bao|anh"
)
_UPPER: Final = "".join(filter(str.isupper, map(chr, range(0x41, 0x1EFA))))
_WORD: Final = r"[^\W\d_]+"
_TYPED: Final = re.compile(r"\b[a-z]+\b")
"""What a keyboard may have left Telex letters in: "teen laf" introduces a name as well."""
_ANY_CASE: Final = re.IGNORECASE

_PATTERNS: Final = (
    re.compile(r"[\w.+%\-]+\s?(?:@|\(at\)|\[at\]|a còng|a cong)\s?[\w\-]+(?:\s?\.\s?[\w\-]+)*", _ANY_CASE),
    re.compile(r"https?://\S+|www\.\S+", _ANY_CASE),
    re.compile(r"\w*\d(?:[\s.,\-/_()+]*\w*\d){3,}\w*"),
    re.compile(
        r"(?:\b(?:không|khong|một|mot|mốt|hai|ba|bốn|bon|tư|tu|năm|nam|lăm|sáu|sau|bảy|bay|tám|tam|chín|chin|linh|lẻ"
        r"|zero|one|two|three|four|five|six|seven|eight|nine)\b[\s,.\-]*){4,}",
        _ANY_CASE,
    ),
    re.compile(
        r"(?:\b(?:căn\s+hộ|can\s+ho|phòng|phong|số\s+nhà|so\s+nhà|so\s+nha|nhà\s+số|nha\s+so|hẻm|hem|ngõ|ngo|block"
        r"|apartment|flat|room)\s+)(?=\w*\d)[\w./\-]+",
        _ANY_CASE,
    ),
    re.compile(rf"\b(?:[Đđ]ường|[Dd]uong|[Pp]hố|[Pp]ho|[Ss]treet)(?:\s+[{_UPPER}]\w*){{1,5}}"),
    re.compile(rf"\b{_INTRODUCED}\s*(?:{_FOLLOWS}{_WORD}\s*){{1,5}}", _ANY_CASE),
    re.compile(rf"\b(?:{_FAMILY})\s+(?:{_MIDDLE})(?:\s+{_WORD}){{1,2}}", _ANY_CASE),
    re.compile(rf"\b(?:{_FAMILY})(?:\s+[{_UPPER}]\w*){{1,4}}"),
    re.compile(rf"(?<=\w\s)[{_UPPER}]\w*(?:\s+[{_UPPER}]\w*)+"),
)


def mask(text: str) -> str:
    """Return `text` (its first MAX_TEXT characters) with MASK for what may be personal."""
    masked = unicodedata.normalize("NFC", text[:MAX_TEXT])
    if masked.isupper():
        masked = masked.lower()
    masked = _TYPED.sub(lambda word: written_out(word.group()), masked)
    for pattern in _PATTERNS:
        masked = pattern.sub(f" {MASK} ", masked)
    return " ".join(masked.split())
