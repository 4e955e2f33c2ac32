"""The words by which the guide knows a question about a service, an emergency, and an answer to its own questions.

Patterns are whole words in the spelling of a dictionary; "..." stands for up to four words. They are data: whoever
knows how people speak adds a line. Vietnamese first, dialects among it, then English.
"""

from enum import StrEnum
from types import MappingProxyType
from typing import Final

from catalogue.answers import Topic


class Reply(StrEnum):
    """What one may say to the guide's own question."""

    YES = "yes"
    NO = "no"
    FIRST = "first"
    SECOND = "second"
    THIRD = "third"
    PERSON = "person"


TOPICS: Final = MappingProxyType(
    {
        Topic.WHAT: (
            "là gì", "là cái gì", "là chi", "là cái chi", "nghĩa là gì", "nghĩa là sao", "để làm gì",
            "dùng làm gì", "giải thích", "nói rõ hơn", "what is", "what's", "what does ... mean", "what for",
            "explain", "tell me about",
        ),
        Topic.COST: (
            "bao nhiêu tiền", "nhiêu tiền", "mấy tiền", "mấy đồng", "hết bao nhiêu", "hết nhiêu", "tốn bao nhiêu",
            "mất bao nhiêu tiền", "phí bao nhiêu", "lệ phí", "mức phí", "tốn tiền", "mất tiền", "mất phí", "tốn phí",
            "thu phí", "miễn phí", "giá bao nhiêu", "giá cả", "tốn kém", "chi phí", "đóng bao nhiêu", "bao nhiêu",
            "how much", "cost", "costs", "fee", "fees", "price", "free of charge", "is it free", "expensive",
        ),
        Topic.TIME: (
            "bao lâu", "mấy ngày", "mấy bữa", "mấy hôm", "mấy tuần", "bao nhiêu ngày", "bao nhiêu lâu", "khi nào xong",
            "chừng nào xong", "bao giờ xong", "khi nào có", "chừng nào có", "bao giờ có", "khi nào lấy", "lâu không",
            "lâu lắm không", "có lâu", "nhanh không", "thời gian bao", "thời hạn", "mấy giờ xong", "bữa nào xong",
            "hôm nào lấy", "ngày nào lấy", "how long", "how many days", "when will", "how soon", "when can i get",
        ),
        Topic.NEED: (
            "cần gì", "cần chi", "cần ... gì", "cần ... giấy tờ", "giấy tờ gì", "giấy gì", "giấy tờ nào", "chuẩn bị gì",
            "chuẩn bị những gì", "mang gì", "mang theo", "đem gì", "đem theo", "cầm theo", "hồ sơ gồm", "hồ sơ cần",
            "gồm những gì", "gồm giấy", "phải có ... gì", "nộp những gì", "nộp giấy gì", "thủ tục gồm", "mẫu đơn nào",
            "thiếu giấy", "điều kiện gì", "what do i need", "do i need", "what papers", "which papers", "which documents",
            "what documents", "bring", "required", "requirements",
        ),
        Topic.WHERE: (
            "ở đâu", "ở mô", "chỗ nào", "chỗ mô", "nơi nào", "tới đâu nộp", "đến đâu", "ra đâu", "đi đâu", "nộp đâu",
            "làm đâu", "địa chỉ", "where",
            "ở đây được không", "ở đây có được", "ở đây làm được", "tại đây", "ở đây có làm", "làm ở đây", "máy này làm",
            "máy này ... được không", "ở trạm này", "trạm này có", "trạm này làm", "tại trạm", "ngay đây", "ở đây không",
            "ở đây luôn", "do it here", "do this here", "can i ... here", "on this machine", "at this station", "at this kiosk",
        ),
        Topic.WHO: (
            "ai quyết định", "ai giải quyết", "ai duyệt", "ai ký", "ai cấp", "ai xử lý", "ai xét", "cơ quan nào",
            "bên nào giải quyết", "nơi nào giải quyết", "phường hay ... quyết định", "thẩm quyền", "who decides",
            "who handles", "who approves", "who issues", "which office", "which authority",
        ),
        Topic.RESULT: (
            "nhận được gì", "được cái gì", "kết quả là gì", "kết quả gồm", "lấy được giấy gì", "có kết quả gì",
            "xong thì được gì", "what do i get", "what will i get", "the result be",
        ),
        Topic.DATA: (
            "dữ liệu của tôi", "thông tin của tôi", "dữ liệu cá nhân", "thông tin cá nhân", "lộ thông tin",
            "có an toàn không", "có bảo mật", "ai xem được", "lưu thông tin", "giữ thông tin", "my data", "privacy",
            "personal data", "is it safe", "who can see",
        ),
    }
)  # fmt: skip
"""Where several match, the one of most words counts, and of those the first of this order."""

