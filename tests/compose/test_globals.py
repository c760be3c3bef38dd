"""The deployed list as integrators and agents read it."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from rapport.compose.models import PastReply
from rapport.core.identity import Role
from tests.compose.test_global_list import GLOBALS
from tests.compose.test_suggestions import create, message, suggest
from tests.edge.test_conventions import envelope
from tests.support.company import TestCompany
from tests.support.responses import deploy, publish, save, state_of

pytestmark = pytest.mark.api

BOUND = [{"name": "NAME", "allowedValues": ["customer.name"]}]
RESPONSES: list[dict[str, Any]] = [
    {"text": "No problem {NAME}, one moment.", "title": "Hold 1", "metadata": BOUND},
    {"text": "I'd be happy to help.", "folderPath": "greetings"},
    {"text": "éclairs are sold out.", "folderPath": "Food > Sweets"},
    {"text": "Zucchini is 100% fresh.", "folderPath": "Food"},
]


async def listed(api: httpx.AsyncClient, **query: Any) -> dict[str, Any]:
    answer = await api.get(GLOBALS, params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def texts_of(page: dict[str, Any]) -> list[str]:
    return [each["text"].split()[0] for each in page["responses"]["responsesList"]]


def names_of(page: dict[str, Any]) -> list[str]:
    return [each["name"] for each in page["responses"]["folderList"]]


@pytest.mark.spec("CMP-118", "CMP-119", "CMP-127", "CMP-128", "CMP-200")
async def test_the_deployed_list_is_sorted(api: httpx.AsyncClient, acme: TestCompany) -> None:
    nothing = await listed(api)
    assert nothing == {"responses": {"responsesList": [], "folderList": [], "pageToken": ""}}
    async with acme.signed_in(Role.ADMINISTRATOR) as admin:
        await publish(acme, RESPONSES)
        version = await save(admin, "March update")
        await deploy(admin, version)

    page = await listed(api, agentId="anybody")

    assert page["version"] == {"id": version, "description": "March update"}
    assert texts_of(page) == ["éclairs", "I'd", "No", "Zucchini"]
    assert names_of(page) == ["Food", "greetings", "Sweets"]
    folders = {each["name"]: each for each in page["responses"]["folderList"]}
    assert folders["Sweets"]["parentFolderId"] == folders["Food"]["id"]
    assert folders["Food"]["parentFolderId"] == "__root"
    rows = {each["text"]: each for each in page["responses"]["responsesList"]}
    hold = rows["No problem {NAME}, one moment."]
    assert hold == {
        "id": hold["id"],
        "text": "No problem {NAME}, one moment.",
        "title": "Hold 1",
        "folderId": "__root",
        "metadata": BOUND,
    }
    assert "metadata" not in rows["I'd be happy to help."]
    async with acme.signed_in(Role.AGENT) as agent:
        assert await listed(agent) == page


@pytest.mark.spec("CMP-122", "CMP-123", "CMP-124", "CMP-125")
async def test_the_list_is_narrowed(api: httpx.AsyncClient, acme: TestCompany) -> None:
    await publish(acme, RESPONSES)
    folders = {each["name"]: each["id"] for each in (await listed(api))["responses"]["folderList"]}

    food = await listed(api, folderId=folders["Food"])
    assert (texts_of(food), names_of(food)) == (["Zucchini"], ["Sweets"])
    top = await listed(api, folderId="__root")
    assert (texts_of(top), names_of(top)) == (["No"], ["Food", "greetings"])
    assert (await listed(api, resourceType="folders"))["responses"].keys() == {
        "folderList",
        "pageToken",
    }
    only = (await listed(api, resourceType="responses"))["responses"]
    assert only.keys() == {"responsesList", "pageToken"}
    found = await listed(api, searchTerm="S ARE")
    assert (texts_of(found), names_of(found)) == (["éclairs"], [])
    assert texts_of(await listed(api, searchTerm="0% F")) == ["Zucchini"]
    assert names_of(await listed(api, searchTerm="WEET")) == ["Sweets"]
    both = await listed(api, searchTerm="e", folderId=folders["Food"], resourceType="responses")
    assert texts_of(both) == ["Zucchini"]
    assert texts_of(await listed(api, searchTerm="e", folderId=folders["greetings"])) == ["I'd"]


@pytest.mark.spec("CMP-126")
async def test_a_walk_sees_one_version_once(api: httpx.AsyncClient, acme: TestCompany) -> None:
    first = await publish(
        acme, [{"text": f"Text {n}", "folderPath": f"F{n % 3}"} for n in range(7)]
    )
    whole = await listed(api)
    seen: list[str] = []
    token = ""
    while True:
        page = await listed(api, maxPerPage=3, pageToken=token)
        assert page["version"]["id"] == first
        rows = page["responses"]["folderList"] + page["responses"]["responsesList"]
        assert 0 < len(rows) <= 3
        seen += [each["id"] for each in rows]
        token = page["responses"]["pageToken"]
        if not token:
            break
        if len(seen) == 3:
            # Another version in the middle of the walk changes nothing about it.
            await publish(acme, [{"text": "Another"}])
    rows = whole["responses"]["folderList"] + whole["responses"]["responsesList"]
    assert seen == [each["id"] for each in rows]
    assert len(seen) == 10
    assert "Another" in texts_of(await listed(api))


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"maxPerPage": 0}, 400),
        ({"maxPerPage": "x"}, 400),
        ({"pageToken": "nonsense"}, 400),
        ({"pageToken": "WzEsMl0="}, 400),
        ({"resourceType": "files"}, 400),
        ({"folderId": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}, 404),
    ],
)
async def test_bad_questions(
    api: httpx.AsyncClient, acme: TestCompany, query: dict[str, Any], status: int
) -> None:
    await publish(acme, RESPONSES[:1])
    answer = await api.get(GLOBALS, params=query)
    assert answer.status_code == status
    assert envelope(answer)["code"] in {"400-03", "404-01"}


async def test_another_company_and_environment_see_nothing_of_it(
    acme: TestCompany, globex: TestCompany
) -> None:
    await publish(acme, RESPONSES, "production")
    empty = {"responses": {"responsesList": [], "folderList": [], "pageToken": ""}}
    async with acme.api() as sandbox, globex.api() as stranger:
        assert await listed(sandbox) == empty
        assert await listed(stranger) == empty
    async with httpx.AsyncClient(base_url=acme.server.address) as nobody:
        assert (await nobody.get(GLOBALS)).status_code == 401


@pytest.mark.spec("CMP-203", "CMP-204", "CMP-205")
async def test_the_dictionary_is_kept(acme: TestCompany) -> None:
    path = "/console/v1/metadata-dictionary"
    async with acme.signed_in(Role.ADMINISTRATOR) as admin:
        inserts = (await admin.get(path)).json()["inserts"]
        assert [each["key"] for each in inserts] == ["NAME", "rep_name", "TIME_OF_DAY"]
        assert all(each["isDefault"] and each["id"] is None for each in inserts)
        plan = {"kind": "insert", "key": "plan", "label": "Plan", "example": "Gold"}
        made = (await admin.post(path, json=plan)).json()
        queue = {"kind": "filter", "key": "queue", "values": ["billing"]}
        kept = (await admin.post(path, json=queue)).json()
        for taken in (plan, queue, {"kind": "insert", "key": "customer_name"}):
            assert (await admin.post(path, json=taken)).status_code == 409
        for bad in ({"kind": "insert", "key": "{x}"}, {"kind": "other", "key": "x"}):
            assert (await admin.post(path, json=bad)).status_code == 400
        changed = await admin.patch(f"{path}/{kept['id']}", json={"values": ["billing", "sales"]})
        assert changed.json()["values"] == ["billing", "sales"]

        conditions = [
            {"name": "queue", "allowedValues": ["care"]},
            {"name": "city", "allowedValues": ["Rome"]},
        ]
        await publish(
            acme, [{"text": "Your {plan}, {NAME}", "title": "Plan", "metadata": conditions}]
        )
        shown = (await admin.get(path)).json()
        assert [(each["key"], each["uses"]) for each in shown["inserts"]] == [
            ("NAME", 1),
            ("rep_name", 0),
            ("TIME_OF_DAY", 0),
            ("plan", 1),
        ]
        assert [(each["key"], each["values"], each["uses"]) for each in shown["filters"]] == [
            ("city", ["Rome"], 1),
            ("queue", ["billing", "sales", "care"], 1),
        ]
        for entry in (made, kept):
            refused = await admin.delete(f"{path}/{entry['id']}")
            assert refused.status_code == 409
            message = envelope(refused)["message"]
            assert "1 response of the draft (“Plan”) and 1 response of what sandbox" in message
        unused = (await admin.post(path, json={"kind": "insert", "key": "Plan"})).json()
        assert (await admin.delete(f"{path}/{unused['id']}")).status_code == 204
        assert len((await admin.get(path)).json()["inserts"]) == 4


@pytest.mark.spec("CMP-201")
async def test_nothing_but_an_administrator_changes_the_list(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    version = await publish(acme, RESPONSES)
    before = await listed(api)
    conversation = await create(api)
    path = f"/conversation/v1/conversations/{conversation}/messages"
    for _ in range(3):
        await api.post(path, json=message("My order has not arrived"))
        await suggest(api, conversation)
        said = message("I am sorry to hear that, let me look it up.", role="agent")
        await api.post(path, json=said)

    # By then what the agent says is learnt, and offered to itself.
    async with asyncio.timeout(30):
        learnt = False
        while not learnt:
            await asyncio.sleep(0.1)
            learnt = await kept_replies(acme) > 0
    assert await listed(api) == before
    async with acme.signed_in(Role.ADMINISTRATOR) as admin:
        state = await state_of(admin)
    assert (state["state"], state["latest"]["id"]) == ("saved", version)
    assert state["changes"] == {"added": 0, "changed": 0, "removed": 0}


async def kept_replies(company: TestCompany) -> int:
    database = company.database()
    try:
        async with database.reading() as session:
            kept = select(func.count()).select_from(PastReply)
            learnt = kept.where(PastReply.company_id == company.id, PastReply.meaning.is_not(None))
            return await session.scalar(learnt) or 0
    finally:
        await database.close()
