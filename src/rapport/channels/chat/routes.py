"""`/chat/v1`: chat sessions and history of customers (docs/protocol.md)."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.params import JSONBody
from msgspec import structs

from rapport.accounts.companies.access import company_by_marker
from rapport.accounts.companies.service import settings_of
from rapport.channels.chat import access, sessions
from rapport.channels.chat.schemas import (
    Bearer,
    EarlierConversation,
    History,
    OpenConversation,
    SessionAnswer,
    SessionCompany,
    SessionCustomer,
    SessionRequest,
)
from rapport.channels.chat.sessions import Chat, Visitor
from rapport.channels.identity.bearer import BearerSet
from rapport.channels.identity.recognising import Said
from rapport.channels.settings import ChatSettings
from rapport.conversations.activity import Activity, activities
from rapport.conversations.models import Conversation
from rapport.core import clock
from rapport.core.database import ReadSession
from rapport.core.errors import Invalid, TooMany
from rapport.core.http.contract import refusals
from rapport.core.http.guards import Connection, requires_customer
from rapport.core.http.middleware import environment_of
from rapport.core.identity import Caller, Environment, Scope
from rapport.core.ids import CompanyId
from rapport.core.limits import Limits
from rapport.core.settings import Settings


async def within_rate(connection: Connection, _handler: BaseRouteHandler) -> None:
    """Refuse an address that begins sessions faster than people can."""
    settings: Settings = connection.app.state["settings"]
    limits: Limits = connection.app.state["limits"]
    most = settings[ChatSettings].sessions_per_second
    address = connection.client.host if connection.client else ""
    wait = await limits.take(f"chat:{address}", rate=most, burst=most)
    if wait is not None:
        raise TooMany(limit=f"{most} chat sessions a second", retry_after_seconds=wait)


class ChatController(Controller):
    """The web chat beside its live connection."""

    path = "/chat/v1"
    tags = ("Chat",)

    @post(
        "/sessions",
        status_code=200,
        guards=[within_rate],
        responses=refusals(400, 401, 404, 429, 503),
    )
    async def begin_session(
        self,
        data: JSONBody[SessionRequest],
        chat: NamedDependency[Chat],
        request: Request[Any, Any, Any],
    ) -> SessionAnswer:
        """Begin or continue a customer's chat session (PLT-058, PLT-060, PLT-063)."""
        environment = _environment(data, environment_of(request.scope))
        async with chat.database.reading() as reading:
            company = await company_by_marker(reading, data.app)
        scope = Scope(CompanyId(company.id), environment)
        visitor = Visitor(data.token, _said(data), data.name)
        customer, conversation, renewed = await sessions.begin(chat, scope, visitor)
        issued = chat.tokens.issue(customer)
        return SessionAnswer(
            token=issued.token,
            expires_at=clock.wire(issued.expires_at),
            customer=SessionCustomer(customer.id, customer.name, customer.is_anonymous),
            conversation=_open(conversation),
            company=SessionCompany(company.name, settings_of(company).greeting),
            identity=None if renewed is None else Bearer(**structs.asdict(renewed)),
        )

    @get("/conversations", guards=[requires_customer], responses=refusals(401))
    async def history(
        self, reading: NamedDependency[ReadSession], caller: NamedDependency[Caller]
    ) -> History:
        """Show a customer's conversations, on whichever channel and device (PLT-058, PLT-059)."""
        found = await access.conversations_of(reading, caller.id)
        active = await activities(reading, caller.scope, [each.id for each in found])
        return History([_earlier(each, active.get(each.id)) for each in found])


def _environment(data: SessionRequest, of_host: Environment) -> Environment:
    if data.environment not in (None, of_host):
        raise Invalid(path="/environment", problem=f"this address is {of_host}")
    return of_host


def _said(data: SessionRequest) -> Said | None:
    if data.identity is None:
        return None
    given = data.identity
    token = given if isinstance(given, str) else BearerSet(**structs.asdict(given))
    return Said(token, data.customer_id, data.name, data.customer_info or {})


def _open(conversation: Conversation | None) -> OpenConversation | None:
    if conversation is None:
        return None
    return OpenConversation(conversation.id, clock.wire(conversation.opened_at))


def _earlier(conversation: Conversation, activity: Activity | None) -> EarlierConversation:
    ended_at = conversation.ended_at
    return EarlierConversation(
        id=conversation.id,
        opened_at=clock.wire(conversation.opened_at),
        ended_at=None if ended_at is None else clock.wire(ended_at),
        last_text=None if activity is None else activity.last_text,
    )
