"""How each type of question looks on the preview: its answers or its form, as a picture in words rather than a form."""

from collections.abc import Callable
from html import escape
from typing import Final, cast

from catalogue.faults import dong_vi
from catalogue.questions import (
    AddressQuestion,
    AmountQuestion,
    BillCodeQuestion,
    CardQuestion,
    ChoiceQuestion,
    DayQuestion,
    NameQuestion,
    NumberQuestion,
    PhoneQuestion,
    PhotoQuestion,
    PlaceQuestion,
    Question,
    ScanQuestion,
    Span,
    TextQuestion,
    YesNoQuestion,
)
from catalogue.words import Label, Text

_SPANS: Final = {
    Span.ANY: "bất kỳ ngày nào",
    Span.PAST: "hôm nay hoặc ngày đã qua",
    Span.FUTURE: "hôm nay hoặc ngày sắp tới",
}


def controls(question: Question) -> str:
    """Return what stands below the question."""
    return _DRAWINGS[type(question)](question)


def _both(text: Text | Label | None) -> str:
    if text is None:
        return ""
    return f' {escape(text.vi)} <span lang="en" class="en">{escape(text.en)}</span>'


def _hint(text: Text | None) -> str:
    """Tell what is said when the answer does not fit."""
    return "" if text is None else f"<p>Khi chưa đúng:{_both(text)}</p>"


def _note(text: str) -> str:
    return f"<p>[ {escape(text)} ]</p>"


def _choice(question: Question) -> str:
    options = "".join(
        f"<li>{_both(option.label)}{_both(option.help)}</li>"
        for option in cast("ChoiceQuestion", question).options
    )
    return f'<ul class="answers">{options}</ul>'


def _yes_no(_question: Question) -> str:
    return '<ul class="answers"><li>Có <span lang="en" class="en">Yes</span></li><li>Không <span lang="en" class="en">No</span></li></ul>'


def _text(question: Question) -> str:
    asked = cast("TextQuestion", question)
    lines = "nhiều dòng, " if asked.many_lines else ""
    example = "" if asked.example is None else f", ví dụ {asked.example}"
    return _note(f"chữ, {lines}tối đa {asked.max_length} ký tự{example}") + _hint(asked.hint)


def _bill_code(question: Question) -> str:
    asked = cast("BillCodeQuestion", question)
    return _note(f"mã, ví dụ {asked.example}") + _hint(asked.hint)


def _day(question: Question) -> str:
    return _note(f"ngày: {_SPANS[cast('DayQuestion', question).span]}")


def _number(question: Question) -> str:
    asked = cast("NumberQuestion", question)
    return f"<p>[ số từ {asked.lowest} đến {asked.highest}{_both(asked.unit)} ]</p>"


def _amount(question: Question) -> str:
    asked = cast("AmountQuestion", question)
    return _note(f"số tiền từ {dong_vi(asked.lowest_dong)} đến {dong_vi(asked.highest_dong)}")


def _pictures(question: Question) -> str:
    return _note(f"chụp ảnh, tối đa {cast('PhotoQuestion | ScanQuestion', question).most}")


def _card(question: Question) -> str:
    removable = ", có thể xóa" if question.optional else ""
    return _note(f"lấy từ chip của thẻ: {cast('CardQuestion', question).field}; chạm để xem{removable}")


def _as(text: str) -> Callable[[Question], str]:
    return lambda _question: _note(text)


_DRAWINGS: Final[dict[type, Callable[[Question], str]]] = {
    TextQuestion: _text,
    NameQuestion: _as("họ và tên"),
    PhoneQuestion: _as("số điện thoại"),
    DayQuestion: _day,
    NumberQuestion: _number,
    AmountQuestion: _amount,
    ChoiceQuestion: _choice,
    YesNoQuestion: _yes_no,
    AddressQuestion: _as("phường, xã, đặc khu; số nhà, đường, tòa nhà, căn hộ"),
    PlaceQuestion: _as("tại trạm này, hoặc một điểm trên bản đồ"),
    PhotoQuestion: _pictures,
    ScanQuestion: _pictures,
    BillCodeQuestion: _bill_code,
    CardQuestion: _card,
}
