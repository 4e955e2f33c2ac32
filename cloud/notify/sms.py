"""Text messages by an HTTP gateway: POST `{to, text}` as JSON with a bearer token.

The header `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header) is the same for each attempt at one message, so
that a gateway that knows it sends one SMS when its answer was lost.
"""

from http import HTTPStatus
from typing import Final

import httpx

from cloud.notify.port import Delivered, Failed, Notification

TIMEOUT_S: Final = 5.0
MAX_NAME_LENGTH: Final = 60
_TRY_AGAIN: Final = frozenset(
    {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
)


def sms_text(notification: Notification) -> str:
    """Return what the telephone shows."""
    head = "[DIỄN TẬP] " if notification.drill else ""
    station = notification.station_name[:MAX_NAME_LENGTH]
    ward = notification.ward_name[:MAX_NAME_LENGTH]
    where = f"{station}, {ward}" if ward else station
    return f"{head}SOS khẩn cấp: {where}. Mở ngay màn hình trực ban."


class SmsNotifier:
    """Sends text messages through one gateway."""

    def __init__(self, url: str, token: str, *, timeout_s: float = TIMEOUT_S) -> None:
        self._url = url
        self._client = httpx.Client(timeout=timeout_s, headers={"Authorization": f"Bearer {token}"})

    def send(self, notification: Notification) -> Delivered | Failed:
        """Ask the gateway to send it; a refusal that names the message itself as wrong is final."""
        body = {"to": notification.target, "text": sms_text(notification)}
        try:
            answer = self._client.post(self._url, json=body, headers={"Idempotency-Key": notification.key})
        except httpx.HTTPError as error:
            return Failed(f"gateway: {type(error).__name__}")
        if answer.is_success:
            return Delivered()
        is_final = answer.is_client_error and answer.status_code not in _TRY_AGAIN
        return Failed(f"gateway: HTTP {answer.status_code}", is_final=is_final)

    def close(self) -> None:
        """Close the connections to the gateway."""
        self._client.close()
