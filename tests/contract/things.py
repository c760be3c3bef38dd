"""A company with one of everything that has an id."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import httpx
from sqlalchemy import select

from rapport.core.database.base import Base
from rapport.core.identity import Role
from tests.conversations.test_record import PATH, create
from tests.support.company import TestCompany
from tests.support.models import keep_model, keep_proposal
from tests.support.responses import LIST, save_and_deploy

MESSAGE = {
    "text": "Hello",
    "sender": {"role": "customer", "externalId": "c"},
    "timestamp": "2026-03-04T09:10:11Z",
}
CUSTOMS = "/autocompose/v1/responses/customs"
AGENT = {"agentId": "a-1"}
# What each operation needs to be told, by the end of its path; the others need nothing.
BODIES: dict[tuple[str, str], Any] = {
    ("post", "/messages"): MESSAGE,
    ("post", "/sandbox/conversations/{conversationId}/messages"): {
        "role": "agent",
        "text": "Hello",
        "key": "k",
    },
    ("post", "/batch"): {"messages": [MESSAGE]},
    ("post", "/authenticate"): {"customerExternalId": "c", "auth": {"token": "t"}},
    ("post", "/suggestions"): {"query": "h"},
    ("post", "/message-analytic-events"): {
        "type": "phrase-completion-accepted",
        "suggestionsId": "s",
    },
    ("post", "/end"): {"note": "done"},
    ("patch", "/people/{personId}"): {"name": "Somebody Else"},
    ("post", "/members"): {"email": "new@stranger.test", "name": "New", "role": "viewer"},
    ("patch", "/members/{personId}"): {"role": "viewer"},
    ("post", "/apps"): {"name": "Theirs"},
    ("patch", "/apps/{appId}"): {"name": "Theirs"},
    ("patch", "/teams/{teamId}"): {"name": "Theirs"},
    ("patch", "/keys/{keyId}"): {"name": "Theirs"},
    ("post", "/keys"): {"name": "Theirs"},
    ("post", "/revoke"): {"reason": "Theirs"},
    ("post", "/rotate"): {"grace_seconds": 0},
    ("post", "/promotion"): {"admin_email": "admin@stranger.test", "admin_name": "Admin"},
    ("patch", "/rules/{ruleId}"): {"name": "theirs"},
    ("patch", "/responses/{responseId}"): {"revision": 99, "text": "Theirs"},
    ("put", "/folders/{folderId}"): {"revision": 99, "folderPath": "Theirs"},
    ("post", "/versions/{versionId}/restore"): {"revision": 99},
    ("post", "/{proposalId}/draft"): {"revision": 99},
    ("put", "/customs/response/{responseId}"): {"text": "Theirs", "title": "Theirs"},
    ("put", "/customs/folder/{folderId}"): {"name": "Theirs"},
}


# What is said behind the path, by its end.
QUERIES: dict[tuple[str, str], dict[str, Any]] = {
    ("delete", "/draft/responses/{responseId}"): {"revision": 99},
    ("delete", "/draft/folders/{folderId}"): {"revision": 99},
    ("put", "/customs/response/{responseId}"): AGENT,
    ("delete", "/customs/response/{responseId}"): AGENT,
    ("put", "/customs/folder/{folderId}"): AGENT,
    ("delete", "/customs/folder/{folderId}"): AGENT,
}


class Things:
    """The ids of a company's things, by the names that paths give them."""

    def __init__(self, ids: dict[str, str], own: dict[str, dict[str, str]]) -> None:
        self.ids = ids
        # By the beginning of the paths that mean something else by the same name.
        self._own = own

    def ids_for(self, path: str) -> dict[str, str]:
        """Return what to put into a path; several kinds of things have one name."""
        for beginning, ids in self._own.items():
            if path.startswith(beginning):
                return {**self.ids, **ids}
        return self.ids

    def all_ids(self) -> set[str]:
        """Return every id there is."""
        return {*self.ids.values(), *(each for ids in self._own.values() for each in ids.values())}


def body_for(method: str, path: str) -> Any:
    """Return a body with which a route would do what it is for."""
    endings = [end for (verb, end) in BODIES if verb == method and path.endswith(end)]
    if endings:
        return BODIES[method, max(endings, key=len)]
    return {} if method in {"post", "patch", "put"} else None


