"""Somebody with a citizen's card at the screen; the person and the card are invented."""

from typing import Final

from tests.browser.kiosk.conftest import Mock
from tests.browser.kiosk.visitor import Visitor

QR: Final = "079203001234||NGUYEN VAN AN|05032003|Nam|25 DUONG VEN SONG, BINH TRUNG|12052021"
NUMBER: Final = "079 203 001 234"
NAME: Final = "Công Tằng Tôn Nữ Thị Phương Thảo"


async def towards_reading(visitor: Visitor, purpose: str) -> None:
    """Choose what the card is for and agree, as far as the number is asked for."""
    await visitor.press("Dùng thẻ căn cước")
    await visitor.sees("Dùng thẻ căn cước để làm gì?")
    await visitor.press(purpose)
    await visitor.sees("Trạm sẽ đọc những gì từ thẻ?")
    await visitor.press("Đồng ý, đọc thẻ")
    await visitor.sees("Quét mã QR, hoặc nhập số của thẻ")


async def read_card(mock: Mock, visitor: Visitor, purpose: str) -> None:
    """Go on until the card is being read."""
    await towards_reading(visitor, purpose)
    await visitor.scan(QR)
    await visitor.sees("Đặt thẻ lên đầu đọc")
    await mock.turn("card", "on")
    await visitor.sees("Đang đọc thẻ")
