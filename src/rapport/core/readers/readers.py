"""Runs readers: fetch, apply and move the cursor in one transaction, retry, set aside, go on."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg
import structlog
from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.orm import Session

from rapport.core import clock
from rapport.core.bus import Bus
from rapport.core.database import Database, ReadSession, WriteSession
from rapport.core.database.bulk import Change, Condition
from rapport.core.errors import Unavailable
from rapport.core.log import Event, Log, Recorded
from rapport.core.log.events import START, Position, type_of
from rapport.core.log.feed import BATCH, Feed
from rapport.core.log.models import ReaderCursor
from rapport.core.log.tail import Tail
from rapport.core.readers.leadership import Leadership, leadership_of
from rapport.core.readers.models import ReaderFailure
from rapport.core.telemetry.metrics import Metrics

# Without a nudge the log is looked at this often; more often while other nodes' nudges cannot come.
POLL_SECONDS = 1.0
POLL_WITHOUT_BUS_SECONDS = 0.2
PACE_SECONDS = 0.02
# On an embedded database a transaction keeps every other writer waiting, messages among them.
TRANSACTION_SECONDS = 0.005
# Pauses before each further try of an event that fails; after the last it is set aside.
PAUSES_SECONDS = (0.1, 0.5, 2.0, 5.0)
# A cursor that only skipped events is written this seldom: reading them again costs little.
SKIPPED_BEFORE_WRITING = 10_000
CLOSING_SECONDS = 5.0

_MOVE_CURSOR = (
    "UPDATE reader_cursor SET cursor = :cursor WHERE reader = :reader AND cursor = :stored"
)

logger = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Reader:
    """What is kept true (`name`), from which events, and how one of them is applied.

    `apply` writes through the session only, or does what may safely be done twice (a job's key is
    derived from the event's id). A new reader begins at the log's beginning, or with `from_now`
    at its end.
    """

    name: str
    reads: Sequence[type[Event]]
    apply: Callable[[Recorded, WriteSession], Awaitable[None]]
    from_now: bool = False
    # Under load nudges come with every commit: waiting this long between looks makes batches instead
    # of single events. Whoever is waited for by people takes less, whoever is not takes more.
    pace_seconds: float = PACE_SECONDS


@dataclass(frozen=True)
class BatchReader:
    """What is kept true from many events at once, by rows that nobody else writes.

    `changes` reads what is there and returns the rows as they are to become. It holds no transaction
    meanwhile: on an embedded database everybody who sends a message would wait for what it reads, and
    it runs beside the event loop there.
    """

    name: str
    reads: Sequence[type[Event]]
    changes: Callable[[Session, Sequence[Recorded]], Sequence[Change]]
    from_now: bool = False
    pace_seconds: float = PACE_SECONDS
    # Told when rows have been written.
    written: Callable[[], None] | None = None


AnyReader = Reader | BatchReader


class Readers:
    """The readers of this node: one owned task each, from `start` to `close`."""

    def __init__(
        self,
        database: Database,
        tail: Tail,
        log: Log,
        readers: Sequence[AnyReader],
        *,
        bus: Bus | None = None,
        metrics: Metrics | None = None,
        feed: Feed | None = None,
    ) -> None:
        self._leadership = leadership_of(database)
        self._feed = feed or Feed(tail)
        metrics = metrics or Metrics()
        self._runs = [
            _Run(reader, database, tail, self._feed, self._leadership, bus, metrics)
            for reader in readers
        ]
        self._tasks: list[asyncio.Task[None]] = []
        log.on_commit(self.nudge)

    def nudge(self) -> None:
        """Have every reader look at the log soon; the log calls this after each of its commits."""
        self._feed.nudged()
        for run in self._runs:
            run.wake.set()

    async def start(self) -> None:
        """Begin to read."""
        self._tasks = [
            asyncio.create_task(run.run(), name=f"reader-{run.reader.name}") for run in self._runs
        ]

    async def close(self) -> None:
        """Finish the batch at hand and stop; after five seconds it is rolled back instead."""
        for run in self._runs:
            run.stop()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=CLOSING_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        self._tasks = []
        await self._feed.close()
        await self._leadership.close()

    async def drain(self) -> None:
        """Return when every reader has applied (or set aside) what the log held at the call.

        For one node and its tests: readers that another node runs are waited for in vain.
        """
        waiting = [run.reached_end() for run in self._runs]
        self.nudge()
        await asyncio.gather(*waiting)


class _GiveUp(Exception):
    """What was applied is rolled back: another node has moved the cursor, or this one is closing."""


class _Run:
    """One reader at work on this node."""

    def __init__(
        self,
        reader: AnyReader,
        database: Database,
        tail: Tail,
        feed: Feed,
        leadership: Leadership,
        bus: Bus | None,
        metrics: Metrics,
    ) -> None:
        self.reader = reader
        self.wake = asyncio.Event()
        self._closing = asyncio.Event()
        self._hurry = asyncio.Event()
        self._database = database
        self._tail = tail
        self._feed = feed
        self._leadership = leadership
        self._bus = bus
        self._metrics = metrics
        self._lag = metrics.reader_lag_seconds.labels(reader.name)
        self._types = frozenset(type_of(cls).name for cls in reader.reads)
        self._position = START
        self._stored = ""
        self._skipped = 0
        self._asking: list[asyncio.Future[None]] = []
        self._looking_for: list[asyncio.Future[None]] = []

    @property
    def is_closing(self) -> bool:
        return self._closing.is_set()

    def stop(self) -> None:
        """Let the batch at hand be finished and none begun."""
        self._closing.set()
        self._hurry.set()
        self.wake.set()

    async def run(self) -> None:
        failures = 0
        while not self.is_closing:
            try:
                await self._read_to_end()
            except _GiveUp:
                self._stored = ""
            except Exception as error:
                # The database is away, or this is a fault of ours: either way the events stay in the
                # log, and the reader tries again until it can.
                self._stored = ""
                pause = PAUSES_SECONDS[min(failures, len(PAUSES_SECONDS) - 1)]
                failures += 1
                logger.warning(
                    "reader_interrupted",
                    reader=self.reader.name,
                    error=type(error).__name__,
                    exc_info=None if _is_outage(error) else error,
                )
                await self._rest(pause)
            else:
                failures = 0
                await self._wait()

    def reached_end(self) -> asyncio.Future[None]:
        """Return what is done once a look at the log that begins after now has come to its end."""
        future = asyncio.get_running_loop().create_future()
        self._asking.append(future)
        self._hurry.set()
        return future

    async def _wait(self) -> None:
        degraded = self._bus is not None and not self._bus.is_healthy
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(POLL_WITHOUT_BUS_SECONDS if degraded else POLL_SECONDS):
                await self.wake.wait()

    async def _rest(self, seconds: float) -> None:
        """Pause, but not longer than until the reader is closed."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._closing.wait()

    async def _is_leader(self) -> bool:
        if not await self._leadership.leads(self.reader.name):
            self._stored = ""
            return False
        if not self._stored:
            await self._find_position()
        return True

    async def _find_position(self) -> None:
        async with self._database.reading() as session:
            cursor = await session.scalar(
                select(ReaderCursor.cursor).where(ReaderCursor.reader == self.reader.name)
            )
            start = await self._start(session) if cursor is None else None
        if start is not None:
            cursor = await self._begin_at(start.cursor())
        assert cursor is not None
        self._stored = cursor
        self._position = Position.of(cursor)
        self._skipped = 0

    async def _start(self, session: ReadSession) -> Position:
        return await self._tail.current(session) if self.reader.from_now else START

    async def _begin_at(self, cursor: str) -> str:
        """Write a new reader's first cursor unless another node was quicker; return what holds."""
        dialect: Any = sqlite if self._database.is_sqlite else postgresql
        first = dialect.insert(ReaderCursor).values(reader=self.reader.name, cursor=cursor)
        async with self._database.writing() as session:
            await session.execute(first.on_conflict_do_nothing())
            return str(
                await session.scalar(
                    select(ReaderCursor.cursor).where(ReaderCursor.reader == self.reader.name)
                )
            )

    async def _read_to_end(self) -> None:
        while not self.is_closing and await self._is_leader():
            self.wake.clear()
            self._looking_for += self._asking
            self._asking = []
            batch = await self._feed.after(self._position)
            if not batch:
                self._lag.set(0)
                self._tell_end()
                return
            await self._take(batch)
            if len(batch) < BATCH:
                await self._pace()

    async def _pace(self) -> None:
        """Let a batch gather, unless somebody waits for the end."""
        self._hurry.clear()
        if self._asking or self._looking_for or self.is_closing:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.reader.pace_seconds):
                await self._hurry.wait()

    def _tell_end(self) -> None:
        for future in self._looking_for:
            if not future.done():
                future.set_result(None)
        self._looking_for = []

    async def _take(self, batch: Sequence[Recorded]) -> None:
        ours = [recorded for recorded in batch if recorded.kind in self._types]
        self._skipped += len(batch) - len(ours)
        now = clock.microseconds(clock.now())
        self._lag.set(max(0, now - batch[0].recorded_at) / 1e6)
        if ours:
            await self._apply(ours, batch[-1].position)
        elif self._skipped >= SKIPPED_BEFORE_WRITING:
            await self._commit((), batch[-1].position)
        self._position = batch[-1].position

    async def _apply(self, events: Sequence[Recorded], end: Position) -> None:
        """Apply a batch, or, when that fails, event by event so that one fails alone."""
        done = 0
        try:
            while done < len(events):
                done += await self._commit(events[done:], end)
        except _GiveUp:
            raise
        except Exception as error:
            if _is_outage(error):
                raise
            for recorded in events[done:]:
                await self._apply_alone(recorded)
            await self._commit((), end)
        self._metrics.reader_events_total.labels(self.reader.name).inc(len(events))

    async def _apply_alone(self, recorded: Recorded) -> None:
        for pause in (*PAUSES_SECONDS, None):
            try:
                await self._commit((recorded,), recorded.position)
                return
            except _GiveUp:
                raise
            except Exception as error:
                if _is_outage(error):
                    raise
                logger.exception(
                    "reader_failed",
                    reader=self.reader.name,
                    type=recorded.kind,
                    cursor=recorded.position.cursor(),
                )
                failed = error
            if pause is not None:
                await self._rest(pause)
            if self.is_closing:
                raise _GiveUp
        await self._set_aside(recorded, failed)

    async def _set_aside(self, recorded: Recorded, error: Exception) -> None:
        failure = ReaderFailure(
            reader=self.reader.name,
            cursor=recorded.position.cursor(),
            type=recorded.kind,
            error=type(error).__name__,
            failed_at=clock.now(),
        )
        async with self._database.writing() as session:
            session.add(failure)
            await self._move_cursor(session, recorded.position)
        self._stored = recorded.position.cursor()
        self._metrics.reader_failures_total.labels(self.reader.name).inc()

    async def _commit(self, events: Sequence[Recorded], end: Position) -> int:
        """Apply events and move the cursor in one transaction; return how many it was time for."""
        if isinstance(self.reader, BatchReader):
            await self._put(self.reader, events, end)
            return len(events)
        return await self._apply_each(self.reader, events, end)

    async def _put(self, reader: BatchReader, events: Sequence[Recorded], end: Position) -> None:
        changes: Sequence[Change] = ()
        if events:
            changes = await self._database.read(lambda session: reader.changes(session, events))
        moved = {"reader": reader.name, "stored": self._stored, "cursor": end.cursor()}
        if not await self._database.put(Condition(_MOVE_CURSOR, moved), changes):
            raise _GiveUp
        self._stored = end.cursor()
        self._skipped = 0
        if changes and reader.written is not None:
            reader.written()

    async def _apply_each(self, reader: Reader, events: Sequence[Recorded], end: Position) -> int:
        started = time.monotonic()
        count = 0
        async with self._database.writing() as session:
            for count, recorded in enumerate(events, start=1):
                await reader.apply(recorded, session)
                if count < len(events) and time.monotonic() - started > TRANSACTION_SECONDS:
                    end = recorded.position
                    break
            await self._move_cursor(session, end)
        self._stored = end.cursor()
        self._skipped = 0
        return count

    async def _move_cursor(self, session: WriteSession, end: Position) -> None:
        if end.cursor() == self._stored:
            return
        moved = await session.execute(
            update(ReaderCursor)
            .where(ReaderCursor.reader == self.reader.name, ReaderCursor.cursor == self._stored)
            .values(cursor=end.cursor())
            .returning(ReaderCursor.reader)
        )
        if moved.first() is None:
            raise _GiveUp


def _is_outage(error: Exception) -> bool:
    """Tell a database that is away from an event that cannot be applied: only the latter is set aside."""
    if isinstance(error, Unavailable | OSError | InterfaceError | OperationalError):
        return True
    # While it connects the driver's own errors come through as they are.
    if isinstance(error, asyncpg.PostgresError | asyncpg.InterfaceError):
        return True
    return isinstance(error, DBAPIError) and error.connection_invalidated
