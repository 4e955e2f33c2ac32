"""How the systems that take requests behave: their words, how they number, how a case goes on when all is well.

The words are what the far ends say; that cloud.requests.outside knows each of them is for tests to find out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from catalogue.routes import Protocol


@dataclass(frozen=True, slots=True)
class Step:
    """Where a case goes next by itself."""

    status: str
    decision: str | None = None
    reason: str | None = None
    issues_card: bool = False
    offers_slots: bool = False
    after_slot: bool = False
    """Not before the time that was booked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """One kind of system. `after`: what a person's action makes of a case; `steps`: what comes after which word.

    `number` is a template of day and serial number. A word without a step is an end, or waits for the person.
    """

    number: str
    first: str
    steps: Mapping[str, Step]
    after: Mapping[str, str]


NEW, TAKEN, REFUSED = "Mới đăng ký", "Được tiếp nhận", "Không được tiếp nhận"
WORKING, SUPPLEMENT, FEE = "Đang xử lý", "Yêu cầu bổ sung giấy tờ", "Yêu cầu thực hiện nghĩa vụ tài chính"
WITHDRAWN, STOPPED = "Công dân yêu cầu rút hồ sơ", "Dừng xử lý"
READY, DELIVERED = "Đã xử lý xong", "Đã trả kết quả"
CHOOSE, BOOKED, FULL = "Chờ chọn giờ", "Đã đặt lịch", "Bệnh viện hủy"

CASES: Final = Manner(
    number="H29.13.5-{day:%y%m%d}-{serial:04d}",
    first=NEW,
    steps=MappingProxyType(
        {
            NEW: Step(TAKEN),
            TAKEN: Step(WORKING),
            WORKING: Step(READY, decision="granted"),
            READY: Step(DELIVERED, decision="granted"),
        }
    ),
    after=MappingProxyType({"withdraw": WITHDRAWN, "supplement": WORKING, "pay": WORKING}),
)

_INSURANCE: Final = Manner(
    number="BHXH/{day:%y%m}/{serial:06d}",
    first="Đã nộp",
    steps=MappingProxyType(
        {
            "Đã nộp": Step("Đã tiếp nhận"),
            "Đã tiếp nhận": Step("Đang thẩm định"),
            "Đang thẩm định": Step("Đã cấp thẻ", decision="granted", issues_card=True),
        }
    ),
    after=MappingProxyType(
        {"withdraw": "Người nộp rút hồ sơ", "supplement": "Đang thẩm định", "pay": "Đang thẩm định"}
    ),
)

_BOOKINGS: Final = Manner(
    number="BV{day:%y%m%d}{serial:04d}",
    first="Chờ xếp lịch",
    steps=MappingProxyType(
        {"Chờ xếp lịch": Step(CHOOSE, offers_slots=True), BOOKED: Step("Đã khám", after_slot=True)}
    ),
    after=MappingProxyType({"withdraw": "Người bệnh hủy", "cancel": "Người bệnh hủy", "book": BOOKED}),
)

_REFERRALS: Final = Manner(
    number="GT-{serial:07d}",
    first="Mới chuyển đến",
    steps=MappingProxyType(
        {
            "Mới chuyển đến": Step("Đã nhận"),
            "Đã nhận": Step("Đã liên hệ"),
            "Đã liên hệ": Step("Hoàn tất"),
        }
    ),
    after=MappingProxyType({"withdraw": "Khách rút", "supplement": "Đã nhận"}),
)

_REPORTS: Final = Manner(
    number="1022-{day:%y}-{serial:06d}",
    first="Chờ tiếp nhận",
    steps=MappingProxyType(
        {
            "Chờ tiếp nhận": Step("Đã tiếp nhận"),
            "Đã tiếp nhận": Step("Đang xử lý"),
            "Mở lại": Step("Đang xử lý"),
            "Đang xử lý": Step("Đã trả lời", reason="repaired"),
        }
    ),
    after=MappingProxyType(
        {
            "withdraw": "Người dân rút",
            "supplement": "Đã tiếp nhận",
            "reopen": "Mở lại",
            "confirm": "Người dân đồng ý",
        }
    ),
)

MANNERS: Final[Mapping[Protocol, Manner]] = MappingProxyType(
    {
        Protocol.CASES: CASES,
        Protocol.INSURANCE: _INSURANCE,
        Protocol.BOOKINGS: _BOOKINGS,
        Protocol.REFERRALS: _REFERRALS,
        Protocol.REPORTS: _REPORTS,
    }
)
"""By what the catalogue says is spoken."""
