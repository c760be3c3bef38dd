"""One node: the services of the core, opened and closed together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import NamedTuple

from rapport.core.bus import Bus, open_bus
from rapport.core.database import Database
from rapport.core.database.database import database_url
from rapport.core.limits import Limits
from rapport.core.log import Log
from rapport.core.log.feed import Feed
from rapport.core.log.log import Store
from rapport.core.log.postgres import PostgresStore
from rapport.core.log.sqlite import SqliteStore
from rapport.core.log.tail import Tail
from rapport.core.secret import Secret, installation_secret
from rapport.core.settings import DataSettings, Settings
from rapport.core.telemetry.health import Health
from rapport.core.telemetry.metrics import Metrics

# Two writers on PostgreSQL keep one commit on its way to the disk while the next batch gathers.
POSTGRES_WRITERS = 2


class Node(NamedTuple):
    """What every room of this process may use."""

    settings: Settings
    secret: Secret
    metrics: Metrics
    database: Database
    tail: Tail
    feed: Feed
    log: Log
    bus: Bus
    limits: Limits
    health: Health


@asynccontextmanager
async def open_node(settings: Settings, metrics: Metrics | None = None) -> AsyncIterator[Node]:
    """Open a node's services; closes them in the opposite order, the log after what it still owes."""
    metrics = metrics or Metrics()
    database = Database(database_url(settings), pool_size=settings[DataSettings].pool_size)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        tail = Tail(database)
        feed = Feed(tail, is_alone=database.is_sqlite)
        stack.push_async_callback(feed.close)
        log = Log(database, _stores(database, feed), metrics)
        await log.open()
        stack.push_async_callback(log.close)
        bus = await open_bus(settings)
        stack.push_async_callback(bus.close)
        limits = Limits(bus, database)
        await limits.open()
        stack.push_async_callback(limits.close)
        health = Health()
        health.add("database", database.ping)
        log.on_session_commit(feed.news)
        yield Node(
            settings=settings,
            secret=installation_secret(settings),
            metrics=metrics,
            database=database,
            tail=tail,
            feed=feed,
            log=log,
            bus=bus,
            limits=limits,
            health=health,
        )


def _stores(database: Database, feed: Feed) -> list[Store]:
    if database.is_sqlite:
        return [SqliteStore(database, feed.take)]
    return [PostgresStore(database, feed.news) for _ in range(POSTGRES_WRITERS)]
