"""A company's connection to its identity provider: finding it, and what administrators do with it."""

from __future__ import annotations

import hashlib
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import msgspec
from cryptography.fernet import Fernet
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.accounts.audit.service import AuditEvent, Resource, record
from rapport.accounts.companies.models import Company
from rapport.accounts.single_sign_on.models import Connection, Flow
from rapport.accounts.single_sign_on.problems import Problem, SingleSignOnRefused
from rapport.accounts.single_sign_on.saml_metadata import read_certificates
from rapport.accounts.single_sign_on.settings import SingleSignOnSettings
from rapport.core import clock
from rapport.core.database import WriteSession
from rapport.core.errors import Invalid, NotFound
from rapport.core.identity import Caller, Role, Scope
from rapport.core.ids import new_id

PROTOCOLS = {"oidc": "OpenID Connect", "saml": "SAML"}


class OidcProvider(msgspec.Struct, frozen=True):
    """A provider that speaks OpenID Connect, and the claim that is the user id (CMP-248)."""

    issuer: str
    client_id: str
    user_id_claim: str = "sub"
    scopes: tuple[str, ...] = ("openid", "email", "profile")


class SamlProvider(msgspec.Struct, frozen=True):
    """A provider that speaks SAML 2.0; `certificates` (PEM) are the only ones that it may sign with."""

    entity_id: str
    sso_url: str
    certificates: tuple[str, ...]
    user_id_attribute: str = "externalUserId"


class Wanted(NamedTuple):
    """What an administrator wants a connection to be; no secret keeps the one there is."""

    provider: OidcProvider | SamlProvider
    enabled: bool
    creates_people: bool
    links_by_email: bool
    default_role: Role
    client_secret: str | None = None


class Ready(NamedTuple):
    """A connection that is switched on, and whose it is."""

    company: Company
    connection: Connection


async def connection_of(session: AsyncSession, scope: Scope) -> Connection | None:
    """Return a company's connection in an environment, switched on or not."""
    query = select(Connection).where(
        Connection.company_id == scope.company_id, Connection.environment == scope.environment
    )
    return await session.scalar(query)


async def ready_connection(
    session: AsyncSession, marker: str, environment: str, protocol: str | None = None
) -> Ready:
    """Return the connection that is switched on for a marker. Raises SingleSignOnRefused.

    A company that does not exist is told from one without a connection by nobody.
    """
    query = (
        select(Company, Connection)
        .join(Connection, Connection.company_id == Company.id)
        .where(
            Company.marker == marker.strip().lower(),
            Connection.environment == environment,
            Connection.enabled,
        )
    )
    found = (await session.execute(query)).one_or_none()
    if found is None or protocol not in {None, found[1].protocol}:
        raise SingleSignOnRefused(Problem.NOT_CONFIGURED)
    return Ready(*found)


async def connection_of_flow(session: AsyncSession, flow: Flow, environment: str) -> Ready:
    """Return the connection through which a flow goes, if it is still switched on.

    Raises SingleSignOnRefused.
    """
    query = (
        select(Company, Connection)
        .join(Connection, Connection.company_id == Company.id)
        .where(
            Connection.id == flow.connection_id,
            Connection.environment == environment,
            Connection.enabled,
        )
    )
    found = (await session.execute(query)).one_or_none()
    if found is None:
        raise SingleSignOnRefused(Problem.NOT_CONFIGURED, "it was switched off meanwhile")
    return Ready(*found)


def oidc_provider(connection: Connection) -> OidcProvider:
    """Return what a connection by OpenID Connect says of its provider."""
    return msgspec.convert(connection.provider, OidcProvider)


def saml_provider(connection: Connection) -> SamlProvider:
    """Return what a connection by SAML says of its provider."""
    return msgspec.convert(connection.provider, SamlProvider)


def provider_of(connection: Connection) -> OidcProvider | SamlProvider:
    """Return what a connection says of its provider."""
    return oidc_provider(connection) if connection.protocol == "oidc" else saml_provider(connection)


def source_of(connection: Connection) -> str:
    """Return the hash under which the user ids of a connection are kept.

    An id of another provider or from another attribute belongs to somebody else.
    """
    provider = provider_of(connection)
    if isinstance(provider, OidcProvider):
        named = ["oidc", provider.issuer, provider.user_id_claim]
    else:
        named = ["saml", provider.entity_id, provider.user_id_attribute]
    return fingerprint(connection.company_id, connection.environment, *named)


