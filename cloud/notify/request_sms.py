"""Text messages to people who left a telephone number with their request: which one, how far it is, nothing more.

A telephone lies on tables: no service, no name, no reason. The gateway is that of cloud.notify.sms.
"""

import datetime as dt
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Final, Protocol

import httpx

from cloud.notify.port import Delivered, Failed
from cloud.requests.request import State

TIMEOUT_S: Final = 5.0
_VIETNAM: Final = dt.timezone(dt.timedelta(hours=7))
_TRY_AGAIN: Final = frozenset(
    {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
)

STATE_WORDS: Final = MappingProxyType(
    {
        State.SUBMITTED: "đã gửi",
        State.RECEIVED: "đã được tiếp nhận",
        State.REFUSED: "không được tiếp nhận, xem lý do tại trạm",
        State.PROCESSING: "đang được xử lý",
        State.SUPPLEMENT_WANTED: "cần bổ sung giấy tờ",
        State.SUPPLEMENTED: "đã nhận phần bổ sung",
        State.FEE_WANTED: "cần nộp phí",
        State.FEE_PAID: "đã nhận phí",
        State.DECIDED: "đã có quyết định",
        State.RESULT_READY: "đã có kết quả, mời đến nhận",
        State.DELIVERED: "đã trả kết quả",
        State.STOPPED: "đã dừng xử lý",
        State.WITHDRAWN: "đã được rút",
        State.NEW: "đã gửi",
        State.ACCEPTED: "đã được tiếp nhận",
        State.DUPLICATE: "trùng với một phản ánh đã có",
        State.ASSIGNED: "đã giao cho cán bộ",
        State.IN_PROGRESS: "đang được giải quyết",
        State.RESOLVED: "đã giải quyết, mời xác nhận tại trạm",
        State.REOPENED: "được mở lại",
        State.CONFIRMED: "đã được xác nhận",
        State.CLOSED: "đã kết thúc",
        State.SENT: "đã gửi",
        State.CONTACTED: "đã liên hệ",
        State.DONE: "đã hoàn tất",
        State.DECLINED: "không được chấp nhận",
        State.ASKED: "đã gửi",
        State.OFFERED: "đã có giờ khám để chọn",
        State.BOOKED: "đã đặt lịch",
        State.REMINDED: "sắp đến giờ hẹn",
        State.ATTENDED: "đã khám",
        State.CANCELLED: "đã hủy",
        State.MISSED: "đã lỡ hẹn",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestNotice:
    """What a person is told; `key` is the same for every attempt. `due_at_ms` is what the person has to do by, if any."""

    key: str
    tracking: str
    state: State
    is_late: bool = False
    due_at_ms: int | None = None


class RequestTeller(Protocol):
    """A way to reach people. Safe to be called by several threads."""

    def tell(self, phone: str, notice: RequestNotice) -> Delivered | Failed:
        """Send it, within a limit of time; never raises for what a peer or the network does."""


def notice_text(notice: RequestNotice) -> str:
    """Return what the telephone shows."""
    if notice.is_late:
        said = f"{STATE_WORDS[notice.state]}. Chúng tôi xin lỗi vì chậm trễ"
    else:
        said = STATE_WORDS[notice.state]
    until = "" if notice.due_at_ms is None else f" trước {_moment(notice.due_at_ms)}"
    return f"Trạm công dân số: hồ sơ {notice.tracking} {said}{until}. Tra cứu tại trạm."


class RequestSms:
    """Sends text messages through one gateway."""

    def __init__(self, url: str, token: str, *, timeout_s: float = TIMEOUT_S) -> None:
        self._url = url
        self._client = httpx.Client(timeout=timeout_s, headers={"Authorization": f"Bearer {token}"})

    def tell(self, phone: str, notice: RequestNotice) -> Delivered | Failed:
        """Ask the gateway to send it; a refusal that names the message itself as wrong is final."""
        body = {"to": phone, "text": notice_text(notice)}
        try:
            answer = self._client.post(self._url, json=body, headers={"Idempotency-Key": notice.key})
        except httpx.HTTPError as error:
            return Failed(f"gateway: {type(error).__name__}")
        if answer.is_success:
            return Delivered()
        is_final = answer.is_client_error and answer.status_code not in _TRY_AGAIN
        return Failed(f"gateway: HTTP {answer.status_code}", is_final=is_final)

    def close(self) -> None:
        """Close the connections to the gateway."""
        self._client.close()


def _moment(at_ms: int) -> str:
    return f"{dt.datetime.fromtimestamp(at_ms / 1000, _VIETNAM):%H:%M %d/%m}"
