"""Who serves whom: order, slots, absence, and the same answer however often it is worked out."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rapport.core.database import Database
from rapport.core.identity import SYSTEM
from rapport.routing.agents import set_status
from rapport.routing.assignments import assign, desks
from tests.core.helpers import BOTH
from tests.routing.floor import Floor, opened

pytestmark = pytest.mark.unit


@BOTH
async def test_the_one_with_the_most_free_slots_is_next(floor: Floor) -> None:
    two = await floor.agent("Two", slots=2)
    one = await floor.agent("One", slots=1)
    ids = []
    for _ in range(3):
        ids.append(await floor.customer_comes())
        await floor.settle()

    # Two free slots win over one; then both have one free, and One has never had anybody.
    assert await floor.served_by(two) == [ids[0], ids[2]]
    assert await floor.served_by(one) == [ids[1]]
    assert await floor.happened(ids[0]) == ["conversation.opened", "participant.joined"]


async def test_among_equals_the_one_without_work_for_longest_is_next(floor: Floor) -> None:
    people = [await floor.agent(name) for name in ("Ann", "Ben", "Cid")]
    got = []
    for _ in range(3):
        conversation = await floor.customer_comes()
        await floor.settle()
        got += [person for person in people if conversation in await floor.served_by(person)]
        await floor.ends(conversation)
        await floor.settle()
    assert got == people


async def test_who_waits_longest_gets_the_slot_that_frees_at_once(floor: Floor) -> None:
    agent = await floor.agent("Ann", slots=1)
    first, second, third = [await floor.customer_comes() for _ in range(3)]
    await floor.settle()
    assert await floor.served_by(agent) == [first]

    await floor.ends(first, "customer")
    await floor.settle()
    assert await floor.served_by(agent) == [second]
    await floor.ends(third)
    await floor.ends(second)
    await floor.settle()
    assert await floor.served_by(agent) == []
    assert await floor.told(agent) == [
        ("made", first),
        ("ended", first),
        ("made", second),
        ("ended", second),
    ]


@pytest.mark.spec("DSK-025")
async def test_who_is_away_keeps_what_is_at_hand_and_gets_nothing_new(floor: Floor) -> None:
    agent = await floor.agent("Ann")
    first = await floor.customer_comes()
    await floor.settle()
    await floor.status(agent, "away")
    second = await floor.customer_comes()
    await floor.settle()
    assert await floor.served_by(agent) == [first]

    await floor.status(agent, "active")
    await floor.settle()
    assert await floor.served_by(agent) == [first, second]


async def test_setting_the_status_it_has_is_no_news(floor: Floor) -> None:
    agent = await floor.agent("Ann")
    size = await floor.log_size()
    await floor.status(agent, "active")
    assert await floor.log_size() == size


async def test_more_slots_take_more(floor: Floor) -> None:
    agent = await floor.agent("Ann", slots=1)
    first, second = await floor.customer_comes(), await floor.customer_comes()
    await floor.settle()
    assert await floor.served_by(agent) == [first]
    await floor.gets_slots(agent, 2)
    await floor.settle()
    assert await floor.served_by(agent) == [first, second]


async def test_what_somebody_shut_out_served_goes_to_others(floor: Floor) -> None:
    gone = await floor.agent("Ann", slots=2)
    first, second = await floor.customer_comes(), await floor.customer_comes()
    await floor.settle()
    assert await floor.served_by(gone) == [first, second]
    other = await floor.agent("Ben", slots=1)

    await floor.is_shut_out(gone)
    await floor.settle()

    assert await floor.served_by(gone) == []
    assert await floor.served_by(other) == [first]
    assert await floor.happened(first) == [
        "conversation.opened",
        "participant.joined",
        "participant.left",
        "participant.joined",
    ]
    assert (await floor.told(gone))[-2:] == [("ended", first), ("ended", second)]


async def test_conversations_of_the_api_are_not_routed(floor: Floor) -> None:
    agent = await floor.agent("Ann")
    conversation = await floor.customer_comes("api")
    await floor.settle()
    assert await floor.served_by(agent) == []
    assert await floor.happened(conversation) == ["conversation.opened"]


@BOTH
async def test_reading_everything_again_changes_nothing(floor: Floor) -> None:
    agents = [await floor.agent("Ann", slots=1), await floor.agent("Ben", slots=2)]
    conversations = [await floor.customer_comes() for _ in range(5)]
    await floor.settle()
    await floor.ends(conversations[0])
    await floor.settle()
    size = await floor.log_size()
    served = [await floor.served_by(agent) for agent in agents]

    await floor.read_all_again()

    assert await floor.log_size() == size
    assert [await floor.served_by(agent) for agent in agents] == served


@BOTH
async def test_nodes_that_assign_at_once_give_each_conversation_once(floor: Floor) -> None:
    agents = [await floor.agent(f"Agent {n}", slots=2, status="away") for n in range(5)]
    conversations = [await floor.customer_comes() for _ in range(20)]
    await floor.settle()
    for agent in agents:
        async with floor.database.writing() as session:
            await set_status(session, floor.log, floor.scope, agent, "active", SYSTEM)

    async def node() -> int:
        async with floor.database.writing() as session:
            return await assign(session, floor.log, floor.scope)

    counts = await asyncio.gather(*(node() for _ in range(8)))

    assert sum(counts) == 10
    served = [await floor.served_by(agent) for agent in agents]
    assert [len(each) for each in served] == [2] * 5
    given = sorted(conversation for each in served for conversation in each)
    assert given == sorted(conversations[:10])
    for conversation in conversations[:10]:
        assert (await floor.happened(conversation)).count("participant.joined") == 1


async def test_companies_and_environments_share_nobody(floor: Floor, database: Database) -> None:
    agent = await floor.agent("Ann")
    async with opened(database) as other:
        theirs = await other.customer_comes()
        await other.settle()
        assert await floor.served_by(agent) == []
        assert await other.happened(theirs) == ["conversation.opened"]
        async with database.reading() as session:
            assert await desks(session, other.scope) == []
            (desk,) = await desks(session, floor.scope)
    assert (desk.person.id, desk.status, desk.used) == (agent, "active", 0)


STEPS = st.lists(
    st.tuples(st.sampled_from(["come", "end", "active", "away", "settle"]), st.integers(0, 9)),
    max_size=40,
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
@pytest.mark.spec("DSK-204")
async def test_no_conversation_is_lost_and_nobody_has_more_than_their_slots(
    database: Database, steps: list[tuple[str, int]]
) -> None:
    async with opened(database) as floor:
        slots = [1, 2, 3]
        agents = [await floor.agent(f"{n}", slots=n, status="away") for n in slots]
        active = dict.fromkeys(agents, False)
        live: list[str] = []
        for what, n in steps:
            if what == "come":
                live.append(await floor.customer_comes())
            elif what == "end" and live:
                await floor.ends(live.pop(n % len(live)))
            elif what in ("active", "away"):
                await floor.status(agents[n % 3], what)
                active[agents[n % 3]] = what == "active"
            else:
                await floor.settle()
        await floor.settle()

        served = {agent: await floor.served_by(agent) for agent in agents}
        given = [conversation for each in served.values() for conversation in each]
        assert len(given) == len(set(given))
        assert set(given) <= set(live)
        for agent, most in zip(agents, slots, strict=True):
            assert len(served[agent]) <= most
            # Nobody waits while somebody active is free.
            assert set(given) == set(live) or not active[agent] or len(served[agent]) == most
