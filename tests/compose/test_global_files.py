"""The whole list as a file: downloaded, tried, uploaded; and lists as large as they get."""

from __future__ import annotations

import asyncio
import csv
import io
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from rapport.core.ids import new_id
from tests.compose.test_global_list import GLOBALS, Editor, ada, said
from tests.conversations.test_record import create
from tests.edge.test_conventions import envelope
from tests.support.company import TestCompany
from tests.support.responses import LIST, deploy, publish, state_of

pytestmark = pytest.mark.api

__all__ = ["ada"]

HEADER = ["Text", "Folder path", "Title", "Metadata filter key", "Metadata filter value"]
MANY = 5_000


def sheet(*rows: list[str]) -> bytes:
    content = io.StringIO(newline="")
    csv.writer(content).writerows([HEADER, *rows])
    return content.getvalue().encode()


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


async def upload(editor: Editor, content: bytes, **query: Any) -> httpx.Response:
    revision = (await state_of(editor.client))["revision"]
    return await editor.client.post(
        f"{LIST}/file", params={"revision": revision, **query}, content=content
    )


async def uploaded(editor: Editor, content: bytes, **query: Any) -> dict[str, Any]:
    answer = await upload(editor, content, **query)
    assert answer.status_code == 200, answer.text
    report: dict[str, Any] = answer.json()
    return report


async def download(editor: Editor, **query: Any) -> bytes:
    answer = await editor.client.get(f"{LIST}/file", params=query)
    assert answer.status_code == 200, answer.text
    return answer.content


@pytest.mark.spec("CMP-184", "CMP-185", "CMP-187", "CMP-188", "CMP-189")
async def test_a_file_replaces_the_list_and_comes_back_the_same(
    ada: Editor, acme: TestCompany, api: httpx.AsyncClient
) -> None:
    await publish(acme, [{"text": "Goes", "folderPath": "A > B"}, {"text": "Stays"}])
    stays = (await ada.reads())[1]
    content = sheet(
        ["Stays", "A > B > C", 'Say "hi", you', "queue_name\nlob", "general, escalation\nretail"],
        ["Two\nlines, and more", "A", "", "", ""],
        ["Two\nlines, and more", "A", "", "", ""],
    )

    report = await uploaded(ada, content, description="From the file")

    assert {key: report[key] for key in ("added", "changed", "removed", "unchanged")} == {
        "added": 2,
        "changed": 1,
        "removed": 1,
        "unchanged": 0,
    }
    assert report["saved"]["description"] == "From the file"
    assert (report["saved"]["origin"], report["saved"]["count"]) == ("upload", 3)
    assert (await state_of(ada.client))["state"] == "saved"
    await deploy(ada.client, report["saved"]["id"])
    page = (await api.get(GLOBALS)).json()
    [moved] = [each for each in page["responses"]["responsesList"] if each["text"] == "Stays"]
    assert moved["id"] == stays["id"]
    assert moved["metadata"] == [
        {"name": "queue_name", "allowedValues": ["general", "escalation"]},
        {"name": "lob", "allowedValues": ["retail"]},
    ]
    folders = {each["name"]: each for each in page["responses"]["folderList"]}
    assert folders.keys() == {"A", "B", "C"}
    assert folders["C"]["parentFolderId"] == folders["B"]["id"]
    assert folders["B"]["parentFolderId"] == folders["A"]["id"]
    assert moved["folderId"] == folders["C"]["id"]

    first = await download(ada)
    again = await uploaded(ada, first)
    assert sorted(rows_of(first)) == sorted(rows_of(content))
    assert again["unchanged"] == 3
    assert await download(ada) == first
    book = await download(ada, format="xlsx")
    assert (await uploaded(ada, book, format="xlsx"))["unchanged"] == 3
    assert await download(ada) == first
    versions = (await ada.client.get(f"{LIST}/versions")).json()["items"]
    assert [each["number"] for each in versions] == [4, 3, 2, 1]


async def test_others_write_while_a_file_arrives_slowly(
    ada: Editor, acme: TestCompany, api: httpx.AsyncClient
) -> None:
    content = sheet(["Fine", "", "", "", ""], ["Fine too", "", "", "", ""])
    begun, written = asyncio.Event(), asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield content[:60]
        begun.set()
        await written.wait()
        yield content[60:]

    uploading = asyncio.create_task(
        ada.client.post(f"{LIST}/file", params={"revision": 0}, content=slowly())
    )
    await begun.wait()
    async with asyncio.timeout(10):
        # What was sent has been taken by the time that later requests are answered.
        for _ in range(3):
            await create(api, externalId=new_id())
    written.set()

    answer = await uploading
    assert (answer.status_code, answer.json()["added"]) == (200, 2)


