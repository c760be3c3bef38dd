"""From what agents say to what others are offered: reader, learner, shelf and composer together."""

import asyncio
import threading
from datetime import timedelta
from typing import Any

import pytest

from rapport.compose.settings import ComposeSettings
from rapport.compose.suggestions.allowance import Allowance
from rapport.compose.suggestions.events import OrganicsKept
from rapport.compose.suggestions.library import Desk, Library
from rapport.compose.suggestions.replies import Learner, is_worth_keeping
from rapport.compose.suggestions.shelf import Shelf
from rapport.core import clock
from rapport.core.clock import ManualClock, running_on
from rapport.core.identity import Scope
from rapport.core.ids import new_id
from rapport.core.log.events import START
from tests.support.house import ACME, ACME_SANDBOX, OTHER, House, show_log

pytestmark = pytest.mark.unit

ASKED = ("customer", "Where is my suitcase?")
ANSWERED = ("agent", "I am sorry, please report the missing bag at the desk.")


@pytest.mark.spec("CMP-035", "CMP-038")
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


@pytest.mark.spec("CMP-012")
async def test_another_agent_in_the_conversation_gets_its_own(house: House) -> None:
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


async def known_by(shelf: Shelf, agent: str = "a-1") -> dict[str, float]:
    """How often a shelf knows an agent to say what."""
    return dict((await shelf.desk(await shelf.library(ACME), agent)).habits)


@pytest.mark.spec("CMP-038")
async def test_what_a_node_counted_and_never_told_is_told_by_the_next(house: House) -> None:
    for _ in range(2):
        await house.conversation(ASKED, ANSWERED)
    await house.learnt()
    other = Shelf(house.node.database, house.node.tail, house.node.settings[ComposeSettings])
    assert list((await known_by(other)).values()) == [2]
    seen = len(await house.node.tail.after(START, 10_000))

    # It dies between counting and telling: nothing of it runs any more.
    await house.compose.learner.close()
    await house.conversation(ASKED, ANSWERED)
    await house.readers.drain()
    said = await house.node.tail.after(START, 10_000)
    assert not any(each.is_a(OrganicsKept) for each in said[seen:])

    next_node = open_learner(house)
    await next_node.start()
    async with asyncio.timeout(10):
        while not any(each.is_a(OrganicsKept) for each in said[seen:]):
            said = await house.node.tail.after(START, 10_000)
    await next_node.close()
    for recorded in said[seen:]:
        other.observe(recorded)
    while other._tasks._running:
        await asyncio.wait(other._tasks._running)

    assert list((await known_by(other)).values()) == [3]
    await other.close()


def open_learner(house: House) -> Learner:
    directory, settings = house.talk.directory, house.node.settings[ComposeSettings]
    embedder = house.compose.embedder
    return Learner(house.node.database, house.node.log, directory, embedder, settings)


@pytest.mark.spec("CMP-035", "CMP-038")
async def test_what_is_learnt_while_a_library_is_first_read_is_not_missed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        await house.conversation(ASKED, ANSWERED)
    shelf = house.compose.composer._shelf
    read, begun = shelf._read_now, asyncio.Event()
    go_on = asyncio.Event()

    async def slowly(scope: Scope) -> Library:
        found = await read(scope)
        begun.set()
        await go_on.wait()
        return found

    monkeypatch.setattr(shelf, "_read_now", slowly)
    reading = asyncio.create_task(shelf.library(ACME))
    await begun.wait()
    await house.learnt()
    go_on.set()
    library = await reading
    while shelf._tasks._running:
        await asyncio.wait(shelf._tasks._running)

    # The reply and who says it are known without another event.
    assert len(library.answers._index) == 1
    assert library.learnt_seq == library.learnt_head > 0


@pytest.mark.spec("CMP-035", "CMP-038")
async def test_what_is_learnt_while_an_agents_list_is_first_read_is_not_missed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = house.compose.composer._shelf
    library = await shelf.library(ACME)
    for _ in range(2):
        await house.conversation(ASKED, ANSWERED)
    make, begun, go_on = shelf._desk_of, threading.Event(), threading.Event()

    def slowly(*rows: Any) -> Desk:
        begun.set()
        go_on.wait(20)
        return make(*rows)

    monkeypatch.setattr(shelf, "_desk_of", slowly)
    reading = asyncio.create_task(shelf.desk(library, "a-1"))
    await asyncio.to_thread(begun.wait, 20)
    learning = asyncio.create_task(house.learnt())
    async with asyncio.timeout(20):
        # Whoever takes it over waits for the list that is being read.
        while not library.renewing._waiters:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    go_on.set()
    await reading
    await learning

    assert [each.text for each in library.desks["a-1"].organics.candidates] == [ANSWERED[1]]


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


@pytest.mark.parametrize(
    ("said_per_second", "learnt"), [(5, 5 * 600), (10, 10 * 600), (40, 10 * 600 + 60)]
)
def test_a_steady_stream_is_sampled_from_its_beginning_to_its_end(
    said_per_second: int, learnt: int
) -> None:
    """What exceeds the allowance is left out evenly, not for the rest of each minute."""
    time = ManualClock(clock.now())
    with running_on(time):
        allowance = Allowance(600, 60)
        each_second = []
        for _ in range(600):
            taken = 0
            for _ in range(said_per_second):
                time.advance(timedelta(seconds=1) / said_per_second)
                taken += allowance.take()
            each_second.append(taken)

    assert sum(each_second) == pytest.approx(learnt, abs=2)
    # The bucket is full at the beginning; then nothing is saved up and nothing is starved.
    assert set(each_second[30:]) <= {min(said_per_second, 10) + more for more in (-1, 0, 1)}


def test_what_was_not_used_is_saved_up_to_a_moments_worth() -> None:
    time = ManualClock(clock.now())
    with running_on(time):
        allowance = Allowance(600, 60)
        assert sum(allowance.take() for _ in range(100)) == 60
        time.advance(timedelta(seconds=3))
        assert sum(allowance.take() for _ in range(100)) == 30
        time.advance(timedelta(hours=1))
        assert sum(allowance.take() for _ in range(100)) == 60


def test_a_small_allowance_is_one_reply_at_a_time() -> None:
    time = ManualClock(clock.now())
    with running_on(time):
        allowance = Allowance(1)
        assert [allowance.take() for _ in range(2)] == [True, False]
        time.advance(timedelta(seconds=59))
        assert not allowance.take()
        time.advance(timedelta(seconds=1))
        assert allowance.take()


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
