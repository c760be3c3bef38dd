"""Reports, figures and switches on PostgreSQL, where one node tells and another one knows."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest

from tests.compose.reporting import LIBRARY, act, metrics_of, offered, open_talk, report, say
from tests.compose.test_greetings import set_policy
from tests.compose.test_switches import SETTINGS, settings_of, switch
from tests.support.company import make_company
from tests.support.nodes import postgres_database
from tests.support.responses import publish
from tests.support.server import running

pytestmark = pytest.mark.cluster


async def test_what_one_node_is_told_is_counted_once_and_known_to_another(tmp_path: Path) -> None:
    folders = tmp_path / "one", tmp_path / "two"
    for folder in folders:
        folder.mkdir()
    async with postgres_database() as url:
        place = {"RAPPORT_DATA_DATABASE_URL": url}
        with running(folders[0], **place) as one, running(folders[1], **place) as two:
            acme = await make_company(one)
            await publish(acme, LIBRARY)
            await set_policy(acme, enabled=True)
            other = httpx.AsyncClient(base_url=two.address, headers=acme.headers, timeout=20)
            async with acme.api() as api, other:
                assert not (await settings_of(other, "ag-1"))["spellcheckDisabled"]
                await switch(acme, spellcheckDisabled=True)
                talk = await open_talk(api)
                first = await offered(api, talk)
                # The conversation has had its chance, on whichever node.
                second = await offered(other, talk)
                # A set that one node has given is known to the other.
                answer = await act(other, talk, "suggestion-1-inserted", first["id"])
                message = await say(api, talk, first["suggestions"][0]["text"])
                for node in (api, other):
                    told = await report(node, talk, message, "AUTOSUGGEST", craftingTime=2.5)
                    assert told.status_code == 200, told.text
                async with asyncio.timeout(10):
                    known = False
                    while not known:
                        await asyncio.sleep(0.05)
                        settings = (await other.get(SETTINGS, params={"agentId": "ag-1"})).json()
                        known = settings["spellcheckDisabled"]
            # What was done with the suggestion may be counted before what was reported of the message.
            found = await metrics_of(acme, lambda found: found["total"]["craftingWith"] is not None)

    assert answer.status_code == 200, answer.text
    assert "autopilotMessage" in first
    assert "autopilotMessage" not in second
    assert (found["total"]["augmented"], found["total"]["accepted"]) == (1, 1)
    assert found["total"]["craftingWith"] == 2.5
    assert [group["key"] for group in found["lists"]] == ["global"]
