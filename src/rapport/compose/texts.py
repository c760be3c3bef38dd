"""What the lists of responses share: how a text is told apart, sought, ordered and embedded."""

from __future__ import annotations

import asyncio
import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Text, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.compose.models import TextVector
from rapport.core.database import WriteSession
from rapport.engines.embedding import Embedder

# The folder of what lies in no folder (CMP-130).
ROOT = "__root"

# What may stand for a value in a text; other braces are just braces.
_INSERT = re.compile(r"\{([A-Za-z][A-Za-z0-9_ .-]{0,63})\}")

# Ordered by code point on both databases, so that pages and Python agree about what comes next.
FOLDED = Text().with_variant(Text(collation="C"), "postgresql")


def fingerprint_of(text: str) -> bytes:
    """Return what tells a text apart from every other: 16 bytes."""
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def folded(text: str) -> str:
    """Return a text without case and accents, to be sought in and ordered by."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def inserts_in(text: str) -> list[str]:
    """Return the names of a text's placeholders, `{name}` (4.3)."""
    return _INSERT.findall(text)


def pattern(words: str) -> str:
    """Return the LIKE pattern (escaped by a backslash) of folded texts that contain some words."""
    escaped = folded(words).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def holds(column: Any, exactly: str) -> ColumnElement[bool]:
    """Return the condition of texts that contain something, case included on both databases."""
    found: ColumnElement[bool] = func.replace(column, exactly, "") != column
    return found


async def embed_missing(
    session: AsyncSession, embedder: Embedder, company_id: str, texts: Sequence[str]
) -> Mapping[bytes, bytes]:
    """Embed the texts that a company has no vectors of, in a thread (3 ms a text); see `keep`."""
    by_fingerprint = {fingerprint_of(text): text for text in texts}
    known = select(TextVector.fingerprint).where(
        TextVector.company_id == company_id, TextVector.fingerprint.in_(by_fingerprint)
    )
    for fingerprint in await session.scalars(known):
        del by_fingerprint[fingerprint]
    if not by_fingerprint:
        return {}
    vectors = await asyncio.to_thread(embedder.embed_now, list(by_fingerprint.values()))
    pairs = zip(by_fingerprint, vectors, strict=True)
    return {fingerprint: vector.astype("<f2").tobytes() for fingerprint, vector in pairs}


async def keep(session: WriteSession, company_id: str, vectors: Mapping[bytes, bytes]) -> None:
    """Store vectors; one that somebody else has stored meanwhile is the same."""
    if not vectors:
        return
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    rows = [
        {"company_id": company_id, "fingerprint": fingerprint, "vector": vector}
        for fingerprint, vector in vectors.items()
    ]
    await session.execute(dialect.insert(TextVector).on_conflict_do_nothing(), rows)