EMERGENCY: Final = (
    "cứu với", "cứu tôi", "cứu mạng", "cứu người", "cứu em", "cứu bà", "cứu ông", "kêu cứu", "cấp cứu", "kêu cấp cứu",
    "xe cứu thương", "giúp với", "cháy nhà", "cháy rồi", "cháy lớn", "bốc cháy", "bốc khói", "hỏa hoạn",
    "xe cháy", "xe bị cháy", "cháy tầng", "chập điện", "nổ bình", "khói mù", "khói dày", "rò rỉ gas", "xì gas", "khó thở", "ngạt thở",
    "ngộp thở", "không thở", "thở không", "ngừng thở", "đau ngực", "đau tim", "nhồi máu", "đột quỵ", "tai biến",
    "co giật", "bất tỉnh", "bất động", "không nhúc nhích", "ngất xỉu", "xỉu rồi", "ngất rồi", "hôn mê", "chảy máu",
    "máu nhiều", "gãy chân", "gãy tay", "bị ngã", "bị té", "té ngã", "té cầu thang", "ngã cầu thang", "té lầu",
    "ngã xuống", "té xuống", "té trong", "ngã trong", "té xỉu", "tai nạn", "điện giật", "đuối nước", "chết đuối",
    "rớt hồ bơi", "rơi xuống nước", "nhảy lầu", "muốn chết", "uống thuốc độc", "đánh nhau", "đánh người", "đánh tôi",
    "đánh vợ", "đánh con", "đánh đập", "bạo hành", "đâm nhau", "đâm chém", "chém nhau", "bị đâm", "bị chém", "cầm dao",
    "có cướp", "bị cướp", "ăn cướp", "hiếp dâm", "bắt cóc", "kẹt thang máy", "kẹt trong thang máy", "khẩn cấp",
    "nguy kịch", "nguy hiểm quá", "gọi 113", "gọi 114", "gọi 115", "sos", "help me", "help someone", "someone help",
    "emergency", "fire in", "on fire", "there is a fire", "ambulance", "heart attack", "stroke", "cannot breathe",
    "can't breathe", "can t breathe", "unconscious", "bleeding", "fighting", "has fallen", "stabbed", "drowning",
)  # fmt: skip
"""However it is accented: a button that is offered once too often does no harm."""

EMERGENCY_AS_WRITTEN: Final = (
    "cháy ở",
    "cháy xe",
    "tự tử",
    "tự sát",
    "có cháy",
    "cháy lên",
    "đang cháy",
    "cứu",
    "bị ngộ độc",
    "ngộp",
)
"""Where other accents make another word ("từ từ", "tra cứu" is excepted below): as written, if accents are written."""

NO_EMERGENCY: Final = ("tra cứu", "nghiên cứu", "cứu xét", "báo khẩn cấp giả", "cầu cứu công an khu vực")
"""Taken out before an emergency is looked for."""

REPLIES: Final = MappingProxyType(
    {
        Reply.NO: (
            "không phải", "không đúng", "chưa đúng", "không", "sai rồi", "khác", "cái khác", "việc khác", "thôi", "no",
            "not that", "none of these", "wrong", "something else",
        ),
        Reply.FIRST: ("thứ nhất", "cái đầu", "cái đầu tiên", "đầu tiên", "số một", "số 1", "cái trên", "first", "number one"),
        Reply.SECOND: ("thứ hai", "thứ nhì", "số hai", "số 2", "cái giữa", "second", "number two"),
        Reply.THIRD: ("thứ ba", "số ba", "số 3", "cái cuối", "cái dưới", "third", "number three", "last one"),
        Reply.YES: (
            "phải", "đúng", "đúng rồi", "phải rồi", "ừ", "ừm", "dạ", "vâng", "có", "chính nó", "ok", "oke", "được", "đồng ý",
            "yes", "yeah", "right", "correct", "that one",
        ),
        Reply.PERSON: (
            "gặp người", "gặp nhân viên", "gặp cán bộ", "nói chuyện với người", "cho tôi gặp", "nhờ người giúp",
            "gọi người", "có ai giúp", "ai giúp tôi", "hướng dẫn viên", "tôi không biết làm", "không hiểu gì",
            "talk to a person", "human", "real person", "staff",
        ),
    }
)  # fmt: skip
"""A reply is a reply only when it is nearly all that is said: "không" within a sentence refuses nothing."""

POLITE: Final = frozenset((
    "a", "anh", "ba", "bac", "cai", "chau", "chi", "chinh", "chu", "co", "con", "cu", "da", "dau", "day", "do", "dung", "em", "gi", "ha", "la", "ma", "muon", "nay", "nghe", "nha", "nhe", "nhen", "no", "oi", "ong", "phai", "rat",
    "roi", "ta", "thoi", "thi", "toi", "u", "vang", "ve", "viec", "vay", "xin", "please", "it", "is",
    "that", "the", "one", "thanks",
))  # fmt: skip
"""What may stand around a reply, folded."""
