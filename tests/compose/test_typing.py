"""Many agents type at once, and the server keeps their pace."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import httpx
import pytest

from tests.compose.reporting import Talk, open_talk
from tests.support.company import TestCompany
from tests.support.responses import publish

pytestmark = pytest.mark.api

KEY_SECONDS = 0.2
# Of each text an agent types so much: four seconds.
KEYS = 20
# Suggestions are for the first words of a message: these are long ones.
TEXTS = (
    "Accompanied travellers board before everybody else.",
    "Baggage allowances depend on the fare you chose.",
    "Complimentary upgrades are given at the gate.",
    "Departure information is shown at the gate.",
    "Electronic equipment must be switched off now.",
    "Frequent travellers may use the lounge.",
    "Guaranteed connections are rebooked by us.",
    "Hospitality vouchers are sent by message.",
    "International passengers need a passport.",
    "Juvenile passengers are looked after by the crew.",
    "Kindergarten children travel at half price.",
    "Lightweight pushchairs are carried free of charge.",
)


class Typist:
    """An agent who types a text at its pace, whether or not the calls before have been answered."""

    def __init__(self, api: httpx.AsyncClient, talk: Talk, text: str) -> None:
        self._api = api
        self._path = f"/autocompose/v1/conversations/{talk.id}/suggestions"
        self._text = text
        self.calls: list[asyncio.Task[httpx.Response]] = []

    async def type(self) -> None:
        """Type to the end, a call with every key."""
        clock = asyncio.get_running_loop()
        began = clock.time()
        for count in range(1, KEYS + 1):
            await asyncio.sleep(began + count * KEY_SECONDS - clock.time())
            call = self._api.post(self._path, json={"query": self._text[:count]})
            self.calls.append(asyncio.create_task(call))

    def answered(self) -> list[tuple[str, httpx.Response]]:
        """What was typed, and what came back for it."""
        return [
            (self._text[:count], call.result()) for count, call in enumerate(self.calls, start=1)
        ]


@pytest.mark.spec("CMP-030")
async def test_every_key_of_every_agent_is_answered_at_the_pace_they_type(
    acme: TestCompany,
) -> None:
    await publish(acme, [{"text": text} for text in TEXTS])
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(
        base_url=acme.server.address, headers=acme.headers, limits=limits, timeout=30
    ) as api:
        typists = [
            Typist(api, await open_talk(api, f"ag-{number}"), text)
            for number, text in enumerate(TEXTS)
        ]
        await asyncio.gather(*(typist.type() for typist in typists))
        waiting = await left_after_a_pause(typists)
        answers = [answer for typist in typists for answer in typist.answered()]

    # Had the calls come faster than they are answered, the latest would stand behind many others.
    assert waiting == 0
    assert len(answers) == KEYS * len(TEXTS)
    assert {answer.status_code for _, answer in answers} == {200}
    for typed, answer in answers:
        assert answer.json()["suggestions"][0]["text"].startswith(typed)


async def left_after_a_pause(typists: Sequence[Typist]) -> int:
    """Return how many calls are not answered when agents who stopped would type their next keys."""
    calls = [call for typist in typists for call in typist.calls]
    _, waiting = await asyncio.wait(calls, timeout=3 * KEY_SECONDS)
    await asyncio.gather(*waiting)
    return len(waiting)
