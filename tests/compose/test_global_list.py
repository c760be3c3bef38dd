"""The life of the global list: written in a draft, saved as versions, deployed, restored."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from rapport.core.identity import Role
from tests.compose.reporting import offered, open_talk, report, say
from tests.compose.test_suggestions import create, texts
from tests.edge.test_conventions import envelope
from tests.support.company import TestCompany
from tests.support.responses import LIST, deploy, publish, save, save_and_deploy, state_of

pytestmark = pytest.mark.api

DRAFT = f"{LIST}/draft"
GLOBALS = "/autocompose/v1/responses/globals"
NONE = "01ARZ3NDEKTSV4RRFFQ69G5FAV"

Json = dict[str, Any]


class Editor:
    """An administrator who remembers which revision of the draft it has read."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.revision = 0

    async def reads(self, **query: Any) -> list[Json]:
        answer = await self.client.get(f"{DRAFT}/responses", params=query)
        assert answer.status_code == 200, answer.text
        self.revision = answer.json()["revision"]
        items: list[Json] = answer.json()["items"]
        return items

    async def adds(self, text: str, **more: Any) -> Json:
        answer = await self.client.post(f"{DRAFT}/responses", json={"text": text, **more})
        assert answer.status_code == 201, answer.text
        self.revision = answer.json()["revision"]
        response: Json = answer.json()["response"]
        return response

    async def tries(self, method: str, path: str, **body: Any) -> httpx.Response:
        sent: Json = {"params": {"revision": self.revision}}
        if method != "DELETE":
            sent = {"json": {"revision": self.revision, **body}}
        return await self.client.request(method, DRAFT + path, **sent)

    async def does(self, method: str, path: str, **body: Any) -> Json:
        answer = await self.tries(method, path, **body)
        assert answer.status_code == 200, answer.text
        self.revision = answer.json()["revision"]
        done: Json = answer.json()
        return done

    async def state(self) -> Json:
        return await state_of(self.client)


@pytest.fixture
async def ada(acme: TestCompany) -> AsyncIterator[Editor]:
    async with acme.signed_in(Role.ADMINISTRATOR) as client:
        yield Editor(client)


@pytest.fixture
async def bob(acme: TestCompany) -> AsyncIterator[Editor]:
    someone = await acme.add_person(Role.ADMINISTRATOR, name="Bob Stone")
    async with acme.signed_in(someone) as client:
        yield Editor(client)


def said(items: list[Json]) -> list[str]:
    return [each["text"] for each in items]


@pytest.mark.spec("CMP-177", "CMP-178", "CMP-180", "CMP-193")
async def test_a_draft_is_written_and_saved(ada: Editor) -> None:
    assert (await ada.state())["state"] == "empty"
    filters = [{"name": "queue", "allowedValues": ["billing", "sales"]}]
    hold = await ada.adds("One moment.", title="Hold", folderPath="A > B", metadata=filters)
    await ada.adds("Please wait.", title="Hold")
    assert hold == {
        "id": hold["id"],
        "text": "One moment.",
        "title": "Hold",
        "folderId": hold["folderId"],
        "folderPath": "A > B",
        "metadata": filters,
        "unknownInserts": [],
        "change": "added",
        "usage": None,
    }
    state = await ada.state()
    assert (state["state"], state["count"], state["latest"]) == ("unsaved", 2, None)
    assert state["changes"] == {"added": 2, "changed": 0, "removed": 0}
    first = await save(ada.client, "The beginning")
    state = await ada.state()
    assert state["state"] == "saved"
    assert state["latest"]["id"] == first
    assert state["latest"]["author"]
    assert state["latest"]["createdAt"]
    assert (state["latest"]["description"], state["latest"]["count"]) == ("The beginning", 2)

    await ada.reads()
    changed = await ada.does("PATCH", f"/responses/{hold['id']}", text="Just a moment.")
    assert changed["response"] == {**hold, "text": "Just a moment.", "change": "changed"}
    assert (await ada.state())["state"] == "unsaved"
    await ada.does("PATCH", f"/responses/{hold['id']}", text="One moment.")
    assert (await ada.state())["state"] == "saved"
    await ada.does("DELETE", f"/responses/{hold['id']}")

    assert said(await ada.reads()) == ["Please wait."]
    assert (await ada.state())["changes"] == {"added": 0, "changed": 0, "removed": 1}
    second = await save(ada.client)
    versions = (await ada.client.get(f"{LIST}/versions")).json()
    assert [each["id"] for each in versions["items"]] == [second, first]
    assert [each["number"] for each in versions["items"]] == [2, 1]


