"""The console of proposals: what the company's own conversations suggest for its list."""

from __future__ import annotations

from typing import Annotated

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from rapport.compose.bootstrap import access, service
from rapport.compose.bootstrap.schemas import (
    NewProposal,
    Proposals,
    ProposalView,
    ProposedPage,
    Taken,
    Taking,
    proposal_view,
    proposed_page,
)
from rapport.compose.settings import ComposeSettings
from rapport.core.database import ReadSession, WriteSession
from rapport.core.http.contract import refusals
from rapport.core.http.guards import requires
from rapport.core.identity import Caller, Permission
from rapport.core.log import Log
from rapport.core.settings import Settings

# Proposals shown, latest first.
SHOWN = 20


class ProposalsController(Controller):
    """Proposals of a first global list, or of what it lacks."""

    path = "/console/v1/compose/proposals"
    guards = (requires(Permission.MANAGE_RESPONSES),)
    tags = ("Responses",)

    @post(status_code=202, operation_id="askForProposal", responses=refusals(400, 401, 403))
    async def ask(
        self,
        data: JSONBody[NewProposal],
        session: NamedDependency[WriteSession],
        log: NamedDependency[Log],
        caller: NamedDependency[Caller],
    ) -> ProposalView:
        """Have responses proposed from what agents say often (CMP-211, CMP-212)."""
        return proposal_view(await service.ask(session, log, caller, data.source))

    @get(operation_id="listProposals", responses=refusals(401, 403))
    async def list_proposals(
        self, reading: NamedDependency[ReadSession], caller: NamedDependency[Caller]
    ) -> Proposals:
        """List the latest proposals, and how far those are that are worked at."""
        found = await access.proposals_of(reading, caller.scope, SHOWN)
        return Proposals([proposal_view(proposal) for proposal in found])

    @get("/{proposal_id:str}", operation_id="getProposal", responses=refusals(400, 401, 403, 404))
    async def show(
        self,
        proposal_id: FromPath[str],
        reading: NamedDependency[ReadSession],
        caller: NamedDependency[Caller],
        cursor: Annotated[int, QueryParameter(ge=0, le=1_000_000)] = 0,
        limit: Annotated[int, QueryParameter(ge=1, le=500)] = 100,
    ) -> ProposedPage:
        """Show what is proposed, the most useful first."""
        proposal = await access.proposal_of(reading, caller.scope, proposal_id)
        return proposed_page(proposal, cursor, limit)

    @post(
        "/{proposal_id:str}/draft",
        status_code=200,
        operation_id="takeFromProposal",
        responses=refusals(400, 401, 403, 404, 409),
    )
    async def take(
        self,
        proposal_id: FromPath[str],
        data: JSONBody[Taking],
        session: NamedDependency[WriteSession],
        settings: NamedDependency[Settings],
        caller: NamedDependency[Caller],
    ) -> Taken:
        """Put proposed responses into the draft, where a person reviews, saves and deploys them."""
        most = settings[ComposeSettings].responses_in_list
        return await service.take(session, caller, proposal_id, data.revision, data.responses, most)
