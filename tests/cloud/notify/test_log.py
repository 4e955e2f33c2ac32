"""The operators' log as the last way."""

from structlog.testing import capture_logs

from cloud.notify.log import LogNotifier
from cloud.notify.port import Delivered
from cloud.sos.plan import Channel
from tests.cloud.notify.conftest import notification


def test_nobody_reachable_is_an_error_with_the_incident_and_no_person() -> None:
    notifier = LogNotifier()
    with capture_logs() as lines:
        assert notifier.send(notification(Channel.LOG, "operator")) == Delivered()
    notifier.close()
    assert lines == [
        {
            "event": "sos.nobody_reachable",
            "log_level": "error",
            "incident": "f" * 32,
            "station": "Trạm Bến Nước 1",
            "level": 3,
            "drill": False,
        }
    ]
