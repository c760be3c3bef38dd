"""A request that is refused half-way leaves nothing locked."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from rapport.core.identity import Role
from tests.conversations.test_record import create
from tests.support.company import TestCompany

pytestmark = pytest.mark.api


async def test_a_refusal_between_dependencies_ends_the_transaction(
    acme: TestCompany, api: httpx.AsyncClient
) -> None:
    body = {"email": "somebody@example.org", "role": "owner"}
    async with acme.signed_in(Role.DEVELOPER) as developer, asyncio.timeout(15):
        for _ in range(3):
            answer = await developer.post("/portal/v1/teams/0/members", json=body)
            assert answer.status_code == 404
        assert await create(api)
