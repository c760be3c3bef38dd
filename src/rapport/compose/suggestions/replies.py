"""Past replies: which are worth keeping, and how they become suggestible."""

from __future__ import annotations

import asyncio
import hashlib
import re
import time
from typing import NamedTuple

import numpy as np
import structlog
from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.exc import SQLAlchemyError

from rapport.compose.models import PastReply
from rapport.compose.settings import ComposeSettings
from rapport.compose.suggestions import organic
from rapport.compose.suggestions.allowance import Allowance
from rapport.compose.suggestions.candidates import packed
from rapport.compose.suggestions.events import OrganicsKept, RepliesKept, stream_of
from rapport.compose.suggestions.inserts import generalise
from rapport.compose.suggestions.library import found_by
from rapport.compose.suggestions.models import OrganicText
from rapport.compose.suggestions.readers import PAUSE_SECONDS, organic_reader, speaker_of
from rapport.compose.suggestions.talks import OPENING
from rapport.conversations.directory import Directory
from rapport.conversations.events import SANDBOX, MessageSent
from rapport.conversations.models import Message
from rapport.core.database import Database, ReadSession, WriteSession
from rapport.core.errors import NotFound, Unavailable
from rapport.core.identity import SYSTEM, Scope
from rapport.core.log import Log, Recorded
from rapport.core.readers import Reader
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
        self._task: asyncio.Task[None] | None = None

    @property
    def readers(self) -> list[Reader]:
        """Write down replies worth keeping, as many as the allowance permits; count what is said."""
        return [
            Reader("past_replies", [MessageSent], self._note, pace_seconds=PAUSE_SECONDS),
            organic_reader(self._log, self._settings, self._wake.set),
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
        return await self._learn_organics() or await self._learn_replies()

    async def _learn_organics(self) -> int:
        async with self._database.reading() as session:
            texts = await organic.waiting(session, AT_ONCE)
        if not texts:
            return 0
        vectors = await self._embed([text.text for text in texts])
        by_scope: dict[Scope, list[OrganicText]] = {}
        async with self._database.writing() as session:
            for text, vector in zip(texts, vectors, strict=True):
                this = update(OrganicText).where(OrganicText.id == text.id)
                await session.execute(this.values(vector=packed(vector)))
                by_scope.setdefault(text.scope, []).append(text)
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
        async with self._database.writing() as session:
            kept: dict[Scope, list[str]] = {}
            for lesson, question, answer in zip(lessons, questions, answers, strict=True):
                if await _keep(session, lesson, question, answer):
                    kept.setdefault(lesson.reply.scope, []).append(lesson.reply.id)
            for scope, ids in kept.items():
                await _forget_beyond(session, scope, self._settings.past_replies)
                await self._log.append(session, stream_of(scope), RepliesKept(ids), actor=SYSTEM)
        return len(lessons)

    async def _note(self, recorded: Recorded, session: WriteSession) -> None:
        sent = recorded.decode(MessageSent)
        if sent.role != "agent" or not is_worth_keeping(sent.text):
            return
        if not self._settings.past_replies or not self._allowance.take():
            return
        speaker = await speaker_of(session, recorded)
        if speaker is not None and speaker.conversation.channel == SANDBOX:
            return
        session.add(
            PastReply(
                id=sent.message,
                company_id=recorded.scope.company_id,
                environment=recorded.scope.environment,
                conversation_id=recorded.stream_id,
                agent=None if speaker is None else speaker.agent,
                seq=recorded.seq,
                text=sent.text,
                said_at=recorded.occurred,
            )
        )
        session.after_commit(self._wake.set)

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


async def _keep(session: WriteSession, lesson: _Lesson, question: Vectors, answer: Vectors) -> bool:
    """Make a reply suggestible, or forget it when the same answer to the same question is kept.

    Another node may have learnt this very reply meanwhile: then it is learnt twice, which is no harm.
    """
    this = PastReply.id == lesson.reply.id
    known = await session.scalar(
        select(PastReply.id).where(
            *_within(lesson.reply.scope), PastReply.fingerprint == lesson.fingerprint, ~this
        )
    )
    if known is not None:
        await session.execute(delete(PastReply).where(this))
        return False
    await session.execute(
        update(PastReply)
        .where(this)
        .values(
            text=lesson.template,
            fingerprint=lesson.fingerprint,
            situation=packed(found_by(question, answer)),
            meaning=packed(answer),
        )
    )
    return True


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
