"""Counting what agents say, many messages at a time: everything is read first, and written together."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias, cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from rapport.compose.settings import ComposeSettings
from rapport.compose.suggestions.inserts import Template
from rapport.compose.suggestions.models import OrganicNews, OrganicText, OrganicUse
from rapport.conversations.events import SANDBOX
from rapport.conversations.models import Conversation
from rapport.core import clock
from rapport.core.database.bulk import Change, Upsert
from rapport.core.identity import Environment, Scope
from rapport.core.ids import CompanyId, new_id

# Up to this often it matters whether an agent says a text once more, see `scoring.HABIT_USES`.
_HABIT_CONVERSATIONS = 3
# Of a text said more often than this nothing changes any more.
_USES_LOOKED_AT = 100

_TEXTS = cast("Table", OrganicText.__table__)
_USES = cast("Table", OrganicUse.__table__)
_TEXT_COLUMNS = (
    "id",
    "company_id",
    "environment",
    "fingerprint",
    "text",
    "wanted",
    "is_common",
    "said_at",
)
_NEWS = cast("Table", OrganicNews.__table__)
_NEWS_COLUMNS = ("company_id", "environment", "agent", "counted_at")
_USE_COLUMNS = ("company_id", "environment", "text_id", "conversation_id", "agent", "customer_id")

_Key: TypeAlias = tuple[Scope, bytes]


class Use(NamedTuple):
    """A text that an agent said in a conversation."""

    scope: Scope
    agent: str
    conversation_id: str
    customer_id: str
    channel: str
    text: str

    @property
    def fingerprint(self) -> bytes:
        """The same for all texts that say the same."""
        saying = Template(self.text).saying
        return hashlib.blake2b(saying.encode(), digest_size=16).digest()


class _Said(NamedTuple):
    """One use of a text, as it is kept."""

    agent: str
    conversation_id: str
    customer_id: str
    channel: str


@dataclass(slots=True)
class _Text:
    """A text as it is kept, or as it will be."""

    id: str
    text: str
    wanted: bool = False
    is_common: bool = False
    has_vector: bool = False
    uses: list[_Said] = field(default_factory=list)


class Counted(NamedTuple):
    """Rows to write, and whether something is to be told or embedded once they are written."""

    changes: Sequence[Change]
    has_news: bool


NOTHING = Counted((), False)

# In the place of an agent: all of them.
EVERYONE = ""


def count(session: Session, uses: Sequence[Use], settings: ComposeSettings) -> Counted:
    """Work out what some uses change; each conversation counts once for a text and an agent."""
    if not uses:
        return NOTHING
    texts = _texts(session, uses)
    added: list[tuple[Use, _Text]] = []
    # Whose lists are others, of which companies.
    news: dict[tuple[Scope, str], None] = {}
    has_wanted = False
    for use in uses:
        key = use.scope, use.fingerprint
        text = texts.get(key) or texts.setdefault(key, _Text(new_id(), use.text))
        if any((s.conversation_id, s.agent) == (use.conversation_id, use.agent) for s in text.uses):
            continue
        added.append((use, text))
        is_own, becomes_common = _count(use, text, settings)
        if not (is_own or becomes_common):
            continue
        if not text.has_vector:
            has_wanted = True
            continue
        if is_own:
            news[use.scope, use.agent] = None
        if becomes_common:
            news[use.scope, EVERYONE] = None
    return Counted(_rows(texts, added, news), bool(news) or has_wanted)


def _count(use: Use, text: _Text, settings: ComposeSettings) -> tuple[bool, bool]:
    """Count a use; returns whether it makes a difference to its agent, and whether to all."""
    text.uses.append(_Said(use.agent, use.conversation_id, use.customer_id, use.channel))
    # What somebody plays helps them alone.
    real = [said for said in text.uses if said.channel != SANDBOX]
    becomes_common = not text.is_common and _is_common(real, settings)
    is_own = _is_own([said for said in text.uses if said.agent == use.agent], settings)
    text.is_common = text.is_common or becomes_common
    text.wanted = text.wanted or becomes_common or is_own
    return is_own, becomes_common


def _is_own(uses: Sequence[_Said], settings: ComposeSettings) -> bool:
    """Whether one more use makes a difference to an agent: offered from now on, or more usual."""
    customers = len({said.customer_id for said in uses})
    enough = max(settings.organic_conversations, _HABIT_CONVERSATIONS)
    return 2 <= len(uses) <= enough and customers >= min(settings.organic_customers, 2)


def _is_common(uses: Sequence[_Said], settings: ComposeSettings) -> bool:
    return (
        len({said.conversation_id for said in uses}) >= settings.shared_conversations
        and len({said.agent for said in uses}) >= settings.shared_agents
        and len({said.customer_id for said in uses}) >= settings.organic_customers
    )


def _texts(session: Session, uses: Iterable[Use]) -> dict[_Key, _Text]:
    """The texts that are kept already, with how they were used."""
    wanted = {use.fingerprint for use in uses}
    found = session.execute(
        select(
            OrganicText.company_id,
            OrganicText.environment,
            OrganicText.fingerprint,
            OrganicText.id,
            OrganicText.text,
            OrganicText.wanted,
            OrganicText.is_common,
            OrganicText.vector.is_not(None),
        ).where(OrganicText.fingerprint.in_(wanted))
    )
    texts = {
        (Scope(CompanyId(row[0]), Environment(row[1])), row[2]): _Text(*row[3:]) for row in found
    }
    for text in texts.values():
        text.uses = _uses(session, text.id)
    return texts


def _uses(session: Session, text_id: str) -> list[_Said]:
    found = session.execute(
        select(
            OrganicUse.agent,
            OrganicUse.conversation_id,
            OrganicUse.customer_id,
            Conversation.channel,
        )
        .join(Conversation, Conversation.id == OrganicUse.conversation_id)
        .where(OrganicUse.text_id == text_id)
        .limit(_USES_LOOKED_AT)
    )
    return [_Said(*row) for row in found]


def _rows(
    texts: Mapping[_Key, _Text],
    added: Sequence[tuple[Use, _Text]],
    news: Iterable[tuple[Scope, str]],
) -> list[Change]:
    now = clock.now()
    kept = [
        (text.id, *scope, fingerprint, text.text, text.wanted, text.is_common, now)
        for (scope, fingerprint), text in texts.items()
    ]
    uses = [
        (*use.scope, text.id, use.conversation_id, use.agent, use.customer_id)
        for use, text in added
    ]
    told = [(*scope, agent, now) for scope, agent in news]
    return [
        Upsert(_TEXTS, _TEXT_COLUMNS, kept),
        Upsert(_USES, _USE_COLUMNS, uses),
        Upsert(_NEWS, _NEWS_COLUMNS, told),
    ]
