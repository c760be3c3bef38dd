"""Suggestions on two nodes of one database: what one learns or offers, the other knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.house import ACME, open_house, show_log
from tests.support.nodes import postgres_database

pytestmark = pytest.mark.cluster

ASKED = ("customer", "Where is my suitcase?")
SAID = ("agent", "I am sorry, please report the missing bag at the desk.")


async def test_what_one_node_learns_and_offers_another_knows(tmp_path: Path) -> None:
    async with (
        postgres_database() as url,
        open_house(tmp_path / "one", RAPPORT_DATA_DATABASE_URL=url) as one,
        open_house(tmp_path / "two", RAPPORT_DATA_DATABASE_URL=url) as two,
    ):
        asking = await two.conversation(ASKED)
        assert await two.suggestions(asking) == []
        for agent in ("a-1", "a-1", "a-2"):
            await one.conversation(ASKED, SAID, agent=agent)
        await one.learnt()
        await show_log(two)

        assert await two.suggestions(asking) == [SAID[1]]
        assert await two.suggestions(await two.conversation(ASKED, agent="new")) == [SAID[1]]

        offered = await one.offered(asking, "I am")
        async with two.node.database.reading() as session:
            found = await two.compose.sets.find(session, ACME, offered.id)
        assert found is not None
        assert [shown.text for shown in found.shown] == [SAID[1]]
