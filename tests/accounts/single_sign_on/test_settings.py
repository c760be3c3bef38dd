"""What an installation says of single sign-on: its own address, whom it asks, and how often."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.accounts.conftest import PASSWORD, in_a_folder, open_tenant, serving
from tests.accounts.single_sign_on.conftest import CONNECTION, Browser, Connected, problem_in
from tests.support.providers.process import Provider

pytestmark = [pytest.mark.api, pytest.mark.asyncio]


async def _tried(folder: Path, provider: Provider, **more: str) -> tuple[int, str, str | None]:
    """Connect and begin: the status of the one, our address, and the problem of the other."""
    async with serving(in_a_folder(folder, **more)) as served:
        tenant = await open_tenant(served, "Acme")
        browser = Browser(served)
        async with tenant.browser("ada@acme.test", PASSWORD) as ada:
            connected = Connected(tenant, ada, provider)
            saved = await ada.put(CONNECTION, json={"oidc": connected.oidc()})
            shown = (await ada.get(CONNECTION)).json()
            problem = problem_in(await browser.begin(tenant.marker))
        await browser.close()
    return saved.status_code, shown["addresses"]["oidc_callback"], problem


async def test_providers_are_asked_by_https_only(tmp_path: Path, provider: Provider) -> None:
    status, _, problem = await _tried(tmp_path, provider)
    assert (status, problem) == (400, "not_configured")


async def test_only_named_hosts_are_asked(tmp_path: Path, provider: Provider) -> None:
    some = {"RAPPORT_SSO_PLAIN_HTTP": "true", "RAPPORT_SSO_PROVIDER_HOSTS": "id.acme.test"}
    status, _, problem = await _tried(tmp_path, provider, **some)
    assert (status, problem) == (400, "not_configured")


async def test_our_address_is_the_one_that_was_set(tmp_path: Path, provider: Provider) -> None:
    some = {
        "RAPPORT_SSO_PLAIN_HTTP": "true",
        "RAPPORT_SSO_PROVIDER_HOSTS": "127.0.0.1, id.acme.test",
        "RAPPORT_SSO_PRODUCTION_URL": "https://talk.acme.test",
    }
    status, address, problem = await _tried(tmp_path, provider, **some)
    assert (status, problem) == (200, None)
    assert address.startswith("https://talk.acme.test/auth/v1/callback/acme-")


async def test_one_address_does_not_begin_without_end(tmp_path: Path, provider: Provider) -> None:
    few = {"RAPPORT_ACCOUNTS_ADDRESS_BURST": "3", "RAPPORT_ACCOUNTS_ADDRESS_RATE": "0.01"}
    async with serving(in_a_folder(tmp_path, **few)) as served:
        browser = Browser(served)
        problems = [problem_in(await browser.begin("nobody")) for _ in range(4)]
        await browser.close()
    assert problems == ["not_configured"] * 3 + ["too_many"]
