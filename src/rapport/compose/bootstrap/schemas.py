"""Wire shapes of proposals."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from rapport.compose.bootstrap.models import ResponseProposal
from rapport.core import clock


class NewProposal(Struct, forbid_unknown_fields=True):
    """What to propose from: imported transcripts, this environment's conversations, or both."""

    source: Literal["imported", "conversations", "all"] = "all"


class Taking(Struct, forbid_unknown_fields=True):
    """What to take into the draft, whose revision the caller has read: numbers, or everything."""

    revision: Annotated[int, Meta(ge=0)]
    responses: Annotated[list[Annotated[int, Meta(ge=0)]], Meta(max_length=5_000)] | None = None


class Taken(Struct, rename="camel"):
    """The draft's revision from now on, how many texts came, and how many it had already."""

    revision: int
    added: int
    known: int


class ProposalView(Struct, rename="camel"):
    """A proposal: `working` (`done` of 1), `ready` or `failed`."""

    id: str
    source: str
    state: str
    done: float
    conversations: int
    messages: int
    count: int
    asked_by: str
    asked_at: str
    finished_at: str | None


class Proposals(Struct):
    """A company's proposals, latest first."""

    proposals: list[ProposalView]


class ProposedView(Struct, rename="camel"):
    """A proposed response by its number: wordings, folder, and the conversations it would serve."""

    number: int
    text: str
    wordings: list[str]
    folder: str
    conversations: int
    coverage: float


class ProposedPage(Struct, rename="camel"):
    """Some responses of a proposal, the most useful first, and the number the next page begins at."""

    proposal: ProposalView
    responses: list[ProposedView]
    next_cursor: int | None


def proposal_view(proposal: ResponseProposal) -> ProposalView:
    """Show a proposal."""
    finished = proposal.finished_at
    return ProposalView(
        id=proposal.id,
        source=proposal.source,
        state=proposal.state,
        done=proposal.percent / 100,
        conversations=proposal.conversations,
        messages=proposal.messages,
        count=len(proposal.responses),
        asked_by=proposal.asked_by,
        asked_at=clock.wire(proposal.asked_at),
        finished_at=None if finished is None else clock.wire(finished),
    )


def proposed_page(proposal: ResponseProposal, cursor: int, limit: int) -> ProposedPage:
    """Show some responses of a proposal."""
    shown = [
        ProposedView(number=number, **response)
        for number, response in enumerate(proposal.responses)
    ][cursor : cursor + limit]
    following = cursor + limit if cursor + limit < len(proposal.responses) else None
    return ProposedPage(proposal_view(proposal), shown, following)
