"""What stands on the printed receipt of a submission: the tracking code and its word, nothing of who submitted what."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from edge.drivers.printer.slip import MAX_TEXT, Align, Code, Gap, Rule, Size, Slip, Text
from edge.kiosk.qr import fitting
from edge.kiosk.results import date_and_time
from edge.kiosk.slips import Block, head
from edge.kiosk.words import Language
from edge.paying.view import PayingView
from edge.services.view import ReceiptView, ServiceCard
from edge.settings import StationSettings
from wire.tracking import Receipt, receipt_text

MAX_PAPERS: Final = 20


@dataclass(frozen=True, slots=True)
class _Words:
    """One language's sentences."""

    title: str
    tracking: str
    word: str
    offline: str
    deadline: str
    papers: str
    optional: str
    code_caption: str
    farewell: str
    amount: str
    reference: str
    number: str
    invoice: str


_WORDS: Final = MappingProxyType(
    {
        Language.VIETNAMESE: _Words(
            title="Biên nhận",
            tracking="Mã tra cứu",
            word="Mã riêng",
            offline="Trạm đã ghi nhận và sẽ gửi đi ngay khi có đường truyền.",
            deadline="Thời hạn",
            papers="Giấy tờ cần mang đến nơi giải quyết",
            optional="nếu có",
            code_caption="Mã tra cứu để xem hồ sơ tới đâu. Mã riêng để rút hoặc sửa hồ sơ: xin đừng đưa cho ai.",
            farewell="Xin cảm ơn!",
            amount="Đã trả",
            reference="Mã thanh toán",
            number="Số biên nhận",
            invoice="Hóa đơn điện tử",
        ),
        Language.ENGLISH: _Words(
            title="Receipt",
            tracking="Tracking code",
            word="Private code",
            offline="The station has recorded it and sends it as soon as the line is up.",
            deadline="How long it takes",
            papers="Papers to bring to the office",
            optional="if any",
            code_caption="The tracking code shows how far it is. The private code withdraws or changes it: keep it to yourself.",
            farewell="Thank you!",
            amount="Paid",
            reference="Payment code",
            number="Receipt number",
            invoice="E-invoice",
        ),
    }
)


def receipt_slip(
    receipt: ReceiptView,
    service: ServiceCard,
    station: StationSettings,
    language: Language,
    width_mm: int,
    *,
    paid: PayingView | None = None,
) -> Slip:
    """Return the slip of a receipt; with `paid` it says what was paid, without whose bill it was."""
    lines = [] if paid is None else [Text(text=line) for line in _money(paid, _WORDS[language])]
    return Slip(width_mm=width_mm, blocks=list(_blocks(receipt, service, station, language, lines)))


def code_text(receipt: ReceiptView) -> str:
    """Return what the receipt's QR code holds, on the screen as on paper."""
    return receipt_text(Receipt(receipt.tracking, receipt.word))


def _money(paid: PayingView, words: _Words) -> Iterator[str]:
    yield f"{words.amount}: {paid.amount_dong:,} đ".replace(",", ".")
    yield f"{words.reference}: {paid.reference}"
    if paid.receipt:
        yield f"{words.number}: {paid.receipt}"
    if paid.invoice:
        yield f"{words.invoice}: {paid.invoice}"


def _blocks(
    receipt: ReceiptView,
    service: ServiceCard,
    station: StationSettings,
    language: Language,
    money: Sequence[Text],
) -> Iterator[Block]:
    words = _WORDS[language]
    yield from head(station, words.title)
    yield Text(text=getattr(service.name, language), is_bold=True, align=Align.CENTRE)
    yield Text(text=date_and_time(receipt.at_ms), align=Align.CENTRE)
    yield Rule()
    yield Text(text=words.tracking, align=Align.CENTRE)
    yield Text(text=receipt.tracking, size=Size.LARGE, is_bold=True, align=Align.CENTRE)
    yield Text(text=f"{words.word}: {receipt.word}", is_bold=True, align=Align.CENTRE)
    code = fitting(code_text(receipt))
    yield Code(text=code.text, level=code.level)
    yield Text(text=words.code_caption, size=Size.SMALL, align=Align.CENTRE)
    yield Rule()
    yield from money
    yield from _more(receipt, service, language, words)
    yield Gap(height_mm=2)
    yield Text(text=words.farewell, align=Align.CENTRE)


def _more(receipt: ReceiptView, service: ServiceCard, language: Language, words: _Words) -> Iterator[Block]:
    """Say what happens next, and what the person must still do."""
    if not receipt.is_online:
        yield Text(text=words.offline)
    if receipt.deadline_words is not None:
        yield Text(text=_cut(f"{words.deadline}: {getattr(receipt.deadline_words, language)}"))
    if service.papers:
        yield Text(text=f"{words.papers}:", is_bold=True)
    for paper in service.papers[:MAX_PAPERS]:
        name = getattr(paper.name, language).rstrip(".")
        yield Text(text=_cut(f"{name} ({words.optional})" if paper.optional else name), is_item=True)


def _cut(text: str) -> str:
    return text if len(text) <= MAX_TEXT else f"{text[: MAX_TEXT - 1]}…"