def fingerprint(*parts: str) -> str:
    """Return a hash of several texts that no other several texts have."""
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()


async def save(
    session: WriteSession,
    caller: Caller,
    cipher: Fernet,
    settings: SingleSignOnSettings,
    wanted: Wanted,
) -> Connection:
    """Make a connection what an administrator wants it to be, in the caller's environment.

    Raises Invalid, with the property's path, for what could never work or would not be safe.
    """
    _check(wanted, settings)
    connection = await connection_of(session, caller.scope)
    event = AuditEvent.CREATE if connection is None else AuditEvent.UPDATE
    if connection is None:
        connection = Connection(
            id=new_id(),
            company_id=caller.scope.company_id,
            environment=caller.scope.environment,
            sealed=None,
        )
        session.add(connection)
    connection.sealed = _sealed(connection, cipher, wanted)
    connection.protocol = "oidc" if isinstance(wanted.provider, OidcProvider) else "saml"
    connection.provider = msgspec.to_builtins(wanted.provider)
    connection.enabled = wanted.enabled
    connection.creates_people = wanted.creates_people
    connection.links_by_email = wanted.links_by_email
    connection.default_role = wanted.default_role
    connection.updated_at = clock.now()
    await session.flush()
    record(session, caller, event, _resource(connection))
    return connection


async def remove(session: WriteSession, caller: Caller) -> None:
    """Forget the connection; people stay, and sessions that run go on. Raises NotFound."""
    connection = await connection_of(session, caller.scope)
    if connection is None:
        raise NotFound(what="single sign-on connection")
    record(session, caller, AuditEvent.DELETE, _resource(connection))
    await session.delete(connection)


def client_secret_of(connection: Connection, cipher: Fernet) -> str:
    """Return the secret that the provider gave this client."""
    return cipher.decrypt(connection.sealed or b"").decode()


def is_web_address(url: str, *, plain_http: bool) -> bool:
    """Tell whether a browser or this server may be sent to a provider's address."""
    try:
        parts = urlsplit(url)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    if not has_host or parts.username is not None or not url.isprintable() or " " in url:
        return False
    return parts.scheme == "https" or (plain_http and parts.scheme == "http")


def _check(wanted: Wanted, settings: SingleSignOnSettings) -> None:
    if wanted.default_role is Role.ADMINISTRATOR:
        raise Invalid(path="/default_role", problem="administrators are made by administrators")
    if isinstance(wanted.provider, OidcProvider):
        _check_address("/oidc/issuer", wanted.provider.issuer, settings)
        if "openid" not in wanted.provider.scopes:
            raise Invalid(path="/oidc/scopes", problem="must hold openid")
        return
    _check_address("/saml/sso_url", wanted.provider.sso_url, settings)
    try:
        read_certificates(wanted.provider.certificates)
    except ValueError:
        raise Invalid(
            path="/saml/certificates", problem="must be certificates in PEM with RSA keys"
        ) from None


def _check_address(path: str, url: str, settings: SingleSignOnSettings) -> None:
    if not is_web_address(url, plain_http=settings.plain_http):
        raise Invalid(path=path, problem="is no https address")
    hosts = settings.provider_hosts
    if path.startswith("/oidc") and hosts and urlsplit(url).hostname not in hosts:
        raise Invalid(path=path, problem="is on a host that this installation does not ask")


def _sealed(connection: Connection, cipher: Fernet, wanted: Wanted) -> bytes | None:
    if not isinstance(wanted.provider, OidcProvider):
        return None
    if wanted.client_secret:
        return cipher.encrypt(wanted.client_secret.encode())
    if connection.sealed is None:
        raise Invalid(path="/oidc/client_secret", problem="is needed: the provider shows it")
    # A kept secret goes to the provider that it is of, and to no other.
    kept: dict[str, Any] = connection.provider
    if kept.get("issuer") != wanted.provider.issuer:
        raise Invalid(path="/oidc/client_secret", problem="is needed again for another issuer")
    return connection.sealed


def _resource(connection: Connection) -> Resource:
    name = f"{PROTOCOLS[connection.protocol]} ({connection.environment})"
    return Resource("single_sign_on", name, connection.id)
