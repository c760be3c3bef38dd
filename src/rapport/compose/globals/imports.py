"""Making saved responses suggestible: durable, in slices, once for all nodes."""

from __future__ import annotations

from typing import NamedTuple

from rapport.compose.globals.events import ResponsesEmbedded, ResponsesSaved, stream_of
from rapport.compose.globals.reading import without_vector
from rapport.compose.texts import embed_missing, keep
from rapport.core.database import Database, WriteSession
from rapport.core.identity import SYSTEM, Environment, Scope
from rapport.core.ids import CompanyId
from rapport.core.jobs import Jobs, Run, job
from rapport.core.log import Log, Recorded
from rapport.core.readers import Reader
from rapport.engines.embedding import Embedder

# Texts embedded and made suggestible together: some 0.1 s of one core.
AT_ONCE = 64


class Importing(NamedTuple):
    """What the steps of the job work with."""

    database: Database
    log: Log
    embedder: Embedder


@job("responses.embed")
async def embed_responses(run: Run, company: str, version: int, count: int) -> None:
    """Embed the texts of a version, slice by slice; after a restart from the slice it was at."""
    done = 0
    while embedded := await run.step(f"from {done}", _embed_some, company, version):
        done += embedded
        await run.progress(done, count)


def import_reader(jobs: Jobs) -> Reader:
    """Starts the job of every version, once: its key is the event's id."""

    async def start(recorded: Recorded, _session: WriteSession) -> None:
        saved = recorded.decode(ResponsesSaved)
        await jobs.start(
            embed_responses.name,
            key=str(recorded.position.id),
            company=recorded.scope.company_id,
            version=saved.version,
            count=saved.count,
        )

    return Reader("response_imports", [ResponsesSaved], start)


async def _embed_some(services: Importing, company: str, version: int) -> int:
    """Embed some texts of a version that have no vector yet; returns how many, 0 at the end.

    Both environments are told: which of them uses the version may change at any moment.
    """
    waiting = without_vector(company, version).distinct().limit(AT_ONCE)
    async with services.database.reading() as session:
        texts = (await session.scalars(waiting)).all()
        vectors = await embed_missing(session, services.embedder, company, texts)
    if not vectors:
        return 0
    embedded = ResponsesEmbedded([fingerprint.hex() for fingerprint in vectors])
    async with services.database.writing() as session:
        await keep(session, company, vectors)
        for environment in Environment:
            stream = stream_of(Scope(CompanyId(company), environment))
            await services.log.append(session, stream, embedded, actor=SYSTEM)
    return len(vectors)