def query_for(method: str, path: str) -> dict[str, Any]:
    """Return what a route needs to be told behind its path."""
    found = [
        query for (verb, end), query in QUERIES.items() if verb == method and path.endswith(end)
    ]
    return found[0] if found else {}


async def made_for(company: TestCompany) -> Things:
    """Give a company one of everything."""
    own: dict[str, dict[str, str]] = {}
    ids = {"personId": company.people[Role.AGENT].id}
    async with company.api() as api:
        ids["conversationId"] = await create(api)
        answer = await api.post(f"{PATH}/{ids['conversationId']}/messages", json=MESSAGE)
        ids["messageId"] = answer.json()["id"]
        folder = await api.post(f"{CUSTOMS}/folder", params=AGENT, json={"name": "Mine"})
        response = {"text": "Hello", "title": "Hi", "folderId": folder.json()["id"]}
        answer = await api.post(f"{CUSTOMS}/response", params=AGENT, json=response)
        own[CUSTOMS] = {"responseId": answer.json()["id"], "folderId": folder.json()["id"]}
    async with company.signed_in(Role.ADMINISTRATOR) as admin:
        rule = {"name": "loyalty", "pattern": r"LOY-\d+"}
        ids["ruleId"] = (await _made(admin, "/console/v1/redaction/rules", rule))["id"]
        key = {"name": "shop", "algorithm": "HS256"}
        path = "/console/v1/identity-keys"
        own[path] = {"keyId": (await _made(admin, path, key))["id"]}
        response = {"text": "One moment, please.", "folderPath": "General"}
        written = await _made(admin, f"{LIST}/draft/responses", response)
        ids["responseId"] = written["response"]["id"]
        ids["folderId"] = written["response"]["folderId"]
        ids["versionId"] = await save_and_deploy(admin)
        ids["modelId"] = await keep_model(company)
        ids["proposalId"] = await keep_proposal(company)
        training = await admin.post("/console/v1/compose/models/train")
        ids["trainingId"] = training.json()["trainingId"]
        term = {"term": "wobble"}
        ids["termId"] = (await _made(admin, "/console/v1/compose/blocklist", term))["id"]
        path = "/console/v1/metadata-dictionary"
        own[path] = {"keyId": (await _made(admin, path, {"kind": "insert", "key": "plan"}))["id"]}
    async with company.signed_in(Role.DEVELOPER) as developer:
        team = (await developer.get("/portal/v1/teams")).json()["items"][0]
        ids["teamId"] = team["id"]
        app = {"name": "Second"}
        ids["appId"] = (await _made(developer, f"/portal/v1/teams/{team['id']}/apps", app))["id"]
        made = await _made(developer, f"/portal/v1/apps/{ids['appId']}/keys", {"name": "k"})
        ids["keyId"] = re.findall(r'"id":"(\w{26})"', httpx.Response(200, json=made).text)[0]
        asked = {"admin_email": company.people[Role.ADMINISTRATOR].email}
        path = f"/portal/v1/teams/{team['id']}/promotion"
        ids["promotionId"] = (await _made(developer, path, asked))["id"]
    return Things(ids, own)


async def _made(client: httpx.AsyncClient, path: str, asked: Any) -> dict[str, Any]:
    answer = await client.post(path, json=asked)
    assert answer.status_code == 201, (path, answer.text)
    made: dict[str, Any] = answer.json()
    return made


async def state_of(company: TestCompany, ids: set[str]) -> list[str]:
    """Return every row that names the company or one of its things, once nothing changes any more."""
    before: list[str] = []
    while before != (now := await _rows(company, {company.id, *ids})) or not now:
        before = now
        await asyncio.sleep(0.5)
    return now


async def _rows(company: TestCompany, ids: set[str]) -> list[str]:
    database = company.database()
    try:
        async with database.reading() as session:
            rows = [
                f"{table.name}: {tuple(row)}"
                for table in Base.metadata.sorted_tables
                if not table.name.startswith("test_")
                for row in (await session.execute(select(table))).all()
                if ids & {value for value in row if isinstance(value, str)}
            ]
        return sorted(rows)
    finally:
        await database.close()
