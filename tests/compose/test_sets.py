"""What was offered is kept, so that later events can credit it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from rapport.compose.settings import ComposeSettings
from rapport.compose.suggestions.models import SuggestionSet
from rapport.compose.suggestions.sets import WRITING_SECONDS, Offered, SuggestionSets
from rapport.core import clock
from rapport.core.clock import ManualClock, running_on
from rapport.core.identity import Scope
from rapport.core.ids import new_id
from tests.support.house import ACME, ACME_SANDBOX, OTHER, House
from tests.support.nodes import files_of

pytestmark = pytest.mark.unit

ASKED = ("customer", "Where is my suitcase?")
SAID = ("agent", "I am sorry, please report the missing bag at the desk.")


async def find(
    house: House, sets: SuggestionSets, set_id: str, scope: Scope = ACME
) -> Offered | None:
    async with house.node.database.reading() as session:
        return await sets.find(session, scope, set_id)


async def learnt(house: House) -> None:
    for _ in range(2):
        await house.conversation(ASKED, SAID)
    await house.learnt()


@pytest.mark.spec("CMP-022")
async def test_a_set_is_found_as_soon_as_it_was_answered(house: House) -> None:
    await learnt(house)
    conversation = await house.conversation(ASKED, ("agent", "One moment."), ASKED)

    answered = await house.offered(conversation, "I am")
    found = await find(house, house.compose.sets, answered.id)

    assert found is not None
    assert (found.conversation_id, found.agent, found.typed_characters) == (conversation, "a-1", 4)
    assert [(s.text, s.template, s.source) for s in found.shown] == [(SAID[1], SAID[1], "organic")]
    assert found.previous_message_id is not None
    assert (await house.offered(conversation, "I am")).id != answered.id


async def test_a_set_outlives_its_node_without_what_may_not_be_kept(house: House) -> None:
    conversation = await house.conversation(ASKED)
    typed = "Is 4111 1111 1111 1111 your card"
    answered = await house.offered(conversation, typed)
    remembered = await find(house, house.compose.sets, answered.id)
    await house.compose.sets.close()

    settings = house.node.settings[ComposeSettings]
    later = SuggestionSets(house.node.database, settings)
    found = await find(house, later, answered.id)

    assert found is not None
    assert found == remembered
    assert found.typed_characters == len(typed)
    assert b"Is 4111" not in b"".join(files_of(house.node.settings.folder))


async def test_a_batch_on_its_way_is_kept_when_the_node_ends(house: House) -> None:
    settings = house.node.settings[ComposeSettings]
    conversation = await house.conversation(ASKED)
    kept = []
    for late in range(4):
        sets = SuggestionSets(house.node.database, settings)
        sets.start()
        for _ in range(40):
            kept.append(new_id())
            at = clock.now()
            offered = Offered(kept[-1], ACME, conversation, "a-1", 0, [], None, None, "", at)
            sets.record(offered)
        await asyncio.sleep(WRITING_SECONDS + late * 0.002)
        await sets.close()

    async with house.node.database.reading() as session:
        count = await session.scalar(
            select(func.count()).select_from(SuggestionSet).where(SuggestionSet.id.in_(kept))
        )
    assert count == len(kept)


@pytest.mark.parametrize("scope", [OTHER, ACME_SANDBOX])
async def test_nobody_finds_anothers_set(house: House, scope: Scope) -> None:
    answered = await house.offered(await house.conversation(ASKED))
    assert await find(house, house.compose.sets, answered.id, scope) is None

    await house.compose.sets.close()

    settings = house.node.settings[ComposeSettings]
    later = SuggestionSets(house.node.database, settings)
    assert await find(house, later, answered.id, scope) is None
    assert await find(house, later, "no-such-set") is None


@pytest.mark.spec("CMP-017")
async def test_what_must_not_be_kept_is_in_nothing_that_is_derived(
    house: House, tmp_path: Path
) -> None:
    card = "4111 1111 1111 1111"
    for _ in range(3):
        said = (("customer", f"My card is {card}"), ("agent", f"I see that {card} was charged."))
        conversation = await house.conversation(*said)
        await house.offered(conversation, f"Is {card}")
    await house.learnt()
    await house.compose.sets.close()

    kept = b"".join(files_of(tmp_path))
    assert b"was charged" in kept
    assert card.encode() not in kept


async def test_old_sets_are_deleted(house: House) -> None:
    answered = await house.offered(await house.conversation(ASKED))
    await house.compose.sets.close()
    later = SuggestionSets(house.node.database, house.node.settings[ComposeSettings])

    left = []
    for days in (6, 8):
        with running_on(ManualClock(clock.now() + timedelta(days=days))):
            await later.sweep()
        async with house.node.database.reading() as session:
            left.append(await session.scalar(select(func.count()).select_from(SuggestionSet)))

    assert left == [1, 0]
    assert await find(house, later, answered.id) is None
