"""An agent's own responses: over a key for any agent, at the desk for oneself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from rapport.core.identity import Role
from tests.compose.test_suggestions import create, texts
from tests.edge.test_conventions import envelope
from tests.support.company import TestCompany

pytestmark = pytest.mark.api

CUSTOMS = "/autocompose/v1/responses/customs"
NONE = "01ARZ3NDEKTSV4RRFFQ69G5FAV"


class Agent:
    """One agent's list, over a client that may speak for it."""

    def __init__(self, client: httpx.AsyncClient, agent: str | None = "ag-1") -> None:
        self.client = client
        self.query = {} if agent is None else {"agentId": agent}

    async def ask(self, method: str, path: str, **body: Any) -> httpx.Response:
        json = body or None
        return await self.client.request(method, CUSTOMS + path, params=self.query, json=json)

    async def shown(self, **query: Any) -> dict[str, Any]:
        answer = await self.client.get(CUSTOMS, params={**self.query, **query})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def titles(self, **query: Any) -> list[str]:
        return [each["title"] for each in (await self.shown(**query)).get("responsesList", [])]

    async def folders(self, **query: Any) -> dict[str, str]:
        listed = (await self.shown(**query))["folderList"]
        return {each["name"]: each["parentFolderId"] for each in listed}

    async def write(self, title: str, text: str = "Hello!", **more: Any) -> dict[str, Any]:
        answer = await self.ask("POST", "/response", text=text, title=title, **more)
        assert answer.status_code == 200, answer.text
        made: dict[str, Any] = answer.json()
        return made

    async def folder(self, name: str, parent: str | None = None) -> str:
        above = {} if parent is None else {"parentFolderId": parent}
        answer = await self.ask("POST", "/folder", name=name, **above)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["id"])


@pytest.fixture
async def kim(api: httpx.AsyncClient) -> Agent:
    return Agent(api)


@pytest.fixture
async def ann(acme: TestCompany) -> AsyncIterator[Agent]:
    """An agent at the desk."""
    async with acme.signed_in(Role.AGENT) as client:
        yield Agent(client, None)


@pytest.mark.spec("CMP-130", "CMP-132")
async def test_a_response_lies_at_the_top_and_is_known_by_its_id(kim: Agent) -> None:
    metadata = [{"name": "NAME", "allowedValues": ["customer.name"]}]
    made = await kim.write("Hi", "Hi {NAME}!", metadata=metadata)

    assert made == {
        "id": made["id"],
        "text": "Hi {NAME}!",
        "title": "Hi",
        "folderId": "__root",
        "metadata": metadata,
    }
    assert (await kim.shown()) == {"responsesList": [made], "folderList": [], "pageToken": ""}
    path = f"/response/{made['id']}"
    assert (await kim.ask("PUT", path, text="Hello", title="Hi")).status_code == 200
    assert (await kim.ask("DELETE", path)).status_code == 200
    assert await kim.titles() == []


@pytest.mark.spec("CMP-131", "CMP-134", "CMP-135")
async def test_a_response_is_rewritten_and_moved(kim: Agent) -> None:
    here, there = await kim.folder("Here"), await kim.folder("There")
    made = await kim.write("Hold", folderId=here)
    assert await kim.titles(folderId=here) == ["Hold"]
    assert await kim.titles(folderId="__root") == []

    path = f"/response/{made['id']}"
    change = {"text": "One moment.", "title": "Wait", "folderId": there}
    answer = await kim.ask("PUT", path, **change, metadata=[{"name": "a", "allowedValues": ["b"]}])

    assert (answer.status_code, answer.content) == (200, b"")
    assert await kim.titles(folderId=here) == []
    [moved] = (await kim.shown(folderId=there))["responsesList"]
    assert moved == {
        "id": made["id"],
        **change,
        "metadata": [{"name": "a", "allowedValues": ["b"]}],
    }
    # What is left out stays.
    assert (await kim.ask("PUT", path, text="Wait.", title="Wait")).status_code == 200
    assert (await kim.shown(folderId=there))["responsesList"] == [{**moved, "text": "Wait."}]


