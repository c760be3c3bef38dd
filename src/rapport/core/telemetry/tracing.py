"""Traces for OpenTelemetry, sent only when a collector is configured; otherwise a span is nothing."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from rapport.core.settings import Settings, TelemetrySettings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Tracer

_NOTHING: AbstractContextManager[None] = nullcontext()

_provider: TracerProvider | None = None
_tracer: Tracer | None = None


def configure(settings: Settings) -> None:
    """Begin to send spans to the configured collector (OTLP over HTTP); without one, do nothing."""
    global _provider, _tracer
    endpoint = settings[TelemetrySettings].otlp_endpoint
    if not endpoint:
        return
    # Loading the exporter takes longer than starting the rest of the server.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    resource = Resource.create({"service.name": "rapport", "service.version": version("rapport")})
    _provider = TracerProvider(resource=resource)
    exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces", timeout=5)
    _provider.add_span_processor(BatchSpanProcessor(exporter))
    _tracer = _provider.get_tracer("rapport")


def close() -> None:
    """Send what waits and stop sending."""
    global _provider, _tracer
    if _provider is not None:
        _provider.shutdown()
    _provider = _tracer = None


def span(name: str, **attributes: Any) -> AbstractContextManager[Any]:
    """Trace a block: `with span("log.commit", appends=12):`. Attributes never hold personal data."""
    if _tracer is None:
        return _NOTHING
    return _tracer.start_as_current_span(name, attributes=attributes)
