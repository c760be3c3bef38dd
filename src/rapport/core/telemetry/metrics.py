"""Figures for Prometheus, one object a process: passed to who counts, rendered at `/metrics`."""

from __future__ import annotations

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

_FAST = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_VERY_FAST = (0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.05)
_SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)


class Metrics:
    """Every figure that Rapport tells, in a registry of its own: two of them never meet."""

    content_type = CONTENT_TYPE_PLAIN_0_0_4

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self._requests: dict[tuple[str, int], tuple[Counter, Histogram]] = {}
        self._http()
        self._log()
        self._live()
        self._background()

    def _http(self) -> None:
        self.http_requests_total = self._counter(
            "http_requests", "Answers given, by route template and status", "route", "status"
        )
        self.http_request_seconds = self._histogram(
            "http_request_seconds", "Time from request to answer", _FAST, "route"
        )
        self.redaction_seconds = self._histogram(
            "redaction_seconds", "Time to redact one message", _VERY_FAST
        )

    def _log(self) -> None:
        self.messages_accepted_total = self._counter(
            "messages_accepted", "Messages accepted and durable"
        )
        self.log_batch_size = self._histogram(
            "log_batch_size", "Appends committed together by the log's writer", _SIZES
        )
        self.log_commit_seconds = self._histogram(
            "log_commit_seconds", "Time to write and commit one batch", _FAST
        )
        self.log_tail_lag_seconds = self._gauge(
            "log_tail_lag_seconds", "Age of the newest event when the live tail read it"
        )

    def _live(self) -> None:
        self.live_connections = self._gauge("live_connections", "Open live connections")
        self.live_frames_total = self._counter("live_frames", "Frames sent to live connections")
        self.live_slow_readers_total = self._counter(
            "live_slow_readers", "Live connections cut because they read too slowly"
        )

    def _background(self) -> None:
        self.reader_lag_seconds = self._gauge(
            "reader_lag_seconds", "Age of the oldest event a reader has not applied", "reader"
        )
        self.reader_events_total = self._counter(
            "reader_events", "Events a reader has applied", "reader"
        )
        self.reader_failures_total = self._counter(
            "reader_failures", "Events a reader gave up and set aside", "reader"
        )
        self.timers_fired_total = self._counter("timers_fired", "Timers whose time came", "kind")
        self.timers_failed_total = self._counter(
            "timers_failed", "Attempts at a timer that failed and will be repeated", "kind"
        )
        self.compose_unknown_inserts_total = self._counter(
            "compose_unknown_inserts",
            "Times a response was left out for an insert that nobody knows, as lists were read",
            "source",
        )
        self.jobs_started_total = self._counter("jobs_started", "Durable jobs started", "job")
        self.jobs_finished_total = self._counter(
            "jobs_finished", "Durable jobs ended, by outcome", "job", "outcome"
        )
        self.job_seconds = self._histogram(
            "job_seconds",
            "Time a durable job ran on this node",
            (0.1, 0.5, 1, 5, 30, 120, 600),
            "job",
        )

    def request(self, route: str, status: int, seconds: float) -> None:
        """Count one answer under its route's template, never its path: paths hold ids."""
        found = self._requests.get((route, status))
        if found is None:
            found = self._requests[(route, status)] = (
                self.http_requests_total.labels(route, str(status)),
                self.http_request_seconds.labels(route),
            )
        found[0].inc()
        found[1].observe(seconds)

    def render(self) -> bytes:
        """Return every figure in Prometheus's text format (`content_type`)."""
        return generate_latest(self.registry)

    def _counter(self, name: str, about: str, *labels: str) -> Counter:
        return Counter(name, about, labels, registry=self.registry)

    def _gauge(self, name: str, about: str, *labels: str) -> Gauge:
        return Gauge(name, about, labels, registry=self.registry)

    def _histogram(
        self, name: str, about: str, buckets: tuple[float, ...], *labels: str
    ) -> Histogram:
        return Histogram(name, about, labels, buckets=buckets, registry=self.registry)
