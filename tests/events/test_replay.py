"""What is kept of a conversation is the fold of its events: by the reader, by a list, by a node's memory.

For every use case: a snapshot, the use case, its events folded over the old snapshot, a new snapshot:
equal, and equal to what the conversation's own tables say.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import reduce
from typing import Any, NamedTuple

import pytest
import pytest_asyncio
from cryptography.fernet import Fernet
from sqlalchemy import select

import rapport.app  # noqa: F401
from rapport.configuration import PolicyRedactors
from rapport.conversations import ending
from rapport.conversations.activity import ConversationActivity, activities
from rapport.conversations.activity.present import COLUMNS, Activity, fold
from rapport.conversations.credentials.service import store
from rapport.conversations.directory import Directory, known_of
from rapport.conversations.events import stream_of
from rapport.conversations.marks import mark
from rapport.conversations.messages.service import Said, Talk, send, send_all
from rapport.conversations.models import Conversation, Message
from rapport.conversations.record.service import Changes, Named, find_customer, identify, upsert
from rapport.conversations.redaction import Redaction
from rapport.core import clock
from rapport.core.bus import MemoryBus
from rapport.core.clock import ManualClock
from rapport.core.database import Base, Database, ReadSession
from rapport.core.identity import SYSTEM, Caller, CallerKind
from rapport.core.log import Recorded
from rapport.core.log.events import registered
from rapport.core.telemetry.metrics import Metrics
from rapport.live.wire import Party
from tests.core.conftest import postgres_url
from tests.routing.floor import Floor, opened

__all__ = ["postgres_url"]

pytestmark = [pytest.mark.unit, pytest.mark.asyncio(loop_scope="module")]

MORNING = datetime(2026, 3, 4, 9, tzinfo=UTC)
CUSTOMER = "cu-514"


class House:
    """Conversations of an integrator, on a floor whose own agents leave them alone."""

    def __init__(self, floor: Floor, now: ManualClock) -> None:
        self.floor = floor
        self.now = now
        metrics = Metrics()
        redactors = PolicyRedactors(floor.database, MemoryBus())
        redaction = Redaction(floor.database, redactors, metrics)
        self.directory = Directory(floor.database)
        self.talk = Talk(floor.log, self.directory, redaction, metrics)

    async def upsert(self, name: str, **changes: Any) -> str:
        self.now.advance(timedelta(seconds=7))
        wanted = Changes(name, clock.now(), **changes)
        async with self.floor.database.writing() as session:
            log, scope = self.floor.log, self.floor.scope
            return await upsert(session, log, self.directory, scope, wanted, SYSTEM)

    async def says(self, conversation: str, *roles: str, together: bool = False) -> None:
        known = await self.directory.find(self.floor.scope, conversation)
        said = []
        for number, role in enumerate(roles):
            self.now.advance(timedelta(seconds=7))
            text = f"{role} {number}, {clock.now():%H:%M:%S}"
            said.append(Said(text, role, f"{role}-1", None, clock.now()))
        if together:
            await send_all(self.talk, known, said)
        else:
            for each in said:
                await send(self.talk, known, each)

    async def marks(self, conversation: str, role: str, **up_to: int) -> None:
        known = await self.directory.find(self.floor.scope, conversation)
        party = Party(role, f"{role}-1", "")
        reach = {"delivered": 0, "read": 0, **up_to}
        await mark(self.floor.database, self.floor.log, known, party, **reach)

    async def ends(self, conversation: str, note: str = "") -> None:
        self.now.advance(timedelta(seconds=7))
        async with self.floor.database.writing() as session:
            found = await session.get_one(Conversation, conversation, with_for_update=True)
            await ending.end(session, self.floor.log, found, SYSTEM, reason="agent", note=note)
            session.after_commit(lambda: self.directory.forget(conversation))

    async def is_identified(self, conversation: str) -> None:
        async with self.floor.database.writing() as session:
            found = await session.get_one(Conversation, conversation, with_for_update=True)
            somebody = await find_customer(session, self.floor.scope, "cu-7", "Sam Ode")
            await identify(session, self.floor.log, found, somebody, SYSTEM)
            session.after_commit(lambda: self.directory.forget(conversation))

    async def gets_credentials(self, conversation: str) -> None:
        async with self.floor.database.writing() as session:
            await store(
                session,
                self.floor.log,
                Fernet(Fernet.generate_key()),
                Caller(CallerKind.KEY, "key-1", self.floor.scope),
                conversation,
                CUSTOMER,
                {"token": "opaque"},
                valid_for=timedelta(minutes=1),
            )

    async def events_after(self, conversation: str, seq: int) -> list[Recorded]:
        stream = stream_of(conversation, self.floor.scope)
        return list(await self.floor.tail.stream(stream, seq))


Does = Callable[[House, str], Awaitable[Any]]
SAM = Named(CUSTOMER, "Sam")
KIM, LOU = Named("a-1", "Kim"), Named("a-2", "Lou")


class Case(NamedTuple):
    """A use case, and the types it writes where a customer waits for a first answer."""

    does: Does
    writes: tuple[str, ...]


class Begun(NamedTuple):
    """A conversation in which something may happen; `name` is the integrator's id."""

    state: str
    name: str
    conversation: str


