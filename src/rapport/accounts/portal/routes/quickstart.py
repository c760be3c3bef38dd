"""What a developer needs for the first call."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Request, get
from litestar.di import NamedDependency

from rapport.accounts.portal.access import opens_portal
from rapport.accounts.portal.schemas import FirstCall, Quickstart
from rapport.core import clock
from rapport.core.http.contract import refusals
from rapport.core.identity import Environment
from rapport.core.settings import ServerSettings, Settings


class QuickstartController(Controller):
    """From credentials to the first call (PLT-156)."""

    path = "/portal/v1/quickstart"
    tags = ("Portal: quickstart",)
    guards = (opens_portal,)

    @get(responses=refusals(401, 403))
    async def show(
        self, request: Request[Any, Any, Any], settings: NamedDependency[Settings]
    ) -> Quickstart:
        """Return base addresses, header names and the call to try first."""
        return Quickstart(
            base_urls=_base_urls(request, settings[ServerSettings]),
            id_header="rapport-api-id",
            secret_header="rapport-api-secret",  # noqa: S106 (a name)
            first_call=FirstCall(
                method="POST",
                path="/conversation/v1/conversations",
                body={
                    "externalId": "my-first-conversation",
                    "timestamp": clock.wire(clock.now()),
                    "customer": {"externalId": "my-first-customer", "name": "Sam Ode"},
                },
            ),
            schema_path="/schema/openapi.json",
        )


def _base_urls(request: Request[Any, Any, Any], server: ServerSettings) -> dict[Environment, str]:
    """Name each environment's first host, at the port and scheme the portal was reached by."""
    _, _, port = request.url.netloc.partition(":")
    suffix = f":{port}" if port else ""
    hosts = {
        Environment.SANDBOX: server.sandbox_hosts,
        Environment.PRODUCTION: server.production_hosts,
    }
    return {
        environment: f"{request.url.scheme}://{names[0]}{suffix}"
        for environment, names in hosts.items()
        if names
    }
