"""The corpus: every event ever released can still be read, by today's structs and by every reader.

`python -m tests.events.record` writes a file for a type that has none. A type that gains a field gets
another file, of the next version; a file that is there is never edited.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import func, insert, select

from rapport import configuration, routing
from rapport.app import SECTIONS
from rapport.compose.room import open_compose
from rapport.conversations.activity import ConversationActivity, activity_reader
from rapport.conversations.activity.present import READS
from rapport.conversations.directory import Directory
from rapport.conversations.redaction import Redaction
from rapport.core.database import Base
from rapport.core.identity import Scope
from rapport.core.log import Audience, Recorded
from rapport.core.log.events import START, registered, type_of
from rapport.core.log.models import LoggedEvent, ReaderCursor
from rapport.core.node import Node, open_node
from rapport.core.readers import AnyReader, ReaderFailure, Readers
from rapport.core.settings import load

pytestmark = pytest.mark.unit

CORPUS = Path(__file__).parent / "corpus"
FILES = sorted(CORPUS.glob("*.json"))
ACTIVITY = {type_of(cls).name for cls in READS}
EVERY = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)

# Fields that hold a struct; other objects are maps, in which every name means something.
STRUCTS = {"customer"}

Json = dict[str, Any]


def ours() -> list[str]:
    """Every event type of the product; tests register some of their own."""
    return sorted(
        name for name, cls in registered().items() if cls.__module__.startswith("rapport.")
    )


def envelope(path: Path) -> Json:
    found: Json = json.loads(path.read_text(encoding="utf-8"))
    return found


def recorded(envelope: Json) -> Recorded:
    return Recorded(
        position=START,
        transaction=0,
        scope=Scope(envelope["company_id"], envelope["environment"]),
        stream_kind=envelope["stream_kind"],
        stream_id=envelope["stream_id"],
        seq=envelope["seq"],
        kind=envelope["type"],
        audience=envelope["audience"],
        actor=msgspec.Raw(msgspec.json.encode(envelope["actor"])),
        occurred_at=envelope["occurred_at"],
        recorded_at=envelope["recorded_at"],
        payload=msgspec.Raw(msgspec.json.encode(envelope["payload"])),
    )


def decoded(envelope: Json) -> Json:
    """Read an event as today's struct does, and write it again."""
    event = recorded(envelope).decode(registered()[envelope["type"]])
    written: Json = json.loads(msgspec.json.encode(event))
    return written


def without_new(written: Any, before: Any) -> Any:
    """Leave out the fields that a later version has added."""
    if isinstance(written, dict) and isinstance(before, dict):
        return {name: without_new(written[name], before[name]) for name in before}
    return written


def versions(name: str) -> list[Path]:
    found = CORPUS.glob(f"{name}.v*.json")
    return sorted(found, key=lambda path: int(path.suffixes[-2].removeprefix(".v")))


def test_every_event_type_has_a_file_and_no_file_is_left_over() -> None:
    """`python -m tests.events.record` writes the missing one."""
    assert sorted({envelope(path)["type"] for path in FILES}) == ours()


@EVERY
def test_an_event_of_any_version_keeps_every_field(path: Path) -> None:
    stored = envelope(path)

    assert path.name.startswith(f"{stored['type']}.v")
    assert without_new(decoded(stored), stored["payload"]) == stored["payload"]
    assert recorded(stored).who().role == stored["actor"]["role"]
    assert Audience(stored["audience"]) in Audience.ALL


@pytest.mark.parametrize("name", ours())
def test_the_latest_version_has_every_field_of_today(name: str) -> None:
    """A field was added: record the type again as its next version."""
    latest = envelope(versions(name)[-1])

    assert decoded(latest) == latest["payload"]


@EVERY
def test_what_a_newer_node_adds_is_ignored(path: Path) -> None:
    stored = envelope(path)
    newer = with_more(stored["payload"])

    assert decoded({**stored, "payload": newer}) == decoded(stored)


def with_more(payload: Json) -> Json:
    """Add a field at every place where a struct may have got one."""
    inner = {
        name: with_more(value) if isinstance(value, dict) and name in STRUCTS else value
        for name, value in payload.items()
    }
    return {**inner, "of_the_future": {"deep": [1, 2]}}


@pytest.fixture
async def node(tmp_path: Path) -> AsyncIterator[Node]:
    """A node without doors, on an empty database."""
    settings = load(SECTIONS, {"RAPPORT_DATA_FOLDER": str(tmp_path)})
    async with open_node(settings) as node:
        async with node.database._write_engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        yield node


async def store(node: Node, envelopes: list[Json]) -> None:
    """Put events into the log as they lay in another one."""
    async with node.database.writing() as session:
        for stored in envelopes:
            encoded = {name: json.dumps(stored[name]) for name in ("actor", "payload")}
            await session.execute(insert(LoggedEvent).values({**stored, **encoded}))


async def test_every_reader_accepts_every_event_and_passes_over_unknown_ones(node: Node) -> None:
    """As on a node of yesterday that runs beside one of tomorrow."""
    corpus = [envelope(path) for path in FILES]
    unknown = [
        {**stored, "type": f"{stored['type']}_of_the_future", "seq": stored["seq"] + 1_000_000}
        for stored in corpus
    ]
    await store(node, [each for pair in zip(unknown, corpus, strict=True) for each in pair])
    directory = Directory(node.database)
    redactors = configuration.PolicyRedactors(node.database, node.bus)
    redaction = Redaction(node.database, redactors, node.metrics)

    async with open_compose(node, directory, redaction) as compose:
        kept: list[AnyReader] = [activity_reader(), *routing.readers(node.log), *compose.readers]
        readers = Readers(node.database, node.tail, node.log, kept, metrics=node.metrics)
        await readers.start()
        await readers.drain()
        for found in await node.tail.after(START, 1_000):
            rooms = [each.observe for each in (directory, redactors, redaction)]
            for observe in (*rooms, *compose.observers):
                observe(found)
        await readers.close()

    async with node.database.reading() as session:
        assert list(await session.scalars(select(ReaderFailure))) == []
        read = set(await session.scalars(select(ReaderCursor.reader)))
        seen = await session.scalar(select(func.count()).select_from(ConversationActivity))
    assert read == {reader.name for reader in kept}
    # Of the unknown ones nothing is kept, not even in streams that only they are in.
    told = {each["stream_id"] for each in corpus if each["type"] in ACTIVITY}
    assert seen == len(told)
