"""`/console/v1/single-sign-on`: the connection, for administrators; and what the sign-in page asks."""

from __future__ import annotations

from typing import Annotated, Any

from cryptography.fernet import Fernet
from litestar import Controller, Request, delete, get, post, put
from litestar.di import NamedDependency, Provide
from litestar.handlers import BaseRouteHandler
from litestar.params import JSONBody, QueryParameter

from rapport.accounts.companies.access import company_of
from rapport.accounts.dependencies import provide_database
from rapport.accounts.sign_in.limits import take_attempt
from rapport.accounts.single_sign_on import connections, service
from rapport.accounts.single_sign_on.addresses import Addresses, addresses_of, base_url
from rapport.accounts.single_sign_on.schemas import (
    ConnectionRequest,
    MetadataRequest,
    MetadataView,
    SignInOptions,
    SingleSignOnView,
    described,
    metadata_view,
    view,
    wanted,
)
from rapport.accounts.single_sign_on.settings import SingleSignOnSettings
from rapport.core.database import Database, ReadSession, WriteSession
from rapport.core.http.contract import refusals
from rapport.core.http.guards import Connection, requires
from rapport.core.http.middleware import environment_of
from rapport.core.identity import Caller, Permission
from rapport.core.settings import Settings

Organization = Annotated[
    str, QueryParameter(min_length=1, max_length=63, description="The company's marker")
]


async def provide_addresses(
    request: Request[Any, Any, Any],
    reading: NamedDependency[ReadSession],
    caller: NamedDependency[Caller],
    settings: NamedDependency[Settings],
) -> Addresses:
    """Return what the caller's company tells its identity provider."""
    base = base_url(settings[SingleSignOnSettings], request)
    company = await company_of(reading, caller)
    return addresses_of(base, company.marker, caller.scope.environment)


class ConnectionController(Controller):
    """How the people of the caller's company sign in, in this environment."""

    path = "/console/v1/single-sign-on"
    tags = ("Single sign-on",)
    guards = (requires(Permission.MANAGE_PEOPLE),)
    dependencies = {"addresses": Provide(provide_addresses)}  # noqa: RUF012

    @get(responses=refusals(401, 403))
    async def show(
        self,
        reading: NamedDependency[ReadSession],
        caller: NamedDependency[Caller],
        addresses: NamedDependency[Addresses],
    ) -> SingleSignOnView:
        """Show the connection, and what to tell the identity provider."""
        return view(await connections.connection_of(reading, caller.scope), addresses)

    @put(responses=refusals(400, 401, 403))
    async def save(
        self,
        data: JSONBody[ConnectionRequest],
        session: NamedDependency[WriteSession],
        caller: NamedDependency[Caller],
        cipher: NamedDependency[Fernet],
        settings: NamedDependency[Settings],
        addresses: NamedDependency[Addresses],
    ) -> SingleSignOnView:
        """Connect an identity provider, or change how it is connected (PLT-196, PLT-197)."""
        saved = await connections.save(
            session, caller, cipher, settings[SingleSignOnSettings], wanted(data)
        )
        return view(saved, addresses)

    @delete(responses=refusals(401, 403, 404))
    async def remove(
        self, session: NamedDependency[WriteSession], caller: NamedDependency[Caller]
    ) -> None:
        """Disconnect the identity provider; people stay, and sign in with passwords."""
        await connections.remove(session, caller)

    @post("/metadata", status_code=200, responses=refusals(400, 401, 403))
    async def read_metadata(self, data: JSONBody[MetadataRequest]) -> MetadataView:
        """Read an identity provider's SAML metadata, for `saml` of the connection."""
        return metadata_view(described(data.metadata))


async def _may_ask(connection: Connection, _handler: BaseRouteHandler) -> None:
    await take_attempt(connection)


class SignInOptionsController(Controller):
    """What the sign-in page has to know before anybody has signed in."""

    path = "/accounts/v1/sign-in-options"
    tags = ("Accounts",)
    guards = (_may_ask,)
    dependencies = {"database": Provide(provide_database, sync_to_thread=False)}  # noqa: RUF012

    @get(responses=refusals(400, 429))
    async def show(
        self,
        organization: Organization,
        request: Request[Any, Any, Any],
        database: NamedDependency[Database],
    ) -> SignInOptions:
        """Tell how people of an organization may sign in beside a password."""
        environment = environment_of(request.scope)
        return SignInOptions(await service.is_offered(database, organization, environment))


controllers = [ConnectionController, SignInOptionsController]
