"""`/conversation/v1/conversations`: the record of conversations."""

from __future__ import annotations

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import UNSET, UnsetType

from rapport.conversations import access
from rapport.conversations.directory import Directory
from rapport.conversations.models import Conversation
from rapport.conversations.record import service
from rapport.conversations.record.schemas import (
    ConversationCreated,
    ConversationList,
    ConversationUpsert,
    ConversationView,
    NamedExternalParty,
    Party,
)
from rapport.conversations.record.service import Changes, Criteria, Named
from rapport.conversations.redaction import Redaction
from rapport.conversations.timestamps import parse_timestamp
from rapport.core import clock
from rapport.core.database import ReadSession, WriteSession
from rapport.core.errors import Malformed
from rapport.core.http.contract import refusals
from rapport.core.http.guards import requires_key
from rapport.core.identity import Caller, actor_of
from rapport.core.log import Log


class ConversationsController(Controller):
    """Create, update, find and read conversations."""

    path = "/conversation/v1/conversations"
    guards = [requires_key("conversation")]  # noqa: RUF012
    tags = ["Conversations"]  # noqa: RUF012

    @post(status_code=200, operation_id="createOrUpdateConversation", responses=refusals())
    async def upsert(
        self,
        data: JSONBody[ConversationUpsert],
        session: NamedDependency[WriteSession],
        log: NamedDependency[Log],
        directory: NamedDependency[Directory],
        redaction: NamedDependency[Redaction],
        caller: NamedDependency[Caller],
    ) -> ConversationCreated:
        """Create a conversation, or update the one with this externalId (PLT-036..043)."""
        changes = await service.redacted(redaction, caller.scope, _changes(data))
        actor = actor_of(caller)
        return ConversationCreated(
            await service.upsert(session, log, directory, caller.scope, changes, actor)
        )

    @get(operation_id="getConversations", responses=refusals())
    async def search(
        self,
        reading: NamedDependency[ReadSession],
        caller: NamedDependency[Caller],
        externalId: str | None = None,  # noqa: N803
        customerExternalId: str | None = None,  # noqa: N803
        agentExternalId: str | None = None,  # noqa: N803
    ) -> ConversationList:
        """Find conversations by at least one criterion (PLT-046, PLT-047)."""
        criteria = Criteria(externalId, customerExternalId, agentExternalId)
        if not any(value is not None for value in criteria):
            raise Malformed(problem="give at least one criterion, such as externalId")
        found = await service.search(reading, caller.scope, criteria)
        return ConversationList([_view(conversation) for conversation in found])

    @get("/{conversation_id:str}", operation_id="getConversation", responses=refusals())
    async def read(
        self,
        conversation_id: FromPath[str],
        reading: NamedDependency[ReadSession],
        caller: NamedDependency[Caller],
    ) -> ConversationView:
        """Return a conversation with its participants and metadata (PLT-045)."""
        return _view(await access.conversation(reading, caller, conversation_id))


def _changes(data: ConversationUpsert) -> Changes:
    agent, customer = data.agent, data.customer
    return Changes(
        external_id=str(data.external_id),
        opened_at=parse_timestamp(data.timestamp, "/timestamp"),
        customer=customer if isinstance(customer, UnsetType) else _named(customer),
        agent=_named(agent) if isinstance(agent, NamedExternalParty) else agent,
        metadata=data.metadata,
    )


def _named(party: NamedExternalParty) -> Named:
    return Named(str(party.external_id), party.name)


def _party(external_id: str, name: str | None) -> Party:
    return Party(external_id, UNSET if name is None else name)


def _view(conversation: Conversation) -> ConversationView:
    agent = conversation.agent_external_id
    return ConversationView(
        id=conversation.id,
        external_id=conversation.external_id or conversation.id,
        customer=_party(conversation.customer_external_id, conversation.customer_name),
        metadata=conversation.extra,
        timestamp=clock.wire(conversation.opened_at),
        agent=UNSET if agent is None else _party(agent, conversation.agent_name),
    )
