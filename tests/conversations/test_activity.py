"""Activity: what lists show is the fold of the log, and long silence ends a conversation."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

import rapport.app  # noqa: F401
from rapport.conversations.activity import SWEEP, ConversationActivity, QuietEnd, activities
from rapport.conversations.activity.quiet import BATCH
from rapport.conversations.directory import Directory
from rapport.conversations.messages.service import Said, Talk, send
from rapport.conversations.models import Conversation
from rapport.conversations.redaction import Redaction
from rapport.conversations.settings import ConversationSettings
from rapport.core import clock
from rapport.core.clock import ManualClock
from rapport.core.database import Database
from rapport.core.identity import Scope
from rapport.core.log import Audience
from rapport.core.telemetry.metrics import Metrics
from rapport.core.timers import TimerRow, Timers
from rapport.engines.redaction import Redactor
from tests.core.conftest import database, database_url, postgres_url
from tests.core.helpers import BOTH
from tests.routing.floor import Floor, opened

__all__ = ["database", "database_url", "postgres_url"]

pytestmark = pytest.mark.unit

MORNING = datetime(2026, 3, 4, 9, tzinfo=UTC)


class Redactors:
    async def stored(self, scope: Scope) -> Redactor:
        return Redactor(frozenset())

    async def live(self, scope: Scope, audience: Audience) -> None:
        return None


@pytest.fixture
async def floor(database: Database) -> AsyncIterator[Floor]:
    async with opened(database) as floor:
        yield floor


@pytest.fixture
def now() -> Iterator[ManualClock]:
    manual = ManualClock(MORNING)
    with clock.running_on(manual):
        yield manual


async def say(floor: Floor, conversation: str, role: str, text: str) -> None:
    metrics = Metrics()
    directory = Directory(floor.database)
    redaction = Redaction(floor.database, Redactors(), metrics)
    talk = Talk(floor.log, directory, redaction, metrics)
    known = await directory.find(floor.scope, conversation)
    await send(talk, known, Said(text, role, "x", None, clock.now()))


async def kept(floor: Floor, conversation: str) -> ConversationActivity:
    async with floor.database.reading() as session:
        return await session.get_one(ConversationActivity, conversation)


@BOTH
async def test_who_waits_since_when_and_what_was_said_last(floor: Floor, now: ManualClock) -> None:
    conversation = await floor.customer_comes()
    await floor.settle()
    activity = await kept(floor, conversation)
    assert (activity.last_at, activity.last_text, activity.waiting_since) == (MORNING, None, None)

    now.advance(timedelta(minutes=1))
    await say(floor, conversation, "customer", "Hello?")
    now.advance(timedelta(minutes=1))
    await say(floor, conversation, "customer", "Is anybody there? " + 50 * "Hello! ")
    await floor.settle()
    activity = await kept(floor, conversation)
    assert activity.waiting_since == MORNING + timedelta(minutes=1)
    assert activity.last_at == MORNING + timedelta(minutes=2)
    assert activity.last_text is not None
    assert activity.last_text.startswith("Is anybody there?")
    assert len(activity.last_text) == 200
    assert (activity.customer_message_count, activity.message_count) == (2, 2)

    await say(floor, conversation, "agent", "Yes")
    await floor.settle()
    activity = await kept(floor, conversation)
    assert (activity.waiting_since, activity.last_text, activity.last_role) == (
        None,
        "Yes",
        "agent",
    )

    await say(floor, conversation, "customer", "Good")
    await floor.ends(conversation)
    await say(floor, conversation, "customer", "Too late")
    await floor.settle()
    activity = await kept(floor, conversation)
    assert (activity.is_live, activity.waiting_since, activity.message_count) == (False, None, 5)


@BOTH
async def test_the_log_read_again_gives_the_same(floor: Floor, now: ManualClock) -> None:
    conversations = [await floor.customer_comes() for _ in range(3)]
    for n in range(10):
        await say(floor, conversations[n % 3], "customer" if n % 2 else "agent", f"{n}")
    await floor.settle()
    before = [_values(await kept(floor, conversation)) for conversation in conversations]
    await floor.read_all_again()
    assert [_values(await kept(floor, conversation)) for conversation in conversations] == before


@BOTH
async def test_a_list_shows_what_the_reader_has_yet_to_see(floor: Floor, now: ManualClock) -> None:
    old = await floor.customer_comes()
    await say(floor, old, "customer", "Seen")
    await floor.settle()
    await say(floor, old, "customer", "Unseen")
    new = await floor.customer_comes()
    await say(floor, new, "customer", "New")
    async with floor.database.reading() as session:
        shown = await activities(session, floor.scope, [old, new])
    await floor.settle()
    for conversation, text in ((old, "Unseen"), (new, "New")):
        assert shown[conversation].last_text == text
        assert shown[conversation]._asdict() == _values(await kept(floor, conversation))


@BOTH
async def test_a_day_of_silence_ends_a_conversation(floor: Floor, now: ManualClock) -> None:
    agent = await floor.agent("Ann")
    silent, lively = await floor.customer_comes(), await floor.customer_comes()
    await floor.settle()
    quiet = QuietEnd(floor.log, ConversationSettings())
    timers = Timers(floor.database, {SWEEP: quiet.sweep})
    await quiet.begin(floor.database)
    now.advance(timedelta(hours=23))
    await say(floor, lively, "customer", "Still here")
    await floor.settle()
    assert await timers.run_due() == 1
    assert await floor.served_by(agent) == [silent, lively]

    # The last word is in the log, though the reader has not come to it.
    await say(floor, silent, "customer", "Me too")
    now.advance(timedelta(hours=1, seconds=1))
    assert await timers.run_due() == 1
    assert await floor.served_by(agent) == [silent, lively]

    await floor.settle()
    now.advance(timedelta(hours=22, minutes=58))
    await say(floor, lively, "agent", "Hello")
    await floor.settle()
    now.advance(timedelta(minutes=2))
    assert await timers.run_due() == 1
    await floor.settle()
    assert await floor.served_by(agent) == [lively]
    assert (await floor.happened(silent))[-1] == "conversation.ended"
    async with floor.database.reading() as session:
        ended = await session.get_one(Conversation, silent)
        (timer,) = (await session.scalars(select(TimerRow))).all()
    assert ended.end_reason == "quiet"
    assert timer.due_at == now.now() + timedelta(minutes=1)
    assert (await floor.told(agent))[-1] == ("ended", silent)


async def test_many_silent_conversations_end_in_batches(floor: Floor, now: ManualClock) -> None:
    conversations = [await floor.customer_comes("api") for _ in range(BATCH + 3)]
    await floor.settle()
    now.advance(timedelta(days=2))
    quiet = QuietEnd(floor.log, ConversationSettings())
    await quiet.begin(floor.database)
    timers = Timers(floor.database, {SWEEP: quiet.sweep})
    assert await timers.run_due() == 2
    for conversation in conversations:
        assert (await floor.happened(conversation)).count("conversation.ended") == 1


def _values(activity: ConversationActivity) -> dict[str, object]:
    return {
        column.key: getattr(activity, column.key) for column in ConversationActivity.__table__.c
    }
