"""The demo company: somebody of every role, a library of answers, and conversations to look at."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path

import msgspec

from rapport.accounts.companies.models import Company
from rapport.accounts.onboarding.service import NewAccount, create_company, operator
from rapport.accounts.people.models import Person
from rapport.accounts.people.passwords import hashed
from rapport.accounts.people.service import Newcomer, invite_with
from rapport.compose.globals import versions
from rapport.compose.globals.draft import hold
from rapport.compose.globals.replacing import Line, replace_all
from rapport.configuration import PolicyRedactors
from rapport.conversations import access, participants
from rapport.conversations.directory import Directory
from rapport.conversations.ending import end
from rapport.conversations.messages.service import Said, Talk, send
from rapport.conversations.participants import Agent
from rapport.conversations.record.service import Changes, Named, upsert
from rapport.conversations.redaction import Redaction
from rapport.core import clock
from rapport.core.clock import ManualClock, running_on
from rapport.core.database import WriteSession
from rapport.core.identity import SYSTEM, Actor, Environment, Role, Scope
from rapport.core.ids import CompanyId
from rapport.core.log import Log
from rapport.core.node import Node
from rapport.demo.writing import Writing

_HERE = Path(__file__).parent
_RATE = 100_000
MARKER = "juniper"
NAME = "Juniper Home"
PASSWORD = "juniper-demo"  # noqa: S105 (the demo listens on this machine only)


class SignIn(msgspec.Struct):
    """How to sign in as somebody of the demo."""

    role: str
    name: str
    email: str
    password: str


class Demo(msgspec.Struct):
    """What the demo was made with; kept beside its database, because nothing can show it again."""

    organization: str
    api_id: str
    api_secret: str
    sign_ins: list[SignIn]


_PEOPLE = (
    ("iris@juniper.example", "Iris Mori", Role.AGENT, 5),
    ("marco@juniper.example", "Marco Silva", Role.AGENT, 5),
    ("lena@juniper.example", "Lena Fischer", Role.AGENT, 5),
    ("sara@juniper.example", "Sara Lind", Role.SUPERVISOR, 0),
)
_ADMINISTRATOR = "ada@juniper.example"
_DEVELOPER = "dev@juniper.example"
_GREETING = "Hello! We usually answer within a minute. How can we help?"


class _PastConversation(msgspec.Struct):
    customer: tuple[str, str]
    agent: str
    days_ago: int
    metadata: dict[str, str | None]
    messages: list[tuple[str, str]]
    note: str


async def open_demo(node: Node) -> Demo:
    """Return the demo company's keys and people, made on first use (what it was made with is kept)."""
    kept = node.settings.folder / "demo.json"
    if kept.exists():
        return msgspec.json.decode(kept.read_bytes(), type=Demo)
    password_hash = await hashed(PASSWORD)
    async with node.database.writing() as session:
        account = await create_company(session, MARKER, NAME, _ADMINISTRATOR, _DEVELOPER)
        people = await _people(session, account, password_hash)
        account.company.settings = {"greeting": _GREETING}
        key = account.sandbox.key
        # Replays and load tests run with this key: its limit is a setting of the key, like any other's.
        key.key.rate_per_second = key.key.burst = _RATE
        await _library(session, node.log, account.company)
    await _past_conversations(
        node, Scope(CompanyId(account.company.id), Environment.SANDBOX), people
    )
    sign_ins = [SignIn(p.role, p.name, p.email, PASSWORD) for p in people.values()]
    demo = Demo(MARKER, key.key.id, key.secret, sign_ins)
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.touch(mode=0o600)
    kept.write_bytes(msgspec.json.encode(demo))
    return demo


async def _people(
    session: WriteSession, account: NewAccount, password_hash: str
) -> dict[str, Person]:
    made = [account.admin.person, account.developer.person]
    account.admin.person.name = "Ada Holm"
    account.developer.person.name = "Dev Patel"
    for email, name, role, slots in _PEOPLE:
        newcomer = Newcomer(email, name, role, slots)
        made.append(
            await invite_with(session, operator(account.company.id), newcomer, password_hash)
        )
    for person in made:
        person.password = password_hash
        person.must_change_password = False
    return {person.email: person for person in made}


async def _library(session: WriteSession, log: Log, company: Company) -> None:
    """Deploy the response library; a job embeds it once the server runs."""
    with (_HERE / "responses.csv").open(newline="") as file:
        lines = [Line(row["text"], row["title"], (row["folder"],)) for row in csv.DictReader(file)]
    caller = operator(company.id, Environment.SANDBOX)
    draft = await hold(session, caller)
    await replace_all(draft, lines)
    version = await versions.keep(draft, log, "What Juniper Home says", "upload")
    for environment in Environment:
        await versions.deploy(session, log, caller, environment, version.id)


async def _past_conversations(node: Node, scope: Scope, people: dict[str, Person]) -> None:
    past = msgspec.json.decode(
        (_HERE / "conversations.json").read_bytes(), type=list[_PastConversation]
    )
    directory = Directory(node.database)
    redaction = Redaction(node.database, PolicyRedactors(node.database, node.bus), node.metrics)
    talk = Talk(node.log, directory, redaction, node.metrics)
    writing = Writing(node, directory, redaction)
    await writing.start()
    try:
        for number, conversation in enumerate(past):
            agent = people[conversation.agent]
            await _play(node, talk, scope, agent, conversation, number, writing)
    finally:
        await writing.close()


async def _play(
    node: Node,
    talk: Talk,
    scope: Scope,
    agent: Person,
    past: _PastConversation,
    number: int,
    writing: Writing,
) -> None:
    """Have one finished conversation at its own time."""
    customer, name = past.customer
    began = clock.now() - timedelta(days=past.days_ago, minutes=41 * number)
    changes = Changes(
        external_id=f"past-{number + 1}",
        opened_at=began,
        customer=Named(customer, name),
        metadata=past.metadata,
    )
    then = ManualClock(began)
    with running_on(then):
        async with node.database.writing() as session:
            conversation_id = await upsert(
                session, node.log, talk.directory, scope, changes, SYSTEM
            )
            record = await access.conversation_for_update(session, scope, conversation_id)
            joining = Agent(agent.id, agent.name, agent.id)
            await participants.join(session, node.log, record, joining, SYSTEM)
        known = await talk.directory.find(scope, conversation_id)
        for role, text in past.messages:
            then.advance(timedelta(seconds=40))
            sender, shown = (customer, name) if role == "customer" else (agent.id, agent.name)
            sent = await send(talk, known, Said(text, role, sender, shown, clock.now()))
            if role == "agent":
                await writing.report(known, sent.message_id, text)
        async with node.database.writing() as session:
            record = await access.conversation_for_update(session, scope, conversation_id)
            actor = Actor("agent", agent.id, agent.name)
            await end(session, node.log, record, actor, reason="agent", note=past.note)
