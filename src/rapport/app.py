"""The application: a list of rooms, composed into one server."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any

from cryptography.fernet import Fernet
from litestar import Litestar, Request
from litestar.datastructures import State
from litestar.di import Provide
from litestar.types import ASGIApp, ControllerRouterHandler

from rapport import accounts, channels, configuration, conversations, desk, routing
from rapport.accounts.authentication import KeyAuthenticator, PersonAuthenticator, is_persons
from rapport.accounts.changes import when_person_changes
from rapport.accounts.settings import AccountsSettings
from rapport.channels import (
    Chat,
    ChatSettings,
    CustomerAuthenticator,
    CustomerTokens,
    OpenToPages,
)
from rapport.compose import doors as compose
from rapport.contract import openapi_config
from rapport.conversations.activity import SWEEP, QuietEnd, activity_reader
from rapport.conversations.directory import Directory
from rapport.conversations.live import protocol as conversations_protocol
from rapport.conversations.messages.service import Talk
from rapport.conversations.redaction import LiveMasking, Redaction
from rapport.conversations.settings import ConversationSettings
from rapport.core.database import ReadSession, WriteSession
from rapport.core.http.busy import BusyRoutes
from rapport.core.http.errors import HANDLERS
from rapport.core.http.guards import Authenticators, caller_of
from rapport.core.http.middleware import Edge, left_open_by
from rapport.core.http.requests import CheckedRequest, check_address
from rapport.core.node import Node, open_node
from rapport.core.readers import AnyReader, Readers
from rapport.core.settings import DataSettings, Section, ServerSettings, Settings, TelemetrySettings
from rapport.core.telemetry.metrics import Metrics
from rapport.core.timers import Timers
from rapport.health import HealthController
from rapport.live.connection import prove_person_again
from rapport.live.hub import NUDGE
from rapport.live.live import open_live
from rapport.live.routes import LiveController
from rapport.live.settings import LiveSettings
from rapport.web import pages

SECTIONS: tuple[type[Section], ...] = (
    ServerSettings,
    DataSettings,
    TelemetrySettings,
    LiveSettings,
    *accounts.sections,
    *conversations.sections,
    *routing.sections,
    *channels.sections,
    *compose.sections,
)

CONTROLLERS: tuple[ControllerRouterHandler, ...] = (
    HealthController,
    LiveController,
    *conversations.controllers,
    *accounts.controllers,
    *configuration.controllers,
    *desk.controllers,
    *channels.controllers,
    *compose.controllers,
)


def create_app(settings: Settings) -> ASGIApp:
    """Build the server: every room's routes behind the one edge."""
    metrics = Metrics()
    app = Litestar(
        route_handlers=[*CONTROLLERS, *pages()],
        dependencies=_dependencies(),
        guards=[check_address],
        request_class=CheckedRequest,
        exception_handlers=HANDLERS,
        lifespan=[_lifespan(settings, metrics)],
        openapi_config=openapi_config(),
        request_max_body_size=settings[ServerSettings].body_limit_bytes,
        state=State({"settings": settings, "metrics": metrics}),
        logging_config=None,
        debug=False,
    )
    server = settings[ServerSettings]
    return Edge(OpenToPages(BusyRoutes(app, server.body_limit_bytes)), server, metrics)


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
    database, settings = node.database, node.settings
    directory = Directory(database)
    redactors = configuration.PolicyRedactors(database, node.bus)
    cipher = Fernet(urlsafe_b64encode(node.secret.key("stored credentials")))
    providers = accounts.Providers(settings[accounts.SingleSignOnSettings])
    stack.push_async_callback(providers.close)
    longest = settings[ConversationSettings].text_characters
    redaction = Redaction(database, redactors, node.metrics, longest)
    talk = Talk(node.log, directory, redaction, node.metrics)
    tokens = CustomerTokens(node.secret, settings[ChatSettings])
    companies = channels.Companies(settings[ChatSettings])
    stack.push_async_callback(companies.close)
    registrar = channels.Registrar(database, node.secret, companies)
    chat = Chat(database, node.log, registrar, tokens, redaction, directory)
    composing = await stack.enter_async_context(compose.open_compose(node, directory, redaction))
    protocols = [
        conversations_protocol(talk, database),
        routing.protocol(),
        channels.protocol(chat, talk),
    ]
    live = await stack.enter_async_context(open_live(node, protocols, LiveMasking(redactors)))
    when_person_changes(node.bus, partial(prove_person_again, live))
    live.hub.observe(directory.observe)
    live.hub.observe(redactors.observe)
    for observe in composing.observers:
        live.hub.observe(observe)
    if not database.is_sqlite:
        live.hub.observe(redaction.observe)
    readers: list[AnyReader] = [activity_reader(), *routing.readers(node.log), *composing.readers]
    await _run_in_background(node, stack, readers, composing.trainings)
    customers = CustomerAuthenticator(tokens)
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
            "redactors": redactors,
            "talk": talk,
            "chat": chat,
            "composer": composing.composer,
            "embedder": composing.embedder,
            "switches": composing.switches,
            "greeter": composing.greeter,
            "suggestion_sets": composing.sets,
            "fluency": composing.fluency,
            "trainings": composing.trainings,
            "blocklists": composing.blocklists,
            "live": live,
            "cipher": cipher,
            "sso": accounts.SingleSignOn(database, settings, cipher, providers),
            "authenticators": Authenticators(
                key=KeyAuthenticator(database, node.bus, settings[AccountsSettings]),
                person=PersonAuthenticator(database, node.bus, settings[AccountsSettings]),
                customer=customers,
                customer_token=customers.token,
                is_persons=is_persons,
            ),
        }
    )


