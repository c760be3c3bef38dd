"""Agents who write with help, and what their clients report of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, NamedTuple

import httpx

from rapport.core.identity import Role
from rapport.core.ids import new_id
from tests.support.company import TestCompany

SENT = "/autocompose/v1/analytics/message-sent"
METRICS = "/console/v1/compose/metrics"
CONVERSATIONS = "/conversation/v1/conversations"
WHEN = "2026-03-04T09:10:11.250Z"

Json = dict[str, Any]

LIBRARY = [
    {"text": "Please file a missing baggage report at the airport.", "title": "Lost bag"},
    {"text": "Your refund will arrive within seven days.", "title": "Refund"},
    {"text": "Sure {NAME}, happy to help with that."},
]


class Talk(NamedTuple):
    """A conversation with an agent."""

    id: str
    agent: str

    @property
    def actions(self) -> str:
        """Where its actions are reported."""
        return f"/autocompose/v1/conversations/{self.id}/message-analytic-events"


async def open_talk(api: httpx.AsyncClient, agent: str = "ag-1", **metadata: str) -> Talk:
    """Begin a conversation in which the customer has asked something."""
    body = {
        "externalId": new_id(),
        "timestamp": WHEN,
        "customer": {"externalId": "cu-1", "name": "Sarah Jones"},
        "agent": {"externalId": agent, "name": f"Agent {agent}"},
        "metadata": metadata,
    }
    answer = await api.post(CONVERSATIONS, json=body)
    assert answer.status_code == 200, answer.text
    talk = Talk(str(answer.json()["id"]), agent)
    await say(api, talk, "My bag is lost", role="customer")
    return talk


async def say(
    api: httpx.AsyncClient, talk: Talk, text: str, *, role: str = "agent", at: str = WHEN
) -> str:
    """Say something; returns the message's id."""
    sender = {"role": role, "externalId": talk.agent if role == "agent" else "cu-1"}
    message = {"text": text, "sender": sender, "timestamp": at}
    answer = await api.post(f"{CONVERSATIONS}/{talk.id}/messages", json=message)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


async def offered(api: httpx.AsyncClient, talk: Talk, query: str = "") -> Json:
    """Ask for suggestions."""
    path = f"/autocompose/v1/conversations/{talk.id}/suggestions"
    answer = await api.post(path, json={"query": query})
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def report(
    api: httpx.AsyncClient, talk: Talk, message: str, *types: str, **more: Any
) -> httpx.Response:
    """Report how a message was written."""
    body = {"conversationId": talk.id, "messageId": message, "augmentationType": list(types)}
    return await api.post(SENT, json={**body, **more})


async def act(
    api: httpx.AsyncClient, talk: Talk, kind: str, set_id: str, **details: Any
) -> httpx.Response:
    """Report what an agent did."""
    body = {"type": kind, "suggestionsId": set_id, **details}
    return await api.post(talk.actions, json=body)


async def usage_of(
    company: TestCompany, talk: Talk, until: Callable[[Json], bool] = lambda found: True
) -> Json:
    """Return how a conversation's messages were written, once that is as expected."""
    async with company.signed_in(Role.SUPERVISOR) as supervisor, asyncio.timeout(10):
        while True:
            path = f"/console/v1/compose/conversations/{talk.id}/usage"
            answer = await supervisor.get(path)
            assert answer.status_code == 200, answer.text
            found: Json = answer.json()
            if until(found):
                return found
            await asyncio.sleep(0.05)


async def metrics_of(
    company: TestCompany,
    when: Callable[[Json], bool] = lambda found: True,
    *,
    to: str = "2026-03-31",
    **query: str,
) -> Json:
    """Return the company's figures of March 2026, once they are as expected."""
    asked = {"since": "2026-03-01", "until": to, **query}
    async with company.signed_in(Role.SUPERVISOR) as supervisor, asyncio.timeout(10):
        while True:
            answer = await supervisor.get(METRICS, params=asked)
            assert answer.status_code == 200, answer.text
            found: Json = answer.json()
            if when(found):
                return found
            await asyncio.sleep(0.05)


def is_reported(count: int) -> Callable[[Json], bool]:
    """Tell whether so many messages of a conversation have been reported and counted."""

    def counted(found: Json) -> bool:
        return sum(_is_counted(each) for each in found["messages"]) >= count

    return counted


def _is_counted(message: Json) -> bool:
    if any(message["counters"].values()):
        return True
    # A report is there before it is counted; where it tells of no help, counting it shows nothing.
    told = message["report"]
    return bool(told) and set(told["augmentationType"]) <= {"FREEHAND"} and not told["craftingTime"]
