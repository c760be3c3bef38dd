"""A company's service floor: people at desks, customers who come and go, on a log of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from sqlalchemy import func, select, text, update

from rapport.accounts.companies.models import Company
from rapport.accounts.people.events import PersonDisabled, PersonSlotsChanged, person_stream
from rapport.accounts.people.models import Person
from rapport.conversations.activity import activity_reader
from rapport.conversations.ending import end
from rapport.conversations.events import stream_of
from rapport.conversations.models import Conversation
from rapport.conversations.record.service import Opening, find_customer, open_conversation
from rapport.core import clock
from rapport.core.database import Database
from rapport.core.identity import SYSTEM, Actor, Environment, Role, Scope
from rapport.core.ids import CompanyId, new_id
from rapport.core.log import Log, Recorded
from rapport.core.log.events import START
from rapport.core.log.models import LoggedEvent, ReaderCursor
from rapport.core.log.tail import Tail
from rapport.core.readers import AnyReader, Readers
from rapport.routing import readers as routing_readers
from rapport.routing.agents import set_status
from rapport.routing.events import desk_stream
from tests.core.helpers import open_log

CUSTOMER = Actor("customer", "cu-1", "Sam")


@asynccontextmanager
async def opened(database: Database) -> AsyncIterator[Floor]:
    """Open a floor on a database."""
    log = await open_log(database)
    floor = Floor(database, log)
    await floor.open()
    try:
        yield floor
    finally:
        await log.close()


class Floor:
    """Acts for a company, and says what came of it."""

    def __init__(self, database: Database, log: Log) -> None:
        self.database = database
        self.log = log
        self.tail = Tail(database)
        self.scope = Scope(CompanyId(new_id()), Environment.SANDBOX)

    async def open(self) -> None:
        """Found the company."""
        async with self.database.writing() as session:
            session.add(
                Company(
                    id=self.scope.company_id,
                    marker=self.scope.company_id.lower(),
                    name="Acme",
                    products={},
                    settings={},
                    created_at=clock.now(),
                )
            )

    async def agent(self, name: str, *, slots: int = 3, status: str = "active") -> str:
        """Seat an agent at a desk; return the id."""
        person_id = new_id()
        async with self.database.writing() as session:
            session.add(
                Person(
                    id=person_id,
                    company_id=self.scope.company_id,
                    email=f"{person_id.lower()}@acme.test",
                    name=name,
                    role=Role.AGENT,
                    slots=slots,
                    password="",
                    created_at=clock.now(),
                )
            )
        await self.status(person_id, status)
        return person_id

    async def status(self, person_id: str, status: str) -> None:
        """Set an agent's status."""
        async with self.database.writing() as session:
            await set_status(session, self.log, self.scope, person_id, status, SYSTEM)

    async def customer_comes(self, channel: str = "web") -> str:
        """Open a conversation; return the id."""
        async with self.database.writing() as session:
            customer = await find_customer(session, self.scope, new_id(), "Sam")
            opening = Opening(channel, clock.now(), "Sam", None, {})
            found = await open_conversation(session, self.log, customer, opening, CUSTOMER)
            return found.id

    async def ends(self, conversation_id: str, reason: str = "agent") -> None:
        """End a conversation."""
        async with self.database.writing() as session:
            conversation = await session.get_one(Conversation, conversation_id)
            await end(session, self.log, conversation, SYSTEM, reason=reason)

    async def gets_slots(self, person_id: str, slots: int) -> None:
        """Let an agent serve another number of conversations."""
        async with self.database.writing() as session:
            await session.execute(update(Person).where(Person.id == person_id).values(slots=slots))
            stream = person_stream(self.scope.company_id, person_id)
            await self.log.append(session, stream, PersonSlotsChanged(slots), actor=SYSTEM)

    async def is_shut_out(self, person_id: str) -> None:
        """Disable an agent."""
        async with self.database.writing() as session:
            await session.execute(
                update(Person).where(Person.id == person_id).values(enabled=False)
            )
            stream = person_stream(self.scope.company_id, person_id)
            await self.log.append(session, stream, PersonDisabled(), actor=SYSTEM)

    async def settle(self) -> None:
        """Return when everything that is in the log has had its effect."""
        readers = self.readers()
        await readers.start()
        size = -1
        # What readers write is read by them again.
        while size != (size := await self.log_size()):
            await self._all_is_readable()
            await readers.drain()
        await readers.close()

    async def _all_is_readable(self) -> None:
        """Wait for the transactions, whoever's on this server, that hide the log's end from its tail."""
        if self.database.is_sqlite:
            return
        query = text(
            "SELECT coalesce(max(txid), 0) < pg_snapshot_xmin(pg_current_snapshot())::text::bigint FROM event"
        )
        async with asyncio.timeout(20):
            while True:
                async with self.database.reading() as session:
                    if await session.scalar(query):
                        return
                await asyncio.sleep(0.01)

    def readers(self) -> Readers:
        """Return a node's readers, not started."""
        kept: list[AnyReader] = [*routing_readers(self.log), activity_reader()]
        return Readers(self.database, self.tail, self.log, kept)

    async def read_all_again(self) -> None:
        """Let the readers begin at the log's beginning once more."""
        async with self.database.writing() as session:
            await session.execute(update(ReaderCursor).values(cursor=START.cursor()))
        await self.settle()

    async def served_by(self, person_id: str) -> list[str]:
        """Return the open conversations of an agent, oldest first."""
        query = select(Conversation.id).where(
            Conversation.agent_person_id == person_id, Conversation.ended_at.is_(None)
        )
        async with self.database.reading() as session:
            return list(await session.scalars(query.order_by(Conversation.opened_at)))

    async def told(self, person_id: str) -> list[tuple[str, Any]]:
        """Return what an agent was told of conversations: made and ended, in order."""
        found = await self.tail.stream(desk_stream(person_id, self.scope), 0)
        return [
            (e.kind.removeprefix("assignment."), _data(e)["conversation"]) for e in found if _is(e)
        ]

    async def happened(self, conversation_id: str) -> list[str]:
        """Return the types of a conversation's events."""
        found = await self.tail.stream(stream_of(conversation_id, self.scope), 0)
        return [recorded.kind for recorded in found]

    async def log_size(self) -> int:
        """Return how many events there are."""
        async with self.database.reading() as session:
            return int(await session.scalar(select(func.count()).select_from(LoggedEvent)) or 0)


def _is(recorded: Recorded) -> bool:
    return recorded.kind.startswith("assignment.")


def _data(recorded: Recorded) -> Any:
    return msgspec.json.decode(recorded.payload)
