"""What is wrong with an answer, as a reason for programs and a sentence for people; never with the answer itself."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from catalogue.questions import AmountQuestion, BillCodeQuestion, NumberQuestion, Question, TextQuestion
from catalogue.words import Text


class Reason(StrEnum):
    """Why an answer cannot be taken."""

    MISSING = "missing"
    WRONG_KIND = "wrong-kind"
    TOO_SHORT = "too-short"
    TOO_LONG = "too-long"
    STRANGE = "strange"
    """Characters that no keyboard makes."""
    NO_MATCH = "no-match"
    NO_DAY = "no-day"
    FUTURE = "future"
    PAST = "past"
    TOO_FAR = "too-far"
    TOO_LOW = "too-low"
    TOO_HIGH = "too-high"
    TOO_MANY = "too-many"
    NO_WARD = "no-ward"
    NO_PLACE = "no-place"


@dataclass(frozen=True, slots=True)
class Fault:
    """One answer that cannot be taken: which question, why, and what to do, in both languages."""

    question: str
    reason: Reason
    text: Text


_TEXTS: Final = {
    Reason.MISSING: Text("Câu này cần có câu trả lời.", "This question needs an answer."),
    Reason.WRONG_KIND: Text(
        "Xin chọn hoặc nhập lại câu trả lời.", "Please choose or enter the answer again."
    ),
    Reason.TOO_SHORT: Text(
        "Câu trả lời quá ngắn. Xin ghi đầy đủ hơn.", "The answer is too short. Please write more."
    ),
    Reason.TOO_LONG: Text(
        "Câu trả lời quá dài. Xin ghi ngắn gọn hơn.", "The answer is too long. Please shorten it."
    ),
    Reason.STRANGE: Text(
        "Câu trả lời có ký tự không đọc được. Xin nhập lại bằng bàn phím trên màn hình.",
        "The answer has characters that cannot be read. Please enter it with the keyboard on the screen.",
    ),
    Reason.NO_MATCH: Text(
        "Câu trả lời chưa đúng dạng. Xin xem lại từng chữ, từng số.",
        "The answer is not in the right form. Please look at every letter and digit.",
    ),
    Reason.NO_DAY: Text("Không có ngày này trong lịch.", "There is no such day in the calendar."),
    Reason.FUTURE: Text(
        "Ngày này chưa đến. Xin chọn hôm nay hoặc ngày đã qua.", "Choose today or a day in the past."
    ),
    Reason.PAST: Text(
        "Ngày này đã qua. Xin chọn hôm nay hoặc ngày sắp tới.", "Choose today or a day to come."
    ),
    Reason.TOO_FAR: Text(
        "Ngày này quá xa. Xin xem lại năm.", "This day is too far away. Please look at the year."
    ),
    Reason.TOO_LOW: Text("Số này quá nhỏ.", "This number is too small."),
    Reason.TOO_HIGH: Text("Số này quá lớn.", "This number is too large."),
    Reason.TOO_MANY: Text("Nhiều ảnh quá. Xin bỏ bớt.", "Too many pictures. Please remove some."),
    Reason.NO_WARD: Text("Xin chọn phường, xã hoặc đặc khu.", "Please choose the ward."),
    Reason.NO_PLACE: Text(
        "Vị trí này không ở Việt Nam. Xin chọn lại trên bản đồ.", "Choose a place in Vietnam."
    ),
}


def fault_of(question: Question, reason: Reason) -> Fault:
    """Return the fault, with the question's own words where it has some."""
    return Fault(question.id, reason, _own_text(question, reason) or _TEXTS[reason])


def _own_text(question: Question, reason: Reason) -> Text | None:
    if reason is Reason.NO_MATCH and isinstance(question, TextQuestion | BillCodeQuestion):
        return question.hint
    if reason in {Reason.TOO_LOW, Reason.TOO_HIGH}:
        return _bounds(question)
    return None


def _bounds(question: Question) -> Text | None:
    if isinstance(question, NumberQuestion):
        low, high = question.lowest, question.highest
        return Text(f"Xin nhập số từ {low} đến {high}.", f"Please enter a number from {low} to {high}.")
    if isinstance(question, AmountQuestion):
        low, high = question.lowest_dong, question.highest_dong
        return Text(
            f"Xin nhập số tiền từ {dong_vi(low)} đến {dong_vi(high)}.",
            f"Please enter an amount from {dong_en(low)} to {dong_en(high)}.",
        )
    return None


def dong_vi(amount: int) -> str:
    """Write an amount as Vietnamese do: 75.000 đồng."""
    return f"{amount:,} đồng".replace(",", ".")


def dong_en(amount: int) -> str:
    """Write an amount as English speakers do: 75,000 dong."""
    return f"{amount:,} dong"