@pytest.mark.spec("CMP-181", "CMP-182", "CMP-183")
async def test_the_draft_is_searched_and_narrowed(ada: Editor) -> None:
    queue = [{"name": "queue", "allowedValues": ["billing"]}]
    await ada.adds("Your refund is late.", title="Money", folderPath="Pay")
    await ada.adds("A refund takes a week.", folderPath="Pay > Back", metadata=queue)
    bind = [{"name": "queue", "allowedValues": ["metadata.queue"]}]
    await ada.adds("You are in {queue}, hold on.", metadata=bind)

    assert said(await ada.reads(searchTerm="REFUND week")) == ["A refund takes a week."]
    assert said(await ada.reads(searchTerm="money")) == []
    folders = (await ada.client.get(f"{DRAFT}/folders")).json()["items"]
    by_path = {each["folderPath"]: each for each in folders}
    assert {path: each["count"] for path, each in by_path.items()} == {"Pay": 1, "Pay > Back": 1}
    assert by_path["Pay > Back"]["parentFolderId"] == by_path["Pay"]["id"]
    assert said(await ada.reads(folderId=by_path["Pay"]["id"])) == ["Your refund is late."]
    assert said(await ada.reads(folderId="__root")) == ["You are in {queue}, hold on."]
    assert said(await ada.reads(filterKey="queue")) == ["A refund takes a week."]
    assert said(await ada.reads(filterKey="queue", filterValue="sales")) == []
    assert said(await ada.reads(filterKey="queue", searchTerm="late")) == []


async def test_what_somebody_else_changed_is_never_overwritten(ada: Editor, bob: Editor) -> None:
    mine, other = await ada.adds("Mine", title="Hold"), await ada.adds("Other")
    await ada.reads()
    await bob.reads()
    await bob.does("PATCH", f"/responses/{mine['id']}", text="Bob's")

    refused = await ada.tries("PATCH", f"/responses/{mine['id']}", text="Ada's")
    removal = await ada.tries("DELETE", f"/responses/{mine['id']}")
    moving = await ada.tries("POST", "/move", ids=[other["id"], mine["id"]], folderPath="X")
    saving = await ada.client.post(f"{LIST}/versions", json={"revision": ada.revision})

    for answer in (refused, removal, moving, saving):
        assert answer.status_code == 409, answer.text
        assert answer.headers["x-rapport-error"] == "draft_changed"
        assert "Bob Stone changed “Hold”" in envelope(answer)["message"]
    # What nobody else touched goes on.
    await ada.does("PATCH", f"/responses/{other['id']}", text="Ada's")
    assert said(await ada.reads()) == ["Ada's", "Bob's"]
    changes = (await ada.client.get(f"{DRAFT}/changes", params={"since": 2})).json()["items"]
    assert (changes[0]["kind"], changes[0]["author"]) == ("changed", "Bob Stone")
    assert [each["target"] for each in changes] == [mine["id"], other["id"]]
    await bob.reads()
    await bob.does("POST", "/discard")
    assert (await ada.tries("POST", "/discard")).status_code == 409


