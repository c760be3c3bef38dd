"""What makes the organic list grow while agents work (CMP-038)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.accounts.companies.models import Company
from rapport.compose.globals.models import GlobalResponse
from rapport.compose.globals.reading import deployed_to, stand_in
from rapport.compose.settings import ComposeSettings
from rapport.compose.suggestions import organic
from rapport.compose.suggestions.allowance import Allowance
from rapport.compose.suggestions.anonymous import is_anonymous, words_in
from rapport.compose.suggestions.events import OrganicsKept, stream_of
from rapport.compose.suggestions.inserts import generalise
from rapport.compose.texts import fingerprint_of
from rapport.conversations.events import MessageSent
from rapport.conversations.models import Conversation, Leg
from rapport.core.database import WriteSession
from rapport.core.identity import SYSTEM
from rapport.core.log import Log, Recorded
from rapport.core.log.events import Position
from rapport.core.readers import Reader

PAUSE_SECONDS = 1.0
# Counting a text takes half a dozen statements, and on an embedded database everybody waits for them. A
# team's busiest moment is counted whole; of what hundreds of agents say at once, a sample.
MOST_AT_ONCE = 60


class Speaker(NamedTuple):
    """The agent responsible when a message was sent, and in which conversation."""

    agent: str
    agent_name: str | None
    conversation: Conversation


def organic_reader(log: Log, settings: ComposeSettings, wake: Callable[[], None]) -> Reader:
    """Counts what agents say; `wake` is called when a text has to be embedded."""

    allowance = Allowance(settings.replies_per_minute, MOST_AT_ONCE)

    async def note(recorded: Recorded, session: WriteSession) -> None:
        sent = recorded.decode(MessageSent)
        if sent.role != "agent" or not settings.organic_conversations or not allowance.take():
            return
        speaker = (await speakers_of(session, [recorded])).get(recorded.position)
        if speaker is None:
            return
        conversation = speaker.conversation
        template = generalise(sent.text, conversation.customer_name, speaker.agent_name)
        if not await _may_be_kept(session, speaker, template):
            return
        use = organic.Use(
            conversation.scope,
            speaker.agent,
            conversation.id,
            conversation.customer_id,
            template,
        )
        counted = await organic.count(session, use, settings)
        if counted is None or not (counted.own or counted.common):
            return
        if counted.has_vector:
            agents = [speaker.agent] if counted.own else []
            kept = OrganicsKept(agents, counted.common)
            await log.append(session, stream_of(conversation.scope), kept, actor=SYSTEM)
        else:
            session.after_commit(wake)

    return Reader("organic_replies", [MessageSent], note, pace_seconds=PAUSE_SECONDS)


async def speakers_of(
    session: AsyncSession, messages: Sequence[Recorded]
) -> Mapping[Position, Speaker]:
    """Who was responsible when each message was sent, by its event's position; nobody is left out."""
    found = await session.execute(
        select(Leg.agent_external_id, Leg.agent_name, Leg.joined_seq, Leg.left_seq, Conversation)
        .join(Conversation, Conversation.id == Leg.conversation_id)
        .where(Leg.conversation_id.in_({each.stream_id for each in messages}))
        .order_by(Leg.joined_seq)
    )
    legs: defaultdict[str, list[tuple[int, int | None, Speaker]]] = defaultdict(list)
    for agent, name, joined, left, conversation in found:
        legs[conversation.id].append((joined, left, Speaker(agent, name, conversation)))
    speakers = {}
    for each in messages:
        for joined, left, speaker in legs[each.stream_id]:
            if joined <= each.seq and (left is None or left > each.seq):
                speakers[each.position] = speaker
    return speakers


async def _may_be_kept(session: WriteSession, speaker: Speaker, template: str) -> bool:
    """Whether a text is nobody's alone: it says nothing of a customer, or is in the global list."""
    company = await session.get(Company, speaker.conversation.company_id)
    usual = words_in("" if company is None else company.name)
    if is_anonymous(template, theirs=_theirs(speaker), usual=usual):
        return True
    written = select(GlobalResponse.id).where(
        GlobalResponse.fingerprint == fingerprint_of(template),
        stand_in(
            GlobalResponse,
            speaker.conversation.company_id,
            deployed_to(speaker.conversation.scope),
        ),
    )
    return await session.scalar(written.limit(1)) is not None


def _theirs(speaker: Speaker) -> list[str]:
    """Words that only this conversation's people have: they must not stand in a text for others."""
    conversation = speaker.conversation
    values = [value for value in conversation.extra.values() if isinstance(value, str)]
    names = f"{conversation.customer_name or ''} {speaker.agent_name or ''}"
    return [*names.split(), conversation.customer_external_id, *values]