async def _reassign(house: House, name: str) -> None:
    await house.upsert(name, agent=KIM)
    await house.upsert(name, agent=LOU)


async def _leave(house: House, name: str) -> None:
    await house.upsert(name, agent=KIM)
    await house.upsert(name, agent=None)


JOINED, LEFT = "participant.joined", "participant.left"

# By what happens. Those of `UPSERTS` go by the integrator's id, as a caller of the API does.
CASES: dict[str, Case] = {
    "a customer speaks": Case(lambda h, c: h.says(c, "customer"), ("message.sent",)),
    "an agent speaks": Case(lambda h, c: h.says(c, "agent"), ("message.sent",)),
    "the system speaks": Case(lambda h, c: h.says(c, "system"), ("message.sent",)),
    "a question, an answer, a question": Case(
        lambda h, c: h.says(c, "customer", "agent", "customer"), ("message.sent",) * 3
    ),
    "a history is brought": Case(
        lambda h, c: h.says(c, "agent", "customer", "system", together=True),
        ("message.sent",) * 3,
    ),
    "a message arrives": Case(
        lambda h, c: h.marks(c, "agent", delivered=2), ("message.delivered",)
    ),
    "a message is read": Case(
        lambda h, c: h.marks(c, "agent", read=2), ("message.delivered", "message.read")
    ),
    "it ends": Case(lambda h, c: h.ends(c), ("conversation.ended",)),
    "it ends with a note": Case(
        lambda h, c: h.ends(c, "Solved."), ("conversation.noted", "conversation.ended")
    ),
    "the customer turns out to be somebody": Case(
        lambda h, c: h.is_identified(c), ("customer.identified",)
    ),
    "credentials come": Case(lambda h, c: h.gets_credentials(c), ("credentials.received",)),
}
UPSERTS: dict[str, Case] = {
    "it is opened": Case(
        lambda h, name: h.upsert(f"{name}-new", customer=SAM), ("conversation.opened",)
    ),
    "an agent joins": Case(lambda h, name: h.upsert(name, agent=KIM), (JOINED,)),
    "another agent takes over": Case(_reassign, (JOINED, LEFT, JOINED)),
    "the agent leaves": Case(_leave, (JOINED, LEFT)),
    "the customer gets a name": Case(
        lambda h, name: h.upsert(name, customer=Named(CUSTOMER, "Sam Ode")),
        ("customer.identified",),
    ),
    "facts change": Case(
        lambda h, name: h.upsert(name, metadata={"plan": "gold", "language": None}),
        ("metadata.changed",),
    ),
    "the integrator completes it": Case(
        lambda h, name: h.upsert(name, metadata={"isCompleted": "true"}),
        ("metadata.changed", "conversation.ended"),
    ),
}


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.cluster)]
)
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('replay') / 'rapport.db'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def database(url: str) -> AsyncIterator[Database]:
    """One database for all cases: each brings a company of its own."""
    database = Database(url)
    async with database._write_engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield database
    await database.close()


@pytest_asyncio.fixture(loop_scope="module")
async def house(database: Database) -> AsyncIterator[House]:
    now = ManualClock(MORNING)
    with clock.running_on(now):
        async with opened(database) as floor:
            yield House(floor, now)