async def _run_in_background(
    node: Node, stack: AsyncExitStack, rooms: Sequence[AnyReader], trainings: compose.Trainings
) -> None:
    """Start what works without being asked: readers, and timers that come round again."""
    readers = Readers(
        node.database,
        node.tail,
        node.log,
        rooms,
        bus=node.bus,
        metrics=node.metrics,
        feed=node.feed,
    )
    await readers.start()
    stack.push_async_callback(readers.close)
    # What other nodes write is read at once, too.
    node.bus.subscribe(NUDGE, lambda _payload: readers.nudge())
    quiet = QuietEnd(node.log, node.settings[ConversationSettings])
    absence = routing.Absence(node.log, node.settings[routing.RoutingSettings])
    await quiet.begin(node.database)
    await absence.begin(node.database)
    await trainings.begin(node.database)
    handlers = {
        SWEEP: quiet.sweep,
        routing.ABSENCE: absence.look,
        compose.TRAINING: trainings.look,
    }
    timers = Timers(node.database, handlers, node.metrics)
    await timers.start()
    stack.push_async_callback(timers.close)


async def _write_session(
    state: State, request: Request[Any, Any, Any]
) -> AsyncIterator[WriteSession]:
    """Open the request's transaction.

    The framework forgets a dependency it has opened when another one then refuses. A write session
    left open so would keep everybody else from writing: the edge ends what is left of a request.
    """
    opening = state["database"].writing()
    session = await opening.__aenter__()
    left_open = left_open_by(request.scope)
    left_open.append(opening)
    try:
        yield session
    except BaseException as error:
        if opening in left_open:
            left_open.remove(opening)
            await opening.__aexit__(type(error), error, error.__traceback__)
        raise
    left_open.remove(opening)
    await opening.__aexit__(None, None, None)


async def _read_session(state: State) -> AsyncIterator[ReadSession]:
    async with state["database"].reading() as session:
        yield session


# What routes may ask for by name, as it lies in the application's state.
_NAMED = (
    "settings",
    "metrics",
    "node",
    "database",
    "log",
    "bus",
    "tail",
    "health",
    "directory",
    "redaction",
    "talk",
    "chat",
    "composer",
    "embedder",
    "switches",
    "greeter",
    "suggestion_sets",
    "fluency",
    "trainings",
    "blocklists",
    "live",
    "cipher",
    "sso",
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
