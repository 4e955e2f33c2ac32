"""What stands on the paper of a draft that is kept: the code, until when, and nothing of who keeps what."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from edge.drivers.printer.slip import Align, Gap, Rule, Size, Slip, Text
from edge.kiosk.results import date_and_time
from edge.kiosk.slips import Block, head
from edge.kiosk.words import Language
from edge.services.draft_view import KeptView
from edge.settings import StationSettings


@dataclass(frozen=True, slots=True)
class _Words:
    """One language's sentences."""

    title: str
    not_submitted: str
    code: str
    secret: str
    until: str
    how: str


_WORDS: Final = MappingProxyType(
    {
        Language.VIETNAMESE: _Words(
            title="Hồ sơ đang dở",
            not_submitted="CHƯA NỘP",
            code="Mã làm tiếp",
            secret="Ai có mã đều mở được. Xin giữ kỹ, trạm không lưu mã này.",  # noqa: S106 - a sentence
            until="Giữ đến",
            how="Quay lại chính trạm này, bấm “Làm tiếp hồ sơ đang dở” và nhập mã.",
        ),
        Language.ENGLISH: _Words(
            title="A draft",
            not_submitted="NOT YET SUBMITTED",
            code="Code to go on",
            secret="Whoever has it can open it. Keep it well; the station does not have it.",  # noqa: S106 - same
            until="Kept until",
            how="Come back to this station, choose “Go on with a draft” and enter the code.",
        ),
    }
)


def draft_slip(kept: KeptView, station: StationSettings, language: Language, width_mm: int) -> Slip:
    """Return the slip of a draft that is kept by a code. It names no service: others may find it."""
    return Slip(width_mm=width_mm, blocks=list(_blocks(kept, station, _WORDS[language])))


def _blocks(kept: KeptView, station: StationSettings, words: _Words) -> Iterator[Block]:
    yield from head(station, words.title)
    yield Text(text=words.not_submitted, is_bold=True, align=Align.CENTRE)
    yield Rule()
    yield Text(text=words.code, align=Align.CENTRE)
    for group in kept.code.split("-"):
        yield Text(text=group, size=Size.LARGE, is_bold=True, align=Align.CENTRE)
    yield Gap(height_mm=2)
    yield Text(text=f"{words.until} {date_and_time(kept.until_ms)}", is_bold=True, align=Align.CENTRE)
    yield Rule()
    yield Text(text=words.how)
    yield Gap(height_mm=1)
    yield Text(text=words.secret)
