"""The operators' log as a way to reach somebody: the last one, when there is no other."""

import structlog

from cloud.notify.port import Delivered, Notification

_log = structlog.get_logger(__name__)


class LogNotifier:
    """Writes an error for each message; whoever watches the log is reached."""

    def send(self, notification: Notification) -> Delivered:
        """Write it; always delivered."""
        _log.error(
            "sos.nobody_reachable",
            incident=notification.group,
            station=notification.station_name,
            level=notification.level,
            drill=notification.drill,
        )
        return Delivered()

    def close(self) -> None:
        """Nothing is held."""
