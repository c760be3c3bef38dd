"""Past replies: which are worth keeping, and how they become suggestible."""

from __future__ import annotations

import asyncio
import hashlib
import re
import time
from collections.abc import Sequence
from typing import Any, NamedTuple, cast

import numpy as np
import structlog
from sqlalchemy import ColumnElement, Table, delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from rapport.compose.models import PastReply
from rapport.compose.settings import ComposeSettings
from rapport.compose.suggestions import organic
from rapport.compose.suggestions.allowance import Allowance
from rapport.compose.suggestions.candidates import packed
from rapport.compose.suggestions.events import OrganicsKept, RepliesKept, stream_of
from rapport.compose.suggestions.inserts import generalise
from rapport.compose.suggestions.library import found_by
from rapport.compose.suggestions.models import OrganicText
from rapport.compose.suggestions.readers import PAUSE_SECONDS, OrganicReader, speakers_of, tell
from rapport.compose.suggestions.talks import OPENING
from rapport.conversations.directory import Directory
from rapport.conversations.events import SANDBOX, MessageSent
from rapport.conversations.models import Message
from rapport.core.database import Database, ReadSession, WriteSession
from rapport.core.database.bulk import Change, Update, Upsert, write
from rapport.core.errors import NotFound, Unavailable
from rapport.core.identity import SYSTEM, Environment, Scope
from rapport.core.ids import CompanyId
from rapport.core.log import Log, Recorded
from rapport.core.readers import AnyReader, BatchReader
from rapport.engines.embedding import Embedder, Vectors

# Shorter replies say nothing of their own ("ok, thanks"), longer ones fit no second conversation.
SHORTEST = 15
LONGEST = 400
# What redaction put in the place of a secret means nothing to the next customer.
_MASKED = re.compile(r"\*{3,}|#{3,}")

# Replies embedded and written together: some 0.1 s of work on one core.
AT_ONCE = 32
# So many of them in a row: some 10 ms.
IN_A_ROW = 4
# The share of the time in which they are embedded: enough for as many replies as are learnt in a minute,
# and little where messages come faster than they can be learnt from.
LEARNING_SHARE = 0.1
logger = structlog.get_logger(__name__)


def is_worth_keeping(text: str) -> bool:
    """Whether a redacted reply may help in another conversation."""
    return SHORTEST <= len(text) <= LONGEST and not _MASKED.search(text)


class _Lesson(NamedTuple):
    """A reply with the customer message it answered, ready to be embedded."""

    reply: PastReply
    question: str
    template: str

    @property
    def fingerprint(self) -> bytes:
        pair = f"{self.question}\0{self.template}".casefold()
        return hashlib.blake2b(pair.encode(), digest_size=16).digest()


