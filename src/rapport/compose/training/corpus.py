"""The conversations that models learn from, as stored: redacted, sliced, some held back.

What is held back is chosen by the conversation's id, so that a conversation no version has learnt from
stays one: versions trained months apart are judged on what neither has seen.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Iterable
from itertools import groupby

from sqlalchemy import Select, and_, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.compose.suggestions.models import SuggestionSet
from rapport.compose.training.process import packed, unpacked
from rapport.compose.training.settings import TrainingSettings
from rapport.compose.training.trainers import Said, Transcript
from rapport.compose.usage.models import MessageReport
from rapport.conversations.events import SANDBOX
from rapport.conversations.models import Conversation, Message
from rapport.core.database import Database
from rapport.core.identity import Scope
from rapport.core.storage import Files

# One conversation of so many is held back.
HELD_BACK = 10
# Conversations read from the database at once.
PAGE = 200

HISTORY = "training/history"
LEARNT = "learn"
HELD = "held"


def is_held_back(conversation_id: str) -> bool:
    """Whether a conversation serves to judge models, and so is never learnt from."""
    digest = hashlib.blake2b(conversation_id.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % HELD_BACK == 0


async def gather(
    database: Database, files: Files, scope: Scope, folder: str, settings: TrainingSettings
) -> int:
    """Write a company's newest conversations, and those it imported, as slices into a folder.

    Returns how many there are. Asked again, it writes the same slices over what it left unfinished.
    """
    found = 0
    learnt: list[Transcript] = []
    held: list[Transcript] = []
    counts = {LEARNT: 0, HELD: 0}
    async for transcript in _newest(database, files, scope, settings.most_conversations):
        found += 1
        name, slice_ = (HELD, held) if is_held_back(transcript.id) else (LEARNT, learnt)
        slice_.append(transcript)
        if len(slice_) == settings.slice_conversations:
            await _write(files, scope, folder, name, counts, slice_)
    for name, slice_ in ((LEARNT, learnt), (HELD, held)):
        if slice_:
            await _write(files, scope, folder, name, counts, slice_)
    return found


async def slices(files: Files, scope: Scope, folder: str, name: str) -> list[str]:
    """Return the names of a folder's slices, in order."""
    found = [file.key.rpartition("/")[2] for file in await files.list(scope, folder)]
    return [each for each in found if each.startswith(f"{name}-")]


async def _newest(
    database: Database, files: Files, scope: Scope, most: int
) -> AsyncIterator[Transcript]:
    left = most
    async for transcript in _of_database(database, scope):
        if left == 0:
            return
        left -= 1
        yield transcript
    for file in await files.list(scope, HISTORY):
        for transcript in unpacked(await files.get(scope, file.key)):
            if left == 0:
                return
            left -= 1
            yield transcript


async def _of_database(database: Database, scope: Scope) -> AsyncIterator[Transcript]:
    """Yield conversations in which an agent spoke, the newest first, each whole."""
    before: str | None = None
    while True:
        async with database.reading() as session:
            ids = list(await session.scalars(_page(scope, before)))
            rows = (await session.execute(_messages(ids))).all() if ids else []
            passed = await _passed_over(session, ids) if ids else {}
        for conversation_id, messages in groupby(rows, key=lambda row: row[0]):
            said = [
                Said(
                    role,
                    text,
                    sender or "",
                    [each for each in passed.get(message_id, []) if each != text],
                )
                for _, message_id, role, sender, text in messages
            ]
            yield Transcript(conversation_id, said)
        if len(ids) < PAGE:
            return
        before = ids[-1]


def _page(scope: Scope, before: str | None) -> Select[str]:
    spoke = exists().where(Message.conversation_id == Conversation.id, Message.role == "agent")
    query = (
        select(Conversation.id)
        .where(
            Conversation.company_id == scope.company_id,
            Conversation.environment == scope.environment,
            # What is played teaches nobody else.
            Conversation.channel != SANDBOX,
            spoke,
        )
        .order_by(Conversation.id.desc())
        .limit(PAGE)
    )
    return query if before is None else query.where(Conversation.id < before)


async def _passed_over(session: AsyncSession, ids: Iterable[str]) -> dict[str, list[str]]:
    """What was offered for messages and not sent, by message, of conversations (CMP-207)."""
    named = (MessageReport.initial_suggestions_id, MessageReport.selected_suggestions_id)
    query = (
        select(
            MessageReport.message_id, MessageReport.selected_suggestion_text, SuggestionSet.shown
        )
        .join(
            SuggestionSet,
            and_(
                SuggestionSet.id.in_(named),
                SuggestionSet.conversation_id == MessageReport.conversation_id,
            ),
        )
        .where(MessageReport.conversation_id.in_(list(ids)))
    )
    passed: dict[str, dict[str, None]] = {}
    for message_id, selected, shown in await session.execute(query):
        texts = [
            each["template"] for each in shown if selected not in {each["text"], each["template"]}
        ]
        passed.setdefault(message_id, {}).update(dict.fromkeys(texts))
    return {message_id: list(texts) for message_id, texts in passed.items()}


def _messages(ids: Iterable[str]) -> Select[str, str, str, str | None, str]:
    return (
        select(
            Message.conversation_id,
            Message.id,
            Message.role,
            Message.sender_external_id,
            Message.text,
        )
        .where(Message.conversation_id.in_(list(ids)))
        .order_by(Message.conversation_id.desc(), Message.sent_at, Message.seq, Message.id)
    )


async def _write(
    files: Files,
    scope: Scope,
    folder: str,
    name: str,
    counts: dict[str, int],
    transcripts: list[Transcript],
) -> None:
    key = f"{folder}/{name}-{counts[name]:05}"
    await files.put(scope, key, packed(transcripts))
    counts[name] += 1
    transcripts.clear()
