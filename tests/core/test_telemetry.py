"""What the process tells: never a person's words, nothing that costs when nobody listens."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import structlog

from rapport.core.errors import Unavailable
from rapport.core.settings import Settings, TelemetrySettings
from rapport.core.telemetry import logging as logs
from rapport.core.telemetry import tracing
from rapport.core.telemetry.health import Health
from rapport.core.telemetry.metrics import Metrics

pytestmark = pytest.mark.unit

Lines = Callable[[], list[dict[str, object]]]


def settings(**values: str) -> Settings:
    return Settings({TelemetrySettings: TelemetrySettings(**values)})


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Iterator[Lines]:
    """Every log line written since the last call, decoded."""
    before, level = logging.getLogger().handlers, logging.getLogger().level
    logs.configure(settings())

    def read() -> list[dict[str, object]]:
        return [json.loads(line) for line in capsys.readouterr().err.splitlines()]

    yield read
    structlog.reset_defaults()
    logging.getLogger().handlers = before
    logging.getLogger().setLevel(level)


@pytest.mark.spec("PLT-013")
def test_a_line_is_an_object_with_time_level_and_what_is_bound(lines: Lines) -> None:
    with logs.bind(request_id="r-1"):
        structlog.get_logger("rapport.test").info("conversation_ended", conversation="c-1")
    logging.getLogger("some.library").warning("it is %s", "late")

    ours, theirs = lines()
    assert str(ours.pop("time")).endswith("Z")
    assert ours == {
        "event": "conversation_ended",
        "conversation": "c-1",
        "request_id": "r-1",
        "level": "info",
        "logger": "rapport.test",
    }
    assert (theirs["event"], theirs["level"]) == ("it is late", "warning")
    assert "request_id" not in theirs


def test_what_people_wrote_never_leaves_the_process(lines: Lines) -> None:
    log = structlog.get_logger("rapport.test")
    log.info("sent", **dict.fromkeys(logs.PRIVATE, "my card is 4111"))
    try:
        raise ValueError("my card is 4111")
    except ValueError:
        log.exception("failed")
        logging.getLogger("some.library").exception("theirs")

    written = lines()
    assert "4111" not in json.dumps(written)
    assert written[0]["dropped_private_fields"] == sorted(logs.PRIVATE)
    assert [line["error"] for line in written[1:]] == ["ValueError", "ValueError"]
    assert "test_telemetry.py" in str(written[1]["trace"])


def test_our_own_errors_are_told_with_their_sentence(lines: Lines) -> None:
    try:
        raise Unavailable(what="the database")
    except Unavailable:
        structlog.get_logger("rapport.test").exception("failed")

    assert lines()[0]["error_message"] == "Service unavailable: the database"


def test_lines_below_the_level_are_not_written(lines: Lines) -> None:
    structlog.get_logger("rapport.test").debug("detail")
    logging.getLogger("httpx").info("GET /")

    assert lines() == []


def test_text_lines_hold_the_same(capsys: pytest.CaptureFixture[str], lines: Lines) -> None:
    logs.configure(settings(log_format="text"))
    structlog.get_logger("rapport.test").info("conversation_ended", conversation="c-1")

    written = capsys.readouterr().err
    assert "conversation_ended" in written
    assert "c-1" in written


def test_two_sets_of_metrics_do_not_meet() -> None:
    one, other = Metrics(), Metrics()
    one.request("/v1/health", 200, 0.003)
    one.live_frames_total.inc(3)

    assert b'http_requests_total{route="/v1/health",status="200"} 1.0' in one.render()
    assert b'http_request_seconds_bucket{le="0.005",route="/v1/health"} 1.0' in one.render()
    assert b"live_frames_total 3.0" in one.render()
    assert b"live_frames_total 0.0" in other.render()


async def test_health_tells_each_thing_apart_and_waits_for_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("rapport.core.telemetry.health.PATIENCE_SECONDS", 0.05)

    async def well() -> None: ...

    async def broken() -> None:
        raise OSError

    async def stuck() -> None:
        await asyncio.sleep(60)

    health = Health()
    for check in (well, broken, stuck):
        health.add(check.__name__, check)

    async with asyncio.timeout(1):
        assert await health.report() == {"well": "ok", "broken": "error", "stuck": "error"}


def test_a_span_costs_next_to_nothing_without_a_collector() -> None:
    started = time.perf_counter()
    for _ in range(20_000):
        with tracing.span("log.commit", appends=1):
            pass

    assert (time.perf_counter() - started) / 20_000 < 2e-6


def test_spans_reach_the_collector() -> None:
    received: list[tuple[str, bytes]] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            received.append((self.path, body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Collector) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        tracing.configure(settings(otlp_endpoint=f"http://127.0.0.1:{server.server_port}"))
        with tracing.span("log.commit", appends=12):
            pass
        tracing.close()
        server.shutdown()

    assert [path for path, _ in received] == ["/v1/traces"]
    assert b"log.commit" in received[0][1]
