"""Connections to identity providers, sign-ins on their way, and who is who."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from rapport.core.database import Base
from rapport.core.identity import Environment, Scope
from rapport.core.ids import CompanyId


class Connection(Base):
    """How the people of a company sign in through its identity provider, in one environment."""

    __tablename__ = "sso_connection"
    __table_args__ = (UniqueConstraint("company_id", "environment"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    company_id: Mapped[str] = mapped_column(ForeignKey("company.id"))
    environment: Mapped[str] = mapped_column(String(10))
    protocol: Mapped[str] = mapped_column(String(8))  # oidc, saml
    enabled: Mapped[bool]
    # What the provider is and how it names people: `OidcProvider` or `SamlProvider`.
    provider: Mapped[dict[str, Any]]
    # The client secret, encrypted; a SAML connection has none.
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    creates_people: Mapped[bool]
    links_by_email: Mapped[bool]
    default_role: Mapped[str] = mapped_column(String(16))
    updated_at: Mapped[datetime]

    @property
    def scope(self) -> Scope:
        """The company and environment this belongs to."""
        return Scope(CompanyId(self.company_id), Environment(self.environment))


class Flow(Base):
    """One sign-in on its way: begun here, not yet come back. It is used once.

    The browser that began it holds a cookie, the provider hands back `state` (or `RelayState`);
    of both only the SHA-256 is kept.
    """

    __tablename__ = "sso_flow"

    state_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    browser_hash: Mapped[str] = mapped_column(String(64))
    connection_id: Mapped[str] = mapped_column(
        ForeignKey("sso_connection.id", ondelete="CASCADE"), index=True
    )
    # The nonce of an ID token, or the id of a SAML request.
    nonce: Mapped[str] = mapped_column(String(64))
    code_verifier: Mapped[str] = mapped_column(String(64))
    # Where the provider was told to answer to: what it answers must say the same.
    answer_url: Mapped[str] = mapped_column(String(500))
    return_to: Mapped[str] = mapped_column(String(500))
    # A SAML answer comes from the provider's page, without our cookie: it waits here, verified, for
    # the browser to come and claim it.
    ticket_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    identity: Mapped[dict[str, Any] | None]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class ExternalIdentity(Base):
    """Whom an identity provider means: the person that one of its user ids belongs to."""

    __tablename__ = "sso_identity"
    __table_args__ = (Index("ix_sso_identity_person", "person_id", "source_hash"),)

    # SHA-256 of company, environment, provider, attribute and user id: an id of another provider,
    # or from another attribute, is another id, whatever it says.
    id_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    # The same without the user id.
    source_hash: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    created_at: Mapped[datetime]
