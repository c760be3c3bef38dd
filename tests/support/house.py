"""A node with conversations and suggestions, without its doors: what is said and what is offered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import select

from rapport.app import SECTIONS
from rapport.compose.models import PastReply
from rapport.compose.room import Compose, open_compose
from rapport.compose.suggestions.service import Suggested
from rapport.configuration import PolicyRedactors
from rapport.conversations.directory import Directory
from rapport.conversations.messages.service import Said, Talk, send
from rapport.conversations.record.service import Changes, Named, upsert
from rapport.conversations.redaction import Redaction
from rapport.core import clock
from rapport.core.database import Base
from rapport.core.identity import SYSTEM, Environment, Scope
from rapport.core.ids import CompanyId, new_id
from rapport.core.log.events import START
from rapport.core.node import Node, open_node
from rapport.core.readers import Readers
from rapport.core.settings import load

ACME = Scope(CompanyId("acme"), Environment.PRODUCTION)
ACME_SANDBOX = Scope(CompanyId("acme"), Environment.SANDBOX)
OTHER = Scope(CompanyId("other"), Environment.PRODUCTION)


class House(NamedTuple):
    """A node with conversations and suggestions, without its doors."""

    node: Node
    talk: Talk
    compose: Compose
    readers: Readers

    async def conversation(
        self,
        *said: tuple[str, str],
        scope: Scope = ACME,
        customer: str | None = "Sarah Jones",
        customer_id: str | None = None,
        agent: str = "a-1",
        external_id: str | None = None,
        metadata: Mapping[str, str | None] | None = None,
    ) -> str:
        """Open a conversation with an agent, in which something was said, or go on with it."""
        party = Named(customer_id or external_id or new_id(), customer)
        changes = Changes(
            external_id or new_id(),
            clock.now(),
            party,
            Named(agent, "Kim Lee"),
            dict(metadata or {}),
        )
        async with self.node.database.writing() as session:
            made = await upsert(session, self.node.log, self.talk.directory, scope, changes, SYSTEM)
        for role, text in said:
            await self.say(made, role, text, scope=scope)
        return made

    async def say(self, conversation: str, role: str, text: str, *, scope: Scope = ACME) -> None:
        known = await self.talk.directory.find(scope, conversation)
        await send(self.talk, known, Said(text, role, f"{role}-1", None, clock.now()))

    async def suggestions(
        self, conversation: str, query: str = "", *, scope: Scope = ACME
    ) -> list[str]:
        found = await self.offered(conversation, query, scope=scope)
        return [each.text for each in found.suggestions]

    async def offered(
        self, conversation: str, query: str = "", *, scope: Scope = ACME
    ) -> Suggested:
        known = await self.talk.directory.find(scope, conversation)
        return await self.compose.composer.suggest(known, query)

    async def learnt(self) -> None:
        """Wait until everything said so far has been learnt and shown to the shelf."""
        await self.readers.drain()
        while await self.compose.learner.learn():
            pass
        await show_log(self)

    async def kept(self, scope: Scope = ACME) -> list[str]:
        query = select(PastReply.text).where(
            PastReply.company_id == scope.company_id, PastReply.environment == scope.environment
        )
        async with self.node.database.reading() as session:
            return list((await session.scalars(query.order_by(PastReply.id))).all())


async def show_log(house: House) -> None:
    """Show the shelf every event from the beginning: seeing one twice changes nothing."""
    for recorded in await house.node.tail.after(START, 10_000):
        for observe in house.compose.observers:
            observe(recorded)
    composer = house.compose.composer
    for work in (composer._shelf._tasks, composer._tasks):
        while work._running:
            await asyncio.wait(work._running)


@asynccontextmanager
async def open_house(folder: Path, **environment: str) -> AsyncIterator[House]:
    """Open a node in a folder, with settings of its own where given."""
    settings = load(SECTIONS, {"RAPPORT_DATA_FOLDER": str(folder), **environment})
    async with open_node(settings) as node:
        async with node.database._write_engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        directory = Directory(node.database)
        redaction = Redaction(node.database, PolicyRedactors(node.database, node.bus), node.metrics)
        async with open_compose(node, directory, redaction) as compose:
            talk = Talk(node.log, directory, redaction, node.metrics)
            readers = Readers(node.database, node.tail, node.log, compose.readers)
            await readers.start()
            yield House(node, talk, compose, readers)
            await readers.close()
