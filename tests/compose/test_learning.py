"""From what agents say to what others are offered: reader, learner, shelf and composer together."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import select

from rapport.compose.models import PastReply
from rapport.compose.room import Compose, open_compose
from rapport.compose.settings import ComposeSettings
from rapport.compose.suggestions.replies import Allowance, is_worth_keeping
from rapport.compose.suggestions.shelf import Shelf
from rapport.configuration import PolicyRedactors
from rapport.conversations.directory import Directory
from rapport.conversations.messages.service import Said, Talk, send
from rapport.conversations.record.service import Changes, Named, upsert
from rapport.conversations.redaction import Redaction
from rapport.core import clock
from rapport.core.clock import ManualClock, running_on
from rapport.core.database import Base
from rapport.core.identity import SYSTEM, Environment, Scope
from rapport.core.ids import CompanyId, new_id
from rapport.core.log.events import START
from rapport.core.node import Node, open_node
from rapport.core.readers import Readers
from rapport.core.settings import DataSettings, ServerSettings, load
from rapport.engines.embedding import Settings as EmbeddingSettings

pytestmark = pytest.mark.unit

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
        **metadata: str | None,
    ) -> str:
        """Open a conversation with an agent, in which something was said, or go on with it."""
        party = Named(customer_id or external_id or new_id(), customer)
        changes = Changes(
            external_id or new_id(), clock.now(), party, Named(agent, "Kim Lee"), metadata
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
        known = await self.talk.directory.find(scope, conversation)
        found = await self.compose.composer.suggest(known, query)
        return [each.text for each in found.suggestions]

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
        house.compose.composer.observe(recorded)
    await asyncio.sleep(0.05)


@pytest.fixture
async def house(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[House]:
    environ = {"RAPPORT_DATA_FOLDER": str(tmp_path), **getattr(request, "param", {})}
    settings = load((ServerSettings, DataSettings, ComposeSettings, EmbeddingSettings), environ)
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


ASKED = ("customer", "Where is my suitcase?")
ANSWERED = ("agent", "I am sorry, please report the missing bag at the desk.")


async def test_what_an_agent_says_again_and_again_is_offered_to_it(house: House) -> None:
    asking = await house.conversation(("customer", "My luggage has not arrived"))
    await house.conversation(ASKED, ANSWERED)
    await house.learnt()
    assert await house.suggestions(asking) == []

    await house.conversation(ASKED, ANSWERED)
    await house.learnt()

    assert await house.suggestions(asking) == [ANSWERED[1]]
    typed = await house.suggestions(asking, "I am")
    assert typed == [ANSWERED[1]]


async def test_what_one_agent_says_is_not_offered_to_another(house: House) -> None:
    for _ in range(4):
        await house.conversation(ASKED, ANSWERED)
    await house.learnt()

    assert await house.suggestions(await house.conversation(ASKED, agent="a-2")) == []
    assert await house.suggestions(await house.conversation(ASKED)) == [ANSWERED[1]]


async def test_another_agent_in_the_conversation_gets_its_own(house: House) -> None:
    """CMP-012: whose texts are offered changes with the agent, in the same conversation."""
    other = ("agent", "Sorry to hear that, let me look for your bag.")
    for agent, said in (("a-1", ANSWERED), ("a-2", other)) * 2:
        await house.conversation(ASKED, said, agent=agent)
    await house.learnt()
    key = new_id()

    first = await house.conversation(ASKED, external_id=key)
    assert await house.suggestions(first) == [ANSWERED[1]]
    second = await house.conversation(agent="a-2", external_id=key)

    assert second == first
    assert await house.suggestions(first) == await house.suggestions(first, "Sorry") == [other[1]]


async def test_what_several_agents_say_is_offered_to_all(house: House) -> None:
    for agent in ("a-1", "a-2", "a-1"):
        assert await house.suggestions(await house.conversation(ASKED, agent="new")) == []
        await house.conversation(ASKED, ANSWERED, agent=agent)
        await house.learnt()

    assert await house.suggestions(await house.conversation(ASKED, agent="new")) == [ANSWERED[1]]


async def test_a_text_said_to_one_customer_only_is_offered_to_nobody(house: House) -> None:
    for agent in ("a-1", "a-2") * 3:
        await house.conversation(ASKED, ANSWERED, agent=agent, customer_id="cu-1")
    await house.learnt()

    for agent in ("a-1", "a-2", "new"):
        assert await house.suggestions(await house.conversation(ASKED, agent=agent)) == []


@pytest.mark.parametrize("scope", [ACME_SANDBOX, OTHER])
async def test_no_company_and_no_environment_is_offered_anothers_words(
    house: House, scope: Scope
) -> None:
    for agent in ("a-1", "a-2") * 2:
        await house.conversation(ASKED, ANSWERED, agent=agent)
    await house.learnt()

    stranger = await house.conversation(ASKED, scope=scope)

    assert await house.suggestions(stranger, scope=scope) == []


async def test_names_in_a_reply_give_way_to_those_of_the_conversation(house: House) -> None:
    for customer in ("Sarah Jones", "Ann Ode"):
        first = customer.split()[0]
        said = ("agent", f"Hi {first}, this is Kim, I will look for your bag.")
        await house.conversation(ASKED, said, customer=customer)
    await house.learnt()

    named = await house.conversation(ASKED, customer="Omar Said")
    nameless = await house.conversation(ASKED, customer=None)

    assert await house.suggestions(named) == ["Hi Omar, this is Kim, I will look for your bag."]
    assert await house.suggestions(nameless) == []


async def test_a_text_once_learnt_outlives_the_node(house: House) -> None:
    for _ in range(2):
        await house.conversation(ASKED, ANSWERED)
    await house.learnt()
    fresh = Shelf(house.node.database, house.node.tail, house.node.settings[ComposeSettings])

    desk = await fresh.desk(await fresh.library(ACME), "a-1")
    await fresh.close()

    assert [each.text for each in desk.organics.candidates] == [ANSWERED[1]]


async def test_only_what_may_help_again_is_kept(house: House) -> None:
    await house.conversation(
        ASKED,
        ANSWERED,
        ("agent", "ok"),
        ("agent", "Is 4111 1111 1111 1111 your card number?"),
        ("agent", "long " * 100),
        ("system", "An agent will be with you in a minute."),
        ("customer", "I do not think that this helps me at all."),
    )
    await house.conversation(ASKED, ANSWERED)
    await house.learnt()

    assert await house.kept() == [ANSWERED[1]]


async def test_two_nodes_that_learn_the_same_reply_keep_it(house: House) -> None:
    await house.compose.learner.close()
    await house.conversation(ASKED, ANSWERED)
    await house.readers.drain()

    await asyncio.gather(house.compose.learner.learn(), house.compose.learner.learn())

    assert await house.kept() == [ANSWERED[1]]


@pytest.mark.parametrize("house", [{"RAPPORT_COMPOSE_PAST_REPLIES": "3"}], indirect=True)
async def test_only_the_newest_replies_are_kept(house: House) -> None:
    topics = ("bag", "seat", "meal", "gate", "crew")
    for topic in topics:
        await house.conversation(
            ("customer", f"a question about the {topic}"), ("agent", f"All about the {topic} here.")
        )
    await house.learnt()

    assert await house.kept() == [f"All about the {topic} here." for topic in topics[-3:]]


@pytest.mark.parametrize("house", [{"RAPPORT_COMPOSE_PAST_REPLIES": "0"}], indirect=True)
async def test_a_company_may_be_spared_learning(house: House) -> None:
    await house.conversation(ASKED, ANSWERED)
    await house.learnt()

    assert await house.kept() == []


async def test_what_was_written_down_before_a_restart_is_learnt_after_it(house: House) -> None:
    await house.compose.learner.close()
    for _ in range(2):
        await house.conversation(ASKED, ANSWERED)
    await house.readers.drain()

    await house.compose.learner.start()

    async with asyncio.timeout(10):
        while not await house.suggestions(await house.conversation(ASKED)):
            await show_log(house)


async def test_texts_are_read_once_and_kept(house: House) -> None:
    shelf = Shelf(house.node.database, house.node.tail, house.node.settings[ComposeSettings])

    first, second = await asyncio.gather(shelf.library(ACME), shelf.library(ACME))

    assert first is second
    assert first is not await shelf.library(OTHER)
    await shelf.close()


async def test_nothing_is_offered_once_enough_is_typed(house: House) -> None:
    for _ in range(2):
        await house.conversation(ASKED, ANSWERED)
    await house.learnt()
    asking = await house.conversation(ASKED)

    assert await house.suggestions(asking, "I am sorry, please")
    assert await house.suggestions(asking, "I am sorry, please report") == []


def test_under_load_a_sample_is_learnt() -> None:
    start = clock.now()
    with running_on(ManualClock(start)):
        allowance = Allowance(600)
        taken = sum(allowance.take() for _ in range(1_000))
    assert taken == 20


@pytest.mark.parametrize(("seconds", "replies"), [(1, 10), (60, 20)])
def test_the_allowance_fills_with_time(seconds: int, replies: int) -> None:
    time = ManualClock(clock.now())
    with running_on(time):
        allowance = Allowance(600)
        while allowance.take():
            pass
        time.advance(timedelta(seconds=seconds))
        assert sum(allowance.take() for _ in range(100)) == replies


@pytest.mark.parametrize(
    ("text", "worth"),
    [
        ("Thank you for waiting.", True),
        ("Thanks!", False),
        ("Your card ending in **** is charged", False),
        ("x" * 401, False),
    ],
)
def test_which_replies_are_worth_keeping(text: str, worth: bool) -> None:
    assert is_worth_keeping(text) is worth
