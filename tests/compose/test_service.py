"""What the composer remembers, and what it leaves out."""

from __future__ import annotations

import asyncio
import gc
from typing import Any

import pytest
from sqlalchemy import event, select

from rapport.accounts.companies.models import Company
from rapport.accounts.onboarding.service import operator
from rapport.compose.customs.events import CustomsChanged
from rapport.compose.customs.models import CustomResponse
from rapport.compose.globals import versions
from rapport.compose.globals.draft import hold
from rapport.compose.globals.events import stream_of
from rapport.compose.globals.replacing import Line, replace_all
from rapport.compose.texts import ROOT, fingerprint_of
from rapport.core import clock
from rapport.core.database import WriteSession
from rapport.core.identity import SYSTEM
from tests.support.house import ACME, House, show_log

pytestmark = pytest.mark.unit

ASKED = ("customer", "Where is my suitcase?")
TAKEN_BACK, STAYS = "We pay for every lost bag.", "We look for it."
SAID = ("agent", "I am sorry, please report the missing bag at the desk.")


async def found(session: WriteSession) -> None:
    """Have the company that has a list."""
    session.add(
        Company(
            id=ACME.company_id,
            marker="acme",
            name="",
            products={},
            settings={},
            created_at=clock.now(),
        )
    )
    await session.flush()


async def write(house: House, text: str, *conditions: dict[str, Any]) -> None:
    """Keep a response of the agent's own as an older version of the server may have."""
    now = clock.now()
    async with house.node.database.writing() as session:
        session.add(
            CustomResponse(
                company_id=ACME.company_id,
                environment=ACME.environment,
                agent_id="a-1",
                text=text,
                title="Mine",
                folder_id=ROOT,
                conditions=list(conditions),
                fingerprint=fingerprint_of(text),
                folded_title="mine",
                folded_text=text,
                position=0,
                created_at=now,
                updated_at=now,
            )
        )


@pytest.mark.spec("CMP-057")
async def test_a_text_with_an_insert_nobody_knows_is_left_out_and_counted(house: House) -> None:
    await write(house, "Hi {NAME}, all is well.")
    await write(house, "Hi {NICKNAME}, all is well.")
    await write(house, "Hi {WHO}, all.", {"name": "WHO", "allowedValues": ["metadata.who"]})
    await write(house, "Hi { , all is well.")
    conversation = await house.conversation(ASKED)

    offered = [await house.suggestions(conversation, query) for query in ("", "Hi", "hi all is")]

    assert offered == [["Hi Sarah, all is well."]] * 3
    counted = house.node.metrics.compose_unknown_inserts_total.labels("custom")
    assert counted._value.get() == 2