async def beginnings(house: House, reader: str) -> list[Begun]:
    """Open a conversation in every state in which something may happen to one."""
    begun = []
    for state in ("waiting", "answered", "over"):
        name = f"{state}, {reader}"
        conversation = await house.upsert(name, customer=SAM, metadata={"language": "en"})
        await house.says(conversation, "customer")
        if state == "answered":
            await house.upsert(name, agent=KIM)
            await house.says(conversation, "agent")
        if state == "over":
            await house.ends(conversation)
        begun.append(Begun(state, name, conversation))
    return begun


@pytest.mark.parametrize("name", [*CASES, *UPSERTS])
async def test_a_snapshot_and_the_events_after_it_are_the_next_snapshot(
    house: House, name: str
) -> None:
    begun = await beginnings(house, "reader up to date")
    await house.floor.settle()
    begun += await beginnings(house, "reader behind")

    changed = {await _replayed(house, name, each) for each in begun}

    await house.floor.settle()
    for conversation in changed:
        assert _same(await _kept(house, conversation)) == await _by_the_tables(house, conversation)


async def _replayed(house: House, name: str, begun: Begun) -> str:
    """Let a use case happen, prove that its events tell it all, and return what it happened to."""
    old: Activity | None = await _snapshot(house, begun.conversation)
    head = len(await house.events_after(begun.conversation, 0))
    another_node = Directory(house.floor.database)
    await another_node.find(house.floor.scope, begun.conversation)

    changed = await _happen(house, name, begun)

    if changed != begun.conversation:
        old, head = None, 0
    events = await house.events_after(changed, head)
    for recorded in events:
        another_node.observe(recorded)
    folded = reduce(fold, events, old)
    assert folded is not None
    assert _same(folded) == _same(await _snapshot(house, changed))
    assert _same(folded) == await _by_the_tables(house, changed)
    assert await another_node.find(house.floor.scope, changed) == await _known(house, changed)
    if begun.state == "waiting":
        assert tuple(event.kind for event in events) == {**CASES, **UPSERTS}[name].writes
    return changed


async def test_every_event_type_of_a_conversation_has_a_case() -> None:
    of_conversations = {
        name
        for name, cls in registered().items()
        if cls.__module__ == "rapport.conversations.events"
    }

    cases = [*CASES.values(), *UPSERTS.values()]
    assert {kind for case in cases for kind in case.writes} == of_conversations


async def _happen(house: House, name: str, begun: Begun) -> str:
    """Return the id of the conversation that the use case wrote to."""
    if name in CASES:
        await CASES[name].does(house, begun.conversation)
        return begun.conversation
    made = await UPSERTS[name].does(house, begun.name)
    return made or begun.conversation


async def _snapshot(house: House, conversation: str) -> Activity:
    """What a list shows, whatever the reader has seen."""
    async with house.floor.database.reading() as session:
        found = await activities(session, house.floor.scope, [conversation])
    return found[conversation]


async def _kept(house: House, conversation: str) -> Activity:
    """What the reader has written."""
    query = select(*COLUMNS).where(ConversationActivity.conversation_id == conversation)
    async with house.floor.database.reading() as session:
        return Activity(*(await session.execute(query)).one())


def _same(activity: Activity) -> Activity:
    """All but the place: a reader that has nothing to learn from an event does not move to it."""
    return activity._replace(last_seq=0)


async def _known(house: House, conversation: str) -> Any:
    async with house.floor.database.reading() as session:
        return known_of(await session.get_one(Conversation, conversation))


async def _by_the_tables(house: House, conversation: str) -> Activity:
    """What lists must show, worked out from everything that was said rather than from events."""
    async with house.floor.database.reading() as session:
        found = await session.get_one(Conversation, conversation)
        messages = await _messages(session, conversation)
    last = messages[-1] if messages else None
    return Activity(
        conversation,
        *found.scope,
        is_live=found.ended_at is None,
        last_seq=0,
        last_at=last.created_at if last else found.created_at,
        last_text=last.text if last else None,
        last_role=last.role if last else None,
        waiting_since=None if found.ended_at else _unanswered_since(messages),
        customer_message_count=sum(message.role == "customer" for message in messages),
        message_count=len(messages),
    )


async def _messages(session: ReadSession, conversation: str) -> list[Message]:
    query = select(Message).where(Message.conversation_id == conversation).order_by(Message.seq)
    return list(await session.scalars(query))


def _unanswered_since(messages: list[Message]) -> datetime | None:
    since = None
    for message in reversed(messages):
        if message.role == "agent":
            break
        if message.role == "customer":
            since = message.created_at
    return since
