"""Offering a greeting: once in a conversation, with its first suggestions, before anybody speaks."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from rapport.accounts.authentication.recent import Recent
from rapport.compose.greetings import access
from rapport.compose.greetings.events import GreetingsChanged
from rapport.compose.greetings.models import AgentGreeting, GreetingOffer
from rapport.compose.greetings.policy import Policy, is_on, policy_from, texts_for
from rapport.compose.suggestions.inserts import Dictionary, Template, facts_of
from rapport.compose.suggestions.listed import dictionary_of
from rapport.compose.switches import SwitchBoard
from rapport.conversations.directory import Known
from rapport.conversations.models import Conversation, Message
from rapport.conversations.redaction import Redaction
from rapport.core import clock
from rapport.core.bus import Bus
from rapport.core.database import Database, WriteSession
from rapport.core.identity import Environment, Scope
from rapport.core.ids import CompanyId
from rapport.core.log import Recorded

# The bus channel that tells nodes whose greetings have changed.
CHANNEL = "composer.greetings"
KEPT_SECONDS = 20.0
# Conversations of which it is remembered that they had their chance: asking for them costs nothing.
REMEMBERED = 50_000


class Offer(NamedTuple):
    """A greeting to be sent on the agent's behalf after a countdown (4.7)."""

    text: str
    template: str
    title: str
    delay_seconds: int
    trigger_after_seconds: int


class _Moment(NamedTuple):
    """What a conversation is like when a greeting is thought of."""

    own: AgentGreeting | None
    metadata: dict[str, Any]
    dictionary: Dictionary
    is_quiet: bool  # no agent has said anything
    had_chance: bool


class Greeter:
    """Offers greetings on this node; the table of offers keeps all nodes from greeting twice."""

    def __init__(
        self, database: Database, bus: Bus, switches: SwitchBoard, redaction: Redaction
    ) -> None:
        self._database = database
        self._switches = switches
        self._redaction = redaction
        self._policies = Recent(
            self._load, keep_seconds=KEPT_SECONDS, keep_unknown_seconds=KEPT_SECONDS
        )
        self._had_chance: OrderedDict[str, None] = OrderedDict()
        bus.subscribe(CHANNEL, lambda payload: self._policies.forget(payload.decode()))

    def observe(self, recorded: Recorded) -> None:
        """Forget what a company had decided when the log says that it has changed."""
        if recorded.is_a(GreetingsChanged):
            self._policies.forget(key_of(recorded.scope))

    async def offer(self, known: Known, query: str) -> Offer | None:
        """Return the greeting for a conversation's first suggestions, else None (CMP-031, CMP-154).

        The first set asked for while greetings are on is the only chance of a conversation: none
        later, nor after an agent's message, nor once the agent has begun to type (`query`).
        """
        agent = known.agent_external_id
        if agent is None or known.is_over or known.id in self._had_chance:
            return None
        policy = await self._policies.get(key_of(known.scope))
        assert policy is not None
        if not policy.enabled or not (await self._switches.switches_of(known.scope, agent)).greets:
            return None
        moment = await self._database.read(lambda session: _moment(session, known, agent))
        if not moment.had_chance and not is_on(policy, moment.own):
            return None
        self._remember(known.id)
        if moment.had_chance:
            return None
        offer = None if query or not moment.is_quiet else _filled(policy, moment, known)
        return offer if await self._claim(known, agent, offer) else None

    async def _claim(self, known: Known, agent: str, offer: Offer | None) -> bool:
        """Take a conversation's only chance; False when another request was quicker."""
        text = offer and await self._redaction.redact_alone(known.scope, offer.text)
        dialect: Any = sqlite if self._database.is_sqlite else postgresql
        claim = dialect.insert(GreetingOffer).values(
            conversation_id=known.id,
            company_id=known.scope.company_id,
            environment=known.scope.environment,
            agent_id=agent,
            text=text,
            offered_at=clock.now(),
        )
        claim = claim.on_conflict_do_nothing().returning(GreetingOffer.conversation_id)
        async with self._database.writing() as session:
            return await session.scalar(claim) is not None

    def _remember(self, conversation_id: str) -> None:
        self._had_chance[conversation_id] = None
        if len(self._had_chance) > REMEMBERED:
            self._had_chance.popitem(last=False)

    async def _load(self, key: str) -> Policy:
        company_id, _, environment = key.rpartition(".")
        scope = Scope(CompanyId(company_id), Environment(environment))
        async with self._database.reading() as session:
            return policy_from(await access.policy_of(session, scope))


def key_of(scope: Scope) -> str:
    """Return how the memory and the bus name a company in one environment."""
    return f"{scope.company_id}.{scope.environment}"


def announce(session: WriteSession, bus: Bus, scope: Scope) -> None:
    """Tell every node, once the transaction is durable, to forget what a company had decided."""
    payload = key_of(scope).encode()
    session.after_commit(lambda: bus.publish(CHANNEL, payload))


def _moment(session: Session, known: Known, agent: str) -> _Moment:
    spoken = select(Message.id).where(Message.conversation_id == known.id, Message.role == "agent")
    offered = select(GreetingOffer.conversation_id).where(GreetingOffer.conversation_id == known.id)
    metadata = select(Conversation.extra).where(Conversation.id == known.id)
    return _Moment(
        session.get(AgentGreeting, (*known.scope, agent)),
        session.scalar(metadata) or {},
        dictionary_of(session, known.scope),
        session.scalar(spoken.limit(1)) is None,
        session.scalar(offered) is not None,
    )


def _filled(policy: Policy, moment: _Moment, known: Known) -> Offer | None:
    """The named text where the name is known, else the generic one (CMP-153).

    A text with a placeholder that this conversation cannot fill gives way to the next.
    """
    texts = texts_for(policy, moment.own)
    facts = facts_of(
        known.customer_name, known.agent_name, moment.metadata, moment.dictionary, clock.now()
    )
    templates = [texts.named, texts.generic] if known.customer_name else [texts.generic]
    for template in templates:
        text = Template(template).fill(facts)
        if text:
            return Offer(text, template, "", policy.delay_seconds, policy.trigger_after_seconds)
    return None
