"""What time it is in the cloud, as far as a station can know."""

from edge.clock import Clock


class CloudTime:
    """The cloud's clock as the latest receipt told it, carried on by the station's monotonic clock.

    A station's own wall clock may be hours wrong, and what help is coming must not depend on it.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ahead_ms: int | None = None

    def learn(self, cloud_ms: int) -> None:
        """Take a time that the cloud has just told, in milliseconds since 1970 UTC."""
        self._ahead_ms = cloud_ms - self._clock.uptime_ms()

    def now_ms(self) -> int | None:
        """Milliseconds since 1970 UTC by the cloud's clock; None before it has told any."""
        return None if self._ahead_ms is None else self._clock.uptime_ms() + self._ahead_ms
