"""Every change of access is written down, and only administrators read it."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import httpx
import pytest

from rapport.accounts import operator
from rapport.accounts.audit.service import AuditEvent, Resource, record
from rapport.accounts.companies.models import Company
from rapport.accounts.companies.service import switch_product
from rapport.core import clock
from rapport.core.identity import Environment
from tests.accounts.conftest import Tenant

pytestmark = [pytest.mark.api, pytest.mark.asyncio(loop_scope="module")]

AUDIT = "/console/v1/audit"


async def entries(client: httpx.AsyncClient, **params: str) -> list[dict[str, Any]]:
    answer = await client.get(AUDIT, params=params)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def write(acme: Tenant, *names: str, event: AuditEvent = AuditEvent.UPDATE) -> None:
    async with acme.served.node.database.writing() as session:
        for name in names:
            by = operator(acme.account.company.id)
            record(session, by, event, Resource("flow", name, f"id-{name}"))


@pytest.mark.spec("PLT-180")
async def test_an_entry_says_who_what_when_and_where_deployed(
    acme: Tenant, ada: httpx.AsyncClient
) -> None:
    invited = await acme.invite(ada, "Iris", "agent")
    node = acme.served.node
    async with node.database.writing() as session:
        company = await session.get_one(Company, acme.account.company.id)
        by = operator(company.id, Environment.SANDBOX)
        switch_product(session, by, node.bus, company, "autosummary", on=True)
    deployed, created = (await entries(ada))[:2]
    assert created == {
        "id": created["id"],
        "at": created["at"],
        "user": "Administrator",
        "event_type": "create",
        "resource_type": "person",
        "resource_name": "iris@acme.test",
        "resource_id": invited["id"],
        "environment": None,
    }
    assert created["at"].endswith("Z")
    assert (deployed["event_type"], deployed["environment"]) == ("deploy", "sandbox")
    assert (deployed["user"], deployed["resource_id"]) == ("Operator", None)


@pytest.mark.spec("PLT-183")
async def test_only_administrators_open_the_log(
    acme: Tenant, ada: httpx.AsyncClient, dev: httpx.AsyncClient
) -> None:
    for role in ("agent", "supervisor"):
        someone = await acme.invite(ada, role, role)
        await acme.settle()
        async with acme.browser(someone["email"]) as client:
            assert (await client.get(AUDIT)).status_code == 403
            assert (await client.get(f"{AUDIT}.csv")).status_code == 403
    assert (await dev.get(AUDIT)).status_code == 403
    async with httpx.AsyncClient(base_url=acme.served.url) as nobody:
        assert (await nobody.get(AUDIT)).status_code == 401
        assert (await nobody.get(f"{AUDIT}.csv")).status_code == 401
    assert (await ada.get(AUDIT)).status_code == 200


@pytest.mark.spec("PLT-184")
async def test_search_is_exact(acme: Tenant, ada: httpx.AsyncClient) -> None:
    await write(acme, "Refund flow", "Refund")
    assert [one["resource_name"] for one in await entries(ada, search="Refund")] == ["Refund"]
    assert await entries(ada, search="Ref") == []
    assert await entries(ada, search="refund") == []
    by_user = await entries(ada, search="Operator")
    assert {one["user"] for one in by_user} == {"Operator"}
    assert {"Refund", "Refund flow"} <= {one["resource_name"] for one in by_user}


@pytest.mark.spec("PLT-185")
async def test_filters_combine(acme: Tenant, ada: httpx.AsyncClient) -> None:
    past = clock.ManualClock(clock.now() - timedelta(days=9))
    with clock.running_on(past):
        for event in (AuditEvent.CREATE, AuditEvent.UPDATE, AuditEvent.DELETE):
            past.advance(timedelta(days=1))
            await write(acme, "A", "B", event=event)
    second = clock.wire(past.now() - timedelta(days=1))
    assert len(await entries(ada, resource_type="flow")) == 6
    chosen = await entries(
        ada, resource_type="flow", event_type="update", user="Operator", since=second
    )
    assert [one["resource_name"] for one in chosen] == ["B", "A"]
    assert await entries(ada, resource_type="flow", user="Administrator") == []
    before = await entries(ada, resource_type="flow", until=second, search="A")
    assert [one["event_type"] for one in before] == ["create"]
    for wrong in (
        {"event_type": "dance"},
        {"since": "yesterday"},
        {"since": "2026-01-01T00:00:00"},
    ):
        assert (await ada.get(AUDIT, params=wrong)).status_code == 400


@pytest.mark.spec("PLT-186")
async def test_the_log_is_paged_in_both_orders(acme: Tenant, ada: httpx.AsyncClient) -> None:
    names = [f"flow {n}" for n in range(7)]
    with clock.running_on(clock.ManualClock(clock.now())):  # all at one time: the id decides
        await write(acme, *names)
        assert await paged(ada, order="oldest") == names
        assert await paged(ada, order="newest") == names[::-1]
        for cursor in ("guess", "1.", ".x", f"{10**30}.x"):
            assert (await ada.get(AUDIT, params={"cursor": cursor})).status_code == 400


async def paged(client: httpx.AsyncClient, **params: str) -> list[str]:
    names: list[str] = []
    cursor = None
    while True:
        query = {"resource_type": "flow", "limit": "3", **params}
        query |= {"cursor": cursor} if cursor else {}
        page = (await client.get(AUDIT, params=query)).json()
        names += [one["resource_name"] for one in page["items"]]
        cursor = page["nextCursor"]
        if cursor is None:
            return names


@pytest.mark.spec("PLT-187")
async def test_the_export_is_the_view_and_is_itself_recorded(
    acme: Tenant, ada: httpx.AsyncClient
) -> None:
    await write(acme, "=HYPERLINK(1)", 'with "quotes", and comma')
    answer = await ada.get(f"{AUDIT}.csv", params={"resource_type": "flow", "order": "oldest"})
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert rows[0][:4] == ["Timestamp", "User", "Event type", "Resource type"]
    assert [row[4] for row in rows[1:]] == ["'=HYPERLINK(1)", 'with "quotes", and comma']
    last = (await entries(ada))[0]
    assert (last["event_type"], last["user"]) == ("export", "Administrator")


async def test_other_companies_entries_stay_theirs(
    acme: Tenant, globex: Tenant, ada: httpx.AsyncClient
) -> None:
    await write(globex, "secret flow")
    assert await entries(ada, search="secret flow") == []
    assert "secret flow" not in (await ada.get(f"{AUDIT}.csv")).text
