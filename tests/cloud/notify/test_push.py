"""Web push against a service and a browser that check and decrypt for themselves."""

from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest
from py_vapid import Vapid02

from cloud.notify.port import Delivered, Failed, Notification
from cloud.notify.push import LIFETIME_S, PushNotifier
from cloud.sos.plan import Channel
from tests.cloud.notify.conftest import notification
from tests.fakes.push_service import Browser, PushService, running_push_service

SUBJECT = "mailto:truc.ban@example.vn"


@pytest.fixture
def service() -> Iterator[PushService]:
    with running_push_service() as running:
        yield running


@pytest.fixture
def notifier(tmp_path: Path) -> PushNotifier:
    key = Vapid02()
    key.generate_keys()
    key.save_key(str(tmp_path / "vapid.pem"))
    return PushNotifier(tmp_path / "vapid.pem", SUBJECT, timeout_s=5)


def message(service: PushService, browser: Browser, *, drill: bool = False) -> Notification:
    return notification(
        Channel.PUSH, service.endpoint("browser-1"), drill=drill, secrets=(browser.p256dh, browser.auth)
    )


def test_the_browser_reads_the_place_and_nothing_else(notifier: PushNotifier, service: PushService) -> None:
    browser = Browser()
    assert notifier.send(message(service, browser)) == Delivered()
    (pushed,) = service.arrived
    assert browser.decrypt(pushed.body) == {
        "station": "Trạm Bến Nước 1",
        "ward": "Phường Bình Trưng",
        "drill": False,
    }
    assert "Trạm".encode() not in pushed.body


def test_the_service_can_verify_who_sends(notifier: PushNotifier, service: PushService) -> None:
    notifier.send(message(service, Browser()))
    claims = service.arrived[0].claims()
    assert (claims["sub"], claims["aud"]) == (SUBJECT, service.origin)


def test_it_is_urgent_short_lived_and_replaces_its_elder(
    notifier: PushNotifier, service: PushService
) -> None:
    notifier.send(message(service, Browser()))
    headers = service.arrived[0].headers
    assert (headers["urgency"], headers["ttl"], headers["topic"]) == ("high", str(LIFETIME_S), "f" * 32)
    assert headers["content-encoding"] == "aes128gcm"


def test_a_drill_says_so(notifier: PushNotifier, service: PushService) -> None:
    browser = Browser()
    notifier.send(message(service, browser, drill=True))
    assert browser.decrypt(service.arrived[0].body)["drill"] is True


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (HTTPStatus.GONE, Failed("push: HTTP 410", is_final=True, is_gone=True)),
        (HTTPStatus.NOT_FOUND, Failed("push: HTTP 404", is_final=True, is_gone=True)),
        (HTTPStatus.FORBIDDEN, Failed("push: HTTP 403", is_final=True)),
        (HTTPStatus.TOO_MANY_REQUESTS, Failed("push: HTTP 429")),
        (HTTPStatus.BAD_GATEWAY, Failed("push: HTTP 502")),
    ],
)
def test_each_refusal_is_told_for_what_it_is(
    notifier: PushNotifier, service: PushService, answer: HTTPStatus, expected: Failed
) -> None:
    service.answer = answer
    assert notifier.send(message(service, Browser())) == expected


def test_a_service_that_is_gone_is_tried_again(notifier: PushNotifier) -> None:
    with running_push_service() as service:
        wanted = message(service, Browser())
    assert notifier.send(wanted) == Failed("push: ConnectionError")


@pytest.mark.parametrize("secrets", [("", ""), ("AAAA", "AAAA"), ("%%%", "%%%"), ("A" * 87, "A" * 22)])
def test_a_subscription_with_nonsense_for_keys_is_given_up(
    notifier: PushNotifier, service: PushService, secrets: tuple[str, str]
) -> None:
    wanted = notification(Channel.PUSH, service.endpoint("x"), secrets=secrets)
    result = notifier.send(wanted)
    assert isinstance(result, Failed)
    assert (result.is_final, result.is_gone) == (True, True)
    assert service.arrived == []


def test_without_a_subscription_there_is_nothing_to_send(
    notifier: PushNotifier, service: PushService
) -> None:
    result = notifier.send(notification(Channel.PUSH, service.endpoint("x")))
    assert result == Failed("push: no subscription", is_final=True)
