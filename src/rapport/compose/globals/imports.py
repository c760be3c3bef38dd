"""Making imported responses suggestible: durable, in slices, once for all nodes."""

from __future__ import annotations

import asyncio
from typing import NamedTuple

from rapport.compose.globals import responses
from rapport.compose.globals.events import ResponsesImported
from rapport.core.database import Database, WriteSession
from rapport.core.identity import Environment, Scope
from rapport.core.ids import CompanyId
from rapport.core.jobs import Jobs, Run, job
from rapport.core.log import Log, Recorded
from rapport.core.readers import Reader
from rapport.engines.embedding import Embedder


class Importing(NamedTuple):
    """What the steps of an import work with."""

    database: Database
    log: Log
    embedder: Embedder


@job("responses.embed")
async def embed_responses(
    run: Run, company: str, environment: str, import_id: str, count: int
) -> None:
    """Embed the responses of an import, slice by slice; after a restart from the slice it was at."""
    done = 0
    while embedded := await run.step(f"from {done}", _embed_some, company, environment, import_id):
        done += embedded
        await run.progress(done, count)


def import_reader(jobs: Jobs) -> Reader:
    """Starts the job of every import, once: its key is the event's id."""

    async def start(recorded: Recorded, _session: WriteSession) -> None:
        imported = recorded.decode(ResponsesImported)
        await jobs.start(
            embed_responses.name,
            key=str(recorded.position.id),
            company=recorded.scope.company_id,
            environment=recorded.scope.environment.value,
            import_id=imported.import_id,
            count=imported.count,
        )

    return Reader("response_imports", [ResponsesImported], start)


async def _embed_some(services: Importing, company: str, environment: str, import_id: str) -> int:
    """Embed the next slice of an import; returns how many there were, 0 at the end."""
    scope = Scope(CompanyId(company), Environment(environment))
    async with services.database.reading() as session:
        waiting = await responses.waiting(session, scope, import_id)
    if not waiting:
        return 0
    texts = [text for _, text in waiting]
    vectors = await asyncio.to_thread(services.embedder.embed_now, texts)
    async with services.database.writing() as session:
        ids = [response_id for response_id, _ in waiting]
        await responses.make_suggestible(session, services.log, scope, import_id, ids, vectors)
    return len(waiting)
