"""Web push to the browsers of officers: RFC 8030, encrypted by RFC 8291, signed by RFC 8292 (VAPID).

The push service sees the size of a message and nothing else; even so the message holds only station, ward and whether
it is a drill. The service worker of the console words it.
"""

import threading
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Final, cast

import msgspec
import requests
from py_vapid import Vapid02, VapidException
from pywebpush import WebPushException, webpush

from cloud.notify.port import Delivered, Failed, Notification

TIMEOUT_S: Final = 5.0
LIFETIME_S: Final = 300
"""An alarm that a telephone could not be given for so long has been answered by another level."""

_UNUSABLE: Final = Failed("push: the subscription's keys cannot be used", is_final=True, is_gone=True)
_GONE: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_TRY_AGAIN: Final = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})


class PushNotifier:
    """Sends web push messages, signed with the platform's own key; VapidException when the key cannot be used."""

    def __init__(self, private_key: Path, subject: str, *, timeout_s: float = TIMEOUT_S) -> None:
        self._key = Vapid02.from_file(str(private_key))
        self._subject = subject
        self._timeout_s = timeout_s
        self._sessions = (
            threading.local()
        )  # requests does not promise that a session may be shared by threads

    def send(self, notification: Notification) -> Delivered | Failed:
        """Encrypt it for its subscription and hand it to the push service that the browser chose."""
        if notification.secrets is None:
            return Failed("push: no subscription", is_final=True)
        p256dh, auth = notification.secrets
        subscription = {"endpoint": notification.target, "keys": {"p256dh": p256dh, "auth": auth}}
        try:
            self._post(subscription, notification)
        except WebPushException as error:
            return _failure(error)
        except requests.RequestException as error:
            return Failed(f"push: {type(error).__name__}")
        except VapidException:
            return Failed("push: the platform's own key cannot be used", is_final=True)
        except (ValueError, LookupError):  # what the libraries make of keys that are none
            return _UNUSABLE
        return Delivered()

    def close(self) -> None:
        """Sessions end with their threads."""

    def _post(self, subscription: Mapping[str, object], notification: Notification) -> None:
        webpush(
            subscription,
            data=push_payload(notification).decode(),
            vapid_private_key=self._key,
            vapid_claims={"sub": self._subject},
            ttl=LIFETIME_S,
            timeout=self._timeout_s,
            # A newer message of the same incident takes the place of one that still waits at the service.
            headers={"Urgency": "high", "Topic": notification.group[:32]},
            requests_session=self._session(),
        )

    def _session(self) -> requests.Session:
        if not hasattr(self._sessions, "session"):
            self._sessions.session = requests.Session()
        return cast("requests.Session", self._sessions.session)


def push_payload(notification: Notification) -> bytes:
    """Return the JSON that the service worker reads."""
    return msgspec.json.encode(
        {
            "station": notification.station_name,
            "ward": notification.ward_name,
            "drill": notification.drill,
        }
    )


def _failure(error: WebPushException) -> Failed:
    if error.response is None:
        return _UNUSABLE
    status = error.response.status_code
    is_client_error = HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR
    return Failed(
        f"push: HTTP {status}",
        is_final=is_client_error and status not in _TRY_AGAIN,
        is_gone=status in _GONE,
    )
