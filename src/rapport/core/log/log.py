"""Writing to the log: the hot path's own batching writer, and appends inside a write session.

Appends queue for a writer that commits many at once and acknowledges after the commit. Streams are
sharded over the writers, so one stream is always written by one writer of this node; between nodes
the stream's head row is the lock.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

import msgspec
from sqlalchemy import Table, insert, literal_column
from sqlalchemy.dialects import postgresql, sqlite

from rapport.core import clock
from rapport.core.database import Database, WriteSession
from rapport.core.errors import Unavailable
from rapport.core.identity import Actor
from rapport.core.log.events import Audience, Event, Stream, type_of
from rapport.core.log.models import LoggedEvent, StreamHead
from rapport.core.telemetry.metrics import Metrics

# One commit carries at most this many appends: a larger batch would make its first wait for its last.
BATCH = 512
# Beyond this many waiting appends a new one is refused rather than remembered: memory stays bounded
# and the caller, told to try again, is the only one who can slow down.
WAITING = 20_000

_encode = msgspec.json.Encoder().encode


class RowInsert:
    """A table into which appends put rows, and the columns they fill after `seq`, which comes first.

    Values are given as they are stored (times in microseconds): nothing converts them on the way.
    """

    def __init__(self, table: Table, *columns: str) -> None:
        self.table = table
        self.columns = ("seq", *columns)


class Row(NamedTuple):
    """One row to be inserted together with an append; the writer puts the `seq` of its event in front.

    `of` is the place of that event within the append.
    """

    into: RowInsert
    values: tuple[Any, ...]
    of: int = 0


class Append(NamedTuple):
    """A request to add events to a stream, with the rows that say the same in tables.

    With a `key`, a second append with that key in the stream stores nothing and gets the first
    one's `answer`. `audience` takes the place of what its events' types say.
    """

    stream: Stream
    events: Sequence[Event]
    actor: Actor
    rows: Sequence[Row] = ()
    occurred_at: datetime | None = None
    key: str | None = None
    answer: str = ""
    audience: Audience | None = None


class Appended(NamedTuple):
    """Where an append's first event lies in its stream; `repeated` when its key was known already."""

    seq: int
    answer: str
    repeated: bool


class Prepared(NamedTuple):
    """An append with everything encoded that does not depend on its place in the stream."""

    append: Append
    events: list[tuple[str, int, str, int, int, str]]


class Store(Protocol):
    """Writes batches of prepared appends in one transaction each, on one kind of database."""

    async def open(self) -> None:
        """Connect."""

    async def write(self, batch: Sequence[Prepared]) -> list[Appended]:
        """Commit a batch; on return every append in it is durable."""
        ...

    async def close(self) -> None:
        """Disconnect."""


def prepare(append: Append) -> Prepared:
    """Encode an append's events: type, audience, actor, times in microseconds, payload."""
    now = clock.microseconds(clock.now())
    occurred = now if append.occurred_at is None else clock.microseconds(append.occurred_at)
    actor = _encode(append.actor).decode()
    events = []
    for event in append.events:
        kind = type_of(type(event))
        audience = kind.audience if append.audience is None else append.audience
        events.append((kind.name, int(audience), actor, occurred, now, _encode(event).decode()))
    return Prepared(append, events)


