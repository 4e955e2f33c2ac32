"""What other systems call their states, as ours.

The words of the national public-service portal are its public ones. Those of the social insurance, hospitals, partners and
1022 are our own guess until an interface is agreed, each in a table of this form. A word that is in no table changes nothing and is told to the operators: a state is
never guessed.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from cloud.requests.request import Decision, State

MAX_WORD_LENGTH: Final = 100


@dataclass(frozen=True, slots=True)
class Meaning:
    """A state of ours; `decision` when the word itself says it."""

    state: State
    decision: Decision | None = None


NATIONAL_PORTAL: Final[Mapping[str, Meaning]] = MappingProxyType(
    {
        "Mới đăng ký": Meaning(State.SUBMITTED),
        "Được tiếp nhận": Meaning(State.RECEIVED),
        "Không được tiếp nhận": Meaning(State.REFUSED),
        "Đang xử lý": Meaning(State.PROCESSING),
        "Yêu cầu bổ sung giấy tờ": Meaning(State.SUPPLEMENT_WANTED),
        "Yêu cầu thực hiện nghĩa vụ tài chính": Meaning(State.FEE_WANTED),
        "Công dân yêu cầu rút hồ sơ": Meaning(State.WITHDRAWN),
        "Dừng xử lý": Meaning(State.STOPPED),
        "Đã xử lý xong": Meaning(State.RESULT_READY),
        "Đã trả kết quả": Meaning(State.DELIVERED),
    }
)

SOCIAL_INSURANCE: Final[Mapping[str, Meaning]] = MappingProxyType(
    {
        "Đã nộp": Meaning(State.SUBMITTED),
        "Đã tiếp nhận": Meaning(State.RECEIVED),
        "Không tiếp nhận": Meaning(State.REFUSED),
        "Đang thẩm định": Meaning(State.PROCESSING),
        "Chờ bổ sung": Meaning(State.SUPPLEMENT_WANTED),
        "Chờ đóng tiền": Meaning(State.FEE_WANTED),
        "Người nộp rút hồ sơ": Meaning(State.WITHDRAWN),
        "Hủy do quá hạn": Meaning(State.STOPPED),
        # The card is electronic: once it is issued there is nothing left to fetch.
        "Đã cấp thẻ": Meaning(State.DELIVERED, Decision.GRANTED),
        "Từ chối cấp thẻ": Meaning(State.DELIVERED, Decision.DENIED),
    }
)

HOSPITAL: Final[Mapping[str, Meaning]] = MappingProxyType(
    {
        "Chờ xếp lịch": Meaning(State.ASKED),
        "Chờ chọn giờ": Meaning(State.OFFERED),
        "Đã đặt lịch": Meaning(State.BOOKED),
        "Đã khám": Meaning(State.ATTENDED),
        "Không đến": Meaning(State.MISSED),
        "Người bệnh hủy": Meaning(State.CANCELLED),
        "Bệnh viện hủy": Meaning(State.CANCELLED),
    }
)

REFERRALS: Final[Mapping[str, Meaning]] = MappingProxyType(
    {
        "Mới chuyển đến": Meaning(State.SENT),
        "Đã nhận": Meaning(State.RECEIVED),
        "Đã liên hệ": Meaning(State.CONTACTED),
        "Chờ khách bổ sung": Meaning(State.SUPPLEMENT_WANTED),
        "Hoàn tất": Meaning(State.DONE),
        "Từ chối": Meaning(State.DECLINED),
        "Khách rút": Meaning(State.WITHDRAWN),
    }
)

CIVIC_1022: Final[Mapping[str, Meaning]] = MappingProxyType(
    {
        "Chờ tiếp nhận": Meaning(State.NEW),
        "Đã tiếp nhận": Meaning(State.ACCEPTED),
        "Không tiếp nhận": Meaning(State.REFUSED),
        "Trùng phản ánh": Meaning(State.DUPLICATE),
        "Đã phân công": Meaning(State.ASSIGNED),
        "Đang xử lý": Meaning(State.IN_PROGRESS),
        "Cần thêm thông tin": Meaning(State.SUPPLEMENT_WANTED),
        "Đã trả lời": Meaning(State.RESOLVED),
        "Mở lại": Meaning(State.REOPENED),
        "Người dân đồng ý": Meaning(State.CONFIRMED),
        "Đã đóng": Meaning(State.CLOSED),
        "Người dân rút": Meaning(State.WITHDRAWN),
    }
)


class Vocabulary:
    """One system's words; case, blanks and how diacritics are composed make no difference."""

    def __init__(self, words: Mapping[str, Meaning]) -> None:
        self._meanings = {_folded(word): meaning for word, meaning in words.items()}

    def meaning(self, word: str) -> Meaning | None:
        """Return what a word means here; None when nobody has said so."""
        return None if len(word) > MAX_WORD_LENGTH else self._meanings.get(_folded(word))


def _folded(word: str) -> str:
    return " ".join(unicodedata.normalize("NFC", word).casefold().split())
