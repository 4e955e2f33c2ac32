"""What a telephone shows of a request, and how the gateway's answers are taken."""

import json
from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest

from cloud.notify.port import Delivered, Failed
from cloud.notify.request_sms import STATE_WORDS, RequestNotice, RequestSms, notice_text
from cloud.requests.request import State
from tests.cloud.requests.samples import at_ms

PHONE = "+84900000001"
NOTICE = RequestNotice(key="6e6e-3", tracking="V68M-8BYZ-746J", state=State.RECEIVED)


def test_it_says_which_and_how_far_and_nothing_else() -> None:
    assert notice_text(NOTICE) == (
        "Trạm công dân số: hồ sơ V68M-8BYZ-746J đã được tiếp nhận. Tra cứu tại trạm."
    )


def test_it_says_by_when_the_person_has_to_act() -> None:
    notice = RequestNotice(
        key="k", tracking="V68M-8BYZ-746J", state=State.SUPPLEMENT_WANTED, due_at_ms=at_ms(25, 17)
    )
    assert "cần bổ sung giấy tờ trước 17:00 25/11." in notice_text(notice)


def test_it_says_sorry_when_it_is_late() -> None:
    notice = RequestNotice(key="k", tracking="V68M-8BYZ-746J", state=State.PROCESSING, is_late=True)
    assert "đang được xử lý. Chúng tôi xin lỗi vì chậm trễ." in notice_text(notice)


@pytest.mark.parametrize("state", State)
def test_every_state_has_words_and_fits_three_parts_of_a_message(state: State) -> None:
    """Text with diacritics is UCS-2: 67 characters a part (3GPP TS 23.040, 9.2.3.24.1)."""
    notice = RequestNotice(
        key="k", tracking="V68M-8BYZ-746J", state=state, is_late=True, due_at_ms=at_ms(25, 17)
    )
    assert STATE_WORDS[state]
    assert len(notice_text(notice)) <= 3 * 67


class Gateway:
    """A text-message service that answers what it is told to."""

    def __init__(self) -> None:
        self.answer: httpx.Response | httpx.HTTPError = httpx.Response(200)
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if isinstance(self.answer, httpx.HTTPError):
            raise self.answer
        return self.answer


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


@pytest.fixture
def sms(gateway: Gateway) -> Iterator[RequestSms]:
    with closing(RequestSms("https://sms.example/send", "gateway-token")) as sender:
        sender._client.close()
        sender._client = httpx.Client(
            transport=httpx.MockTransport(gateway), headers={"Authorization": "Bearer gateway-token"}
        )
        yield sender


def test_the_gateway_gets_number_text_and_key(sms: RequestSms, gateway: Gateway) -> None:
    assert sms.tell(PHONE, NOTICE) == Delivered()
    (asked,) = gateway.asked
    assert json.loads(asked.content) == {"to": PHONE, "text": notice_text(NOTICE)}
    assert asked.headers["Idempotency-Key"] == "6e6e-3"
    assert asked.headers["Authorization"] == "Bearer gateway-token"


@pytest.mark.parametrize(
    ("status", "is_final"), [(400, True), (404, True), (408, False), (429, False), (503, False)]
)
def test_a_refusal_is_final_when_the_message_itself_is_wrong(
    sms: RequestSms, gateway: Gateway, status: int, *, is_final: bool
) -> None:
    gateway.answer = httpx.Response(status)
    assert sms.tell(PHONE, NOTICE) == Failed(f"gateway: HTTP {status}", is_final=is_final)


def test_a_network_that_fails_is_tried_again_and_says_no_number(sms: RequestSms, gateway: Gateway) -> None:
    gateway.answer = httpx.ConnectError(f"cannot reach {PHONE}")
    assert sms.tell(PHONE, NOTICE) == Failed("gateway: ConnectError")