def noted(house: House) -> list[str]:
    """From now on, every statement with which something is read."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    database = house.node.database
    assert database._read_engine is not None
    for engine in (database.engine.sync_engine, database._read_engine):
        event.listen(engine, "before_cursor_execute", note)
    return statements


async def test_a_keystroke_asks_no_database_while_nothing_is_said(house: House) -> None:
    for _ in range(2):
        await house.conversation(ASKED, SAID)
    await house.learnt()
    conversation = await house.conversation(ASKED)
    await house.suggestions(conversation)
    statements = noted(house)
    for query in ("I", "I ", "I a", "I am", "I a"):
        assert await house.suggestions(conversation, query) == [SAID[1]]
    assert statements == []

    await house.say(conversation, *SAID)
    await show_log(house)
    assert await house.suggestions(conversation, "I am") == []
    assert statements


async def test_a_conversation_is_read_once_for_all_who_ask_at_once(house: House) -> None:
    conversation = await house.conversation(ASKED, *[("customer", f"and {n}") for n in range(5)])
    # Readers of what was said read messages, too.
    await house.readers.drain()
    statements = noted(house)
    await asyncio.gather(*(house.suggestions(conversation, "a" * n) for n in range(1, 8)))

    assert len([each for each in statements if "FROM message" in each]) == 1


async def test_what_is_said_while_a_conversation_is_read_is_not_missed(house: House) -> None:
    for _ in range(2):
        await house.conversation(ASKED, SAID)
    await house.learnt()
    conversation = await house.conversation(ASKED)

    asking = asyncio.create_task(house.suggestions(conversation, "I am"))
    await house.say(conversation, *SAID)
    await show_log(house)
    await asking

    assert await house.suggestions(conversation, "I am") == []


async def test_whoever_types_does_not_wait_for_what_was_just_learnt(house: House) -> None:
    conversation = await house.conversation(ASKED)
    assert await house.suggestions(conversation) == []
    for _ in range(2):
        await house.conversation(ASKED, SAID)
    await house.learnt()
    ranked: list[str] = []

    async def ask() -> None:
        ranked.extend(await house.suggestions(conversation, "I am"))

    asking = asyncio.create_task(ask())
    await asyncio.sleep(0)
    # Answered in the step in which the new ranking was begun: nothing was waited for.
    assert asking.done()
    assert house.compose.composer._tasks._running
    assert ranked == []

    await show_log(house)
    assert await house.suggestions(conversation, "I am") == [SAID[1]]


@pytest.mark.spec("CMP-043", "CMP-048")
@pytest.mark.parametrize("how", ["undeployed", "deleted", "rewritten", "filtered"])
async def test_what_was_taken_back_is_not_offered_to_whoever_types(house: House, how: str) -> None:
    node, caller = house.node, operator(ACME.company_id)
    async with node.database.writing() as session:
        await found(session)
        if how in {"undeployed", "filtered"}:
            texts = [Line(text) for text in (TAKEN_BACK, STAYS)]
            await replace_all(await hold(session, caller), texts)
            version = await versions.save(session, node.log, caller, 0, "")
            await versions.deploy(session, node.log, caller, ACME.environment, version.id)
    if how in {"deleted", "rewritten"}:
        for text in (TAKEN_BACK, STAYS):
            await write(house, text)
    conversation = await house.conversation(ASKED)
    assert set(await house.suggestions(conversation, "We")) == {TAKEN_BACK, STAYS}

    async with node.database.writing() as session:
        mine = await session.scalar(select(CustomResponse).where(CustomResponse.text == TAKEN_BACK))
        if how == "undeployed":
            await versions.undeploy(session, node.log, caller, ACME.environment)
        elif how == "filtered":
            only = [{"name": "queue", "allowedValues": ["bags"]}]
            texts = [Line(TAKEN_BACK, conditions=only), Line(STAYS)]
            await replace_all(await hold(session, caller), texts)
            version = await versions.save(session, node.log, caller, 1, "")
            await versions.deploy(session, node.log, caller, ACME.environment, version.id)
        elif how == "deleted":
            await session.delete(mine)
        else:
            assert mine is not None
            mine.text = "Wear a hat."
        changed = CustomsChanged("a-1", [])
        await node.log.append(session, stream_of(ACME), changed, actor=SYSTEM)
    await show_log(house)

    # The very next key: the ranking is not yet made anew.
    assert await house.suggestions(conversation, "We") == ([] if how == "undeployed" else [STAYS])


async def test_a_list_that_stays_is_not_searched_for_garbage(house: House) -> None:
    caller = operator(ACME.company_id, ACME.environment)
    async with house.node.database.writing() as session:
        await found(session)
        await replace_all(await hold(session, caller), [Line(STAYS), Line(TAKEN_BACK)])
        version = await versions.save(session, house.node.log, caller, 0, "")
        await versions.deploy(session, house.node.log, caller, ACME.environment, version.id)
    try:
        await house.suggestions(await house.conversation(ASKED))
        library = house.compose.composer._shelf.ready(ACME)
        searched = {id(each) for each in gc.get_objects()}
    finally:
        gc.unfreeze()

    assert library is not None
    assert len(library.globals.candidates) == 2
    assert not any(id(each) in searched for each in library.globals.candidates)


async def test_a_message_is_embedded_before_anybody_asks_about_it(house: House) -> None:
    conversation = await house.conversation(ASKED)
    await house.suggestions(conversation)
    heard = ("customer", "It is a red one with wheels.")
    await house.say(conversation, *heard)

    await show_log(house)
    while working := house.compose.composer._talks._tasks._running:
        await asyncio.wait(working)

    assert house.compose.embedder._recall(heard[1]) is not None