class _Writer:
    """One shard's queue and the task that empties it."""

    def __init__(self, store: Store, committed: Callable[[], None], metrics: Metrics) -> None:
        self._store = store
        self._metrics = metrics
        self._committed = committed
        self._waiting: deque[tuple[Prepared, asyncio.Future[Appended]]] = deque()
        self._wake = asyncio.Event()
        self._task = asyncio.create_task(self._run(), name="log-writer")
        self._closing = False

    def submit(self, prepared: Prepared) -> asyncio.Future[Appended]:
        if self._closing or len(self._waiting) >= WAITING:
            raise Unavailable(what="the log takes no more for the moment")
        future = asyncio.get_running_loop().create_future()
        self._waiting.append((prepared, future))
        self._wake.set()
        return future

    async def close(self) -> None:
        self._closing = True
        self._wake.set()
        await self._task

    async def _run(self) -> None:
        while self._waiting or not self._closing:
            if not self._waiting:
                self._wake.clear()
                await self._wake.wait()
                continue
            count = min(BATCH, len(self._waiting))
            batch = [self._waiting.popleft() for _ in range(count)]
            await self._write(batch)

    async def _write(self, batch: list[tuple[Prepared, asyncio.Future[Appended]]]) -> None:
        self._metrics.log_batch_size.observe(len(batch))
        try:
            with self._metrics.log_commit_seconds.time():
                results = await self._store.write([prepared for prepared, _ in batch])
        except Exception as error:
            await self._write_apart(batch, error)
            return
        for (_, future), appended in zip(batch, results, strict=True):
            if not future.done():
                future.set_result(appended)
        self._committed()

    async def _write_apart(
        self, batch: list[tuple[Prepared, asyncio.Future[Appended]]], error: Exception
    ) -> None:
        """Let a bad append fail alone: a failed batch is committed by halves until it is found.

        When the database went away nobody knows whether it had committed: writing again could write
        twice, so everybody is told, and whoever asked with a key may ask again.
        """
        if len(batch) == 1 or isinstance(error, Unavailable):
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)
            return
        middle = len(batch) // 2
        await self._write(batch[:middle])
        await self._write(batch[middle:])


class Log:
    """The event log of this installation, as one node writes to it."""

    def __init__(self, database: Database, stores: Sequence[Store], metrics: Metrics) -> None:
        self._database = database
        self._metrics = metrics
        self._stores = stores
        self._writers: list[_Writer] = []
        self._listeners: list[Callable[[], None]] = []
        self._session_listeners: list[Callable[[], None]] = []

    def on_commit(self, listener: Callable[[], None]) -> None:
        """Have something told, without truth, whenever this node has added events."""
        self._listeners.append(listener)

    def on_session_commit(self, listener: Callable[[], None]) -> None:
        """Have something told, before the others, when a write session of this node has added events."""
        self._session_listeners.append(listener)

    async def open(self) -> None:
        """Start writing."""
        for store in self._stores:
            await store.open()
        self._writers = [_Writer(store, self._committed, self._metrics) for store in self._stores]

    async def close(self) -> None:
        """Write what waits, then stop."""
        for writer in self._writers:
            await writer.close()
        for store in self._stores:
            await store.close()

    async def submit(self, append: Append) -> Appended:
        """Add events on the hot path; returns when they are durable.

        Raises Unavailable when the writer's queue is full.
        """
        writer = self._writers[hash(append.stream.id) % len(self._writers)]
        return await writer.submit(prepare(append))

    async def append(
        self,
        session: WriteSession,
        stream: Stream,
        *events: Event,
        actor: Actor,
        audience: Audience | None = None,
    ) -> int:
        """Add events in a session's transaction; returns the `seq` of the last one."""
        prepared = prepare(Append(stream, events, actor, audience=audience))
        last = await self._advance(session, stream, len(events))
        columns = ("type", "audience", "actor", "occurred_at", "recorded_at", "payload")
        extra: dict[str, Any] = {}
        if not self._database.is_sqlite:
            extra["txid"] = literal_column("pg_current_xact_id()::text::bigint")
        for offset, values in enumerate(prepared.events):
            await session.execute(
                insert(LoggedEvent).values(
                    company_id=stream.scope.company_id,
                    environment=stream.scope.environment,
                    stream_kind=stream.kind,
                    stream_id=stream.id,
                    seq=last - len(events) + 1 + offset,
                    **dict(zip(columns, values, strict=True)),
                    **extra,
                )
            )
        session.after_commit(self._session_committed)
        return last

    async def _advance(self, session: WriteSession, stream: Stream, count: int) -> int:
        dialect: Any = sqlite if self._database.is_sqlite else postgresql
        statement = (
            dialect.insert(StreamHead)
            .values(kind=stream.kind, id=stream.id, head=count)
            .on_conflict_do_update(
                index_elements=["kind", "id"], set_={"head": StreamHead.head + count}
            )
            .returning(StreamHead.head)
        )
        return int((await session.execute(statement)).scalar_one())

    def _session_committed(self) -> None:
        for listener in self._session_listeners:
            listener()
        self._committed()

    def _committed(self) -> None:
        for listener in self._listeners:
            listener()
