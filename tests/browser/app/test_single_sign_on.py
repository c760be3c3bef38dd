"""An administrator connects a provider on screen, and people sign in through it in their browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Page, expect

from rapport.core.identity import Role
from tests.browser.app.conftest import WIDE
from tests.browser.app.pages import Screen, enter
from tests.browser.conftest import PHONE, Profile
from tests.support.company import TestCompany, make_company
from tests.support.providers.oidc import SECRET
from tests.support.providers.process import Provider, providing
from tests.support.server import Running, running

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CONNECTION = "/console/v1/single-sign-on"
BO = {"User id": "00u-bo", "E-mail": "bo@acme.test", "Name": "Bo Berg"}


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    """An identity provider on another site than the application, as browsers see it."""
    with providing(tmp_path_factory.mktemp("provider")) as started:
        yield Provider(started.address.replace("127.0.0.1", "localhost"))


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server that may ask providers without https."""
    folder = tmp_path_factory.mktemp("asking")
    with running(folder, RAPPORT_SSO_PLAIN_HTTP="true") as started:
        yield started


@pytest_asyncio.fixture(loop_scope="session")
async def company(asking: Running) -> TestCompany:
    """A company of its own for this test, connected to nothing yet."""
    return await make_company(asking)


async def _connect(company: TestCompany, provider: Provider, **rules: Any) -> None:
    oidc = {"issuer": provider.issuer, "client_id": "rapport", "client_secret": SECRET}
    async with company.signed_in(Role.ADMINISTRATOR) as admin:
        answer = await admin.put(CONNECTION, json={"oidc": oidc, **rules})
        assert answer.status_code == 200, answer.text


async def _leave_for_provider(context: BrowserContext, company: TestCompany, path: str) -> Screen:
    screen = Screen(await context.new_page(), company)
    await screen.go(path)
    await screen.page.get_by_label("Organization").fill(company.marker)
    await screen.page.get_by_role("button", name="Continue").click()
    await screen.page.get_by_role("button", name="Continue with single sign-on").click()
    await expect(screen.page.get_by_role("heading", name="Acme identity")).to_be_visible()
    return screen


async def _say_who(page: Page, told: dict[str, str]) -> None:
    for label, value in told.items():
        await page.get_by_label(label).fill(value)
    await page.get_by_role("button", name="Sign in").click()


@pytest.mark.spec("PLT-196", "CMP-246")
async def test_connected_on_screen_and_through_openid_connect_to_the_desk(
    profile: Profile, company: TestCompany, provider: Provider
) -> None:
    admin = Screen(await enter(await profile(**WIDE), company, Role.ADMINISTRATOR), company)
    await admin.go("/console/single-sign-on")
    page = admin.page
    await page.get_by_label("Issuer").fill(provider.issuer)
    await page.get_by_label("Client ID").fill("rapport")
    await page.get_by_role("textbox", name="Client secret").fill(SECRET)
    callback = f"{company.server.address}/auth/v1/callback/{company.marker}-sandbox"
    await expect(page.get_by_text(callback)).to_be_visible()
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved.")).to_be_visible()
    await expect(page.get_by_role("button", name="Save")).to_be_disabled()
    assert SECRET not in await page.content()

    person = await _leave_for_provider(await profile(**WIDE), company, "/desk/c/somewhere")
    await _say_who(person.page, BO)
    await expect(person.page).to_have_url(f"{company.server.address}/desk/c/somewhere")
    await expect(person.page.get_by_role("switch", name="Your status")).to_be_visible()
    await person.go("/sign-in")
    await expect(person.page).to_have_url(f"{company.server.address}/desk")
    await page.get_by_role("link", name="Audit log").click()
    await expect(page.get_by_role("row").filter(has_text="Sign-in")).to_contain_text("Bo Berg")
    assert [*admin.complaints, *person.complaints] == []


@pytest.mark.spec("PLT-197", "CMP-249")
async def test_connected_by_metadata_and_through_saml_to_the_desk(
    profile: Profile, company: TestCompany, provider: Provider, tmp_path: Path
) -> None:
    """The provider is another site: its page posts the answer without any cookie of ours."""
    theirs = tmp_path / "metadata.xml"
    async with httpx.AsyncClient() as client:
        described = await client.get(f"{provider.address}/saml/metadata")
    theirs.write_bytes(described.content)
    admin = Screen(await enter(await profile(**WIDE), company, Role.ADMINISTRATOR), company)
    await admin.go("/console/single-sign-on")
    page = admin.page
    await page.get_by_text("SAML 2.0").click()
    async with page.expect_file_chooser() as choosing:
        await page.get_by_role("button", name="Read from an XML file").click()
    await (await choosing.value).set_files(theirs)
    await expect(page.get_by_label("Sign-in URL")).to_have_value(f"{provider.address}/saml/sso")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved.")).to_be_visible()
    shown = await page.get_by_text("/endpoint/descriptor").inner_text()
    async with httpx.AsyncClient() as client:
        ours = await client.get(shown)
        await client.post(f"{provider.address}/saml/service-providers", content=ours.content)

    person = await _leave_for_provider(await profile(**WIDE), company, "/desk")
    await _say_who(person.page, BO)
    await expect(person.page).to_have_url(f"{company.server.address}/desk")
    await expect(person.page.get_by_role("switch", name="Your status")).to_be_visible()

    await page.get_by_role("button", name="Disconnect").click()
    await page.get_by_role("dialog").get_by_role("button", name="Disconnect").click()
    await expect(page.get_by_label("Issuer")).to_have_value("")
    assert [*admin.complaints, *person.complaints] == []


async def test_a_refusal_is_said_where_one_can_try_again(
    profile: Profile, company: TestCompany, provider: Provider
) -> None:
    await _connect(company, provider, creates_people=False)
    person = await _leave_for_provider(await profile(), company, "/desk")
    page = person.page
    await _say_who(page, BO)
    alert = page.get_by_role("alert")
    await expect(alert).to_contain_text("You have no account here yet")
    await expect(alert).to_contain_text("Reference ")
    reference = (await alert.inner_text()).rpartition(" ")[2]
    assert reference in company.server.log
    await page.get_by_role("button", name="Continue with single sign-on").click()
    await _say_who(page, {**BO, "E-mail": company.people[Role.AGENT].email})
    await expect(page.get_by_role("switch", name="Your status")).to_be_visible()
    # Also who is signed in is told that a second sign-in was refused.
    await person.go("/sign-in?problem=disabled&request=abc")
    await expect(page.get_by_role("alert")).to_contain_text("This account is switched off")
    assert person.complaints == []


@pytest.mark.parametrize("device", [WIDE, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_its_screens_are_accessible_and_within_their_width(
    profile: Profile, company: TestCompany, provider: Provider, scheme: str, device: dict[str, Any]
) -> None:
    await _connect(company, provider)
    context = await profile(color_scheme=scheme, **device)
    admin = Screen(await enter(context, company, Role.ADMINISTRATOR), company)
    await admin.go("/console/single-sign-on")
    for protocol in ("OpenID Connect", "SAML 2.0"):
        await admin.page.get_by_text(protocol, exact=True).click()
        await expect(admin.page.get_by_role("heading", name="People")).to_be_visible()
        assert await admin.violations() == []
        assert await admin.is_within_width()
    await context.clear_cookies()
    await admin.go("/sign-in?problem=stale&request=0b6cbd38")
    page = admin.page
    await page.get_by_label("Organization").fill(company.marker)
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_role("button", name="Continue with single sign-on")).to_be_visible()
    assert await admin.violations() == []
    assert await admin.is_within_width()
