"""`/console/v1/compose/sandbox`: an administrator plays both sides of a chat."""

from __future__ import annotations

from collections.abc import Sequence

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from rapport.compose.access import in_sandbox
from rapport.compose.sandbox import access, service
from rapport.compose.sandbox.schemas import Chat, Line, NewChat, NewLine, Playing
from rapport.compose.sandbox.service import Customer
from rapport.compose.settings import ComposeSettings
from rapport.conversations.directory import Directory
from rapport.conversations.messages.service import Talk, message, messages_of
from rapport.conversations.models import Conversation, Message
from rapport.conversations.redaction import Redaction
from rapport.core import clock
from rapport.core.database import Database, ReadSession, WriteSession
from rapport.core.http.contract import refusals
from rapport.core.http.guards import requires
from rapport.core.identity import Caller, Permission
from rapport.core.log import Log
from rapport.core.settings import Settings


class SandboxController(Controller):
    """The chat that an administrator plays, in the sandbox environment whichever host is asked."""

    path = "/console/v1/compose/sandbox/conversations"
    guards = [requires(Permission.MANAGE_RESPONSES)]  # noqa: RUF012
    tags = ["Console"]  # noqa: RUF012

    @get(operation_id="getSandboxConversation", responses=refusals(401, 403))
    async def playing(
        self,
        reading: NamedDependency[ReadSession],
        settings: NamedDependency[Settings],
        caller: NamedDependency[Caller],
    ) -> Playing:
        """Show the chat that the caller plays at the moment, and what playing has taught."""
        player = in_sandbox(caller)
        found = await access.chat_of(reading, player)
        lines = await messages_of(reading, found.id) if found else []
        learnt = await access.learnt_by(reading, settings[ComposeSettings], player)
        return Playing(_chat(found, lines) if found else None, learnt)

    @post(status_code=201, operation_id="beginSandboxConversation", responses=refusals())
    async def begin(
        self,
        data: JSONBody[NewChat],
        session: NamedDependency[WriteSession],
        log: NamedDependency[Log],
        directory: NamedDependency[Directory],
        redaction: NamedDependency[Redaction],
        caller: NamedDependency[Caller],
    ) -> Chat:
        """Begin a new chat; the one before is over."""
        player = in_sandbox(caller)
        given = Customer(data.customer_name, data.metadata)
        customer = await service.redacted(redaction, player, given)
        return _chat(await service.begin(session, log, directory, player, customer), [])

    @post(
        "/{conversation_id:str}/messages",
        status_code=201,
        operation_id="saySandboxMessage",
        responses=refusals(),
    )
    async def say(
        self,
        conversation_id: FromPath[str],
        data: JSONBody[NewLine],
        talk: NamedDependency[Talk],
        database: NamedDependency[Database],
        caller: NamedDependency[Caller],
    ) -> Line:
        """Say something as the customer or as the agent; answers with it as it was stored."""
        player = in_sandbox(caller)
        known = await access.own_chat(talk.directory, player, conversation_id)
        sent = await service.say(talk, player, known, data.role, data.text, data.key)
        async with database.reading() as reading:
            return _line(await message(reading, known.id, sent.message_id))


def _chat(conversation: Conversation, messages: Sequence[Message]) -> Chat:
    return Chat(
        id=conversation.id,
        customer_name=conversation.customer_name,
        agent_name=conversation.agent_name,
        metadata=conversation.extra,
        opened_at=clock.wire(conversation.opened_at),
        lines=[_line(message) for message in messages],
    )


def _line(message: Message) -> Line:
    return Line(message.id, message.seq, message.role, message.text, clock.wire(message.sent_at))
