"""Keeping a company's own list of terms."""

from __future__ import annotations

from sqlalchemy import func, select

from rapport.accounts.audit.service import AuditEvent, Resource, record
from rapport.compose.profanity import access
from rapport.compose.profanity.board import announce
from rapport.compose.profanity.events import BlocklistChanged, blocklist_stream
from rapport.compose.profanity.models import BlocklistTerm
from rapport.core import clock
from rapport.core.bus import Bus
from rapport.core.database import WriteSession
from rapport.core.errors import Conflict, Invalid
from rapport.core.identity import Caller, actor_of
from rapport.core.ids import new_id
from rapport.core.log import Log
from rapport.engines.profanity import words_of

# Every term is looked at in memory: some 200 bytes each.
MOST_TERMS = 2_000


class TermTaken(Conflict):
    """The list has the term already, blocked or allowed. Facts: `term`."""

    sentence = "Conflict: {term} is on the list already"


class TooManyTerms(Conflict):
    """The list is full. Facts: `most`."""

    sentence = "Conflict: a company has at most {most} terms"


async def add(
    session: WriteSession, log: Log, bus: Bus, caller: Caller, *, term: str, blocked: bool
) -> BlocklistTerm:
    """Block a word or phrase, or allow one that the built-in list has (CMP-086).

    It holds on all nodes at once. Raises Invalid, TermTaken and TooManyTerms.
    """
    term = " ".join(term.split())
    folded = " ".join(words_of(term))
    if not folded:
        raise Invalid(path="/term", problem="needs a letter or a digit")
    company = caller.scope.company_id
    term_id = new_id()
    # The event comes first: it takes the stream's lock, so a term is not added twice.
    changed = BlocklistChanged(term_id, blocked)
    await log.append(session, blocklist_stream(caller.scope), changed, actor=actor_of(caller))
    own = BlocklistTerm.company_id == company
    if await session.scalar(select(BlocklistTerm.id).where(own, BlocklistTerm.folded == folded)):
        raise TermTaken(term=term)
    if (await session.scalar(select(func.count()).where(own)) or 0) >= MOST_TERMS:
        raise TooManyTerms(most=MOST_TERMS)
    added = BlocklistTerm(
        id=term_id,
        company_id=company,
        term=term,
        folded=folded,
        blocked=blocked,
        author=caller.name or caller.id,
        created_at=clock.now(),
    )
    session.add(added)
    await session.flush()
    record(session, caller, AuditEvent.CREATE, _resource(added))
    announce(session, bus, caller.scope)
    return added


async def remove(session: WriteSession, log: Log, bus: Bus, caller: Caller, term_id: str) -> None:
    """Take a term off the list; it holds on all nodes at once. Raises NotFound."""
    term = await access.term_for(session, caller.scope.company_id, term_id)
    changed = BlocklistChanged(term.id)
    await log.append(session, blocklist_stream(caller.scope), changed, actor=actor_of(caller))
    record(session, caller, AuditEvent.DELETE, _resource(term))
    await session.delete(term)
    announce(session, bus, caller.scope)


def _resource(term: BlocklistTerm) -> Resource:
    return Resource("blocklist_term", term.term, term.id)
