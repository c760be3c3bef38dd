"""The application: a list of rooms, composed into one server."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from cryptography.fernet import Fernet
from litestar import Litestar, Request
from litestar.datastructures import State
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import SwaggerRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.types import ASGIApp, ControllerRouterHandler

from rapport import conversations
from rapport.accounts.authentication import KeyAuthenticator, PersonAuthenticator
from rapport.accounts.settings import AccountsSettings
from rapport.conversations.directory import Directory
from rapport.conversations.live import protocol as conversations_protocol
from rapport.conversations.messages.service import Talk
from rapport.conversations.redaction import DefaultRedactors, Redaction
from rapport.core.database import ReadSession, WriteSession
from rapport.core.http.errors import HANDLERS
from rapport.core.http.guards import Authenticators, caller_of
from rapport.core.http.middleware import Edge
from rapport.core.node import Node, open_node
from rapport.core.settings import DataSettings, Section, ServerSettings, Settings, TelemetrySettings
from rapport.core.telemetry.metrics import Metrics
from rapport.health import HealthController
from rapport.live.live import open_live
from rapport.live.routes import LiveController
from rapport.live.settings import LiveSettings
from rapport.web import pages

SECTIONS: tuple[type[Section], ...] = (
    ServerSettings,
    DataSettings,
    TelemetrySettings,
    LiveSettings,
    AccountsSettings,
    *conversations.sections,
)

CONTROLLERS: tuple[ControllerRouterHandler, ...] = (
    HealthController,
    LiveController,
    *conversations.controllers,
)


def create_app(settings: Settings) -> ASGIApp:
    """Build the server: every room's routes behind the one edge."""
    metrics = Metrics()
    app = Litestar(
        route_handlers=[*CONTROLLERS, *pages()],
        dependencies=_dependencies(),
        exception_handlers=HANDLERS,
        lifespan=[_lifespan(settings, metrics)],
        openapi_config=_openapi(),
        request_max_body_size=settings[ServerSettings].body_limit_bytes,
        state=State({"settings": settings, "metrics": metrics}),
        logging_config=None,
        debug=False,
    )
    return Edge(app, settings[ServerSettings], metrics)


Lifespan = Callable[[Litestar], Any]


def _lifespan(settings: Settings, metrics: Metrics) -> Lifespan:
    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            node = await stack.enter_async_context(open_node(settings, metrics))
            await _compose(app.state, node, stack)
            yield

    return lifespan


async def _compose(state: State, node: Node, stack: AsyncExitStack) -> None:
    """Open every room on a node, lower floors first, and leave what routes need in the state."""
    database = node.database
    directory = Directory(database)
    redaction = Redaction(database, DefaultRedactors(), node.metrics)
    talk = Talk(node.log, directory, redaction, node.metrics)
    protocols = [conversations_protocol(talk, database)]
    live = await stack.enter_async_context(open_live(node, protocols))
    live.hub.observe(directory.observe)
    if not database.is_sqlite:
        live.hub.observe(redaction.observe)
    accounts_settings = node.settings[AccountsSettings]
    state.update(
        {
            "node": node,
            "database": database,
            "log": node.log,
            "bus": node.bus,
            "tail": node.tail,
            "limits": node.limits,
            "health": node.health,
            "directory": directory,
            "redaction": redaction,
            "talk": talk,
            "live": live,
            "cipher": Fernet(urlsafe_b64encode(node.secret.key("stored credentials"))),
            "authenticators": Authenticators(
                key=KeyAuthenticator(database, node.bus, accounts_settings),
                person=PersonAuthenticator(database, node.bus, accounts_settings),
                customer=None,
                customer_token=None,
            ),
        }
    )


async def _write_session(state: State) -> AsyncIterator[WriteSession]:
    async with state["database"].writing() as session:
        yield session


async def _read_session(state: State) -> AsyncIterator[ReadSession]:
    async with state["database"].reading() as session:
        yield session


# What routes may ask for by name, as it lies in the application's state.
_NAMED = (
    "settings",
    "metrics",
    "node",
    "log",
    "bus",
    "tail",
    "health",
    "directory",
    "redaction",
    "talk",
    "live",
    "cipher",
)


def _dependencies() -> dict[str, Provide]:
    def from_state(name: str) -> Provide:
        def provide(state: State) -> Any:
            return state[name]

        return Provide(provide, sync_to_thread=False)

    def caller(request: Request[Any, Any, Any]) -> Any:
        return caller_of(request)

    return {
        "caller": Provide(caller, sync_to_thread=False),
        "session": Provide(_write_session),
        "reading": Provide(_read_session),
        **{name: from_state(name) for name in _NAMED},
    }


def _openapi() -> OpenAPIConfig:
    """Describe the served contract; its page loads nothing from other hosts."""
    header = {"type": "apiKey", "security_scheme_in": "header"}
    return OpenAPIConfig(
        title="Rapport",
        version="1",
        description="Conversations, messages, suggestions, configuration and live delivery.",
        path="/schema",
        components=Components(
            security_schemes={
                "ApiId": SecurityScheme(name="asapp-api-id", **header),  # type: ignore[arg-type]
                "ApiSecret": SecurityScheme(name="asapp-api-secret", **header),  # type: ignore[arg-type]
            }
        ),
        security=[{"ApiId": [], "ApiSecret": []}],
        render_plugins=[
            SwaggerRenderPlugin(
                js_url="/schema-assets/swagger-ui-bundle.js",
                css_url="/schema-assets/swagger-ui.css",
                standalone_preset_js_url="/schema-assets/swagger-ui-standalone-preset.js",
            )
        ],
    )
