"""A company's global list for tests: written, saved and deployed as an administrator does."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import httpx

from rapport.core.identity import Role
from tests.support.company import TestCompany

LIST = "/console/v1/global-responses"


async def publish(
    company: TestCompany,
    responses: Sequence[dict[str, Any]],
    *environments: str,
) -> str:
    """Add responses to the draft, save and deploy it (to the sandbox); returns the version's id.

    They may be suggested when this returns.
    """
    async with company.signed_in(Role.ADMINISTRATOR) as admin:
        for response in responses:
            answer = await admin.post(f"{LIST}/draft/responses", json=response)
            assert answer.status_code == 201, answer.text
        return await save_and_deploy(admin, *environments)


async def save_and_deploy(admin: httpx.AsyncClient, *environments: str) -> str:
    """Save the draft and deploy it; returns the version's id once its texts are embedded."""
    version = await save(admin)
    for environment in environments or ("sandbox",):
        await deploy(admin, version, environment)
    async with asyncio.timeout(60):
        waiting = True
        while waiting:
            await asyncio.sleep(0.05)
            waiting = (await state_of(admin))["waiting"] > 0
    return version


async def save(admin: httpx.AsyncClient, description: str = "") -> str:
    """Save the draft; returns the version's id."""
    body = {"revision": (await state_of(admin))["revision"], "description": description}
    answer = await admin.post(f"{LIST}/versions", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def deploy(admin: httpx.AsyncClient, version: str, environment: str = "sandbox") -> None:
    """Have an environment use a version."""
    body = {"environment": environment, "versionId": version}
    answer = await admin.post(f"{LIST}/deployments", json=body)
    assert answer.status_code == 200, answer.text


async def state_of(admin: httpx.AsyncClient) -> dict[str, Any]:
    """Return how the list is."""
    answer = await admin.get(LIST)
    assert answer.status_code == 200, answer.text
    state: dict[str, Any] = answer.json()
    return state