@pytest.mark.spec("CMP-121", "CMP-124", "CMP-125", "CMP-123")
async def test_the_list_is_sorted_searched_and_narrowed(kim: Agent) -> None:
    food = await kim.folder("food")
    await kim.folder("Drinks")
    await kim.folder("Soup", food)
    for title, text, folder in (
        ("beta", "Éclairs are sold out", food),
        ("Alpha", "We open at nine", "__root"),
        ("álamo", "100% of soups", food),
        ("Gamma", "under_score", "__root"),
    ):
        await kim.write(title, text, folderId=folder)

    assert await kim.titles() == ["álamo", "Alpha", "beta", "Gamma"]
    assert list(await kim.folders()) == ["Drinks", "food", "Soup"]
    assert await kim.titles(searchTerm="ECLAIRS") == ["beta"]
    assert await kim.titles(searchTerm="alpHA") == ["Alpha"]
    assert await kim.titles(searchTerm="%") == ["álamo"]
    assert await kim.titles(searchTerm="r_s") == ["Gamma"]
    assert await kim.titles(searchTerm="so", folderId="__root") == []
    found = await kim.shown(searchTerm="so", folderId=food)
    assert [each["title"] for each in found["responsesList"]] == ["álamo", "beta"]
    assert [each["name"] for each in found["folderList"]] == ["Soup"]
    only = await kim.shown(searchTerm="so", folderId=food, resourceType="responses")
    assert only.keys() == {"responsesList", "pageToken"}
    assert (await kim.shown(resourceType="folders")).keys() == {"folderList", "pageToken"}


@pytest.mark.spec("CMP-126")
async def test_pages_show_every_row_once(kim: Agent) -> None:
    for number in range(3):
        await kim.folder(f"F{number}")
    for number in range(8):
        # The same title: the order must still be one order.
        await kim.write("Same" if number % 2 else f"T{number}", f"text {number}")

    seen: list[str] = []
    token = ""
    while True:
        page = await kim.shown(maxPerPage=4, pageToken=token)
        rows = page["folderList"] + page["responsesList"]
        assert len(rows) <= 4
        seen += [row["id"] for row in rows]
        token = page["pageToken"]
        if not token:
            break

    whole = await kim.shown()
    assert seen == [row["id"] for row in whole["folderList"] + whole["responsesList"]]
    assert len(set(seen)) == 11


@pytest.mark.spec("CMP-133")
@pytest.mark.parametrize(
    "body",
    [
        {"text": "Hi"},
        {"title": "Hi"},
        {"text": "", "title": "Hi"},
        {"text": "Hi", "title": " "},
        {"text": "Hi", "title": 5},
        {"text": "a\x00b", "title": "Hi"},
        {"text": "Hi", "title": "Hi", "metadata": [{"name": ""}]},
    ],
)
async def test_a_response_needs_text_and_title(kim: Agent, body: dict[str, Any]) -> None:
    refused = await kim.ask("POST", "/response", **body)
    made = await kim.write("Kept")
    unchanged = await kim.ask("PUT", f"/response/{made['id']}", **body)

    for answer in (refused, unchanged):
        assert answer.status_code == 400
        assert envelope(answer)["code"] == "400-03"
    assert (await kim.shown())["responsesList"] == [made]


@pytest.mark.spec("CMP-139", "CMP-140", "CMP-141", "CMP-143")
async def test_folders_are_made_renamed_and_moved(kim: Agent) -> None:
    top = await kim.ask("POST", "/folder", name="Top")
    assert top.json() == {"id": top.json()["id"], "name": "Top", "parentFolderId": "__root"}
    middle = await kim.folder("Middle", top.json()["id"])
    bottom = await kim.folder("Bottom", middle)
    deepest = await kim.folder("Deepest", bottom)
    assert await kim.folders() == {
        "Top": "__root",
        "Middle": top.json()["id"],
        "Bottom": middle,
        "Deepest": bottom,
    }

    renamed = await kim.ask("PUT", f"/folder/{bottom}", name="Base")
    moved = await kim.ask("PUT", f"/folder/{bottom}", name="Base", parentFolderId="__root")

    assert (renamed.status_code, renamed.content) == (200, b"")
    assert moved.status_code == 200
    assert await kim.folders() == {
        "Top": "__root",
        "Middle": top.json()["id"],
        "Base": "__root",
        "Deepest": bottom,
    }
    for parent in (bottom, deepest):
        into_itself = await kim.ask("PUT", f"/folder/{bottom}", name="B", parentFolderId=parent)
        assert into_itself.status_code == 422
        assert envelope(into_itself)["code"] == "422-01"
    assert "B" not in await kim.folders()
    assert (await kim.ask("POST", "/folder", name="")).status_code == 400


@pytest.mark.spec("CMP-142")
async def test_a_folder_goes_with_all_that_lies_in_it(kim: Agent) -> None:
    top = await kim.folder("Top")
    inner = await kim.folder("Inner", top)
    await kim.write("Deep", folderId=inner)
    await kim.write("Stays")

    answer = await kim.ask("DELETE", f"/folder/{top}")

    assert (answer.status_code, answer.content) == (200, b"")
    whole = await kim.shown()
    assert whole["folderList"] == []
    assert [each["title"] for each in whole["responsesList"]] == ["Stays"]
    assert (await kim.ask("DELETE", f"/folder/{inner}")).status_code == 404


