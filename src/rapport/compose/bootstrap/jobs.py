"""Working at a proposal: a durable job, begun by the event that asks for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

import msgspec
from sqlalchemy import update

from rapport.compose.bootstrap.history import imported
from rapport.compose.bootstrap.models import ResponseProposal
from rapport.compose.bootstrap.proposing import Message, Proposed, propose
from rapport.compose.completions import texts
from rapport.compose.globals.events import ProposalAsked
from rapport.core import clock
from rapport.core.database import Database, WriteSession
from rapport.core.errors import RapportError
from rapport.core.identity import Environment, Scope
from rapport.core.ids import CompanyId
from rapport.core.jobs import Jobs, Run, job
from rapport.core.log import Recorded
from rapport.core.readers import Reader
from rapport.core.storage import Files
from rapport.engines.embedding import Embedder

# Latest conversations, and messages in all, that are looked at.
CONVERSATIONS = 100_000
MESSAGES = 400_000
# The share done is written down this often.
STEP = 0.05


class Working(Protocol):
    """What the job works with."""

    @property
    def database(self) -> Database:
        """Where proposals and conversations are."""
        ...

    @property
    def files(self) -> Files:
        """Where imported conversations are."""
        ...

    @property
    def embedder(self) -> Embedder:
        """What tells meanings apart."""
        ...


class Work(NamedTuple):
    """The same outside a job."""

    database: Database
    files: Files
    embedder: Embedder


class Gathered(NamedTuple):
    """What agents said, and in how many conversations."""

    messages: Sequence[Message]
    conversations: int


@job("responses.propose")
async def propose_responses(run: Run, company: str, environment: str, proposal: str) -> None:
    """Propose; when that cannot be done, say so."""
    try:
        await run.step("propose", _propose, company, environment, proposal)
    except RapportError:
        await run.step("failed", _fail, proposal)
        raise


def proposal_reader(jobs: Jobs) -> Reader:
    """Starts the job of every proposal, once: its key is the event's id."""

    async def start(recorded: Recorded, _session: WriteSession) -> None:
        await jobs.start(
            propose_responses.name,
            key=str(recorded.position.id),
            company=recorded.scope.company_id,
            environment=recorded.scope.environment.value,
            proposal=recorded.decode(ProposalAsked).proposal,
        )

    return Reader("response_proposals", [ProposalAsked], start)


async def work_out(
    services: Working, scope: Scope, source: str, report: Callable[[float], None]
) -> tuple[Gathered, list[Proposed]]:
    """Read what agents said and propose responses, in a worker thread."""
    gathered = await _gather(services, scope, source)
    embed = services.embedder.embed_now
    found = await asyncio.to_thread(propose, gathered.messages, embed, report)
    return gathered, found


async def _propose(services: Working, company: str, environment: str, proposal_id: str) -> None:
    scope = Scope(CompanyId(company), Environment(environment))
    async with services.database.reading() as session:
        proposal = await session.get_one(ResponseProposal, proposal_id)
    loop, told = asyncio.get_running_loop(), 0.0

    def report(done: float) -> None:
        nonlocal told
        if done - told >= STEP:
            told = done
            writing = _write(services, proposal_id, percent=int(done * 100))
            asyncio.run_coroutine_threadsafe(writing, loop).result()

    gathered, found = await work_out(services, scope, proposal.source, report)
    await _write(
        services,
        proposal_id,
        state="ready",
        percent=100,
        conversations=gathered.conversations,
        messages=len(gathered.messages),
        responses=msgspec.to_builtins(found),
        finished_at=clock.now(),
    )


async def _fail(services: Working, proposal_id: str) -> None:
    await _write(services, proposal_id, state="failed", finished_at=clock.now())


async def _write(services: Working, proposal_id: str, **values: object) -> None:
    async with services.database.writing() as session:
        await session.execute(
            update(ResponseProposal).where(ResponseProposal.id == proposal_id).values(**values)
        )


async def _gather(services: Working, scope: Scope, source: str) -> Gathered:
    messages: list[Message] = []
    number = 0
    if source != "imported":
        async with services.database.reading() as session:
            lines = texts.lines_of(await texts.said(session, scope, CONVERSATIONS))
        messages += [Message(line.text, line.source or 0) for line in lines]
        number = len({line.source for line in lines})
    if source != "conversations":
        async for transcript in imported(services.files, scope):
            if len(messages) >= MESSAGES:
                break
            spoken = [said.text for said in transcript.said if said.role == "agent"]
            messages += [Message(text, number) for text in spoken]
            number += bool(spoken)
    return Gathered(messages, number)
