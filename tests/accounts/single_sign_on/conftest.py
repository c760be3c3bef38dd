"""Companies whose people sign in through a provider, and browsers that do."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import func, select

from rapport.accounts.people.models import Person
from rapport.accounts.sign_in.models import PersonSession
from rapport.accounts.single_sign_on.models import ExternalIdentity
from tests.accounts.conftest import PASSWORD, Served, Tenant, in_a_folder, open_tenant, serving
from tests.support.providers.oidc import SECRET
from tests.support.providers.process import Page, Provider, form_in, providing

CONNECTION = "/console/v1/single-sign-on"
SANDBOX = "sandbox.localhost"


@pytest.fixture(scope="package")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    """An identity provider in a process of its own."""
    with providing(tmp_path_factory.mktemp("provider")) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    """The application, which may ask providers without https."""
    settings = in_a_folder(
        tmp_path_factory.mktemp("sso"), RAPPORT_SSO_PLAIN_HTTP="true", RAPPORT_SSO_MINUTES="60"
    )
    async with serving(settings) as running:
        yield running


class Browser:
    """Somebody's browser: it has cookies, and is led from our pages to the provider's and back."""

    def __init__(self, served: Served, host: str | None = None) -> None:
        headers = {} if host is None else {"host": host}
        self.client = httpx.AsyncClient(base_url=served.url, headers=headers)
        self.elsewhere = httpx.AsyncClient()

    async def begin(self, marker: str, **query: str) -> httpx.Response:
        """Ask to sign in."""
        return await self.client.get(f"/auth/v1/sign-in/{marker}", params=query)

    async def tell(self, url: str, **told: str) -> httpx.Response:
        """Say at the provider's page who one is; its answer leads on."""
        page = form_in(await self.elsewhere.get(url))
        return await self.elsewhere.post(page.action, data={**page.fields, **told})

    async def come_back(self, url: str) -> httpx.Response:
        """Follow the provider's redirect back to us, whatever name we were called by."""
        parts = urlsplit(url)
        return await self.client.get(f"{parts.path}?{parts.query}")

    async def post_back(self, page: Page) -> httpx.Response:
        """Post the provider's SAML answer as its page does: without our cookies."""
        host = self.client.headers.get("host")
        headers = {} if host is None else {"host": host}
        async with httpx.AsyncClient(base_url=self.client.base_url, headers=headers) as bare:
            return await bare.post(urlsplit(page.action).path, data=page.fields)

    async def through_oidc(self, marker: str, *, fault: str = "", **told: str) -> httpx.Response:
        """Go all the way through an OpenID Connect provider; return our last answer."""
        begun = await self.begin(marker)
        assert begun.status_code == 303, begun.text
        answered = await self.tell(begun.headers["location"], fault=fault, **told)
        return await self.come_back(answered.headers["location"])

    async def saml_answer(self, marker: str, *, fault: str = "", **told: str) -> Page:
        """Go to a SAML provider, and return what it would post to us."""
        begun = await self.begin(marker)
        return form_in(await self.tell(begun.headers["location"], fault=fault, **told))

    async def through_saml(self, marker: str, *, fault: str = "", **told: str) -> httpx.Response:
        """Go all the way through a SAML provider; return our last answer."""
        return await self.claim(await self.saml_answer(marker, fault=fault, **told))

    async def claim(self, page: Page) -> httpx.Response:
        """Post a SAML answer and follow where that leads."""
        posted = await self.post_back(page)
        assert posted.status_code == 303, posted.text
        if problem_in(posted) is not None:
            return posted
        return await self.client.get(posted.headers["location"])

    async def me(self) -> dict[str, Any]:
        """Return who is signed in here."""
        answer = await self.client.get("/accounts/v1/me")
        assert answer.status_code == 200, answer.text
        who: dict[str, Any] = answer.json()
        return who

    async def close(self) -> None:
        """Close it."""
        await self.client.aclose()
        await self.elsewhere.aclose()


def problem_in(answer: httpx.Response) -> str | None:
    """Return what the sign-in page is told to say; None when the browser is led elsewhere."""
    assert answer.status_code == 303, answer.text
    parts = urlsplit(answer.headers["location"])
    query = parse_qs(parts.query)
    if parts.path != "/sign-in" or not query:
        return None
    assert query["request"] == [answer.headers["x-request-id"]]
    return query["problem"][0]


class Connected(NamedTuple):
    """A company with a connection, and its administrator."""

    tenant: Tenant
    ada: httpx.AsyncClient
    provider: Provider

    @property
    def marker(self) -> str:
        """The company's marker."""
        return self.tenant.marker

    def oidc(self, **more: Any) -> dict[str, Any]:
        """What the administrator says of the provider that speaks OpenID Connect."""
        oidc = {"issuer": self.provider.issuer, "client_id": "rapport", "client_secret": SECRET}
        return {**oidc, **more}

    async def save(self, **wanted: Any) -> dict[str, Any]:
        """Have the administrator save a connection."""
        answer = await self.ada.put(CONNECTION, json=wanted)
        assert answer.status_code == 200, answer.text
        saved: dict[str, Any] = answer.json()
        return saved

    async def connect_saml(self, **more: Any) -> dict[str, Any]:
        """Exchange metadata with the provider, and connect it."""
        async with httpx.AsyncClient() as client:
            theirs = (await client.get(f"{self.provider.address}/saml/metadata")).text
            read = await self.ada.post(f"{CONNECTION}/metadata", json={"metadata": theirs})
            assert read.status_code == 200, read.text
            saved = await self.save(saml=read.json(), **more)
            metadata = urlsplit(saved["addresses"]["saml_metadata"]).path
            ours = await self.ada.get(metadata)
            assert ours.status_code == 200
            registered = await client.post(
                f"{self.provider.address}/saml/service-providers", content=ours.content
            )
            assert registered.status_code == 204, registered.text
        return saved

    async def people(self) -> list[dict[str, Any]]:
        """Return the people of the company but the two that it began with."""
        listed = (await self.ada.get("/console/v1/people")).json()["items"]
        began = {"ada@acme.test", "dev@acme.test"}
        return [each for each in listed if each["email"] not in began]

    async def counts(self) -> tuple[int, ...]:
        """Return how many people, sessions and known user ids there are on this server."""
        async with self.tenant.served.node.database.reading() as session:
            tables = (Person, PersonSession, ExternalIdentity)
            return tuple(
                [await session.scalar(select(func.count()).select_from(t)) or 0 for t in tables]
            )

    async def sign_ins(self) -> list[dict[str, Any]]:
        """Return the audit log's sign-ins, newest first."""
        answer = await self.ada.get("/console/v1/audit", params={"event_type": "sign_in"})
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items


@pytest_asyncio.fixture(loop_scope="module")
async def company(served: Served, provider: Provider) -> AsyncIterator[Connected]:
    """A company of its own for this test, connected to nothing yet."""
    tenant = await open_tenant(served, "Acme")
    async with tenant.browser("ada@acme.test", PASSWORD) as ada:
        yield Connected(tenant, ada, provider)


@pytest_asyncio.fixture(loop_scope="module")
async def browser(served: Served) -> AsyncIterator[Browser]:
    """Somebody's browser."""
    opened = Browser(served)
    yield opened
    await opened.close()


@pytest_asyncio.fixture(loop_scope="module")
async def another(served: Served) -> AsyncIterator[Browser]:
    """Somebody else's browser."""
    opened = Browser(served)
    yield opened
    await opened.close()
