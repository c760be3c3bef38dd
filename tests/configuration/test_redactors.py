"""What a company switches is what is kept from the next message on, on every node."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import NamedTuple

import httpx
import pytest

from rapport.configuration.redaction import entities
from rapport.configuration.redaction.events import redaction_stream
from rapport.configuration.redaction.policies import Policy
from rapport.configuration.redaction.redactors import PolicyRedactors
from rapport.core.bus import MemoryBus
from rapport.core.database import Database
from rapport.core.identity import Caller, CallerKind, Environment, Role, Scope
from rapport.core.log import Audience, Log, Recorded
from rapport.core.log.sqlite import SqliteStore
from rapport.core.log.tail import Tail
from rapport.core.telemetry.metrics import Metrics
from tests.support.company import TestCompany
from tests.support.customers import let_in

pytestmark = pytest.mark.api

ENTITIES = "/configuration/v1/redaction-entities"
TEXT = "jo@example.com born 01/02/1980, card 4111 1111 1111 1111"
CARD_HIDDEN = "jo@example.com born 01/02/1980, card **** **** **** 1111"
MAIL_HIDDEN = "***@example.com born 01/02/1980, card **** **** **** 1111"


class Conversation(NamedTuple):
    """A conversation of acme's sandbox."""

    api: httpx.AsyncClient
    path: str

    async def say(self, text: str) -> str:
        """Say something as the customer; returns what was kept."""
        sender = {"role": "customer", "externalId": "jo"}
        message = {"text": text, "sender": sender, "timestamp": "2026-01-01T10:00:01Z"}
        sent = await self.api.post(self.path, json=message)
        assert sent.status_code == 200, sent.text
        kept = await self.api.get(f"{self.path}/{sent.json()['id']}")
        return str(kept.json()["text"])


@pytest.fixture
async def conversation(api: httpx.AsyncClient) -> Conversation:
    """An open conversation."""
    body = {
        "externalId": "c1",
        "timestamp": "2026-01-01T10:00:00Z",
        "customer": {"externalId": "jo"},
    }
    opened = await api.post("/conversation/v1/conversations", json=body)
    return Conversation(api, f"/conversation/v1/conversations/{opened.json()['id']}/messages")


@pytest.mark.spec("PLT-111")
async def test_a_switch_holds_from_the_next_message_on(conversation: Conversation) -> None:
    assert await conversation.say(TEXT) == CARD_HIDDEN

    await conversation.api.patch(f"{ENTITIES}/EMAIL", json={"policies": {"customerDelayed": True}})
    assert await conversation.say(TEXT) == MAIL_HIDDEN

    await conversation.api.patch(f"{ENTITIES}/EMAIL", json={"policies": {"customerDelayed": False}})
    assert await conversation.say(TEXT) == CARD_HIDDEN


@pytest.mark.spec("PLT-117")
async def test_what_was_said_before_explains_a_bare_number(conversation: Conversation) -> None:
    said = ["My social security number, right?", "078", "05", "1120 is the last part"]
    kept = ["My social security number, right?", "***", "**", "**** is the last part"]
    assert [await conversation.say(text) for text in said] == kept

    said = ["here comes the card number", "4111 1111", "1111", "1111", "order 4821"]
    kept = ["here comes the card number", "**** ****", "****", "****", "order 4821"]
    assert [await conversation.say(text) for text in said] == kept


async def test_other_policies_do_not_change_what_is_stored(conversation: Conversation) -> None:
    others = {"customerImmediate": True, "agentImmediate": True, "autoTranscribe": True}
    await conversation.api.patch(f"{ENTITIES}/EMAIL", json={"policies": {**others, "voice": True}})

    assert await conversation.say(TEXT) == CARD_HIDDEN


class OtherNode(NamedTuple):
    """Redactors as another node has them: the same database, no message of the first one's bus."""

    database: Database
    log: Log
    redactors: PolicyRedactors
    caller: Caller

    async def switch(self, bus: MemoryBus, entity: str, **policies: bool) -> None:
        """Switch an entity through a node with a certain bus."""
        wanted = {Policy(name): on for name, on in policies.items()}
        async with self.database.writing() as session:
            await entities.switch(session, self.log, bus, self.caller, entity, wanted)

    async def logged(self) -> Sequence[Recorded]:
        """What the log says about this company's redaction."""
        return await Tail(self.database).stream(redaction_stream(self.caller.scope), 0)


@pytest.fixture
async def other_node(acme: TestCompany) -> AsyncIterator[OtherNode]:
    """A second set of redactors on acme's database."""
    database = acme.database()
    log = Log(database, [SqliteStore(database)], Metrics())
    await log.open()
    redactors = PolicyRedactors(database, MemoryBus())
    caller = Caller(CallerKind.KEY, "a key", acme.scope)
    yield OtherNode(database, log, redactors, caller)
    await log.close()
    await database.close()


