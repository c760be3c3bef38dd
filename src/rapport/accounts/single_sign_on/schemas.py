"""The wire shapes of single sign-on, for administrators and for the sign-in page."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from rapport.accounts.single_sign_on.addresses import Addresses
from rapport.accounts.single_sign_on.connections import (
    OidcProvider,
    SamlProvider,
    Wanted,
    provider_of,
)
from rapport.accounts.single_sign_on.models import Connection
from rapport.accounts.single_sign_on.saml_metadata import DescribedProvider, read_provider
from rapport.core.errors import Invalid
from rapport.core.identity import Role

Word = Annotated[str, Meta(min_length=1, max_length=255)]
Address = Annotated[str, Meta(min_length=1, max_length=2000)]
Scope = Annotated[str, Meta(pattern=r"^[!#-\[\]-~]+$", max_length=100)]
Certificate = Annotated[str, Meta(min_length=1, max_length=10_000)]


class OidcView(Struct):
    """A provider that speaks OpenID Connect; its secret is never shown."""

    issuer: str
    client_id: str
    user_id_claim: str
    scopes: list[str]


class SamlView(Struct):
    """A provider that speaks SAML 2.0."""

    entity_id: str
    sso_url: str
    certificates: list[str]
    user_id_attribute: str


class ConnectionView(Struct):
    """The connection of one environment; of `oidc` and `saml` one is there, as `protocol` says."""

    protocol: Literal["oidc", "saml"]
    enabled: bool
    creates_people: bool
    links_by_email: bool
    default_role: Role
    oidc: OidcView | None
    saml: SamlView | None
    updated_at: datetime


class AddressesView(Struct):
    """What to tell the identity provider; the SAML address is recipient, destination and audience."""

    sign_in: str
    oidc_callback: str
    saml_acs: str
    saml_metadata: str


class SingleSignOnView(Struct):
    """How people of this company sign in through their provider, in this environment."""

    connection: ConnectionView | None
    addresses: AddressesView


class OidcRequest(Struct, forbid_unknown_fields=True):
    """A provider that speaks OpenID Connect; without a `client_secret` the one there is stays."""

    issuer: Address
    client_id: Word
    client_secret: Annotated[str, Meta(min_length=1, max_length=2000)] | None = None
    user_id_claim: Word = "sub"
    scopes: Annotated[list[Scope], Meta(min_length=1, max_length=20)] = field(
        default_factory=lambda: ["openid", "email", "profile"]
    )


class SamlRequest(Struct, forbid_unknown_fields=True):
    """A provider that speaks SAML 2.0; `certificates` as PEM."""

    entity_id: Address
    sso_url: Address
    certificates: Annotated[list[Certificate], Meta(min_length=1, max_length=10)]
    user_id_attribute: Word = "externalUserId"


class ConnectionRequest(Struct, forbid_unknown_fields=True):
    """What the connection is to be: exactly one of `oidc` and `saml`."""

    oidc: OidcRequest | None = None
    saml: SamlRequest | None = None
    enabled: bool = True
    creates_people: bool = True
    links_by_email: bool = True
    default_role: Role = Role.AGENT


class MetadataRequest(Struct, forbid_unknown_fields=True):
    """An identity provider's SAML metadata, as XML."""

    metadata: Annotated[str, Meta(min_length=1, max_length=500_000)]


class MetadataView(Struct):
    """What an identity provider's metadata says; nothing is kept of it."""

    entity_id: str
    sso_url: str
    certificates: list[str]


class SignInOptions(Struct):
    """How people of an organization may sign in beside a password."""

    single_sign_on: bool


def view(connection: Connection | None, addresses: Addresses) -> SingleSignOnView:
    """Shape what there is for the wire."""
    shown = None if connection is None else _connection(connection)
    return SingleSignOnView(shown, AddressesView(*addresses))


def wanted(request: ConnectionRequest) -> Wanted:
    """Return what a request asks for. Raises Invalid unless it names one protocol."""
    rules = (request.enabled, request.creates_people, request.links_by_email, request.default_role)
    if request.oidc is not None and request.saml is None:
        oidc = request.oidc
        provider = OidcProvider(oidc.issuer, oidc.client_id, oidc.user_id_claim, tuple(oidc.scopes))
        return Wanted(provider, *rules, client_secret=oidc.client_secret)
    if request.saml is not None and request.oidc is None:
        saml = request.saml
        return Wanted(
            SamlProvider(
                saml.entity_id, saml.sso_url, tuple(saml.certificates), saml.user_id_attribute
            ),
            *rules,
        )
    raise Invalid(path="/", problem="must have either oidc or saml")


def described(metadata: str) -> DescribedProvider:
    """Return what a provider's metadata says. Raises Invalid for what describes none."""
    try:
        return read_provider(metadata)
    except ValueError:
        problem = "is no metadata of an identity provider with HTTP-Redirect and a signing key"
        raise Invalid(path="/metadata", problem=problem) from None


def metadata_view(described: DescribedProvider) -> MetadataView:
    """Shape what a provider's metadata says for the wire."""
    return MetadataView(described.entity_id, described.sso_url, list(described.certificates))


def _connection(connection: Connection) -> ConnectionView:
    provider = provider_of(connection)
    oidc = saml = None
    if isinstance(provider, OidcProvider):
        oidc = OidcView(
            provider.issuer, provider.client_id, provider.user_id_claim, list(provider.scopes)
        )
    else:
        saml = SamlView(
            provider.entity_id,
            provider.sso_url,
            list(provider.certificates),
            provider.user_id_attribute,
        )
    return ConnectionView(
        protocol="saml" if oidc is None else "oidc",
        enabled=connection.enabled,
        creates_people=connection.creates_people,
        links_by_email=connection.links_by_email,
        default_role=Role(connection.default_role),
        oidc=oidc,
        saml=saml,
        updated_at=connection.updated_at,
    )
