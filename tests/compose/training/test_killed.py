"""A training starts by itself, survives the death of its node, and does not do again what was done."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from rapport.compose.suggestions.models import SuggestionSet
from rapport.compose.training.process import unpacked
from rapport.compose.usage.models import MessageReport
from rapport.conversations.models import Message
from rapport.core import clock
from rapport.core.identity import Role
from rapport.core.ids import new_id
from rapport.core.storage import open_files
from tests.browser.widget.process import Process
from tests.compose.training.conftest import SMALL
from tests.compose.training.test_training import blob, listed, talked
from tests.support.company import TestCompany, make_company

pytestmark = [pytest.mark.api, pytest.mark.timeout(300)]

PASSED_OVER = "Have you looked under the seat?"


@pytest.fixture
def process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Process]:
    settings = {
        **SMALL,
        "RAPPORT_TRAINING_SLICE_CONVERSATIONS": "15",
        "RAPPORT_TRAINING_EVERY_DAYS": "7",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    started = Process(tmp_path)
    started.start()
    yield started
    started.end(signal.SIGTERM)


async def reported(company: TestCompany) -> None:
    """Have clients report that for every agent message another text was offered."""
    database = company.database()
    try:
        async with database.writing() as session:
            spoken = await session.scalars(select(Message).where(Message.role == "agent"))
            for message in spoken.all():
                offered = SuggestionSet(
                    id=new_id(),
                    company_id=company.id,
                    environment=company.scope.environment,
                    conversation_id=message.conversation_id,
                    agent="agent-1",
                    typed_characters=0,
                    shown=[
                        {"source": "global", "id": "1", "text": text, "template": text}
                        for text in (PASSED_OVER, message.text)
                    ],
                    phrase=None,
                    previous_message_id=None,
                    model="",
                    created_at=clock.now(),
                )
                session.add(offered)
                session.add(report_of(message, offered))
    finally:
        await database.close()


def report_of(message: Message, offered: SuggestionSet) -> MessageReport:
    return MessageReport(
        message_id=message.id,
        company_id=message.company_id,
        environment=message.environment,
        conversation_id=message.conversation_id,
        seq=message.seq,
        augmentation_type='["AUTOSUGGEST"]',
        num_edits=0,
        selected_suggestion_text=message.text,
        selected_suggestions_id=offered.id,
        selected_suggestion_index=1,
        initial_suggestions_id=offered.id,
        time_to_action=1.0,
        crafting_time=1.0,
        dwell_time=1.0,
        phrase_autocomplete_presented_ct=0,
        phrase_autocomplete_selected_ct=0,
        source="global",
        typed_characters=0,
        reported_at=clock.now(),
    )


@pytest.mark.spec("CMP-207")
async def test_a_weekly_training_goes_on_where_its_killed_node_was(process: Process) -> None:
    company = await make_company(process.running)
    await talked(company, 80)
    await reported(company)
    files = open_files(process.running.settings)

    async def prepared() -> dict[str, object]:
        every = await files.list(company.scope, "training")
        return {each.key: each.modified_at for each in every if "/ranking-" in each.key}

    process.end(signal.SIGTERM)
    process.start()
    async with asyncio.timeout(100):
        before = await prepared()
        while not before:
            await asyncio.sleep(0.02)
            before = await prepared()
    process.end(signal.SIGKILL)
    before = await prepared()
    (first, *_) = [
        each.key
        for each in await files.list(company.scope, "training")
        if each.key.endswith("/learn-00000")
    ]
    learnt = unpacked(await files.get(company.scope, first))
    assert await blob(company) is None

    process.start()
    after = before
    async with asyncio.timeout(180):
        while (found := await prepared()) or after is before:
            after = found or after
            await asyncio.sleep(0.02)
    async with company.signed_in(Role.ADMINISTRATOR) as admin:
        [model] = await listed(admin)

    passed = [said.passed_over for talk in learnt for said in talk.said if said.role == "agent"]
    assert passed
    assert all(each == [PASSED_OVER] for each in passed)
    assert (model["version"], model["state"]) == (1, "live")
    assert len(after) > len(before)
    assert before.items() <= after.items()
    assert await blob(company) is not None
