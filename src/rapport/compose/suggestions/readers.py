"""What makes the organic list grow while agents work (CMP-038)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from rapport.accounts.companies.models import Company
from rapport.compose.globals.models import GlobalResponse
from rapport.compose.globals.reading import deployed_to, stand_in
from rapport.compose.settings import ComposeSettings
from rapport.compose.suggestions.allowance import Allowance
from rapport.compose.suggestions.anonymous import is_anonymous, words_in
from rapport.compose.suggestions.counting import EVERYONE, NOTHING, Use, count
from rapport.compose.suggestions.events import OrganicsKept, stream_of
from rapport.compose.suggestions.inserts import generalise
from rapport.compose.suggestions.models import OrganicNews
from rapport.compose.texts import fingerprint_of
from rapport.conversations.events import MessageSent
from rapport.conversations.models import Conversation, Leg
from rapport.core.database import Database
from rapport.core.database.bulk import Change
from rapport.core.identity import SYSTEM, Environment, Scope
from rapport.core.ids import CompanyId
from rapport.core.log import Log, Recorded
from rapport.core.log.events import Position
from rapport.core.readers import BatchReader

PAUSE_SECONDS = 1.0
# Counting a text takes a few statements. A team's busiest moment is counted whole; of what hundreds of
# agents say at once, a sample.
MOST_AT_ONCE = 60


class Speaker(NamedTuple):
    """The agent responsible when a message was sent, and in which conversation."""

    agent: str
    agent_name: str | None
    conversation: Conversation


class OrganicReader:
    """Counts what agents say, and notes who is offered something else because of it.

    `wake` is called when there is something to tell (`tell`), or a text to embed.
    """

    def __init__(self, settings: ComposeSettings, wake: Callable[[], None]) -> None:
        self._settings = settings
        self._wake = wake
        self._allowance = Allowance(settings.replies_per_minute, MOST_AT_ONCE)
        self._counted = NOTHING

    @property
    def reader(self) -> BatchReader:
        """The reader that counts."""
        return BatchReader(
            "organic_replies",
            [MessageSent],
            self._changes,
            pace_seconds=PAUSE_SECONDS,
            written=self._have_written,
        )

    def _changes(self, session: Session, events: Sequence[Recorded]) -> Sequence[Change]:
        self._counted = NOTHING
        if not self._settings.organic_conversations:
            return []
        messages = [(each, each.decode(MessageSent)) for each in events]
        said = [
            (each, sent)
            for each, sent in messages
            if sent.role == "agent" and self._allowance.take()
        ]
        if not said:
            return []
        speakers = speakers_of(session, [each for each, _ in said])
        templates = [
            _Spoken(
                speaker,
                generalise(sent.text, speaker.conversation.customer_name, speaker.agent_name),
            )
            for each, sent in said
            if (speaker := speakers.get(each.position)) is not None
        ]
        kept = _to_be_kept(session, templates)
        self._counted = count(session, [each.use for each in kept], self._settings)
        return self._counted.changes

    def _have_written(self) -> None:
        if self._counted.has_news:
            self._wake()


async def tell(database: Database, log: Log) -> None:
    """Tell all nodes what is offered otherwise than it was, whichever node has counted it."""
    async with database.reading() as session:
        if await session.scalar(select(OrganicNews.agent).limit(1)) is None:
            return
    async with database.writing() as session:
        told = delete(OrganicNews).returning(
            OrganicNews.company_id, OrganicNews.environment, OrganicNews.agent
        )
        news: defaultdict[Scope, set[str]] = defaultdict(set)
        for company, environment, agent in await session.execute(told):
            news[Scope(CompanyId(company), Environment(environment))].add(agent)
        for scope, agents in news.items():
            event = OrganicsKept(sorted(agents - {EVERYONE}), EVERYONE in agents)
            await log.append(session, stream_of(scope), event, actor=SYSTEM)


def speakers_of(session: Session, messages: Sequence[Recorded]) -> Mapping[Position, Speaker]:
    """Who was responsible when each message was sent, by its event's position.

    What was said while nobody was responsible is not among them.
    """
    found = session.execute(
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


class _Spoken(NamedTuple):
    """What was said, without the people's names."""

    speaker: Speaker
    template: str

    @property
    def use(self) -> Use:
        conversation = self.speaker.conversation
        return Use(
            conversation.scope,
            self.speaker.agent,
            conversation.id,
            conversation.customer_id,
            conversation.channel,
            self.template,
        )


def _to_be_kept(session: Session, spoken: Sequence[_Spoken]) -> list[_Spoken]:
    """Those that are nobody's alone: they say nothing of a customer, or are in the global list."""
    companies = {each.speaker.conversation.company_id for each in spoken}
    found = session.execute(select(Company.id, Company.name).where(Company.id.in_(companies)))
    usual = {company: words_in(name) for company, name in found}
    nobodys = words_in("")
    return [
        each
        for each in spoken
        if is_anonymous(
            each.template,
            theirs=_theirs(each.speaker),
            usual=usual.get(each.speaker.conversation.company_id, nobodys),
        )
        or _is_written(session, each)
    ]


def _is_written(session: Session, spoken: _Spoken) -> bool:
    conversation = spoken.speaker.conversation
    written = select(GlobalResponse.id).where(
        GlobalResponse.fingerprint == fingerprint_of(spoken.template),
        stand_in(GlobalResponse, conversation.company_id, deployed_to(conversation.scope)),
    )
    return session.scalar(written.limit(1)) is not None


def _theirs(speaker: Speaker) -> list[str]:
    """Words that only this conversation's people have: they must not stand in a text for others."""
    conversation = speaker.conversation
    values = [value for value in conversation.extra.values() if isinstance(value, str)]
    names = f"{conversation.customer_name or ''} {speaker.agent_name or ''}"
    return [*names.split(), conversation.customer_external_id, *values]