async def test_each_policy_has_its_own_redactor(other_node: OtherNode) -> None:
    for policy, entity in (
        (Policy.CUSTOMER_IMMEDIATE, "EMAIL"),
        (Policy.AGENT_IMMEDIATE, "DOB"),
        (Policy.VOICE, "EMAIL"),
    ):
        await other_node.switch(MemoryBus(), entity, **{str(policy): True})

    assert {policy: await shown(other_node, policy) for policy in Policy} == {
        Policy.CUSTOMER_DELAYED: CARD_HIDDEN,
        Policy.CUSTOMER_IMMEDIATE: MAIL_HIDDEN,
        Policy.AGENT_IMMEDIATE: "jo@example.com born **/**/****, card **** **** **** 1111",
        Policy.AUTO_TRANSCRIBE: "jo@example.com born 01/02/1980, card #### #### #### 1111",
        Policy.VOICE: "###@example.com born 01/02/1980, card #### #### #### 1111",
    }
    production = Scope(other_node.caller.scope.company_id, Environment.PRODUCTION)
    assert (await other_node.redactors.stored(production)).redact(TEXT).text == CARD_HIDDEN


@pytest.mark.spec("PLT-110")
async def test_customer_agent_and_storage_each_see_their_own_policy(
    acme: TestCompany, api: httpx.AsyncClient
) -> None:
    text = "jo@example.com born 01/02/1980, badge AB123456C"
    for policy, entity in (
        ("customerImmediate", "EMAIL"),
        ("agentImmediate", "DOB"),
        ("customerDelayed", "GB_NINO"),
        ("voice", "NAME"),
    ):
        await api.patch(f"{ENTITIES}/{entity}", json={"policies": {policy: True}})

    visitor = await let_in(acme)
    async with visitor.live() as customer, acme.live(Role.SUPERVISOR) as supervisor:
        opened = await customer.ask("open", key="k", text=text)
        topic = f"conversation/{opened['conversation']}"
        seen = []
        for side in (customer, supervisor):
            await side.subscribe(topic)
            seen.append((await side.event(topic, "message.sent"))["data"]["text"])
    path = f"/conversation/v1/conversations/{opened['conversation']}/messages"
    stored = (await api.get(path)).json()["items"]

    assert seen == [
        "***@example.com born 01/02/1980, badge *********",
        "jo@example.com born **/**/****, badge *********",
    ]
    assert [message["text"] for message in stored] == [
        "jo@example.com born 01/02/1980, badge *********"
    ]


async def test_a_live_channel_hides_only_in_addition(other_node: OtherNode) -> None:
    scope, live = other_node.caller.scope, other_node.redactors.live
    assert await live(scope, Audience.CUSTOMER) is None
    assert await live(scope, Audience.STAFF) is None

    await other_node.switch(MemoryBus(), "EMAIL", customerImmediate=True)
    await other_node.switch(MemoryBus(), "DOB", agentImmediate=True, customerDelayed=True)
    for recorded in await other_node.logged():
        other_node.redactors.observe(recorded)

    for_customer = await live(scope, Audience.CUSTOMER)
    assert for_customer is not None
    assert for_customer.redact("jo@example.com").text == "***@example.com"
    assert await live(scope, Audience.STAFF) is None  # what agents do not see is not even stored


async def shown(node: OtherNode, policy: Policy) -> str:
    redactor = await node.redactors.of(node.caller.scope, policy)
    return redactor.redact(TEXT).text


async def test_another_node_learns_of_a_change_from_the_log_alone(other_node: OtherNode) -> None:
    assert await shown(other_node, Policy.CUSTOMER_DELAYED) == CARD_HIDDEN
    await other_node.switch(MemoryBus(), "EMAIL", customerDelayed=True)
    assert await shown(other_node, Policy.CUSTOMER_DELAYED) == CARD_HIDDEN

    for recorded in await other_node.logged():
        other_node.redactors.observe(recorded)

    assert await shown(other_node, Policy.CUSTOMER_DELAYED) == MAIL_HIDDEN


async def test_a_node_with_the_same_bus_learns_at_once(acme: TestCompany) -> None:
    database = acme.database()
    bus = MemoryBus()
    log = Log(database, [SqliteStore(database)], Metrics())
    await log.open()
    node = OtherNode(
        database,
        log,
        PolicyRedactors(database, bus),
        Caller(CallerKind.KEY, "a key", acme.scope),
    )
    try:
        assert await shown(node, Policy.CUSTOMER_DELAYED) == CARD_HIDDEN
        await node.switch(bus, "EMAIL", customerDelayed=True)
        assert await shown(node, Policy.CUSTOMER_DELAYED) == MAIL_HIDDEN
    finally:
        await log.close()
        await database.close()


async def test_a_change_that_changes_nothing_is_no_news(other_node: OtherNode) -> None:
    await other_node.switch(MemoryBus(), "EMAIL", voice=True)
    before = len(await other_node.logged())

    await other_node.switch(MemoryBus(), "EMAIL", voice=True)

    assert len(await other_node.logged()) == before