@pytest.mark.spec("CMP-120", "CMP-137")
async def test_nobody_reaches_another_agents_list(
    kim: Agent, api: httpx.AsyncClient, ann: Agent, globex: TestCompany, acme: TestCompany
) -> None:
    folder = await kim.folder("Mine")
    made = await kim.write("Mine", folderId=folder)
    async with globex.api() as stranger, acme.signed_in(Role.ADMINISTRATOR) as admin:
        for other in (Agent(api, "ag-2"), ann, Agent(stranger)):
            assert await other.shown() == {"responsesList": [], "folderList": [], "pageToken": ""}
            for method, path, body in (
                ("PUT", f"/response/{made['id']}", {"text": "x", "title": "x"}),
                ("DELETE", f"/response/{made['id']}", {}),
                ("PUT", f"/folder/{folder}", {"name": "x"}),
                ("DELETE", f"/folder/{folder}", {}),
                ("POST", "/response", {"text": "x", "title": "x", "folderId": folder}),
                ("POST", "/folder", {"name": "x", "parentFolderId": folder}),
            ):
                foreign = await other.ask(method, path, **body)
                assert foreign.status_code == 404, (method, path, foreign.text)
            listing = {**other.query, "folderId": folder}
            assert (await other.client.get(CUSTOMS, params=listing)).status_code == 404
        named = await ann.client.get(CUSTOMS, params={"agentId": "ag-1"})
        assert named.status_code == 404
        assert (await admin.get(CUSTOMS)).status_code in {200, 403}
    assert (await api.get(CUSTOMS)).status_code == 400
    assert await kim.shown() == {
        "responsesList": [made],
        "folderList": [{"id": folder, "name": "Mine", "parentFolderId": "__root"}],
        "pageToken": "",
    }


async def test_an_agent_at_the_desk_keeps_its_own(ann: Agent) -> None:
    made = await ann.write("Mine")
    assert (await ann.shown())["responsesList"] == [made]
    del ann.client.headers["x-csrf-token"]
    assert (await ann.ask("DELETE", f"/response/{made['id']}")).status_code == 403


@pytest.mark.parametrize(
    "query",
    [
        {"maxPerPage": 0},
        {"maxPerPage": "many"},
        {"pageToken": "nonsense"},
        {"pageToken": "WzEsMl0="},
        {"resourceType": "files"},
    ],
)
async def test_a_bad_question_is_refused(kim: Agent, query: dict[str, Any]) -> None:
    answer = await kim.client.get(CUSTOMS, params={**kim.query, **query})

    assert answer.status_code == 400
    assert envelope(answer)["code"] == "400-03"


async def test_what_does_not_exist_is_not_found(kim: Agent) -> None:
    for method, path, body in (
        ("PUT", f"/response/{NONE}", {"text": "x", "title": "x"}),
        ("DELETE", f"/response/{NONE}", {}),
        ("POST", "/response", {"text": "x", "title": "x", "folderId": NONE}),
        ("PUT", f"/folder/{NONE}", {"name": "x"}),
        ("DELETE", f"/folder/{NONE}", {}),
        ("POST", "/folder", {"name": "x", "parentFolderId": NONE}),
    ):
        assert (await kim.ask(method, path, **body)).status_code == 404, (method, path)
    assert await kim.titles() == []


async def test_an_agent_drags_its_responses_into_an_order(kim: Agent) -> None:
    ids = {title: (await kim.write(title))["id"] for title in ("B", "A", "C")}
    assert await kim.titles(orderBy="position") == ["B", "A", "C"]

    answer = await kim.ask("PUT", "/order", responseIds=[ids["C"], ids["B"]])

    assert answer.status_code == 200
    assert await kim.titles(orderBy="position") == ["C", "B", "A"]
    assert await kim.titles() == ["A", "B", "C"]
    assert (await kim.ask("PUT", "/order", responseIds=[NONE])).status_code == 404


@pytest.mark.spec("CMP-138", "CMP-136")
async def test_what_is_written_is_suggested_by_the_next_call(
    kim: Agent, api: httpx.AsyncClient
) -> None:
    conversation = await create(api)
    assert await texts(api, conversation) == []

    made = await kim.write("Parking", "Parking is free for our guests.")
    offered = await texts(api, conversation)
    elsewhere = await texts(api, await create(api, agent="ag-2"))
    await kim.ask("DELETE", f"/response/{made['id']}")

    assert offered == ["Parking is free for our guests."]
    assert elsewhere == []
    assert await texts(api, conversation) == []