async def test_two_saves_at_once_make_two_numbers(ada: Editor, bob: Editor) -> None:
    await ada.adds("Hello")
    await publish_nothing(ada)
    await publish_nothing(bob)
    versions = (await ada.client.get(f"{LIST}/versions")).json()["items"]
    assert [each["number"] for each in versions] == [2, 1]


async def publish_nothing(editor: Editor) -> None:
    assert await save(editor.client)


@pytest.mark.spec("CMP-195", "CMP-196", "CMP-043")
async def test_an_environment_uses_what_is_deployed_to_it(
    ada: Editor, acme: TestCompany, api: httpx.AsyncClient
) -> None:
    conversation = await create(api)
    assert await texts(api, conversation) == []
    old = await publish(acme, [{"text": "We are happy to help you."}])
    assert await texts(api, conversation) == ["We are happy to help you."]
    state = await ada.state()
    assert state["deployed"]["sandbox"]["id"] == old
    assert state["deployed"]["production"] is None
    assert state["latest"]["deployedTo"] == ["sandbox"]

    [response] = await ada.reads()
    await ada.does("PATCH", f"/responses/{response['id']}", text="How may we help you today?")
    assert await texts(api, conversation) == ["We are happy to help you."]
    new = await save_and_deploy(ada.client)
    assert await texts(api, conversation) == ["How may we help you today?"]
    await deploy(ada.client, old, "production")
    assert await texts(api, conversation) == ["How may we help you today?"]
    assert (await ada.state())["deployed"]["production"]["id"] == old

    gone = await ada.client.delete(f"{LIST}/deployments", params={"environment": "sandbox"})
    again = await ada.client.delete(f"{LIST}/deployments", params={"environment": "sandbox"})

    assert gone.status_code == 200
    assert again.status_code == 409
    assert await texts(api, conversation) == []
    history = (
        await ada.client.get(f"{LIST}/deployments", params={"environment": "sandbox"})
    ).json()["items"]
    assert [each["versionId"] for each in history] == [None, new, old]
    assert [each["versionNumber"] for each in history] == [None, 2, 1]
    assert all(each["author"] and each["at"] for each in history)


@pytest.mark.spec("CMP-198", "CMP-199")
async def test_an_old_version_is_looked_at_and_restored(
    ada: Editor, acme: TestCompany, api: httpx.AsyncClient
) -> None:
    hold = await ada.adds("One moment.", folderPath="Waiting")
    bye = await ada.adds("Goodbye.")
    first = await save(ada.client, "v1")
    await ada.reads()
    await ada.does("PATCH", f"/responses/{hold['id']}", text="Wait.", folderPath="Later")
    await ada.does("DELETE", f"/responses/{bye['id']}")
    await ada.adds("Hello.")
    second = await save(ada.client, "v2")
    path = f"{LIST}/versions/{first}"
    seen = (await ada.client.get(f"{path}/responses")).json()["items"]
    assert [(each["text"], each["folderPath"]) for each in seen] == [
        ("Goodbye.", ""),
        ("One moment.", "Waiting"),
    ]
    assert [each["name"] for each in (await ada.client.get(f"{path}/folders")).json()["items"]] == [
        "Waiting"
    ]

    revision = (await ada.state())["revision"]
    restored = await ada.client.post(f"{path}/restore", json={"revision": revision})
    assert restored.status_code == 200, restored.text
    assert said(await ada.reads()) == ["Goodbye.", "One moment."]
    third = await save(ada.client, "as v1")
    await deploy(ada.client, third)

    shown = (await ada.client.get(f"{LIST}/versions/{third}")).json()
    assert shown["origin"] == "restore"
    listed = (await api.get(GLOBALS)).json()
    rows = listed["responses"]["responsesList"]
    assert [(each["id"], each["text"]) for each in rows] == [
        (bye["id"], "Goodbye."),
        (hold["id"], "One moment."),
    ]
    assert [each["name"] for each in listed["responses"]["folderList"]] == ["Waiting"]
    # Neither of the others has become another by that.
    for version, expected in (
        (first, ["Goodbye.", "One moment."]),
        (second, ["Hello.", "Wait."]),
    ):
        answer = await ada.client.get(f"{LIST}/versions/{version}/responses")
        assert said(answer.json()["items"]) == expected


