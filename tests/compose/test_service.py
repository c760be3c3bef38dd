"""What the composer remembers, and what it leaves out."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import event

from rapport.compose.customs.models import CustomResponse
from rapport.compose.texts import ROOT, fingerprint_of
from rapport.core import clock
from tests.support.house import ACME, House, show_log

pytestmark = pytest.mark.unit

ASKED = ("customer", "Where is my suitcase?")
SAID = ("agent", "I am sorry, please report the missing bag at the desk.")


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


async def test_a_keystroke_asks_no_database_while_nothing_is_said(house: House) -> None:
    for _ in range(2):
        await house.conversation(ASKED, SAID)
    await house.learnt()
    conversation = await house.conversation(ASKED)
    await house.suggestions(conversation)
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(house.node.database.engine.sync_engine, "before_cursor_execute", note)
    for query in ("I", "I ", "I a", "I am", "I a"):
        assert await house.suggestions(conversation, query) == [SAID[1]]
    assert statements == []

    await house.say(conversation, *SAID)
    await show_log(house)
    assert await house.suggestions(conversation, "I am") == []
    assert statements


async def test_a_conversation_is_read_once_for_all_who_ask_at_once(house: House) -> None:
    conversation = await house.conversation(ASKED, *[("customer", f"and {n}") for n in range(5)])
    reads: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "FROM message" in statement:
            reads.append(statement)

    event.listen(house.node.database.engine.sync_engine, "before_cursor_execute", note)
    await asyncio.gather(*(house.suggestions(conversation, "a" * n) for n in range(1, 8)))

    assert len(reads) == 1


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


async def test_a_message_is_embedded_before_anybody_asks_about_it(house: House) -> None:
    conversation = await house.conversation(ASKED)
    await house.suggestions(conversation)
    heard = ("customer", "It is a red one with wheels.")
    await house.say(conversation, *heard)

    await show_log(house)
    while working := house.compose.composer._talks._tasks._running:
        await asyncio.wait(working)

    assert house.compose.embedder._recall(heard[1]) is not None