@pytest.mark.spec("CMP-192")
async def test_nothing_is_saved_of_a_file_with_an_error(ada: Editor, acme: TestCompany) -> None:
    await publish(acme, [{"text": "Kept"}])
    before = await state_of(ada.client)
    content = sheet(
        ["Fine", "", "", "", ""],
        ["", "", "No text", "", ""],
        ["Hi {nobody}", "", "", "", ""],
        ["Broken", "", "", "a\nb", "x"],
    )

    trial = await uploaded(ada, content, dryRun=True)
    refused = await upload(ada, content)
    latin = await upload(ada, sheet(["café", "", "", "", ""]).decode().encode("latin-1"))

    assert trial["errors"] == [
        {
            "row": 3,
            "column": "Text",
            "problem": "the text is missing",
            "code": "text_missing",
            "values": {},
        },
        {
            "row": 4,
            "column": "Text",
            "problem": "the insert {nobody} is not in the dictionary",
            "code": "insert_unknown",
            "values": {"name": "nobody"},
        },
        {
            "row": 5,
            "column": "Metadata filter key",
            "problem": "2 filter keys and 1 lines of values",
            "code": "unpaired",
            "values": {"keys": "2", "lists": "1"},
        },
    ]
    assert trial["saved"] is None
    assert refused.status_code == latin.status_code == 422
    message = envelope(refused)["message"]
    assert "row 3: the text is missing; row 4: the insert {nobody}" in message
    assert "row 2: invalid character" in envelope(latin)["message"]
    assert said(await ada.reads()) == ["Kept"]
    assert await state_of(ada.client) == before


async def test_a_trial_tells_what_would_change_and_saves_nothing(
    ada: Editor, acme: TestCompany
) -> None:
    await publish(acme, [{"text": "Stays"}, {"text": "Goes"}, {"text": "Old", "title": "T"}])
    before = await state_of(ada.client)
    key = {"kind": "filter", "key": "plan", "values": ["gold"]}
    await ada.client.post("/console/v1/metadata-dictionary", json=key)
    content = sheet(
        ["Stays", "", "", "", ""],
        ["New", "New folder", "", "plan", "gold, tin"],
        ["Young", "", "T", "", ""],
    )

    report = await uploaded(ada, content, dryRun=True)

    assert report == {
        "saved": None,
        "added": 1,
        "changed": 1,
        "removed": 1,
        "unchanged": 1,
        "errors": [],
        "warnings": [
            {
                "row": 3,
                "column": "Metadata filter key",
                "problem": "the dictionary does not have tin for plan",
                "code": "value_unknown",
                "values": {"odd": "tin", "name": "plan"},
            }
        ],
    }
    assert await state_of(ada.client) == before
    assert (await ada.client.get(f"{LIST}/draft/folders")).json()["items"] == []


@pytest.mark.spec("CMP-186")
async def test_the_template_can_be_uploaded(ada: Editor) -> None:
    for kind in ("csv", "xlsx"):
        answer = await ada.client.get(f"{LIST}/template", params={"format": kind})
        assert answer.status_code == 200
        assert f"template.{kind}" in answer.headers["content-disposition"]
        if kind == "csv":
            assert rows_of(answer.content)[0] == HEADER
        report = await uploaded(ada, answer.content, format=kind)
        assert report["saved"]["count"] == 2


async def test_an_upload_never_overwrites_what_its_author_had_not_seen(ada: Editor) -> None:
    await ada.adds("Somebody's")
    answer = await ada.client.post(
        f"{LIST}/file", params={"revision": 0}, content=sheet(["Mine", "", "", "", ""])
    )
    assert answer.status_code == 409
    assert said(await ada.reads()) == ["Somebody's"]


@pytest.mark.spec("CMP-129", "CMP-206")
async def test_five_thousand_responses(
    ada: Editor, api: httpx.AsyncClient, acme: TestCompany
) -> None:
    rows = [
        [f"Answer number {n} about topic {n % 50}, in words.", f"T{n % 10} > S{n % 50}", "", "", ""]
        for n in range(MANY)
    ]
    async with asyncio.timeout(20):
        report = await uploaded(ada, sheet(*rows))
    assert report["added"] == MANY
    await deploy(ada.client, report["saved"]["id"])
    # Everything is there at once, though its meaning takes its time.
    seen: list[str] = []
    token, slowest = "", 0.0
    while True:
        began = time.monotonic()
        answer = await api.get(
            GLOBALS, params={"pageToken": token, "resourceType": "responses", "maxPerPage": 1000}
        )
        slowest = max(slowest, time.monotonic() - began)
        page = answer.json()["responses"]
        seen += [each["id"] for each in page["responsesList"]]
        token = page["pageToken"]
        if not token:
            break
    assert len(seen) == len(set(seen)) == MANY
    for words, expected in (("number 4321 about", 1), ("TOPIC 7,", 100)):
        began = time.monotonic()
        found = (await api.get(GLOBALS, params={"searchTerm": words})).json()["responses"]
        slowest = max(slowest, time.monotonic() - began)
        assert len(found["responsesList"]) == expected
    assert slowest < 3
    assert (await ada.client.get(f"{LIST}/draft/responses")).json()["total"] == MANY
    changed = [["One more", "", "", "", ""], *rows[1:]]
    async with asyncio.timeout(20):
        report = await uploaded(ada, sheet(*changed))
    assert (report["added"], report["removed"], report["unchanged"]) == (1, 1, MANY - 1)
    too_many = await upload(ada, sheet(*[*rows, *rows[:1000]]))
    assert too_many.status_code == 422
    assert "6000 responses; a list holds at most 5000" in envelope(too_many)["message"]