async def test_versions_are_compared(ada: Editor) -> None:
    stays, goes = await ada.adds("Stays"), await ada.adds("Goes")
    edited = await ada.adds("Before", folderPath="Old")
    first = await save(ada.client)
    await ada.reads()
    await ada.does("DELETE", f"/responses/{goes['id']}")
    await ada.does("PATCH", f"/responses/{edited['id']}", text="After", folderPath="New")
    await ada.adds("Comes")

    for to in ("draft", await save(ada.client)):
        answer = await ada.client.get(f"{LIST}/diff", params={"from": first, "to": to})
        assert answer.status_code == 200, answer.text
        found = answer.json()
        assert said(found["added"]) == ["Comes"]
        assert said(found["removed"]) == ["Goes"]
        [change] = found["changed"]
        assert (change["before"]["text"], change["before"]["folderPath"]) == ("Before", "Old")
        assert (change["after"]["text"], change["after"]["folderPath"]) == ("After", "New")
        assert stays["id"] not in answer.text


async def test_folders_are_renamed_moved_and_removed(ada: Editor) -> None:
    deep = await ada.adds("Deep", folderPath="A > B > C")
    await ada.adds("Top", folderPath="A")
    await ada.reads()
    folders = (await ada.client.get(f"{DRAFT}/folders")).json()["items"]
    ids = {each["name"]: each["id"] for each in folders}

    await ada.does("PUT", f"/folders/{ids['B']}", folderPath="Z > Bee")
    inside = await ada.tries("PUT", f"/folders/{ids['B']}", folderPath="Z > Bee > C > D")

    assert inside.status_code == 422
    rows = {each["text"]: each["folderPath"] for each in await ada.reads()}
    assert rows == {"Deep": "Z > Bee > C", "Top": "A"}
    await ada.does("POST", "/move", ids=[deep["id"]], folderPath="A")
    assert {each["folderPath"] for each in await ada.reads()} == {"A"}
    await ada.does("DELETE", f"/folders/{ids['A']}")
    assert await ada.reads() == []
    assert (await ada.tries("DELETE", f"/folders/{ids['A']}")).status_code == 404


@pytest.mark.spec("CMP-179")
async def test_unknown_inserts_are_flagged_and_not_saved(ada: Editor) -> None:
    fine = await ada.adds("Hi {NAME}, {rep_name} here, good {TIME_OF_DAY}. {} { } {1}")
    odd = await ada.adds("Your {plan} ends.", title="Plan")
    bound = [{"name": "Tier", "allowedValues": ["metadata.tier"]}]
    own = await ada.adds("You are {Tier}.", metadata=bound)

    assert [each["unknownInserts"] for each in (fine, odd, own)] == [[], ["plan"], []]
    refused = await ada.client.post(f"{LIST}/versions", json={"revision": 99})

    assert refused.status_code == 400
    assert "“Plan” has {plan}" in envelope(refused)["message"]
    assert (await ada.state())["latest"] is None
    key = {"kind": "insert", "key": "plan", "label": "Plan", "example": "Gold"}
    added = await ada.client.post("/console/v1/metadata-dictionary", json=key)
    assert added.status_code == 201, added.text
    assert [each["unknownInserts"] for each in await ada.reads()] == [[], [], []]
    assert await save(ada.client)


