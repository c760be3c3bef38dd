"""Signing in through an identity provider, step by step.

Nothing is asked of a provider while a transaction is open, and a flow is used up before its answer
is looked at: an answer that was refused cannot be tried again.
"""

from __future__ import annotations

import asyncio
from typing import NamedTuple

from cryptography.fernet import Fernet
from sqlalchemy.exc import IntegrityError

from rapport.accounts.people.service import EmailTaken
from rapport.accounts.settings import AccountsSettings
from rapport.accounts.single_sign_on import flows, oidc
from rapport.accounts.single_sign_on.addresses import Addresses
from rapport.accounts.single_sign_on.arrivals import Arrived, Identity, arrive
from rapport.accounts.single_sign_on.connections import (
    OidcProvider,
    client_secret_of,
    connection_of_flow,
    oidc_provider,
    provider_of,
    ready_connection,
    saml_provider,
)
from rapport.accounts.single_sign_on.flows import Begun
from rapport.accounts.single_sign_on.models import Flow
from rapport.accounts.single_sign_on.problems import Problem, SingleSignOnRefused
from rapport.accounts.single_sign_on.providers import Providers
from rapport.accounts.single_sign_on.saml_metadata import request_url
from rapport.accounts.single_sign_on.saml_response import Asked, identity_in
from rapport.accounts.single_sign_on.settings import SingleSignOnSettings
from rapport.core.database import Database
from rapport.core.identity import Environment
from rapport.core.settings import Settings


class Tools(NamedTuple):
    """What signing in through a provider needs."""

    database: Database
    settings: Settings
    cipher: Fernet
    providers: Providers


class Callback(NamedTuple):
    """What a provider sends back with a browser (OpenID Connect)."""

    state: str
    code: str | None = None
    error: str | None = None
    issuer: str | None = None


class SignedIn(NamedTuple):
    """Who has signed in, by which flow, and where they want to go."""

    arrived: Arrived
    flow: Flow


class Departure(NamedTuple):
    """Where to send a browser, and what it has to remember meanwhile."""

    url: str
    begun: Begun


async def begin(
    tools: Tools, marker: str, environment: Environment, addresses: Addresses, return_to: str
) -> Departure:
    """Begin a sign-in at the identity provider of a company (CMP-246, CMP-249)."""
    async with tools.database.reading() as session:
        ready = await ready_connection(session, marker, environment)
    provider = provider_of(ready.connection)
    is_oidc = isinstance(provider, OidcProvider)
    begun = flows.begin(
        ready.connection,
        tools.settings[SingleSignOnSettings],
        answer_url=addresses.oidc_callback if is_oidc else addresses.saml_acs,
        return_to=return_to,
    )
    if isinstance(provider, OidcProvider):
        url = await oidc.authorization_url(tools.providers, provider, begun)
    else:
        flow = begun.flow
        url = request_url(provider.sso_url, flow.answer_url, flow.nonce, begun.state)
    async with tools.database.writing() as session:
        await flows.keep(session, begun)
    return Departure(url, begun)


async def finish_oidc(
    tools: Tools,
    marker: str,
    environment: Environment,
    cookies: dict[str, str],
    callback: Callback,
) -> SignedIn:
    """Sign in whom an OpenID Connect provider sends back."""
    async with tools.database.writing() as session:
        ready = await ready_connection(session, marker, environment, "oidc")
        flow = await flows.running(session, callback.state, ready.connection)
        flows.prove_browser(flow, cookies)
        await flows.use(session, flow)
    if callback.error is not None or not callback.code:
        raise SingleSignOnRefused(Problem.DECLINED, "the provider sends an error")
    identity = await oidc.identity_for(
        tools.providers,
        oidc_provider(ready.connection),
        client_secret_of(ready.connection, tools.cipher),
        flow,
        callback.code,
        callback.issuer,
    )
    return await _sign_in(tools, environment, flow, identity)


async def receive_saml(
    tools: Tools, marker: str, environment: Environment, response: str, relay_state: str
) -> str:
    """Verify a SAML response; return the ticket with which the browser claims it.

    It is posted by the provider's page, and browsers send no cookies with that.
    """
    async with tools.database.reading() as session:
        ready = await ready_connection(session, marker, environment, "saml")
        flow = await flows.running(session, relay_state, ready.connection)
    asked = Asked(flow.nonce, flow.answer_url)
    # Signatures of a large document take a while: others are served meanwhile.
    identity = await asyncio.to_thread(
        identity_in, response, saml_provider(ready.connection), asked
    )
    async with tools.database.writing() as session:
        return await flows.answer(session, flow, identity)


async def finish_saml(
    tools: Tools, environment: Environment, cookies: dict[str, str], ticket: str
) -> SignedIn:
    """Sign in the browser that claims a verified SAML response."""
    async with tools.database.writing() as session:
        flow = await flows.waiting(session, ticket)
        flows.prove_browser(flow, cookies)
        await flows.use(session, flow)
    return await _sign_in(tools, environment, flow, flows.identity_of(flow))


async def is_offered(database: Database, marker: str, environment: Environment) -> bool:
    """Tell whether a company's people sign in through a provider; of an unknown one, nobody does."""
    async with database.reading() as session:
        try:
            await ready_connection(session, marker, environment)
        except SingleSignOnRefused:
            return False
    return True


async def _sign_in(
    tools: Tools, environment: Environment, flow: Flow, identity: Identity
) -> SignedIn:
    try:
        return await _arrive(tools, environment, flow, identity)
    except (EmailTaken, IntegrityError):
        # The same newcomer through another tab or node, a moment earlier: now they are known.
        return await _arrive(tools, environment, flow, identity)


async def _arrive(
    tools: Tools, environment: Environment, flow: Flow, identity: Identity
) -> SignedIn:
    settings = tools.settings[AccountsSettings]
    async with tools.database.writing() as session:
        ready = await connection_of_flow(session, flow, environment)
        return SignedIn(await arrive(session, settings, ready, identity), flow)