class Learner:
    """Keeps what agents answer: a reader writes replies down, a task of this node embeds them."""

    def __init__(
        self,
        database: Database,
        log: Log,
        directory: Directory,
        embedder: Embedder,
        settings: ComposeSettings,
    ) -> None:
        self._database = database
        self._log = log
        self._directory = directory
        self._embedder = embedder
        self._settings = settings
        self._allowance = Allowance(settings.replies_per_minute)
        self._wake = asyncio.Event()
        self._organics = OrganicReader(settings, self._wake.set)
        self._task: asyncio.Task[None] | None = None

    @property
    def readers(self) -> list[AnyReader]:
        """Write down replies worth keeping, as many as the allowance permits; count what is said."""
        return [
            BatchReader(
                "past_replies",
                [MessageSent],
                self._noted,
                pace_seconds=PAUSE_SECONDS,
                written=self._wake.set,
            ),
            self._organics.reader,
        ]

    async def start(self) -> None:
        """Embed what is written down, from now on and from before a restart."""
        self._wake.set()
        self._task = asyncio.create_task(self._run(), name="compose-learner")

    async def close(self) -> None:
        """Stop; what is written down is embedded after the next start."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def learn(self) -> int:
        """Embed some of what is written down; returns how much there was, 0 at the end."""
        await tell(self._database, self._log)
        return await self._learn_organics() or await self._learn_replies()

    async def _learn_organics(self) -> int:
        async with self._database.reading() as session:
            texts = await organic.waiting(session, AT_ONCE)
        if not texts:
            return 0
        vectors = await self._embed([text.text for text in texts])
        by_scope: dict[Scope, list[OrganicText]] = {}
        async with self._database.writing() as session:
            for text in texts:
                by_scope.setdefault(text.scope, []).append(text)
            rows = [(each.id, packed(vector)) for each, vector in zip(texts, vectors, strict=True)]
            connection = await session.connection()
            await connection.run_sync(write, [Update(_ORGANICS, ("id", "vector"), rows)])
            for scope, kept in by_scope.items():
                await organic.forget_rare(session, scope, self._settings)
                agents = await organic.users_of(session, [text.id for text in kept])
                event = OrganicsKept(list(agents), any(text.is_common for text in kept))
                await self._log.append(session, stream_of(scope), event, actor=SYSTEM)
        return len(texts)

    async def _learn_replies(self) -> int:
        async with self._database.reading() as session:
            waiting = (await session.scalars(_WAITING.limit(AT_ONCE))).all()
            lessons = [await self._lesson(session, reply) for reply in waiting]
        if not lessons:
            return 0
        questions = await self._embed([lesson.question for lesson in lessons])
        answers = await self._embed([lesson.template for lesson in lessons])
        fresh = await self._fresh(lessons)
        async with self._database.writing() as session:
            kept: dict[Scope, list[str]] = {}
            rows = []
            for lesson, question, answer in zip(lessons, questions, answers, strict=True):
                if lesson.reply.id in fresh:
                    kept.setdefault(lesson.reply.scope, []).append(lesson.reply.id)
                    rows.append(_learnt(lesson, question, answer))
            ids = [lesson.reply.id for lesson in lessons]
            await session.execute(delete(PastReply).where(PastReply.id.in_(set(ids) - fresh)))
            connection = await session.connection()
            await connection.run_sync(write, [Update(_TABLE, _LEARNT, rows)])
            for scope, ids in kept.items():
                await _forget_beyond(session, scope, self._settings.past_replies)
                await self._log.append(session, stream_of(scope), RepliesKept(ids), actor=SYSTEM)
        return len(lessons)

    async def _fresh(self, lessons: Sequence[_Lesson]) -> set[str]:
        """Those that teach something: the same answer to the same question is not kept already.

        Another node may have learnt this very reply meanwhile: then it is learnt twice, which is no harm.
        """
        prints = {lesson.fingerprint for lesson in lessons}
        query = select(
            PastReply.company_id, PastReply.environment, PastReply.fingerprint, PastReply.id
        )
        async with self._database.reading() as session:
            found = await session.execute(query.where(PastReply.fingerprint.in_(prints)))
            first = {
                (Scope(CompanyId(company), Environment(environment)), fingerprint): reply
                for company, environment, fingerprint, reply in found
            }
        for lesson in lessons:
            first.setdefault((lesson.reply.scope, lesson.fingerprint), lesson.reply.id)
        return set(first.values()) & {lesson.reply.id for lesson in lessons}

    def _noted(self, session: Session, events: Sequence[Recorded]) -> Sequence[Change]:
        """The replies among some messages that are worth keeping, as many as may be learnt."""
        said = [(each, each.decode(MessageSent)) for each in events]
        worthy = [
            (each, sent)
            for each, sent in said
            if sent.role == "agent" and is_worth_keeping(sent.text) and self._may_learn()
        ]
        if not worthy:
            return []
        speakers = speakers_of(session, [each for each, _ in worthy])
        rows = []
        for each, sent in worthy:
            speaker = speakers.get(each.position)
            if speaker is None or speaker.conversation.channel != SANDBOX:
                agent = None if speaker is None else speaker.agent
                where = (*each.scope, each.stream_id)
                rows.append((sent.message, *where, agent, each.seq, sent.text, each.occurred))
        return [Upsert(_TABLE, _NOTED, rows)] if rows else []

    def _may_learn(self) -> bool:
        return bool(self._settings.past_replies) and self._allowance.take()

    async def _embed(self, texts: list[str]) -> Vectors:
        """Embed a few texts at a time: a message that somebody waits for comes in between."""
        slices = [texts[start : start + IN_A_ROW] for start in range(0, len(texts), IN_A_ROW)]
        return np.concatenate([await self._embedder.embed(some) for some in slices])

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                left = AT_ONCE
                while left:
                    started = time.monotonic()
                    left = await self.learn()
                    await asyncio.sleep((time.monotonic() - started) * (1 / LEARNING_SHARE - 1))
            except (SQLAlchemyError, OSError, Unavailable) as error:
                # The database is away or the embedder busy: the replies wait where they are.
                logger.warning("learning_interrupted", error=type(error).__name__)
                self._wake.set()
            await asyncio.sleep(PAUSE_SECONDS)

    async def _lesson(self, session: ReadSession, reply: PastReply) -> _Lesson:
        before = (
            select(Message.text)
            .where(Message.conversation_id == reply.conversation_id)
            .where(Message.role == "customer", Message.seq < reply.seq)
            .order_by(Message.seq.desc())
            .limit(1)
        )
        question = await session.scalar(before)
        try:
            known = await self._directory.find(reply.scope, reply.conversation_id)
        except NotFound:
            # The conversation is gone; what was said in it is redacted and may still help.
            return _Lesson(reply, question or OPENING, reply.text)
        template = generalise(reply.text, known.customer_name, known.agent_name)
        return _Lesson(reply, question or OPENING, template)


_WAITING = select(PastReply).where(PastReply.meaning.is_(None))

_TABLE = cast("Table", PastReply.__table__)
_ORGANICS = cast("Table", OrganicText.__table__)
_NOTED = (
    "id",
    "company_id",
    "environment",
    "conversation_id",
    "agent",
    "seq",
    "text",
    "said_at",
)
_LEARNT = ("id", "text", "fingerprint", "situation", "meaning")


def _learnt(lesson: _Lesson, question: Vectors, answer: Vectors) -> tuple[Any, ...]:
    situation = packed(found_by(question, answer))
    return (
        lesson.reply.id,
        lesson.template,
        lesson.fingerprint,
        situation,
        packed(answer),
    )


async def _forget_beyond(session: WriteSession, scope: Scope, count: int) -> None:
    """Delete all but a company's newest replies."""
    last = select(PastReply.id).where(*_within(scope)).order_by(PastReply.id.desc())
    beyond = last.offset(count).limit(1).scalar_subquery()
    await session.execute(delete(PastReply).where(*_within(scope), PastReply.id <= beyond))


def _within(scope: Scope) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (
        PastReply.company_id == scope.company_id,
        PastReply.environment == scope.environment,
    )
