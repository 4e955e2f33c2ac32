"""The reasons that a desk may give a person: reviewed texts under stable keys, of which an officer picks one.

No officer writes to a person what nobody has read before. The keys travel; the words stand here, for the desk's screen.
"""

from types import MappingProxyType
from typing import Final, NamedTuple

from cloud.requests.request import Kind, Verb


class Reason(NamedTuple):
    """A reason under its key, as a person is told it."""

    key: str
    vi: str
    en: str


_NOT_OURS: Final = Reason(
    "not-ours",
    "Việc này thuộc cơ quan khác giải quyết.",
    "Another office is responsible for this.",
)
_UNCLEAR: Final = Reason(
    "unclear",
    "Nội dung chưa đủ rõ để giải quyết.",
    "What was written is not clear enough to be dealt with.",
)
_NOT_REACHED: Final = Reason(
    "not-reached",
    "Đã liên hệ nhiều lần nhưng chưa gặp được ông/bà.",
    "We tried several times but could not reach you.",
)
_NOT_ENTITLED: Final = Reason(
    "not-entitled",
    "Trường hợp này chưa đủ điều kiện theo quy định.",
    "The conditions that the rules set are not met.",
)
_ASKED: Final = Reason("asked-by-person", "Theo yêu cầu của ông/bà.", "You asked for it.")

_SUPPLEMENT: Final = (
    Reason("paper-missing", "Còn thiếu giấy tờ.", "A paper is missing."),
    Reason("paper-unreadable", "Giấy tờ bị mờ hoặc chụp thiếu góc.", "A paper is blurred or cut off."),
    Reason("paper-expired", "Giấy tờ đã hết hạn.", "A paper has expired."),
    Reason(
        "details-differ",
        "Thông tin trên giấy tờ và trong hồ sơ chưa khớp nhau.",
        "The papers and what was filled in do not agree.",
    ),
    Reason("details-missing", "Còn thiếu thông tin để giải quyết.", "Some details are missing."),
)
_NO_PROOF: Final = Reason(
    "no-proof",
    "Giấy tờ chưa chứng minh được nội dung đề nghị.",
    "The papers do not prove what was asked for.",
)
_REFUSE: Final = (
    _NOT_OURS,
    _NOT_ENTITLED,
    Reason("wrong-procedure", "Hồ sơ nộp nhầm thủ tục.", "It was submitted under the wrong procedure."),
    Reason("twice", "Hồ sơ này đã được nộp trước đó.", "The same was submitted before."),
)
_REFUSE_REPORT: Final = (
    _NOT_OURS,
    _UNCLEAR,
    Reason(
        "nothing-found", "Đã kiểm tra tại chỗ, không thấy như phản ánh.", "We looked and did not find it."
    ),
)

REASONS: Final = MappingProxyType(
    {
        Verb.REFUSE: _REFUSE,
        Verb.ASK_SUPPLEMENT: _SUPPLEMENT,
        Verb.DECIDE: (_NOT_ENTITLED, _NO_PROOF, _NOT_OURS),
        Verb.STOP: (
            Reason(
                "time-over",
                "Đã quá thời hạn bổ sung hoặc nộp phí.",
                "The time for papers or the fee is over.",
            ),
            _ASKED,
        ),
        Verb.DECLINE: (_NOT_OURS, _NOT_ENTITLED, _NOT_REACHED, _ASKED),
        Verb.CANCEL: (
            Reason("no-slot", "Nơi khám không còn lịch phù hợp.", "There is no suitable time left."),
            Reason("doctor-absent", "Bác sĩ vắng mặt đột xuất.", "The doctor is unexpectedly away."),
            _ASKED,
        ),
        Verb.APOLOGISE: (
            Reason("much-to-do", "Số hồ sơ đang nhiều hơn thường lệ.", "There is more to do than usual."),
            Reason(
                "other-office",
                "Đang chờ cơ quan khác trả lời.",
                "We are waiting for another office to answer.",
            ),
            Reason("check-on-site", "Cần kiểm tra thêm tại chỗ.", "Something must be looked at on site."),
            Reason("system-down", "Hệ thống gặp sự cố.", "A computer system failed."),
        ),
    }
)
"""By what is done; a report is refused for reasons of its own (reasons_for)."""


def reasons_for(verb: Verb, kind: Kind) -> tuple[Reason, ...]:
    """Return the reasons that fit; none for what needs no reason."""
    if verb is Verb.REFUSE and kind is Kind.REPORT:
        return _REFUSE_REPORT
    return REASONS.get(verb, ())


ANSWERS: Final = (
    Reason("repaired", "Đã khắc phục xong tại chỗ.", "It was put right on site."),
    Reason("warned", "Đã kiểm tra và nhắc nhở người liên quan.", "We looked, and spoke to those concerned."),
    Reason("planned", "Đã đưa vào kế hoạch sửa chữa.", "The repair is planned."),
)
"""What 1022 answers in public to a report that it has dealt with."""

TEXTS: Final = MappingProxyType(
    {
        each.key: each
        for each in (
            *_REFUSE_REPORT,
            *ANSWERS,
            *(each for group in REASONS.values() for each in group),
        )
    }
)
"""Every reason by its key."""