@pytest.mark.spec("CMP-202")
async def test_the_audit_log_knows_who_did_what(ada: Editor) -> None:
    made = await ada.adds("Hello", title="Hi")
    await ada.does("PATCH", f"/responses/{made['id']}", text="Hello!")
    version = await save_and_deploy(ada.client, "production")
    await ada.client.delete(f"{LIST}/deployments", params={"environment": "production"})
    await ada.does("DELETE", f"/responses/{made['id']}")

    answer = await ada.client.get("/console/v1/audit", params={"resource_type": "global_responses"})
    entries = answer.json()["items"][::-1]

    assert [
        (each["event_type"], each["resource_name"], each["environment"]) for each in entries
    ] == [
        ("create", "Hi", None),
        ("update", "Hi", None),
        ("create", "version 1", None),
        ("deploy", "version 1", "production"),
        ("undeploy", "version 1", "production"),
        ("delete", "Hi", None),
    ]
    assert [each["resource_id"] for each in entries] == [
        made["id"],
        made["id"],
        version,
        version,
        version,
        made["id"],
    ]
    assert all(each["user"] and each["at"].endswith("Z") for each in entries)


async def test_only_administrators_come_in(acme: TestCompany) -> None:
    for role in (Role.AGENT, Role.SUPERVISOR, Role.DEVELOPER):
        async with acme.signed_in(role) as client:
            for method, path in (
                ("GET", LIST),
                ("GET", f"{DRAFT}/responses"),
                ("POST", f"{DRAFT}/responses"),
                ("POST", f"{LIST}/versions"),
                ("POST", f"{LIST}/deployments"),
                ("GET", f"{LIST}/file"),
                ("POST", f"{LIST}/file?revision=0"),
                ("GET", "/console/v1/metadata-dictionary"),
            ):
                answer = await client.request(method, path)
                assert answer.status_code == 403, (role, method, path)


@pytest.mark.parametrize(
    "body",
    [
        {"text": ""},
        {"text": " \n"},
        {"text": "Hi", "colour": "red"},
        {"text": "Hi", "folderPath": "A > > B"},
        {"text": "Hi", "folderPath": "A > " + "b" * 201},
        {"text": "Hi", "metadata": [{"name": "queue", "allowedValues": []}]},
        {"text": "Hi", "metadata": [{"name": "q", "allowedValues": ["a"]}] * 2},
        {"text": "Hi", "metadata": [{"name": "a\nb", "allowedValues": ["a"]}]},
        {"text": "x" * 4_001},
    ],
)
async def test_bad_responses_are_refused(ada: Editor, body: Json) -> None:
    made = await ada.adds("Kept")
    refused = await ada.client.post(f"{DRAFT}/responses", json=body)
    unchanged = await ada.tries("PATCH", f"/responses/{made['id']}", **body)

    assert [refused.status_code, unchanged.status_code] == [400, 400]
    assert await ada.reads() == [made]


async def test_it_is_told_how_often_a_response_is_used(
    ada: Editor, acme: TestCompany, api: httpx.AsyncClient
) -> None:
    await publish(acme, [{"text": "My condolences, {NAME}."}, {"text": "One moment, please."}])
    talk = await open_talk(api)
    found = await offered(api, talk)
    places = {each["templateText"]: place for place, each in enumerate(found["suggestions"], 1)}
    for _ in range(2):
        message = await say(api, talk, "My condolences, Sarah.")
        more = {
            "selectedSuggestionsId": found["id"],
            "selectedSuggestionIndex": places["My condolences, {NAME}."],
        }
        assert (await report(api, talk, message, "AUTOSUGGEST", **more)).status_code == 200
    panel = {
        "type": "global-panel-inserted",
        "suggestionsId": found["id"],
        "globalPanelInserted": {"text": "One moment, please."},
    }
    assert (await api.post(talk.actions, json=panel)).status_code == 200

    async with asyncio.timeout(30):
        counts: dict[str, int] = {}
        while sum(counts.values()) < 3:
            await asyncio.sleep(0.1)
            rows = await ada.reads()
            counts = {each["text"]: each["usage"]["count"] for each in rows if each["usage"]}
    assert counts == {"My condolences, {NAME}.": 2, "One moment, please.": 1}
    assert all(each["usage"]["lastUsedAt"] for each in rows)
