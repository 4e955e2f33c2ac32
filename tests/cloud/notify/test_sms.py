"""Text messages against a gateway that may refuse, fail, hang or be gone."""

from collections.abc import Iterator
from contextlib import closing
from http import HTTPStatus

import pytest

from cloud.notify.port import Delivered, Failed
from cloud.notify.sms import SmsNotifier, sms_text
from tests.cloud.notify.conftest import notification
from tests.fakes.sms_gateway import TOKEN, SmsGateway, running_gateway


@pytest.fixture
def gateway() -> Iterator[SmsGateway]:
    with running_gateway() as running:
        yield running


def send(gateway: SmsGateway, token: str = TOKEN, timeout_s: float = 5.0) -> Delivered | Failed:
    with closing(SmsNotifier(gateway.url, token, timeout_s=timeout_s)) as notifier:
        return notifier.send(notification())


def test_a_message_arrives_with_its_words_and_its_key(gateway: SmsGateway) -> None:
    assert send(gateway) == Delivered()
    (sms,) = gateway.sent
    assert sms.to == "+84900000001"
    assert sms.text == "SOS khẩn cấp: Trạm Bến Nước 1, Phường Bình Trưng. Mở ngay màn hình trực ban."
    assert sms.key == f"{'f' * 32}-3-1-7"


def test_the_second_attempt_has_the_same_key(gateway: SmsGateway) -> None:
    gateway.fail_next(HTTPStatus.BAD_GATEWAY)
    assert send(gateway) == Failed("gateway: HTTP 502")
    assert send(gateway) == Delivered()
    assert gateway.refused[0].key == gateway.sent[0].key


@pytest.mark.parametrize(
    ("answer", "is_final"),
    [
        (HTTPStatus.BAD_REQUEST, True),
        (HTTPStatus.FORBIDDEN, True),
        (HTTPStatus.UNPROCESSABLE_ENTITY, True),
        (HTTPStatus.REQUEST_TIMEOUT, False),
        (HTTPStatus.TOO_MANY_REQUESTS, False),
        (HTTPStatus.INTERNAL_SERVER_ERROR, False),
        (HTTPStatus.SERVICE_UNAVAILABLE, False),
        (HTTPStatus.MOVED_PERMANENTLY, False),
    ],
)
def test_only_what_is_the_messages_own_fault_is_final(
    *, gateway: SmsGateway, answer: HTTPStatus, is_final: bool
) -> None:
    gateway.fail_next(answer)
    assert send(gateway) == Failed(f"gateway: HTTP {answer}", is_final=is_final)


def test_a_wrong_token_is_told_without_repeating_it(gateway: SmsGateway) -> None:
    result = send(gateway, token="wrong-secret")
    assert result == Failed("gateway: HTTP 401", is_final=True)
    assert gateway.sent == []


def test_a_gateway_that_hangs_is_left_after_its_time(gateway: SmsGateway) -> None:
    gateway.go_on.clear()
    assert send(gateway, timeout_s=0.1) == Failed("gateway: ReadTimeout")


def test_a_gateway_that_is_gone_is_a_failure_like_any_other(gateway: SmsGateway) -> None:
    with running_gateway() as other:
        url = other.url
    gateway.url = url
    assert send(gateway) == Failed("gateway: ConnectError")


def test_a_drill_says_so_before_anything_else() -> None:
    assert sms_text(notification(drill=True)).startswith("[DIỄN TẬP] SOS")


def test_a_station_of_no_ward_has_no_comma() -> None:
    assert "Trạm Bến Nước 1. Mở" in sms_text(notification(ward_name=""))


def test_a_text_stays_within_a_few_parts_of_a_message() -> None:
    """A part of a text with Vietnamese letters (UCS-2) has 67 characters."""
    assert len(sms_text(notification(drill=True, station_name="x" * 500, ward_name="y" * 500))) <= 3 * 67
