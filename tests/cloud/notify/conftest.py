"""A message as the pager hands it to a way."""

from cloud.notify.port import Notification
from cloud.sos.plan import Channel


def notification(
    channel: Channel = Channel.SMS,
    target: str = "+84900000001",
    *,
    drill: bool = False,
    station_name: str = "Trạm Bến Nước 1",
    ward_name: str = "Phường Bình Trưng",
    secrets: tuple[str, str] | None = None,
) -> Notification:
    """Return one with an invented incident."""
    return Notification(
        key=f"{'f' * 32}-3-1-7",
        group="f" * 32,
        channel=channel,
        target=target,
        station_name=station_name,
        ward_name=ward_name,
        drill=drill,
        level=3,
        secrets=secrets,
    )
