"""The response library: rewritten and deleted by those who keep it, and by nobody else."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from rapport.core.identity import Role
from tests.compose.test_suggestions import (
    LIBRARY,
    create,
    import_library,
    library_of,
    message,
    suggest,
    texts,
)
from tests.support.company import TestCompany

pytestmark = pytest.mark.api


async def test_a_response_is_rewritten(api: httpx.AsyncClient, acme: TestCompany) -> None:
    await import_library(acme)
    conversation = await create(api)
    assert (await texts(api, conversation, message=message("My bag is lost")))[0] == (
        LIBRARY[0]["text"]
    )
    text = "So sorry! Please go to the desk for lost bags."
    async with acme.signed_in(Role.ADMINISTRATOR) as admin:
        [lost] = [each for each in await library_of(admin) if each["title"] == "Lost bag"]
        path = f"/console/v1/responses/{lost['id']}"

        titled = await admin.patch(path, json={"title": "Bags", "folder": "Airport"})
        shown = await first_titled(api, conversation, "Bags")
        rewritten = await admin.patch(path, json={"text": text, "folder": None})
        anew = await first_titled(api, conversation, "Bags", text)

        entries = (await admin.get("/console/v1/audit")).json()["items"]

    assert titled.status_code == rewritten.status_code == 200, rewritten.text
    assert titled.json() == {
        **lost,
        "title": "Bags",
        "folder": "Airport",
        "updatedAt": titled.json()["updatedAt"],
    }
    assert titled.json()["updatedAt"] > lost["updatedAt"]
    assert shown["text"] == LIBRARY[0]["text"]
    assert (rewritten.json()["text"], rewritten.json()["folder"]) == (text, None)
    assert rewritten.json()["suggested"] is False
    assert anew["text"] == text
    assert [each["event_type"] for each in entries if each["resource_id"] == lost["id"]] == [
        "update",
        "update",
    ]


async def test_a_deleted_response_is_suggested_no_more(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    await import_library(acme)
    conversation = await create(api)
    assert (await texts(api, conversation, message=message("My bag is lost")))[0] == (
        LIBRARY[0]["text"]
    )
    async with acme.signed_in(Role.ADMINISTRATOR) as admin:
        [lost] = [each for each in await library_of(admin) if each["title"] == "Lost bag"]
        path = f"/console/v1/responses/{lost['id']}"

        assert (await admin.delete(path)).status_code == 204

        async with asyncio.timeout(5):
            suggested = True
            while suggested:
                await asyncio.sleep(0.02)
                suggested = LIBRARY[0]["text"] in await texts(api, conversation)
        assert LIBRARY[0]["text"] not in await texts(api, conversation, query="Please file")
        assert len(await library_of(admin)) == len(LIBRARY) - 1
        assert (await admin.delete(path)).status_code == 404
        entries = (await admin.get("/console/v1/audit")).json()["items"]
    [entry] = [each for each in entries if each["resource_id"] == lost["id"]]
    assert (entry["event_type"], entry["resource_name"]) == ("delete", "Lost bag")


async def test_others_change_no_response(acme: TestCompany, globex: TestCompany) -> None:
    async with acme.signed_in(Role.ADMINISTRATOR) as admin:
        await admin.post("/console/v1/responses", json={"text": "Hi!"})
        [response] = await library_of(admin)
        path = f"/console/v1/responses/{response['id']}"
        async with globex.signed_in(Role.ADMINISTRATOR) as stranger:
            foreign = await stranger.patch(path, json={"text": "Ho!"})
            missing = await stranger.patch(f"{path[:-1]}~", json={"text": "Ho!"})
            gone = await stranger.delete(path)
        async with acme.signed_in(Role.AGENT) as agent:
            refused = [
                await agent.patch(path, json={"text": "Ho!"}),
                await agent.delete(path),
            ]
        bad = [
            await admin.patch(path, json=body)
            for body in ({"text": ""}, {"title": "x" * 201}, {"colour": "red"}, {"text": "\x00"})
        ]

        assert foreign.status_code == missing.status_code == gone.status_code == 404
        assert foreign.json()["error"]["message"] == missing.json()["error"]["message"]
        assert [each.status_code for each in refused] == [403, 403]
        assert [each.status_code for each in bad] == [400] * 4
        assert (await library_of(admin))[0]["text"] == "Hi!"


async def first_titled(
    api: httpx.AsyncClient, conversation: str, title: str, text: str | None = None
) -> dict[str, Any]:
    """The suggestion with a title, and with a text where given, once it is suggested."""
    async with asyncio.timeout(30):
        while True:
            for each in (await suggest(api, conversation)).json()["suggestions"]:
                if each["title"] == title and text in (None, each["text"]):
                    found: dict[str, Any] = each
                    return found
            await asyncio.sleep(0.02)
