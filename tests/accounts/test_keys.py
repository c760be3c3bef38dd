"""API keys prove who calls, in one environment, within what is switched on."""

from __future__ import annotations

import pytest

from tests.accounts.conftest import Tenant

pytestmark = pytest.mark.api

PROBE = "/conversation/v1/probe"


@pytest.mark.spec("PLT-004")
async def test_only_the_right_pair_opens(acme: Tenant) -> None:
    key = acme.account.sandbox.key
    pair = {"asapp-api-id": key.key.id, "asapp-api-secret": key.secret}
    async with acme.keyed(pair) as client:
        answer = await client.get(PROBE)
    assert answer.status_code == 200, answer.text
    assert answer.json()["company"] == acme.account.company.id
    wrong = [
        {"asapp-api-id": key.key.id},
        {"asapp-api-secret": key.secret},
        {"x": "y"},
        {**pair, "asapp-api-secret": "rapport_guess"},
        {**pair, "asapp-api-id": "01JNFQ2X8Z6T0V4M9S3B7D5KCE"},
    ]
    for headers in wrong:
        async with acme.keyed(headers) as client:
            answer = await client.get(PROBE)
        assert answer.status_code == 401
        assert set(answer.json()["error"]) == {"requestId", "message", "code"}
        assert answer.json()["error"]["code"] == "401-01"
