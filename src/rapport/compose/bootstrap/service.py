"""Asking for a proposal, and taking from it into the draft of the global list."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy import select

from rapport.accounts.audit.service import AuditEvent
from rapport.compose.bootstrap.access import proposal_of
from rapport.compose.bootstrap.models import ResponseProposal
from rapport.compose.bootstrap.proposing import Proposed
from rapport.compose.bootstrap.schemas import Taken
from rapport.compose.globals.draft import Draft, hold
from rapport.compose.globals.events import ProposalAsked, stream_of
from rapport.compose.globals.models import GlobalResponse
from rapport.compose.globals.reading import stand_in
from rapport.compose.globals.rows import Content, Paths, folders_of, responses_of
from rapport.core import clock
from rapport.core.database import WriteSession
from rapport.core.errors import Conflict, Invalid
from rapport.core.identity import Caller, actor_of
from rapport.core.ids import new_id
from rapport.core.log import Log


class NotReady(Conflict):
    """A proposal is still worked at, or came to nothing."""

    sentence = "Conflict: the proposal is {state}"


class NoRoom(Conflict):
    """The list would become longer than it may be."""

    sentence = "Conflict: the list may hold {most} responses; take fewer"


async def ask(session: WriteSession, log: Log, caller: Caller, source: str) -> ResponseProposal:
    """Have responses proposed; a job of this installation works at it (CMP-211, CMP-212)."""
    proposal = _new(caller, source)
    session.add(proposal)
    asked = ProposalAsked(proposal.id)
    await log.append(session, stream_of(caller.scope), asked, actor=actor_of(caller))
    return proposal


def made(
    session: WriteSession,
    caller: Caller,
    source: str,
    responses: Sequence[Proposed],
    conversations: int,
    messages: int,
) -> ResponseProposal:
    """Keep a proposal that was worked out at the command line."""
    proposal = _new(caller, source)
    proposal.state, proposal.percent, proposal.finished_at = "ready", 100, clock.now()
    proposal.conversations, proposal.messages = conversations, messages
    proposal.responses = msgspec.to_builtins(responses)
    session.add(proposal)
    return proposal


async def take(
    session: WriteSession,
    caller: Caller,
    proposal_id: str,
    based_on: int,
    numbers: Sequence[int] | None,
    most: int,
) -> Taken:
    """Put proposed responses, every wording of each, into the draft; a person saves and deploys it.

    What the draft says already stays as it is (CMP-201). Raises NotFound, NotReady, Invalid for an
    unknown number, DraftChanged and NoRoom.
    """
    proposal = await proposal_of(session, caller.scope, proposal_id)
    if proposal.state != "ready":
        raise NotReady(state=proposal.state)
    chosen = _chosen(proposal, numbers)
    draft = await hold(session, caller, based_on, None)
    known = await _texts(draft)
    texts = {text: each.folder for each in chosen for text in each.wordings if text not in known}
    if len(known) + len(texts) > most:
        raise NoRoom(most=most)
    folders = await folders_of(session, draft.company_id, draft.number)
    paths = Paths(folders)
    ledger = await responses_of(session, draft.company_id, draft.number, ())
    for text, folder in texts.items():
        ledger.put(new_id(), Content(text, "", paths.at([folder]), []))
    if texts:
        draft.list.origin = "proposal"
        draft.note("uploaded", f"{len(texts)} proposed responses")
        draft.record(AuditEvent.UPDATE, f"{len(texts)} proposed responses", proposal.id)
    count = sum(len(each.wordings) for each in chosen)
    return Taken(draft.revision, len(texts), count - len(texts))


def _new(caller: Caller, source: str) -> ResponseProposal:
    return ResponseProposal(
        id=new_id(),
        company_id=caller.scope.company_id,
        environment=caller.scope.environment,
        source=source,
        state="working",
        percent=0,
        conversations=0,
        messages=0,
        responses=[],
        asked_by=caller.name or caller.id,
        asked_at=clock.now(),
        finished_at=None,
    )


def _chosen(proposal: ResponseProposal, numbers: Sequence[int] | None) -> list[Proposed]:
    proposed = msgspec.convert(proposal.responses, list[Proposed])
    if numbers is None:
        return proposed
    if any(number >= len(proposed) for number in numbers):
        raise Invalid(path="/responses", problem="the proposal has no such response")
    return [proposed[number] for number in dict.fromkeys(numbers)]


async def _texts(draft: Draft) -> set[str]:
    within = stand_in(GlobalResponse, draft.company_id, draft.number)
    return set(await draft.session.scalars(select(GlobalResponse.text).where(within)))
