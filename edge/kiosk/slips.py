"""What stands on the printed sheet, from top to bottom; how it is drawn is the printer's."""

from collections.abc import Iterator

from edge.cabin.view import SheetView
from edge.drivers.printer.slip import Align, Code, Gap, Rule, Size, Slip, Text, Value
from edge.kiosk.qr import fitting, sheet_text
from edge.kiosk.results import Result, date_and_time, results
from edge.kiosk.words import WORDS, Language
from edge.settings import StationSettings

Block = Text | Value | Rule | Gap | Code


def sheet_slip(sheet: SheetView, station: StationSettings, language: Language, width_mm: int) -> Slip:
    """Return the slip of a result sheet. A partial NEWS2 is not on it: only the offer of help, when it is high."""
    return Slip(width_mm=width_mm, blocks=list(_blocks(sheet, station, language)))


def head(station: StationSettings, title: str) -> Iterator[Block]:
    """Yield what every slip begins with: where it was printed, and what it is."""
    yield Text(text=station.name or station.id, size=Size.LARGE, is_bold=True, align=Align.CENTRE)
    if station.place:
        yield Text(text=station.place, align=Align.CENTRE)
    yield Gap(height_mm=2)
    yield Text(text=title, align=Align.CENTRE)


def _blocks(sheet: SheetView, station: StationSettings, language: Language) -> Iterator[Block]:
    words = WORDS[language]
    yield from head(station, words.title)
    yield Text(text=date_and_time(sheet.at_ms), is_bold=True, align=Align.CENTRE)
    yield Rule()
    for result in results(sheet, words):
        yield from _row(result)
        yield Gap(height_mm=2)
    if sheet.skipped:
        yield Text(
            text=f"{words.skipped}: {', '.join(words.kinds[kind] for kind in sheet.skipped)}", size=Size.SMALL
        )
    yield Rule()
    if sheet.news2 is not None and sheet.news2.is_high:
        yield Text(text=words.help, is_bold=True)
        yield Gap(height_mm=2)
    yield Text(text=words.no_diagnosis)
    yield Gap(height_mm=1)
    code = fitting(sheet_text(sheet, station))
    yield Code(text=code.text, level=code.level)
    yield Text(text=words.code_caption, size=Size.SMALL, align=Align.CENTRE)
    yield Gap(height_mm=2)
    yield Text(text=words.farewell, align=Align.CENTRE)


def _row(result: Result) -> Iterator[Block]:
    yield Value(label=result.label, value=result.value, unit=result.unit)
    for extra in result.extras:
        yield Text(text=extra)
    for note in result.notes:
        yield Text(text=note, size=Size.SMALL, is_item=True)
