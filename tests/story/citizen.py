"""Somebody who walks through a service at the real touch screen: looks at the question, and answers it by touch and keys."""

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Final

from playwright.async_api import expect

from catalogue.model import Need, Service
from tests.browser.kiosk.visitor import Visitor
from tests.rig.screen import Screen, View
from tests.story.city import until

GROUPS: Final[Mapping[Need, str]] = {
    Need.HOME: "Chỗ ở",
    Need.FAMILY: "Gia đình",
    Need.PAPERS: "Giấy tờ",
    Need.MONEY: "Trả tiền",
    Need.HEALTH: "Sức khỏe",
    Need.SAFETY: "Báo tin, phản ánh",
    Need.TELEPHONE_BANK: "Điện thoại, ngân hàng",
    Need.TALK: "Nói với công an",
}
SUBMIT: Final = re.compile("^(Nộp hồ sơ|Gửi phản ánh|Tra hóa đơn|Gửi yêu cầu hẹn|Gửi yêu cầu|Gửi lời nhắn)")
TODAY: Final = datetime.now(timezone(timedelta(hours=7))).strftime("%d%m%Y")
"""In Vietnam; neither past nor future, so that it answers every question for a day."""

MOST_QUESTIONS: Final = 40


class Citizen:
    """`visitor` is what touches, `screen` what is shown beside the browser; `number` stands on the card."""

    def __init__(self, visitor: Visitor, screen: Screen, number: str) -> None:
        self._visitor = visitor
        self._screen = screen
        self._number = number
        self._answers: Mapping[str, Callable[[View], Awaitable[None]]] = {
            "choice": self._choose,
            "yes-no": self._choose,
            "place": self._choose,
            "address": self._write_address,
        }

    async def come_to(self, service: Service) -> None:
        """Find a service from the start screen, and begin; with the card, where it takes something from it."""
        await self._visitor.sees("Hôm nay cần làm việc gì")
        await self._visitor.press(re.compile(f"^{GROUPS[service.need]}"))
        await self._visitor.press(re.compile(f"^{re.escape(service.name.vi)}"))
        view = await self._screen.until_services("service")
        if "use-card" not in view["actions"]:
            await self._visitor.press("Bắt đầu")
            return
        await self._visitor.press("Đọc thẻ căn cước và bắt đầu")
        await self._visitor.press("Đồng ý, đọc thẻ")
        await self._visitor.sees("Quét mã QR, hoặc nhập số của thẻ")
        await self._visitor.page.keyboard.type(self._number)
        await self._visitor.press("Dùng số này")
        await self._visitor.press(re.compile(r"^Điền \d+ mục này"))

    async def answer_all(self, *, most: int = MOST_QUESTIONS) -> bool:
        """Answer what must be answered; tell whether all can be checked now, or only `most` were answered."""
        for _ in range(most):
            view = await self._screen.until_services("question", "check")
            if view["page"] == "check":
                await self._visitor.sees("Xem lại các câu trả lời")
                return True
            await self._answer(view)
        return False

    async def submit(self) -> None:
        """Submit what was checked."""
        await self._visitor.press(SUBMIT)

    async def _answer(self, view: View) -> None:
        question = view["question"]
        assert question["fault"] is None, question
        counted = re.compile(rf"^Câu {question['number']} trên {question['of']}\b")
        await expect(self._visitor.page.get_by_text(counted).first).to_be_visible()
        if question["optional"]:
            await self._visitor.press("Bỏ qua câu này")
        else:
            await self._answers.get(question["type"], self._write)(question)
        await until(lambda: self._is_after(view), f"after {question['id']}")

    async def _is_after(self, view: View) -> bool:
        return bool(self._screen.services["version"] > view["version"])

    async def _choose(self, _question: View) -> None:
        await self._visitor.page.get_by_role("listitem").get_by_role("button").first.click()

    async def _write(self, question: View) -> None:
        await self._visitor.page.keyboard.type(_words(question))
        await self._visitor.press("Tiếp tục")

    async def _write_address(self, _question: View) -> None:
        await self._visitor.page.keyboard.type("binh trung")
        await self._choose(_question)
        await self._visitor.page.keyboard.type("12 Hoa Mai")
        await self._visitor.press("Tiếp tục")


def _words(question: View) -> str:
    """Return what to type: the question's own example, or something that fits its type."""
    if question.get("example"):
        return str(question["example"])
    if question["type"] in {"number", "amount"}:
        return str(max(question["lowest"], 1))
    return {"day": TODAY, "phone": "0901234567", "name": "Nguyen Van An"}.get(
        question["type"], "Khong co gi them"
    )
