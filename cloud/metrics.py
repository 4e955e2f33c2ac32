"""Figures for monitoring, in Prometheus' text form; nothing in them names a person."""

from collections.abc import Callable, Iterable
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from cloud.store.engine import Store
from cloud.store.figures import Figures, figures
from cloud.store.request_figures import RequestFigures, request_figures

STREAM_ROUTE: Final = "/api/stream"
_BUCKETS_S: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)


class Metrics:
    """The API's own counters, and what the store tells at each scrape."""

    def __init__(self, store: Store, clock: Callable[[], int], streams: Callable[[], float]) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "tcds_requests", "Answered requests.", ("method", "route", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "tcds_request_seconds",
            "Time to answer, without streams.",
            ("route",),
            buckets=_BUCKETS_S,
            registry=self._registry,
        )
        Gauge("tcds_streams", "Open live feeds.", registry=self._registry).set_function(streams)
        self._registry.register(_StoreCollector(store, clock))

    def note(self, method: str, route: str, status: int, took_s: float) -> None:
        """Count one answered request; `route` is its template."""
        self._requests.labels(method, route, str(status)).inc()
        if route != STREAM_ROUTE:
            self._seconds.labels(route).observe(took_s)

    def text(self) -> bytes:
        """Return everything (exposition format 0.0.4); an error of the store when it cannot be read. Blocks."""
        return generate_latest(self._registry)


class _StoreCollector(Collector):
    def __init__(self, store: Store, clock: Callable[[], int]) -> None:
        self._store = store
        self._clock = clock

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Describe nothing, so that registering does not read the store."""
        return ()

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Read the store once."""
        now_ms = self._clock()
        with self._store.reading() as connection:
            told, of_requests = figures(connection), request_figures(connection, now_ms)
        return [*_families(told, now_ms), *_request_families(of_requests, now_ms)]


def _families(told: Figures, now_ms: int) -> list[GaugeMetricFamily]:
    incidents = GaugeMetricFamily(
        "tcds_open_incidents", "Incidents that are not resolved.", labels=("state", "drill")
    )
    for (state, drill), count in told.open_incidents.items():
        incidents.add_metric((state, str(drill).lower()), count)
    beats = GaugeMetricFamily(
        "tcds_beat_age_seconds", "Since a process last got something done.", labels=("name",)
    )
    for name, at_ms in told.beats.items():
        beats.add_metric((name,), (now_ms - at_ms) / 1000)
    stations = GaugeMetricFamily("tcds_stations", "Stations by connection.", labels=("state",))
    for state, count in told.stations.items():
        stations.add_metric((state,), count)
    holes = GaugeMetricFamily(
        "tcds_inbox_holes", "Entries sent before others that arrived.", labels=("lane",)
    )
    for lane, count in told.holes.items():
        holes.add_metric((lane,), count)
    return [
        incidents,
        beats,
        stations,
        holes,
        _age(
            "tcds_unanswered_age_seconds",
            "Age of the oldest unacknowledged alarm.",
            told.unanswered_since_ms,
            now_ms,
        ),
        _age("tcds_overdue_seconds", "How long the oldest deadline has passed.", told.deadline_ms, now_ms),
        GaugeMetricFamily("tcds_aside", "Entries that can never be stored.", told.aside),
        GaugeMetricFamily("tcds_quarantine", "Payloads that could not be read.", told.quarantine),
        GaugeMetricFamily(
            "tcds_unconsented_vitals", "Measurements whose consent has not come.", told.unconsented
        ),
        _age(
            "tcds_unfetched_share_age_seconds",
            "Age of the oldest share that its recipient has not fetched.",
            told.share_since_ms,
            now_ms,
        ),
    ]


def _request_families(told: RequestFigures, now_ms: int) -> list[GaugeMetricFamily]:
    errands = GaugeMetricFamily(
        "tcds_errands",
        "What is to be carried on about requests, or was given up.",
        labels=("channel", "state"),
    )
    for (channel, state), count in told.errands.items():
        errands.add_metric((channel, state), count)
    overdue = GaugeMetricFamily(
        "tcds_overdue_requests", "Requests that wait for a desk beyond what it promised.", labels=("desk",)
    )
    for desk, count in told.overdue.items():
        overdue.add_metric((desk,), count)
    return [
        errands,
        overdue,
        _age(
            "tcds_undelivered_age_seconds",
            "Age of the oldest submission, amendment or message that is not out.",
            told.undelivered_since_ms,
            now_ms,
        ),
        _age(
            "tcds_unrouted_age_seconds",
            "Age of the oldest request that no desk has.",
            told.unrouted_since_ms,
            now_ms,
        ),
        GaugeMetricFamily(
            "tcds_lost_amendments", "Done to requests that have not come for a day.", told.lost_amendments
        ),
        GaugeMetricFamily(
            "tcds_faulty_blobs", "Papers that came otherwise than they were named.", told.faulty_blobs
        ),
    ]


def _age(name: str, meaning: str, since_ms: int | None, now_ms: int) -> GaugeMetricFamily:
    """Return 0 when there is nothing, so that an alert rule needs no special case."""
    return GaugeMetricFamily(name, meaning, 0 if since_ms is None else max(0, now_ms - since_ms) / 1000)
