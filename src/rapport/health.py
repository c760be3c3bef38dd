"""Is it there: for monitoring by key, for load balancers, and figures for Prometheus."""

from __future__ import annotations

from typing import Any, Literal

from litestar import Controller, MediaType, Request, Response, get
from litestar.di import NamedDependency
from msgspec import Struct

from rapport.core.errors import NotFound
from rapport.core.http.contract import refusals
from rapport.core.http.guards import requires_key
from rapport.core.telemetry.health import Health
from rapport.core.telemetry.metrics import Metrics


class HealthCheck(Struct, rename="camel"):
    """The documented answer."""

    health_check: Literal["SUCCESS", "FAILED"]


class HealthController(Controller):
    """The platform's health."""

    tags = ["Health Check"]  # noqa: RUF012

    @get(
        "/v1/health",
        guards=[requires_key("health")],
        operation_id="checkHealth",
        responses=refusals(),
    )
    async def check(self, health: NamedDependency[Health]) -> HealthCheck:
        """Tell whether everything this node depends on answers (PLT-026..028)."""
        report = await health.report()
        return HealthCheck("SUCCESS" if set(report.values()) <= {"ok"} else "FAILED")

    @get("/healthz", include_in_schema=False)
    async def alive(self) -> dict[str, str]:
        """Tell that the process answers."""
        return {"status": "ok"}

    @get("/readyz", include_in_schema=False)
    async def ready(self, health: NamedDependency[Health]) -> Response[dict[str, Any]]:
        """Tell what this node depends on, and with 503 that traffic should go elsewhere."""
        report = dict(await health.report())
        return Response(report, status_code=200 if set(report.values()) <= {"ok"} else 503)

    @get("/metrics", include_in_schema=False, media_type=MediaType.TEXT)
    async def metrics(
        self, request: Request[Any, Any, Any], metrics: NamedDependency[Metrics]
    ) -> Response[bytes]:
        """Return the figures; only to this machine, from where a collector or proxy passes them on."""
        if request.client is None or request.client.host not in {"127.0.0.1", "::1"}:
            raise NotFound(what=f"there is no route {request.scope['path']}")
        return Response(metrics.render(), media_type=Metrics.content_type)
